from __future__ import annotations

import json
from typing import Any, ClassVar
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.access.models import User
from core.database import sessions
from core.database.unit import current, unit
from core.refusals import AlreadyExists, OutsideUnit
from core.web import problems, views
from core.web.views import ApiView
from tests.factories import World, make_key, make_world

handler404 = problems.not_found
handler500 = problems.unexpected

WRITE = "INSERT INTO outbox_events (tenant_id, event_type, payload) VALUES (%s, 'test', '{}')"


def write() -> None:
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [current().tenant])


def written() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_events WHERE event_type = 'test'")
        return int(cursor.fetchone()[0])


class Writing(ApiView):
    """Writes one row, then ends as it is told."""

    permission = {"POST": "proposals:propose", "GET": "markets:read"}
    parameters = frozenset({"end"})

    def get(self, request: Request) -> Response:
        return Response({"written": written()})

    def post(self, request: Request) -> Any:
        write()
        ends: dict[str, Any] = {
            "well": lambda: Response({"got": request.data}, status=201),
            "refused": lambda: _raise(AlreadyExists(name="MOON")),
            "invalid": lambda: _raise(serializers.ValidationError({"title": ["Too long."]})),
            "defect": lambda: _raise(ZeroDivisionError()),
            "broken": lambda: Response({}, status=502),
            "unwritable": lambda: Response({"value": object()}),
            "database": lambda: _run("INSERT INTO outbox_events (nothing) VALUES (1)"),
            "forbidden": lambda: _run("DELETE FROM tenants"),
            "value": lambda: _run("SELECT 'x'::uuid"),
            "cut": _cut,
            "plain": lambda: HttpResponse("fine"),
        }
        return ends[request.query_params["end"]]()


class Late(ApiView):
    """Is refused by COMMIT alone."""

    public = True

    def post(self, request: Request) -> Response:
        _run("INSERT INTO late VALUES (1), (1)")
        return Response({}, status=201)


class Public(ApiView):
    """Answers everybody, with a unit."""

    public = True

    def get(self, request: Request) -> Response:
        return Response({"role": current().role})


urlpatterns = [
    path("api/v1/writing", Writing.as_view()),
    path("api/v1/public", Public.as_view()),
]
pytestmark = pytest.mark.urls(__name__)
in_one_transaction = pytest.mark.django_db


class Caller:
    """Somebody with a key."""

    def __init__(self, client: Client, user: User) -> None:
        self.client = client
        self.user = user
        self.headers = {"Authorization": f"Bearer {make_key(user)}"}
        client.raise_request_exception = False

    def get(self, address: str, **more: str) -> Any:
        return self.client.get(address, headers={**self.headers, **more})

    def post(
        self, address: str, body: Any = None, content_type: str = "application/json", **more: str
    ) -> Any:
        sent = {} if body is None else body
        headers = {"Idempotency-Key": str(uuid4()), **self.headers, **more}
        return self.client.post(address, sent, content_type=content_type, headers=headers)


@pytest.fixture
def scout(client: Client, world: World) -> Caller:
    return Caller(client, world.scout)


@in_one_transaction
def test_what_ends_well_is_kept(scout: Caller) -> None:
    response = scout.post("/api/v1/writing?end=well", {"title": "x"})

    assert response.status_code == 201
    assert response.json() == {"got": {"title": "x"}}
    assert response.headers["Cache-Control"] == "no-store"
    assert written() == 1


@in_one_transaction
@pytest.mark.parametrize(
    ("end", "status", "code"),
    [
        ("refused", 409, "already_exists"),
        ("invalid", 400, "invalid_input"),
        ("defect", 500, "unexpected"),
        ("unwritable", 500, "unexpected"),
        ("database", 500, "unexpected"),
        ("forbidden", 403, "not_allowed"),
        ("value", 400, "invalid_input"),
    ],
)
def test_whatever_is_raised_leaves_nothing_half_written(
    scout: Caller, end: str, status: int, code: str
) -> None:
    response = scout.post(f"/api/v1/writing?end={end}")

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert written() == 0


@in_one_transaction
def test_an_answer_that_says_the_server_failed_leaves_nothing_either(scout: Caller) -> None:
    assert scout.post("/api/v1/writing?end=broken").status_code == 502
    assert written() == 0


@in_one_transaction
def test_an_answer_that_is_no_api_answer_is_passed_on(scout: Caller) -> None:
    assert scout.post("/api/v1/writing?end=plain").content == b"fine"
    assert written() == 1


@in_one_transaction
def test_a_refusal_carries_its_facts_and_the_request_id(scout: Caller) -> None:
    response = scout.post("/api/v1/writing?end=refused", **{"X-Request-Id": "abc"})

    assert response.json()["name"] == "MOON"
    assert response.json()["instance"] == response.headers["X-Request-Id"] == "abc"


@in_one_transaction
def test_the_unit_ends_with_the_request(scout: Caller) -> None:
    scout.post("/api/v1/writing?end=well")

    with pytest.raises(OutsideUnit):
        current()


