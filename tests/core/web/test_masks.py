"""What looks like a secret is shown to nobody, however deep it lies and however it is written."""

from __future__ import annotations

import time
from typing import Any

import pytest

from core.web.masks import HIDDEN, is_secret, masked, text

KEY = f"xm_{'0' * 12}_{'A' * 43}"
SECRETS = (
    "password", "PASSWORD", "db_password", "dbPassword", "passwd", "passphrase", "pwd", "secret", "client_secret",
    "token", "accessToken", "X-Auth-Token", "refresh_tokens", "key", "keys", "apiKey", "api-key", "APIKey", "apikey",
    "private_key", "Authorization", "proxy-authorization", "authorisation", "cookie", "Set-Cookie", "credential",
    "credentials", "sessionid", "session_id", "otp", "totp_code",
)  # fmt: skip
NAMES = ("url", "keyword", "keyboard", "author", "passport", "title", "hotpot", "status", "left", "")


@pytest.mark.parametrize("name", SECRETS)
def test_a_telling_name_hides_what_it_leads_to(name: str) -> None:
    assert is_secret(name)
    for value in ("hunter2", 7, True, ["hunter2"], {"of": "hunter2"}):
        assert masked({name: value}) == {name: HIDDEN}


@pytest.mark.parametrize("name", NAMES)
def test_another_name_hides_nothing(name: str) -> None:
    assert not is_secret(name)
    assert masked({name: "plain"}) == {name: "plain"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ({"a": [{"b": {"token": "t"}}]}, {"a": [{"b": {"token": HIDDEN}}]}),
        ([["Authorization", "Bearer x"], ["Accept", "*/*"]], [["Authorization", HIDDEN], ["Accept", "*/*"]]),
        ([{"name": "Cookie", "value": "x"}], [{"name": "Cookie", "value": HIDDEN}]),
        ({"key": "cookie", "value": "x"}, {"key": HIDDEN, "value": HIDDEN}),
        ({"name": "Ada", "value": {"pwd": "x"}}, {"name": "Ada", "value": {"pwd": HIDDEN}}),
        ({"args": [KEY, 1]}, {"args": [HIDDEN, 1]}),
        (("token", "x"), ["token", HIDDEN]),
        (["password"], ["password"]),
    ],
)
def test_a_secret_is_hidden_wherever_it_lies(value: Any, shown: Any) -> None:
    assert masked(value) == shown


@pytest.mark.parametrize("value", [None, {}, [], "", 0, 1.5, False, {"token": None}, {"a": [1, {"b": None}]}])
def test_what_is_no_secret_stays_as_it_is(value: Any) -> None:
    assert masked(value) == value


def test_what_is_deeper_than_anybody_looks_is_hidden_whole() -> None:
    deep: Any = "bottom"
    for _ in range(3000):
        deep = [deep]

    assert "bottom" not in str(masked(deep))
    assert HIDDEN in str(masked(deep))


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("401 for Bearer abc.def-123", f"401 for Bearer {HIDDEN}"),
        ("Authorization: Basic dXNlcjpwYXNz, retried", f"Authorization: {HIDDEN}, retried"),
        ("https://ada:hunter2@example.org/x", f"https://{HIDDEN}@example.org/x"),
        ("GET /x?api_key=abc&page=2", f"GET /x?api_key={HIDDEN}&page=2"),
        ('{"password": "hunter2", "a": 1}', f'{{"password": "{HIDDEN}", "a": 1}}'),
        (f"refused {KEY}.", f"refused {HIDDEN}."),
    ],
)
def test_a_text_gives_no_secret_away(said: str, shown: str) -> None:
    assert text(said) == shown


@pytest.mark.parametrize(
    "said", ["ValueError: It broke.", "KeyError: 'left'", "job_differs: This key is another's."]
)
def test_another_text_stays_as_it_is(said: str) -> None:
    assert text(said) == said


@pytest.mark.parametrize("piece", ["a-", "token-", "://", "Bearer ", "key=", "x", "password: "])
def test_no_text_takes_long_to_read(piece: str) -> None:
    began = time.monotonic()

    text(piece * (65_536 // len(piece)))

    assert time.monotonic() - began < 1
