from __future__ import annotations

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
from core.web.filters import BornFilter, Filters, IdFilter, WordFilter
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
