"""E11: a signed request is accepted once, however many times it arrives at once, and only now and whole."""

from __future__ import annotations

import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from core.web import hmac_v1
from tests.core.web.test_hmac_v1 import MOMENTS, NONCES, SIGNATURES
from tests.factories import make_world
from tests.signing import make_ed25519_key, make_hmac_key, seconds_from_now, signed
from xmarket_client import Credential

pytestmark = pytest.mark.experiment("E11")

MARKETS = "/api/v1/markets"
REQUESTS = 1000 if os.environ.get("FULL_SIZE") else 40
COPIES = 8
# seconds from the clock, and whether that is now
EDGES = [(0, True), (-110, True), (110, True), (-121, False), (131, False), (-1e6, False), (1e9, False)]
MALFORMED = [
    *(("X-HMAC-Ts", value) for value in MOMENTS if value.isascii()),
    *(("X-HMAC-Nonce", value) for value in NONCES),
    *(("X-HMAC-Signature", value) for value in SIGNATURES if value.isascii()),
    ("X-HMAC-KeyId", ""),
    ("X-HMAC-KeyId", "xms_0000000000000000"),
]


@pytest.fixture
def ways_in(committing_db: str) -> tuple[Any, Any, httpx.WSGITransport]:
    """Two keys of an agent, and the application, which commits."""
    scout = make_world().scout
    return make_hmac_key(scout), make_ed25519_key(scout), httpx.WSGITransport(app=WSGIHandler())


def status_of(transport: httpx.WSGITransport, request: httpx.Request) -> int:
    response = transport.handle_request(request)
    response.read()
    return response.status_code


def test_a_storm_of_replays_gets_each_request_in_once(ways_in: tuple[Any, Any, httpx.WSGITransport]) -> None:
    *keys, transport = ways_in
    requests = [signed(keys[number % 2], "GET", MARKETS) for number in range(REQUESTS)]
    together = threading.Barrier(COPIES, timeout=60)

    def send_all(_: int) -> list[tuple[int, int]]:
        try:
            return [(number, send_one(number)) for number in range(REQUESTS)]
        finally:
            connections.close_all()

    def send_one(number: int) -> int:
        together.wait()
        return status_of(transport, requests[number])

    with ThreadPoolExecutor(COPIES) as pool:
        answers = [answer for answered in pool.map(send_all, range(COPIES)) for answer in answered]

    accepted = Counter(number for number, status in answers if status == 200)
    refused = sum(status == 401 for _, status in answers)
    says(
        f"{sum(accepted.values())} of {REQUESTS} signed requests accepted, {refused} of "
        f"{REQUESTS * (COPIES - 1)} replays refused",
        passes=set(accepted.values()) == {1}
        and (len(accepted), refused) == (REQUESTS, REQUESTS * (COPIES - 1)),
    )


def test_only_what_is_of_now_and_whole_gets_in(ways_in: tuple[Any, Any, httpx.WSGITransport]) -> None:
    secret, pair, transport = ways_in
    edges = [
        (status_of(transport, at(key, seconds)), is_now)
        for key in (secret, pair)
        for seconds, is_now in EDGES
    ]
    malformed = [status_of(transport, spoiled(secret, header, value)) for header, value in MALFORMED]

    right = sum((status == 200) is is_now for status, is_now in edges)
    refused = Counter(malformed)[401]
    says(
        f"{right} of {len(edges)} clocks judged rightly, {refused} of {len(malformed)} malformed headers refused",
        passes=right == len(edges) and refused == len(malformed) >= 30,
    )
    assert {header for header, _ in MALFORMED} == set(hmac_v1.HEADERS)


def at(key: Any, seconds: float) -> httpx.Request:
    given = vars(key) | {"clock": lambda: seconds_from_now(seconds)}
    return signed(type(key)(**given), "GET", MARKETS)


def spoiled(key: Credential, header: str, value: str) -> httpx.Request:
    request = signed(key, "GET", MARKETS)
    request.headers[header] = value
    return request


def says(line: str, *, passes: bool) -> None:
    print(f"\nE11 replays: {line} {'PASS' if passes else 'FAIL'}")  # noqa: T201 - an experiment prints its line
    assert passes
