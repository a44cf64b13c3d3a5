"""What the client signs, word for word as docs/signing.md shows it."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from django.conf import settings

from xmarket_client import ApiKey, Ed25519Key, HmacKey

PAGE = (Path(settings.BASE_DIR) / "docs" / "signing.md").read_text(encoding="utf-8")
CLIENT = Path(settings.BASE_DIR) / "clients" / "python" / "xmarket_client"
URL = "https://xmarket.example.org/api/v1/proposals"
BODY = b'{"symbol": "MOON-2027"}'
KEY_ID = "xms_0123456789abcdef"
SECRET = bytes(range(32))
MOMENT = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
UUID4 = "0f8fad5b-d9cb-469f-a165-70867728950e"


def block(heading: str, number: int = 0) -> str:
    """A block of code under a heading of the page."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return str(re.findall(r"```(?:text|http)\n(.*?)\n```", section, re.DOTALL)[number])


def headers_of(text: str) -> dict[str, str]:
    return {name.lower(): value for name, value in (line.split(": ", 1) for line in text.splitlines())}


def test_the_worked_example_of_hmac_is_what_is_sent() -> None:
    request = httpx.Request("POST", URL, content=BODY)

    HmacKey(KEY_ID, SECRET.hex(), clock=lambda: MOMENT, nonce=lambda: UUID4).sign(request)

    assert block("HMAC v1") == f"POST|/api/v1/proposals|2026-11-21T12:00:00+00:00|{UUID4}|{BODY.decode()}"
    shown = headers_of(block("HMAC v1", 1))
    assert shown == {name: request.headers[name] for name in shown}
    assert len(shown) == 4


def test_the_worked_example_of_ed25519_is_what_is_sent() -> None:
    key = Ed25519Key.from_seed(KEY_ID, SECRET)
    key = Ed25519Key(KEY_ID, key.signer, clock=lambda: MOMENT, nonce=lambda: UUID4)
    request = httpx.Request("POST", URL, content=BODY)

    key.sign(request)

    assert block("RFC 9421 with Ed25519") == key.base_of(request)[1]
    shown = headers_of(block("RFC 9421 with Ed25519", 1))
    assert shown == {name: request.headers[name] for name in shown}
    assert len(shown) == 3


def test_what_says_how_to_read_the_body_is_covered_too() -> None:
    request = httpx.Request(
        "POST", URL, content=BODY, headers={"Idempotency-Key": "once", "Content-Type": "a/b"}
    )

    Ed25519Key.from_seed(KEY_ID, SECRET).sign(request)

    assert '"content-type" "idempotency-key")' in request.headers["Signature-Input"]


def test_each_signing_is_another() -> None:
    for key in (HmacKey(KEY_ID, SECRET.hex()), Ed25519Key.from_seed(KEY_ID, SECRET)):
        first, second = (httpx.Request("GET", URL) for _ in range(2))
        key.sign(first)
        key.sign(second)

        assert first.headers != second.headers


def test_hmac_signs_no_query_because_it_would_not_cover_it() -> None:
    with pytest.raises(ValueError, match="does not cover a query"):
        HmacKey(KEY_ID, SECRET.hex()).sign(httpx.Request("GET", f"{URL}?limit=3"))


def test_a_key_is_sent_as_it_is() -> None:
    request = httpx.Request("GET", URL)

    ApiKey("xm_key").sign(request)

    assert request.headers["Authorization"] == "Bearer xm_key"


def test_nothing_shows_a_secret() -> None:
    shown = repr([HmacKey(KEY_ID, SECRET.hex()), ApiKey("xm_secret"), Ed25519Key.from_seed(KEY_ID, SECRET)])

    assert SECRET.hex() not in shown
    assert "xm_secret" not in shown


def test_the_client_imports_nothing_of_the_server() -> None:
    imported = {
        name.split(".")[0]
        for path in CLIENT.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert not imported & {"core", "audit", "artifacts", "markets", "config", "django", "rest_framework"}
    assert imported & {"httpx", "cryptography"}
