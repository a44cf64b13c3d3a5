from __future__ import annotations

import base64
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import path
from hypothesis import given
from hypothesis import strategies as st
from rest_framework import serializers
from rest_framework.request import Request

from core.access.models import User
from core.web import problems
from core.web.pagination import Cursor
from core.web.views import ListView
from tests.factories import World, make_key

handler404 = problems.not_found


class KeyShape(serializers.Serializer[Any]):
    id = serializers.UUIDField()


class Users(ListView):
    """Users of one tenant, as a list to turn over."""

    permission = {"GET": "markets:read"}
    serializer_class = KeyShape

    def queryset(self, request: Request) -> Any:
        return User.objects.order_by("email")

    def shape(self, row: User) -> dict[str, Any]:
        return {"id": str(row.pk)}


urlpatterns = [path("api/v1/users", Users.as_view())]
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def ask(client: Client, world: World) -> Any:
    headers = {"Authorization": f"Bearer {make_key(world.scout)}"}
    return lambda address: client.get(address, headers=headers)


def ids(answer: Any) -> list[str]:
    return [row["id"] for row in answer.json()["results"]]


def newest_first(world: World) -> list[str]:
    return [
        str(pk) for pk in User.objects.filter(tenant=world.acme).order_by("-id").values_list("pk", flat=True)
    ]


@given(st.uuids(), st.booleans())
def test_a_cursor_is_read_as_it_was_written(place: UUID, backward: bool) -> None:
    cursor = Cursor(place, backward)

    assert Cursor.read(str(cursor)) == cursor


@given(st.text(max_size=40))
def test_what_nobody_wrote_is_no_cursor(written: str) -> None:
    with suppress(ValueError):
        assert str(Cursor.read(written)) == written


@pytest.mark.django_db
@pytest.mark.parametrize("limit", [1, 2, 5, 6, 100])
def test_pages_forward_and_back_show_every_row_once_newest_first(ask: Any, world: World, limit: int) -> None:
    expected = newest_first(world)
    forward: list[str] = []
    backward: list[str] = []

    answer = ask(f"/api/v1/users?limit={limit}")
    assert answer.json()["previous"] is None
    forward += ids(answer)
    while answer.json()["next"]:
        answer = ask(answer.json()["next"])
        forward += ids(answer)
    while answer.json()["previous"]:
        answer = ask(answer.json()["previous"])
        backward = ids(answer) + backward

    assert forward == expected
    assert backward + expected[len(backward) :] == expected
    assert len(backward) == (len(expected) - 1) // limit * limit


@pytest.mark.django_db
def test_a_row_that_arrives_meanwhile_moves_no_page(ask: Any, world: World) -> None:
    expected = newest_first(world)
    first = ask("/api/v1/users?limit=2")
    User.objects.create(tenant=world.acme, kind="agent", username="latecomer")

    second = ask(first.json()["next"])

    assert ids(first) + ids(second) == expected[:4]


@pytest.mark.django_db
def test_links_are_absolute_and_keep_the_question(ask: Any, world: World) -> None:
    link = urlsplit(ask("/api/v1/users?limit=2").json()["next"])

    assert (link.scheme, link.netloc, link.path) == ("http", "testserver", "/api/v1/users")
    assert parse_qs(link.query)["limit"] == ["2"]


@pytest.mark.django_db
def test_an_empty_page_leads_nowhere(ask: Any, world: World) -> None:
    beyond = Cursor(UUID(int=0))

    assert ask(f"/api/v1/users?cursor={beyond}").json() == {"next": None, "previous": None, "results": []}


@pytest.mark.django_db
def test_fifty_rows_are_a_page_when_nobody_says_otherwise(ask: Any, world: World) -> None:
    User.objects.bulk_create(
        [User(tenant=world.acme, kind="agent", username=f"agent-{number}") for number in range(60)]
    )

    assert len(ids(ask("/api/v1/users"))) == 50


@pytest.mark.django_db
@pytest.mark.parametrize(
    "limit", ["0", "101", "-1", "ten", "1.5", "", "%00", "9" * 5000, "1e1", "\u0661", "+5", " 5"]
)
def test_a_limit_that_is_none_is_named(ask: Any, limit: str) -> None:
    response = ask(f"/api/v1/users?limit={limit}")

    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == ["limit"]


BROKEN = {
    "empty": "",
    "NUL": "%00",
    "no base64": "%21%21",
    "no ASCII": "%C3%A9",
    "huge": "A" * 50_000,
    "one letter": "A",
    "short": base64.urlsafe_b64encode(b"nshort").decode().rstrip("="),
    "long": base64.urlsafe_b64encode(b"n" + b"x" * 17).decode().rstrip("="),
    "another direction": base64.urlsafe_b64encode(b"x" + uuid4().bytes).decode().rstrip("="),
    "padded": str(Cursor(uuid4())) + "%3D",
    "the id alone": str(uuid4()),
    "the stock form": base64.b64encode(b"p=2026-01-01").decode(),
    "spare bits": str(Cursor(UUID(int=0)))[:-1] + "B",
}


@pytest.mark.django_db
@pytest.mark.parametrize("how", BROKEN)
def test_a_cursor_that_is_none_is_named(ask: Any, how: str) -> None:
    response = ask(f"/api/v1/users?cursor={BROKEN[how]}")

    assert response.status_code == 400
    assert [error["parameter"] for error in response.json()["errors"]] == ["cursor"]
