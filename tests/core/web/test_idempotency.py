from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from core.access.models import User
from core.access.principals import REMEMBERED
from core.idempotency.models import KeptAnswer
from core.web import problems
from core.web.idempotency import key_of
from core.web.views import ApiView
from markets.models import Proposal
from tests.bad_input.sending import MARKET, refused, send
from tests.calling import client_of
from tests.core.web.test_views import write, written
from tests.factories import World, make_world
from tests.raw import picture, run
from tests.reflection import modules

handler404 = problems.not_found

in_one_transaction = pytest.mark.django_db
on_a_stage = pytest.mark.urls(__name__)


class Optional(ApiView):
    """Writes one row; a key is welcome."""

    permission = {"POST": "proposals:propose"}
    idempotency = "optional"

    def post(self, request: Request) -> Response:
        write()
        return Response({"got": request.data}, status=201)


class Silent(ApiView):
    """Refuses by its answer, not by raising."""

    permission = {"POST": "proposals:propose"}

    def post(self, request: Request) -> Response:
        write()
        return Response({}, status=422)


urlpatterns = [
    path("api/v1/optional", Optional.as_view()),
    path("api/v1/silent", Silent.as_view()),
]


def body(world: World) -> dict[str, Any]:
    return {**MARKET, "snapshot_ids": [world.evidence.snapshot_id]}


def keyed(key: str | None) -> dict[str, Any]:
    return {"headers": {"Idempotency-Key": key}}


def proposed() -> int:
    return Proposal.objects.filter(symbol="MARS-2031").count()


@in_one_transaction
def test_a_post_sent_again_is_done_once_and_answered_byte_for_byte(world: World) -> None:
    scout = client_of(world.scout)

    first = send(scout, "proposals", body(world), **keyed("once"))
    before = picture()
    again = send(scout, "proposals", body(world), **keyed("once"))

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    for name in ("Content-Type", "Location", "ETag"):
        assert again.headers[name] == first.headers[name]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert proposed() == 1
    assert picture() == before


@in_one_transaction
def test_a_key_in_quotes_is_the_same_key(world: World) -> None:
    scout = client_of(world.scout)

    send(scout, "proposals", body(world), **keyed("once"))
    again = send(scout, "proposals", body(world), **keyed('"once"'))

    assert again.headers["Idempotent-Replayed"] == "true"


@in_one_transaction
def test_a_post_without_a_key_is_refused_and_nothing_is_done(world: World) -> None:
    response = send(client_of(world.scout), "proposals", body(world), **keyed(None))

    refused(response, 400, "idempotency_key_is_required")
    assert proposed() == 0


@in_one_transaction
@pytest.mark.parametrize(
    "key",
    [
        "",
        " ",
        "a b",
        "x" * 256,
        '"',
        '""',
        '"a',
        "a\x7f",
        '"a b"',
        '"a\\b"',
        "\xe9",
        f'"{"x" * 256}"',
        "a\x00",
    ],
)
def test_a_key_that_is_none_is_refused_by_its_header(world: World, key: str) -> None:
    response = send(client_of(world.scout), "proposals", body(world), **keyed(key))

    refused(response, 400, "invalid_input")
    assert [fault["header"] for fault in response.json()["errors"]] == ["Idempotency-Key"]
    assert proposed() == 0


@in_one_transaction
@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("8e03978e-40d5-43dd-bc93-6894a57f9324", "8e03978e-40d5-43dd-bc93-6894a57f9324"),
        ('"8e03978e"', "8e03978e"),
        (r'"a\"b\\c"', r'a"b\c'),
        ("!~a,b", "!~a,b"),
        ("x" * 255, "x" * 255),
        (f'"{"x" * 255}"', "x" * 255),
    ],
)
def test_a_key_is_read_as_the_draft_writes_it_or_plain(rf: Any, given: str, meant: str) -> None:
    assert key_of(Request(rf.post("/", headers={"Idempotency-Key": given}))) == meant


@in_one_transaction
def test_a_key_with_another_body_is_refused(world: World) -> None:
    scout = client_of(world.scout)
    send(scout, "proposals", body(world), **keyed("once"))

    response = send(scout, "proposals", {**body(world), "symbol": "MARS-2032"}, **keyed("once"))

    refused(response, 422, "idempotency_key_is_reused")
    assert not Proposal.objects.filter(symbol="MARS-2032").exists()


@in_one_transaction
def test_what_was_refused_is_tried_anew_under_the_same_key(world: World) -> None:
    scout = client_of(world.scout)

    refused(send(scout, "proposals", {}, **keyed("once")), 400, "invalid_input")
    assert KeptAnswer.objects.count() == 0

    assert send(scout, "proposals", body(world), **keyed("once")).status_code == 201