@in_one_transaction
def test_the_unit_knows_where_the_request_came_from(scout: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def spy(role: str, **known: Any) -> Any:
        seen.update(known, role=role)
        return unit(role, **known)

    monkeypatch.setattr(views, "unit", spy)
    correlation = uuid4()
    scout.get("/api/v1/writing", **{"X-Request-Id": str(correlation), "User-Agent": "scout/1"})

    origin = {"correlation_id": correlation, "ip": "127.0.0.1", "user_agent": "scout/1"}
    principal = {"tenant": scout.user.tenant_id, "actor": scout.user.pk}
    assert seen == {"role": "api", **origin, **principal}


@in_one_transaction
def test_a_method_asks_for_its_own_permission(client: Client, world: World) -> None:
    viewer = Caller(client, world.vera)

    assert viewer.get("/api/v1/writing").status_code == 200
    refused = viewer.post("/api/v1/writing?end=well")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")
    assert refused.json()["permission"] == "proposals:propose"
    assert written() == 0


@in_one_transaction
def test_head_asks_for_what_get_asks_for(scout: Caller, client: Client) -> None:
    assert client.head("/api/v1/writing").status_code == 401
    assert client.head("/api/v1/writing", headers=scout.headers).status_code == 200


@in_one_transaction
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_another_method_is_refused_naming_those_that_are_answered(
    scout: Caller, client: Client, method: str
) -> None:
    response = getattr(client, method)("/api/v1/writing", headers=scout.headers)

    assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD, POST"


@in_one_transaction
@pytest.mark.parametrize("query", ["?colour=red", "?end=well&end=well", "?end=well&a%00b=1", "?format=json"])
def test_a_parameter_nobody_reads_is_refused_by_name(scout: Caller, query: str) -> None:
    response = scout.get(f"/api/v1/writing{query}")

    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")
    assert len(response.json()["errors"]) == 1


@in_one_transaction
@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("{", "application/json", 400, "invalid_input"),
        ('{"title": "\\u0000"}', "application/json", 400, "invalid_input"),
        ("a=1", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        ("<a/>", "text/xml", 415, "unsupported_media_type"),
        (b"\xff\xfe", "application/json", 400, "invalid_input"),
        ('{"a": "' + "x" * 2_100_000 + '"}', "application/json", 413, "too_large"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(
    scout: Caller, body: Any, content_type: str, status: int, code: str
) -> None:
    response = scout.post("/api/v1/writing?end=well", body, content_type=content_type)

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert written() == 0


@in_one_transaction
def test_who_asks_for_another_format_is_told_what_there_is(scout: Caller) -> None:
    response = scout.get("/api/v1/writing", Accept="text/xml")

    assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")


@in_one_transaction
def test_a_public_view_asks_nobody_who_they_are(client: Client) -> None:
    response = client.get("/api/v1/public", headers={"Authorization": "Bearer rubbish"})

    assert response.json() == {"role": "api"}


def test_a_view_that_asks_for_no_permission_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="POST"):

        class Forgotten(ApiView):
            permission: ClassVar[dict[str, str]] = {"GET": "markets:read"}

            def get(self, request: Request) -> None:
                pass

            def post(self, request: Request) -> None:
                pass


def test_a_view_that_asks_for_an_unknown_permission_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="markets:reed"):

        class Mistyped(ApiView):
            permission: ClassVar[dict[str, str]] = {"GET": "markets:reed"}

            def get(self, request: Request) -> None:
                pass


def test_a_database_that_is_away_is_503_with_retry_after(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(role: str, **known: Any) -> Any:
        raise OperationalError("connection refused")

    monkeypatch.setattr(views, "unit", away)
    response = client.get("/api/v1/public")

    assert (response.status_code, response.json()["code"]) == (503, "database_unavailable")
    assert response.headers["Retry-After"] == "2"


def test_what_only_commit_refuses_is_refused_by_name(rf: RequestFactory, committing_db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE late (id int, CONSTRAINT already_exists UNIQUE (id) DEFERRABLE INITIALLY DEFERRED)"
        )
        cursor.execute("GRANT SELECT, INSERT ON late TO xm_api")

    response = Late.as_view()(rf.post("/api/v1/late", {}, content_type="application/json"))

    assert response.status_code == 409
    assert json.loads(response.content)["code"] == "already_exists"
    with unit("api"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM late")
        assert cursor.fetchone() == (0,)


def test_a_connection_cut_in_the_middle_is_503_and_the_next_request_is_answered(
    client: Client, committing_db: str
) -> None:
    scout = Caller(client, make_world().scout)

    cut = scout.post("/api/v1/writing?end=cut")
    after = scout.get("/api/v1/writing")

    assert (cut.status_code, cut.json()["code"]) == (503, "database_unavailable")
    assert after.json() == {"written": 0}


def _raise(error: Exception) -> None:
    raise error


def _run(query: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(query)


def _cut() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (own,) = cursor.fetchone()
    with sessions.connect(database=connection.settings_dict["NAME"]) as superuser:
        superuser.execute("SELECT pg_terminate_backend(%s, 5000)", [own])
    _run("SELECT 1")
