from __future__ import annotations

from typing import Any

import pytest

from artifacts.serializers import SnapshotForm
from core.web.problems import places

GONE = "leave this field out"
GOOD = {"url": "https://example.org/rocket", "content_type": "text/html", "body": "<p>It landed.</p>"}


def form(**changes: Any) -> SnapshotForm:
    given = {name: value for name, value in {**GOOD, **changes}.items() if value is not GONE}
    return SnapshotForm(data=given)


def faulty_places(spoiled: SnapshotForm) -> list[str]:
    assert not spoiled.is_valid()
    return [fault["pointer"] for fault in places(spoiled.errors)]


def test_what_the_other_tests_spoil_is_good_as_it_stands() -> None:
    assert form().is_valid()


@pytest.mark.parametrize(
    "url",
    [
        GONE,
        "",
        " ",
        5,
        None,
        "example.org/page",
        "//example.org/page",
        "ftp://example.org/page",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "https://",
        "https:///page",
        "https://:443/",
        "https://user@example.org/",
        "https://user:word@example.org/",
        "https://@example.org/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://[::1/",
        "https://example.org/a b",
        "https://example.org/a\nb",
        "https://exam\tple.org/",
        " https://example.org/",
        "https://example.org/\x7f",
        "https://example.org/\u202e",
        "https://example.org/\u200b",
        "https://example.org/" + "x" * 2029,
    ],
    ids=lambda url: repr(url)[:40],
)
def test_an_address_that_is_none_is_refused(url: Any) -> None:
    assert faulty_places(form(url=url)) == ["/url"]


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org",
        "HTTPS://EXAMPLE.org:8443/a?b=c@d#e",
        "https://[2001:db8::1]/",
        "https://example.org/\u706b\u661f",
        "https://example.org/".ljust(2048, "x"),
    ],
    ids=lambda url: str(url)[:40],
)
def test_an_address_is_kept_as_it_was_sent(url: str) -> None:
    given = form(url=url)

    assert given.is_valid(), given.errors
    assert given.validated_data["url"] == url


@pytest.mark.parametrize(
    "content_type",
    [
        GONE,
        None,
        "",
        "html",
        "text/",
        "text/html\r\nX-Evil: 1",
        "t\u00e9xt/html",
        5,
        "a/" + "b" * 128,
        "text/html;",
    ],
    ids=lambda content_type: repr(content_type)[:40],
)
def test_a_media_type_that_is_none_is_refused(content_type: Any) -> None:
    assert faulty_places(form(content_type=content_type)) == ["/content_type"]


@pytest.mark.parametrize(
    "content_type", ["text/html", "text/html; charset=utf-8", 'a/b;c="d e"', "image/svg+xml"]
)
def test_a_media_type_is_kept_as_it_was_sent(content_type: str) -> None:
    assert form(content_type=content_type).is_valid()


@pytest.mark.parametrize("body", [GONE, None, 5, []], ids=lambda body: repr(body)[:20])
def test_a_body_is_a_text(body: Any) -> None:
    assert faulty_places(form(body=body)) == ["/body"]


def test_there_is_one_body_and_not_two() -> None:
    assert faulty_places(form(body_base64="SXQgbGFuZGVkLg==")) == ["/body"]


@pytest.mark.parametrize(
    "written", ["SXQgbGFuZGVkLg", "SXQ gbGFuZGVkLg==", "!!!!", "\u00e9\u00e9\u00e9\u00e9", "====", 5, None]
)
def test_base64_is_read_strictly(written: Any) -> None:
    assert faulty_places(form(body=GONE, body_base64=written)) == ["/body_base64"]


@pytest.mark.parametrize("name", ["fetched_at", "snapshot_id", "content_digest", "object_store_path"])
def test_what_the_server_says_is_not_read(name: str) -> None:
    assert faulty_places(form(**{name: "2026-11-01T12:00:00Z"})) == [f"/{name}"]