@in_one_transaction
@on_a_stage
def test_only_a_success_is_kept(world: World) -> None:
    scout = client_of(world.scout)

    assert send(scout, "silent", {}, **keyed("once")).status_code == 422
    assert KeptAnswer.objects.count() == 0


@in_one_transaction
def test_the_key_of_somebody_else_is_another_key(world: World) -> None:
    mars = {name: value for name, value in body(world).items() if name in MARKET or name == "snapshot_ids"}
    send(client_of(world.scout), "proposals", mars, **keyed("once"))

    response = send(client_of(world.edith), "proposals", {**mars, "symbol": "X"}, **keyed("once"))

    assert response.status_code == 201
    assert "Idempotent-Replayed" not in response.headers


@in_one_transaction
def test_who_lost_the_right_is_not_answered_again(world: World) -> None:
    edith = client_of(world.edith)
    assert send(edith, "proposals", body(world), **keyed("once")).status_code == 201

    run("UPDATE user_roles SET role = 'viewer' WHERE user_id = %s", world.edith.pk)
    REMEMBERED.clear()

    refused(send(edith, "proposals", body(world), **keyed("once")), 403, "not_allowed")


@in_one_transaction
def test_who_is_not_known_is_not_answered_again(world: World) -> None:
    send(client_of(world.scout), "proposals", body(world), **keyed("once"))

    nobody = Client(headers={"Authorization": "Bearer xm_aaaaaaaa_" + "a" * 43})

    refused(send(nobody, "proposals", body(world), **keyed("once")), 401, "not_authenticated")


@in_one_transaction
def test_a_change_that_was_made_is_answered_again_although_its_state_is_gone(world: World) -> None:
    scout = client_of(world.scout)
    where = f"proposals/{world.proposal.pk}"
    headers = {"Idempotency-Key": "once", "If-Match": scout.get(f"/api/v1/{where}").headers["ETag"]}
    reason = {"reason": "A mistake in the title."}

    first = send(scout, f"{where}/withdraw", reason, headers=headers)
    again = send(scout, f"{where}/withdraw", reason, headers=headers)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.content == first.content


@in_one_transaction
@on_a_stage
def test_a_view_may_leave_the_key_to_who_calls(world: World) -> None:
    scout = client_of(world.scout)

    for key in (None, None, "once", "once"):
        assert send(scout, "optional", {"a": 1}, **keyed(key)).json() == {"got": {"a": 1}}

    assert written() == 3


@in_one_transaction
def test_the_answer_falls_with_its_effect(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scout = client_of(world.scout)
    scout.raise_request_exception = False
    before = picture()

    monkeypatch.setattr("core.idempotency.answers.KEEP", "SELECT 1 / 0, %s, %s, %s, %s, %s, %s, %s, %s, %s")
    response = send(scout, "proposals", body(world))

    assert response.status_code == 500
    assert picture() == before


def test_no_public_view_is_posted_to() -> None:
    views = [thing for module in modules() for thing in vars(module).values() if _is_view(thing)]

    assert [view.__name__ for view in views if view.public and hasattr(view, "post")] == []


def _is_view(thing: object) -> bool:
    return isinstance(thing, type) and issubclass(thing, ApiView)


def test_two_at_once_are_done_once(committing_db: str) -> None:
    world = make_world()
    sent, key = body(world), str(uuid4())
    callers = [client_of(world.scout) for _ in range(6)]
    together = threading.Barrier(len(callers))
    said: list[Any] = []

    def post(scout: Client) -> None:
        together.wait()
        said.append(send(scout, "proposals", sent, **keyed(key)))
        connection.close()

    threads = [threading.Thread(target=post, args=(scout,)) for scout in callers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    done = [answer for answer in said if answer.status_code == 201]
    first = [answer for answer in done if "Idempotent-Replayed" not in answer.headers]
    assert len(said) == len(callers)
    assert len(first) == 1
    assert {answer.content for answer in done} == {first[0].content}
    for answer in said:
        if answer.status_code != 201:
            refused(answer, 409, "request_is_in_flight")
            assert answer.headers["Retry-After"] == "1"
    assert proposed() == 1


def test_the_principal_is_who_the_key_belongs_to(committing_db: str) -> None:
    world = make_world()

    send(client_of(world.scout), "proposals", body(world))

    (row,) = KeptAnswer.objects.all()
    assert (row.tenant_id, row.principal_id) == (world.acme.pk, world.scout.pk)
    assert User.objects.get(pk=row.principal_id).kind == "agent"
