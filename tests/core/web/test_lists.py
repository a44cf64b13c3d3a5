from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.access.models import User, UserRole
from core.refusals import OutsideUnit
from core.web import problems
from core.web.filters import BornFilter, Filters, IdFilter, WordFilter, first_id
from core.web.views import ApiView, ListView, find, in_tenant
from tests.factories import World, make_key

handler404 = problems.not_found


class RoleShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    role = serializers.CharField()


class RoleFilter(Filters):
    role = WordFilter("role", ["viewer", "editor"])
    user = IdFilter("user_id")
    created_after = BornFilter("created_at", "after")
    created_before = BornFilter("created_at", "before")


class Roles(ListView):
    """Roles of one tenant."""

    permission = {"GET": "markets:read"}
    serializer_class = RoleShape
    filters = RoleFilter

    def queryset(self, request: Request) -> Any:
        return UserRole.objects.all()

    def shape(self, row: UserRole) -> dict[str, Any]:
        return {"id": row.pk, "role": row.role}


class OneUser(ApiView):
    """One user of one tenant."""

    permission = {"GET": "markets:read"}

    def get(self, request: Request, wanted: str) -> Response:
        return Response({"id": find(User.objects.all(), wanted).pk})


urlpatterns = [
    path("api/v1/roles", Roles.as_view()),
    path("api/v1/users/<str:wanted>", OneUser.as_view()),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def ask(client: Client, world: World) -> Any:
    headers = {"Authorization": f"Bearer {make_key(world.scout)}", "X-Request-Id": "abc"}
    return lambda address: client.get(address, headers=headers)


def test_a_list_shows_only_the_principals_tenant(ask: Any, world: World) -> None:
    shown = {row["id"] for row in ask("/api/v1/roles?limit=100").json()["results"]}

    ours = {str(pk) for pk in UserRole.objects.filter(tenant=world.acme).values_list("pk", flat=True)}
    assert shown == ours
    assert UserRole.objects.exclude(tenant=world.acme).exists()


def test_a_list_is_filtered_by_what_it_names(ask: Any, world: World) -> None:
    by_role = ask("/api/v1/roles?role=viewer").json()["results"]
    by_user = ask(f"/api/v1/roles?user={world.vera.pk}").json()["results"]

    assert [row["role"] for row in by_role] == ["viewer"]
    assert by_role == by_user


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("?role=king", "role"),
        ("?role=%00", "role"),
        ("?role=", "role"),
        ("?user=7x", "user"),
        ("?user=", "user"),
    ],
)
def test_a_filter_that_is_not_understood_is_named(ask: Any, query: str, parameter: str) -> None:
    response = ask(f"/api/v1/roles{query}")

    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


def test_one_row_is_found_in_its_tenant(ask: Any, world: World) -> None:
    assert ask(f"/api/v1/users/{world.vera.pk}").json() == {"id": str(world.vera.pk)}


def test_unknown_foreign_and_ill_formed_ids_are_answered_alike(ask: Any, world: World) -> None:
    wanted = [
        str(uuid4()),
        str(world.boris.pk),
        "7",
        "nobody",
        "%00",
        "x" * 5000,
        f"{{{uuid4()}}}",
        uuid4().hex,
    ]

    answers = [ask(f"/api/v1/users/{one}") for one in wanted]

    assert {response.status_code for response in answers} == {404}
    assert len({response.content for response in answers}) == 1


def test_outside_a_unit_no_row_is_in_any_tenant(world: World) -> None:
    with pytest.raises(OutsideUnit):
        in_tenant(User.objects.all())


def test_a_list_that_asks_for_no_permission_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="GET"):

        class Forgotten(ListView):
            pass


def test_a_list_is_narrowed_to_a_time(ask: Any, world: World) -> None:
    own = UserRole.objects.filter(tenant=world.acme).order_by("created_at")
    times = [row.created_at.isoformat().replace("+00:00", "Z") for row in own]
    middle = times[2]

    after = {row["id"] for row in ask(f"/api/v1/roles?created_after={middle}").json()["results"]}
    before = {row["id"] for row in ask(f"/api/v1/roles?created_before={middle}").json()["results"]}

    assert after == {str(row.pk) for row in own if row.created_at >= own[2].created_at}
    assert before == {str(row.pk) for row in own if row.created_at < own[2].created_at}
    assert after
    assert before


@pytest.mark.parametrize(
    "given",
    [
        "",
        "yesterday",
        "2027-01-01",
        "2027-01-01T00:00:00",
        "2027-02-30T00:00:00Z",
        "1600-01-01T00:00:00Z",
        "%00",
    ],
)
@pytest.mark.parametrize("parameter", ["created_after", "created_before"])
def test_a_time_that_is_none_is_named(ask: Any, parameter: str, given: str) -> None:
    response = ask(f"/api/v1/roles?{parameter}={given}")

    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == [parameter]


@pytest.mark.parametrize(
    "given", ["9999-12-31T23:59:59-23:59", "1900-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59Z"]
)
@pytest.mark.parametrize("parameter", ["created_after", "created_before"])
def test_a_time_at_the_end_of_time_breaks_nothing(ask: Any, parameter: str, given: str) -> None:
    assert ask(f"/api/v1/roles?{parameter}={given}").status_code in {200, 400}


def test_a_time_is_searched_by_the_ids_of_about_that_time(world: World) -> None:
    rows = RoleFilter.narrow(UserRole.objects.all(), {"created_after": "2026-11-21T00:00:00Z"})

    assert '"user_roles"."id" >= ' in str(rows.query)


def test_the_first_id_of_a_moment_sorts_with_those_the_database_makes(world: World) -> None:
    row = UserRole.objects.order_by("-pk")[0]

    assert (
        first_id(row.created_at - timedelta(hours=1)) < row.pk < first_id(row.created_at + timedelta(hours=1))
    )


def test_an_id_is_written_in_one_way(ask: Any, world: World) -> None:
    for other in (world.vera.pk.hex, f"{{{world.vera.pk}}}", f"urn:uuid:{world.vera.pk}"):
        assert ask(f"/api/v1/roles?user={other}").status_code == 400
