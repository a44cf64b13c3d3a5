"""HMAC v1: the string, the window, and every way in which four headers can be wrong."""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from django.test import RequestFactory

from core.refusals import NotAuthenticated
from core.web import hmac_v1
from tests.factories import World
from tests.signing import make_hmac_key, seconds_from_now, sent, signed

MARKETS = "/api/v1/markets"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
GOOD = {
    "X-HMAC-KeyId": "xms_0123456789abcdef",
    "X-HMAC-Ts": "2026-11-21T12:00:00Z",
    "X-HMAC-Nonce": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "X-HMAC-Signature": "ab" * 32,
}
MOMENTS = [
    "NaN", "nan", "Infinity", "-Infinity", "inf", "1e9", "1763726400", "1763726400.5", "", " ", "now", "null",
    "2026-11-21", "2026-11-21T12:00:00", "2026-11-21 12:00:00Z", "2026-11-21T12:00Z", "20261121T120000Z",
    "2026-W47-6T12:00:00Z", "2026-13-21T12:00:00Z", "2026-11-31T12:00:00Z",
    "2026-11-21T12:00:60Z", "2026-11-21T12:00:00+25:00", "2026-11-21T12:00:00+0100", "2026-11-21T12:00:00z",
    "0000-11-21T12:00:00Z", "99999-11-21T12:00:00Z", "2026-11-21T12:00:00.1234567Z", "2026-11-21T12:00:00ZZ",
    "\u0662\u0660\u0662\u0666-11-21T12:00:00Z",
]  # fmt: skip
NONCES = [
    "", "x", "0f8fad5b-d9cb-169f-a165-70867728950e", "0f8fad5b-d9cb-469f-c165-70867728950e",
    "0f8fad5bd9cb469fa16570867728950e", "{0f8fad5b-d9cb-469f-a165-70867728950e}", "00000000-0000-0000-0000-000000000000",
    "0f8fad5b-d9cb-469f-a165-70867728950e|", "0f8fad5b-d9cb-469f-a165-70867728950e, 0f8fad5b-d9cb-469f-a165-70867728950e",
]  # fmt: skip
SIGNATURES = ["", "ab", "ab" * 31, "ab" * 33, "zz" * 32, "0x" + "ab" * 31, "ab" * 32 + " ", "\u0661" * 64]


def claim(**changes: str) -> hmac_v1.HmacClaim:
    headers = GOOD | {f"X-HMAC-{name}": value for name, value in changes.items()}
    return hmac_v1.claim_of(RequestFactory().get(MARKETS, headers=headers), b"")


def test_the_string_is_method_path_ts_nonce_and_body_joined_by_bars() -> None:
    made = hmac_v1.string_to_sign("post", "/a/b", "2026-11-21T12:00:00Z", "n", b'{"a":"|\x00\xff"}')

    assert made == b'POST|/a/b|2026-11-21T12:00:00Z|n|{"a":"|\x00\xff"}'


def test_a_claim_is_made_by_its_secret_in_whatever_case_it_is_written() -> None:
    message = f"GET|{MARKETS}|{GOOD['X-HMAC-Ts']}|{GOOD['X-HMAC-Nonce']}|".encode()
    made = hmac.new(b"secret", message, hashlib.sha256).hexdigest()

    assert claim(Signature=made).is_made_by(b"secret")
    assert claim(Signature=made.upper()).is_made_by(b"secret")
    assert not claim(Signature=made).is_made_by(b"Secret")


def test_the_comparison_takes_the_same_time_whatever_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[Any, Any]] = []

    def compare(left: str, right: str) -> bool:
        asked.append((left, right))
        return True

    monkeypatch.setattr(hmac, "compare_digest", compare)

    claim().is_made_by(b"secret")

    assert len(asked) == 1


@pytest.mark.parametrize(
    ("seconds", "is_now"),
    [
        (0, True),
        (120, True),
        (-120, True),
        (120.000001, False),
        (-120.000001, False),
        (3e9, False),
        (-6e10, False),
    ],
)
def test_the_window_is_two_minutes_either_way(seconds: float, is_now: bool) -> None:
    moment = (NOW + timedelta(seconds=seconds)).isoformat()

    assert claim(Ts=moment).is_of_now(NOW) is is_now


@pytest.mark.parametrize(
    "moment", ["2026-11-21T13:00:00+01:00", "2026-11-21T12:00:00.5Z", "2026-11-21T07:00:00-05:00"]
)
def test_a_time_may_be_written_with_any_offset(moment: str) -> None:
    assert claim(Ts=moment).is_of_now(NOW)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_at_the_ends_of_the_calendar_is_not_now(moment: str) -> None:
    assert not claim(Ts=moment).is_of_now(NOW)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        *(("Ts", value) for value in MOMENTS),
        *(("Nonce", value) for value in NONCES),
        *(("Signature", value) for value in SIGNATURES),
    ],
)
def test_whatever_is_not_written_as_it_must_be_is_refused(header: str, value: str) -> None:
    with pytest.raises(NotAuthenticated):
        claim(**{header: value})


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "status"), [(-115, 200), (115, 200), (-125, 401), (125, 401)])
def test_a_request_is_of_now_by_the_clock_of_the_database(world: World, seconds: int, status: int) -> None:
    key = make_hmac_key(world.scout)
    skewed = type(key)(key.key_id, key.secret, clock=lambda: seconds_from_now(seconds))

    assert sent(signed(skewed, "GET", MARKETS)).status_code == status


@pytest.mark.django_db
def test_a_nonce_in_another_case_is_the_same_nonce(world: World) -> None:
    key = make_hmac_key(world.scout)
    nonce = "0f8fad5b-d9cb-469f-a165-70867728950e"
    lower, upper = (type(key)(key.key_id, key.secret, nonce=each.__str__) for each in (nonce, nonce.upper()))

    assert sent(signed(lower, "GET", MARKETS)).status_code == 200
    assert sent(signed(upper, "GET", MARKETS)).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("query", ["limit=3", "x", "limit=3&cursor=abc"])
def test_a_query_that_it_does_not_cover_is_refused_with_the_way_out(world: World, query: str) -> None:
    request = signed(make_hmac_key(world.scout), "GET", MARKETS)

    response = sent(httpx.Request("GET", f"{request.url}?{query}", headers=request.headers))

    assert (response.status_code, response.json()["code"]) == (400, "query_not_signed")
    assert "Ed25519" in response.json()["hint"]


@pytest.mark.django_db
@pytest.mark.parametrize("missing", hmac_v1.HEADERS)
def test_three_of_the_four_headers_are_none(world: World, missing: str) -> None:
    request = signed(make_hmac_key(world.scout), "GET", MARKETS)
    del request.headers[missing]

    assert sent(request).status_code == 401
