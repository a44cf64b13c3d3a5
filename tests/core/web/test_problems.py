from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from rest_framework import exceptions

from core.refusals import (
    DatabaseUnavailable,
    InvalidInput,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    Refusal,
    TooLarge,
)
from core.web import problems
from core.web.problems import answer, document, handle, places, refusal_of

handler400 = problems.not_understood
handler403 = problems.not_allowed
handler404 = problems.not_found
handler500 = problems.unexpected


class MarketIsClosed(Refusal):
    """This market is closed. Nothing more happens in it."""

    code = "market_is_closed_in_tests"
    status = 409
    hint = "Look for another."


def raising(error: type[Exception] | Exception) -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        raise error

    return view


urlpatterns = [
    path("api/refused", raising(MarketIsClosed())),
    path("api/lost", raising(OperationalError("server closed the connection unexpectedly"))),
    path("api/defect", raising(ZeroDivisionError("secret inside"))),
    path("api/forbidden", raising(PermissionDenied())),
    path("api/suspicious", raising(SuspiciousOperation("bad host"))),
    path("page/refused", raising(MarketIsClosed())),
    path("page/lost", raising(InterfaceError("connection already closed"))),
    path("page/defect", raising(ZeroDivisionError("secret inside"))),
]


class Cause(Exception):
    """What psycopg raised, as far as anybody looks at it."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.diag = SimpleNamespace(sqlstate=state, constraint_name=None, message_primary="It said no.")


def said(error: type[Exception], state: str) -> Exception:
    found = error()
    found.__cause__ = Cause(state)
    return found


def get(client: Client, address: str) -> Any:
    client.raise_request_exception = False
    return client.get(address, headers={"X-Request-Id": "abc"})


def test_a_refusal_becomes_a_problem_document() -> None:
    found = document(MarketIsClosed(market="MOON"), "abc")

    assert found == {
        "type": "urn:xmarket:refusal:market_is_closed_in_tests",
        "title": "This market is closed.",
        "status": 409,
        "detail": "This market is closed. Nothing more happens in it.",
        "code": "market_is_closed_in_tests",
        "hint": "Look for another.",
        "instance": "abc",
        "market": "MOON",
    }


def test_a_fact_cannot_overwrite_a_member_of_the_document() -> None:
    found = document(MarketIsClosed(status="closed", code="x", detail="Closed at noon."), "abc")

    assert (found["status"], found["code"], found["detail"]) == (
        409,
        "market_is_closed_in_tests",
        "Closed at noon.",
    )


def test_facts_of_any_type_can_be_written(rf: RequestFactory) -> None:
    refusal = MarketIsClosed(id=UUID(int=7), at=datetime(2026, 1, 1, tzinfo=UTC), digest=b"\x01\xff")

    body = json.loads(answer(refusal, rf.get("/api/x")).content)

    assert (body["id"], body["digest"]) == (str(UUID(int=7)), "01ff")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Http404(), NotFound),
        (exceptions.NotFound(), NotFound),
        (PermissionDenied(), NotAllowed),
        (exceptions.PermissionDenied(), NotAllowed),
        (exceptions.NotAuthenticated(), NotAuthenticated),
        (exceptions.AuthenticationFailed(), NotAuthenticated),
        (exceptions.ParseError("broken"), InvalidInput),
        (exceptions.ValidationError({"title": ["Too long."]}), InvalidInput),
        (exceptions.MethodNotAllowed("PUT"), problems.MethodNotAllowed),
        (exceptions.NotAcceptable(), problems.NotAcceptable),
        (exceptions.UnsupportedMediaType("text/xml"), problems.UnsupportedMediaType),
        (exceptions.Throttled(3), problems.TooManyRequests),
        (SuspiciousOperation(), problems.NotUnderstood),
        (OperationalError("server closed the connection"), DatabaseUnavailable),
        (said(OperationalError, "57P01"), DatabaseUnavailable),
        (said(OperationalError, "53300"), DatabaseUnavailable),
        (said(OperationalError, "57014"), DatabaseUnavailable),
        (said(OperationalError, "40P01"), DatabaseUnavailable),
        (InterfaceError("connection already closed"), DatabaseUnavailable),
        (DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes"), InvalidInput),
        (said(DataError, "22P02"), InvalidInput),
        (said(DataError, "22021"), InvalidInput),
        (said(DataError, "22P05"), InvalidInput),
        (said(ProgrammingError, "42501"), NotAllowed),
    ],
)
def test_every_known_error_stands_for_one_refusal(error: Exception, expected: type[Refusal]) -> None:
    assert type(refusal_of(error)) is expected


@pytest.mark.parametrize(
    "error", [ZeroDivisionError(), IntegrityError("nameless"), ProgrammingError("no such table")]
)
def test_a_defect_stands_for_none(rf: RequestFactory, error: Exception) -> None:
    assert refusal_of(error) is None
    assert handle(error, {"request": rf.get("/api/x")}) is None


def test_the_errors_of_a_serializer_are_told_by_pointer() -> None:
    detail = {
        "title": ["Required.", "Too long."],
        "snapshots": [{}, {"url": ["No URL."]}],
        "metadata": {"a/b": ["Bad."]},
        "non_field_errors": ["Does not fit together."],
    }

    assert [(place["pointer"], place["detail"]) for place in places(detail)] == [
        ("/title", "Required."),
        ("/title", "Too long."),
        ("/snapshots/1/url", "No URL."),
        ("/metadata/a~1b", "Bad."),
        ("", "Does not fit together."),
    ]


@pytest.mark.parametrize(
    ("refusal", "header", "value"),
    [
        (NotAuthenticated(), "WWW-Authenticate", "Bearer, Signature"),
        (DatabaseUnavailable(), "Retry-After", "2"),
        (problems.TooManyRequests(retry_after=7), "Retry-After", "7"),
    ],
    ids=["401", "503", "429"],
)
def test_an_answer_says_how_to_go_on(rf: RequestFactory, refusal: Refusal, header: str, value: str) -> None:
    assert answer(refusal, rf.get("/api/x")).headers[header] == value


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("/api/refused", 409, "market_is_closed_in_tests"),
        ("/api/lost", 503, "database_unavailable"),
        ("/api/defect", 500, "unexpected"),
        ("/api/forbidden", 403, "not_allowed"),
        ("/api/suspicious", 400, "not_understood"),
        ("/api/nowhere", 404, "not_found"),
    ],
)
def test_the_same_shape_comes_from_everywhere_under_api(
    client: Client, address: str, status: int, code: str
) -> None:
    response = get(client, address)

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (response.json()["code"], response.json()["instance"]) == (code, "abc")
    assert "secret inside" not in response.content.decode()


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("address", "status"),
    [("/page/refused", 409), ("/page/lost", 503), ("/page/defect", 500), ("/page/nowhere", 404)],
)
def test_elsewhere_a_person_gets_a_small_page(client: Client, address: str, status: int) -> None:
    response = get(client, address)

    assert response.status_code == status
    assert response.headers["Content-Type"].startswith("text/html")
    page = response.content.decode()
    assert "request <code>abc</code>" in page
    assert "secret inside" not in page
    assert all(finders.find(style) for style in re.findall(r'href="/static/([^"]+)"', page))
    assert page.count('rel="stylesheet"') == 4


def test_a_page_shows_facts_as_text(rf: RequestFactory) -> None:
    page = answer(MarketIsClosed(detail="<script>alert(1)</script>"), rf.get("/admin/x")).content.decode()

    assert "<script>" not in page


def test_a_form_without_the_sites_token_is_refused_by_name(rf: RequestFactory) -> None:
    response = problems.forged(rf.post("/admin/login/"))

    assert response.status_code == 403
    assert "load the page again" in response.content.decode()


def test_a_foreign_host_name_is_not_understood(client: Client) -> None:
    response = client.get("/api/v1/nothing", headers={"host": "evil.example.org"})

    assert response.status_code == 400
    assert response.json()["code"] == "not_understood"


def test_too_large_says_so_with_its_status(rf: RequestFactory) -> None:
    assert answer(TooLarge(limit=8), rf.get("/api/x")).status_code == 413
