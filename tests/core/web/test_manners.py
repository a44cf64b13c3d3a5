"""Whatever goes wrong, and wherever, the answer has one form."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from django.urls import include, path
from rest_framework.exceptions import Throttled
from rest_framework.request import Request

from core.refusals import AlreadyExists, UnknownReference
from core.web import problems
from core.web.views import ApiView
from markets.models import Proposal
from tests.calling import client_of
from tests.factories import World

handler400 = problems.not_understood
handler403 = problems.not_allowed
handler404 = problems.not_found
handler500 = problems.unexpected

SAID: dict[str, Exception] = {
    "throttled": Throttled(wait=3),
    "conflict": AlreadyExists(),
    "unknown": UnknownReference(),
    "defect": ZeroDivisionError("secret inside"),
    "lost": OperationalError("server closed the connection unexpectedly"),
}
MEMBERS = {"type", "title", "status", "detail", "code", "hint", "instance"}
JSON = "application/json"


class Failing(ApiView):
    """Fails as it is told."""

    permission = {"GET": "markets:read"}
    parameters = frozenset({"how"})

    def get(self, request: Request) -> None:
        raise SAID[request.query_params["how"]]


urlpatterns = [path("api/v1/failing", Failing.as_view()), path("", include("config.urls"))]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


@pytest.fixture
def scout(world: World) -> Client:
    client = client_of(world.scout)
    client.raise_request_exception = False
    return client


def is_a_problem(response: Any, status: int, code: str) -> None:
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    problem = response.json()
    assert problem.keys() >= MEMBERS
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"urn:xmarket:refusal:{code}"
    assert problem["instance"] == response.headers["X-Request-Id"]
    assert problem["hint"]
    assert "secret inside" not in response.content.decode()


@pytest.mark.parametrize(
    ("asked", "headers", "status", "code"),
    [
        ("GET markets?colour=red", {}, 400, "invalid_input"),
        ("POST proposals", {"Idempotency-Key": None}, 400, "idempotency_key_is_required"),
        ("GET markets", {"Authorization": ""}, 401, "not_authenticated"),
        ("GET markets", {"Authorization": "Basic eDp5"}, 401, "not_authenticated"),
        ("GET nowhere", {}, 404, "not_found"),
        ("GET markets/7", {}, 404, "not_found"),
        ("POST markets", {}, 405, "method_not_allowed"),
        ("OPTIONS markets", {}, 405, "method_not_allowed"),
        ("BREW markets", {}, 405, "method_not_allowed"),
        ("GET markets", {"Accept": "text/html"}, 406, "not_acceptable"),
        ("GET failing?how=conflict", {}, 409, "already_exists"),
        ("POST proposals/{id}/withdraw", {"If-Match": '"stale"'}, 412, "if_match_failed"),
        ("POST snapshots", {"Content-Length": "99999999"}, 413, "too_large"),
        ("GET failing?how=unknown", {}, 422, "unknown_reference"),
        ("POST proposals/{id}/withdraw", {"If-Match": None}, 428, "if_match_is_required"),
        ("GET failing?how=throttled", {}, 429, "too_many_requests"),
        ("GET failing?how=defect", {}, 500, "unexpected"),
        ("GET failing?how=lost", {}, 503, "database_unavailable"),
    ],
)
def test_every_status_comes_as_a_problem_document(
    scout: Client,
    asked: str,
    headers: dict[str, Any],
    status: int,
    code: str,
) -> None:
    method, address = asked.split()
    where = f"/api/v1/{address.replace('{id}', str(Proposal.objects.get().pk))}"

    response = scout.generic(method, where, b'{"reason": "A mistake."}', content_type=JSON, headers=headers)

    is_a_problem(response, status, code)


def test_a_body_that_is_no_json_is_415(scout: Client) -> None:
    is_a_problem(
        scout.post("/api/v1/snapshots", "a=1", content_type="text/csv"), 415, "unsupported_media_type"
    )


def test_what_is_not_allowed_is_403(world: World) -> None:
    response = client_of(world.vera).post("/api/v1/snapshots", {}, content_type=JSON)

    is_a_problem(response, 403, "not_allowed")


def test_who_is_not_known_is_told_every_way_to_say_who_one_is(client: Client) -> None:
    assert client.get("/api/v1/markets").headers["WWW-Authenticate"].split(", ")[0] == "Bearer"


@pytest.mark.parametrize(("how", "seconds"), [("throttled", "3"), ("lost", "2")])
def test_who_should_wait_is_told_for_how_long(scout: Client, how: str, seconds: str) -> None:
    assert scout.get(f"/api/v1/failing?how={how}").headers["Retry-After"] == seconds


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_another_method_is_told_which_ones_there_are(scout: Client, method: str) -> None:
    response = getattr(scout, method)("/api/v1/proposals")

    is_a_problem(response, 405, "method_not_allowed")
    assert response.headers["Allow"] == "GET, HEAD, POST"


def test_head_is_refused_where_get_is_and_has_no_body(scout: Client, client: Client, world: World) -> None:
    post_only = f"/api/v1/proposals/{world.proposal.pk}/withdraw"

    for response, status in (
        (client.head("/api/v1/markets"), 401),
        (scout.head("/api/v1/markets/7"), 404),
        (scout.head(post_only), 405),
        (scout.head("/api/v1/markets"), 200),
    ):
        assert (response.status_code, response.content) == (status, b"")


def test_every_fault_names_its_place(scout: Client) -> None:
    body = scout.post("/api/v1/snapshots", {"url": 5, "nothing": 1}, content_type=JSON)
    query = scout.get("/api/v1/markets?colour=red&limit=0")
    header = scout.post("/api/v1/snapshots", {}, content_type=JSON, headers={"Idempotency-Key": "a b"})

    assert {"/url", "/nothing"} <= {fault["pointer"] for fault in body.json()["errors"]}
    assert [fault["parameter"] for fault in query.json()["errors"]] == ["colour"]
    assert [fault["header"] for fault in header.json()["errors"]] == ["Idempotency-Key"]


@pytest.mark.parametrize(
    ("address", "headers", "status", "code"),
    [
        ("/api/v1/markets", {"Host": "evil.example.org"}, 400, "not_understood"),
        ("/api/v1/markets", {"Host": "a b"}, 400, "not_understood"),
        ("/api/v1/" + "x" * 100_000, {}, 404, "not_found"),
        ("/api/v1/markets/" + "%00" * 1000, {}, 404, "not_found"),
        ("/api/v1/markets?" + "&".join(f"a{n}=1" for n in range(1100)), {}, 400, "not_understood"),
        ("/api/v1/markets?cursor=" + "A" * 100_000, {}, 400, "invalid_input"),
        ("/api/v1/markets", {"Authorization": "Bearer " + "x" * 100_000}, 401, "not_authenticated"),
        ("/api/v1/proposals/x", {"If-None-Match": "x" * 100_000}, 404, "not_found"),
        ("/api/", {}, 404, "not_found"),
        ("/api/v2/markets", {}, 404, "not_found"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_no_view_sees_is_answered_alike(
    scout: Client, address: str, headers: dict[str, str], status: int, code: str
) -> None:
    is_a_problem(scout.get(address, headers=headers), status, code)


def test_what_fails_before_any_view_is_a_problem_too(scout: Client) -> None:
    with override_settings(MIDDLEWARE=["core.web.requests.RequestLog", f"{__name__}.Broken"]):
        is_a_problem(scout.get("/api/v1/health"), 500, "unexpected")


class Broken:
    """A middleware with a defect."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> None:
        raise ZeroDivisionError("secret inside")


def test_what_is_not_yours_and_what_is_not_there_are_answered_alike(world: World) -> None:
    boris = client_of(world.boris)
    boris.defaults["HTTP_X_REQUEST_ID"] = "abc"
    paths = [f"/api/v1/proposals/{world.proposal.pk}", "/api/v1/proposals/7", "/api/v1/nowhere"]

    assert len({boris.get(path).content for path in paths}) == 1
    assert len({boris.post(f"{path}/withdraw", {}, content_type=JSON).content for path in paths}) == 1
