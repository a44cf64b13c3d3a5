"""A body that cannot be read or understood is refused by its place, and nothing is half-written."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from tests.bad_input.sending import GONE, changed, counted, refused, send
from tests.factories import (
    World,
)

pytestmark = pytest.mark.django_db


def test_what_the_other_tests_spoil_is_accepted_as_it_stands(
    scout: Client, market: dict[str, Any], page: dict[str, Any]
) -> None:
    assert send(scout, "proposals", market).status_code == 201
    assert send(scout, "snapshots", page).status_code == 201


@pytest.mark.parametrize("path", ["proposals", "snapshots"])
def test_every_wrong_field_is_refused_by_its_place(
    scout: Client, market: dict[str, Any], page: dict[str, Any], path: str
) -> None:
    good = market if path == "proposals" else page
    before = counted()

    unfit: tuple[Any, ...] = (None, 5, True, {}, GONE)
    for name in good:
        for wrong in unfit:
            response = send(scout, path, changed(good, **{name: wrong}))
            refused(response, 400, "invalid_input")
    refused(send(scout, path, {**good, "tenant_id": str(uuid4())}), 400, "invalid_input", "/tenant_id")

    assert counted() == before


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"snapshot_ids": ["a" * 64, "A" * 64]}, "/snapshot_ids/1"),
        ({"snapshot_ids": ["a" * 64, "b" * 64, "a" * 64]}, "/snapshot_ids/2"),
        ({"safety_assertions": ["no-seed-data", "harmless"]}, "/safety_assertions/1"),
        ({"safety_assertions": ["no-seed-data", "no-seed-data"]}, "/safety_assertions/1"),
        ({"metadata": {"a": {"b/c": [0, 2**53]}}}, "/metadata/a/b~1c/1"),
        ({"metadata": {"a": {"b": [0, 1e300]}}}, "/metadata/a/b/1"),
        ({"metadata": {"a": -(10**400)}}, "/metadata/a"),
        ({"exposure": 10**16}, "/exposure"),
        ({"a/b": 1}, "/a~1b"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_fault_deep_inside_is_refused_by_its_place(
    scout: Client, market: dict[str, Any], changes: dict[str, Any], pointer: str
) -> None:
    before = counted()

    refused(send(scout, "proposals", {**market, **changes}), 400, "invalid_input", pointer)

    assert counted() == before


def test_every_fault_of_a_body_is_named_at_once(scout: Client, market: dict[str, Any]) -> None:
    response = send(scout, "proposals", changed(market, title=5, type=GONE, status="approved"))

    refused(response, 400, "invalid_input")
    assert {fault["pointer"] for fault in response.json()["errors"]} == {"/title", "/type", "/status"}


def nested(depth: int) -> bytes:
    return b'{"metadata":' * depth + b"1" + b"}" * depth


BODIES = {
    "nothing": (b"", 400),
    "a list": (b"[]", 400),
    "null": (b"null", 400),
    "half an object": (b'{"symbol": "M', 400),
    "two objects": (b"{}{}", 400),
    "latin-1": ('{"title": "\u00e9"}'.encode("latin-1"), 400),
    "utf-16": ('{"title": "x"}'.encode("utf-16"), 400),
    "a byte order mark": (b"\xef\xbb\xbf{}", 400),
    "NUL in a text": (b'{"title": "a\\u0000b"}', 400),
    "NUL in a name": (b'{"a\\u0000b": 1}', 400),
    "half a surrogate pair": (b'{"title": "\\ud800"}', 400),
    "half a surrogate pair in a name": (b'{"metadata": {"\\udfff": 1}}', 400),
    "not a number": (b'{"metadata": {"a": NaN}}', 400),
    "infinity": (b'{"metadata": {"a": -Infinity}}', 400),
    "more than a double": (b'{"metadata": {"a": 1e999}}', 400),
    "a number of a million digits": (b'{"metadata": ' + b"9" * 1_000_000 + b"}", 400),
    "a name given twice": (b'{"symbol": "A", "symbol": "B"}', 400),
    "65 levels": (nested(65), 400),
    "100000 levels": (nested(100_000), 400),
    "100000 open lists": (b"[" * 100_000, 400),
    "3 MiB": (b'{"title": "' + b"x" * 3 * 1024 * 1024 + b'"}', 413),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_that_cannot_be_read_is_refused(scout: Client, name: str) -> None:
    body, status = BODIES[name]
    before = counted()

    response = send(scout, "proposals", body)

    refused(response, status, "too_large" if status == 413 else "invalid_input")
    assert counted() == before


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "nonsense",
    ],
)
def test_another_content_type_is_refused(scout: Client, market: dict[str, Any], content_type: str) -> None:
    refused(send(scout, "proposals", market, content_type=content_type), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "proposals", {"GET", "POST"}),
        ("DELETE", "proposals/{id}", {"GET"}),
        ("PATCH", "proposals/{id}", {"GET"}),
        ("GET", "proposals/{id}/withdraw", {"POST"}),
        ("POST", "approvals", {"GET"}),
        ("POST", "approvals/{id}", {"GET"}),
        ("POST", "markets", {"GET"}),
        ("POST", "events", {"GET"}),
        ("DELETE", "audit-events", {"GET"}),
        ("OPTIONS", "markets", {"GET"}),
        ("TRACE", "markets", {"GET"}),
    ],
)
def test_another_method_is_refused(
    scout: Client, world: World, method: str, path: str, allowed: set[str]
) -> None:
    response = scout.generic(method, f"/api/v1/{path.format(id=world.proposal.pk)}")

    refused(response, 405, "method_not_allowed")
    assert allowed <= set(response.headers["Allow"].split(", "))


@pytest.mark.parametrize("path", ["proposals/", "nonsense", "markets/x/y/z", "approvals/{id}/approve"])
def test_an_unknown_address_is_not_found(scout: Client, world: World, path: str) -> None:
    refused(scout.get(f"/api/v1/{path.format(id=world.request.pk)}"), 404, "not_found")


def test_a_body_over_the_limit_of_evidence_is_refused_unread(scout: Client) -> None:
    response = send(scout, "snapshots", b'{"body": "' + b"x" * 5 * 1024 * 1024 + b'"}')

    refused(response, 413, "too_large")
    assert response.json()["limit"] == 4 * 1024 * 1024


def test_a_length_that_lies_is_refused(scout: Client) -> None:
    refused(send(scout, "proposals", b"{}", headers={"Content-Length": str(2**40)}), 413, "too_large")
