from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError

from core.web.logs import REQUEST_ID, JsonFormatter, without_secrets

KEY = "xm_0123456789ab_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_abcde"


def line(message: str, *args: Any, exc_info: Any = None, **extra: Any) -> dict[str, Any]:
    record = logging.LogRecord("xmarket.test", logging.INFO, __file__, 1, message, args, exc_info)
    record.__dict__.update(extra)
    written = JsonFormatter().format(record)
    assert "\n" not in written
    found: dict[str, Any] = json.loads(written)
    return found


def traced(error: Exception) -> str:
    with pytest.raises(type(error)) as raised:
        raise error
    return str(line("failed", exc_info=(raised.type, raised.value, raised.tb))["error"])


def test_a_record_is_one_json_object() -> None:
    found = line("%s happened", "it", method="GET", path="/x", status=200, duration_ms=1.5)

    assert found["msg"] == "it happened"
    assert found["lvl"] == "info"
    assert found["ts"].endswith("Z")
    assert (found["method"], found["path"], found["status"], found["duration_ms"]) == ("GET", "/x", 200, 1.5)


def test_a_line_carries_the_id_of_its_request() -> None:
    held = REQUEST_ID.set("abc")

    found = line("inside")

    REQUEST_ID.reset(held)
    assert found["request_id"] == "abc"
    assert line("outside")["request_id"] is None


def test_a_message_cannot_forge_a_second_line() -> None:
    assert line('a\n{"lvl": "info"}')["msg"] == 'a\n{"lvl": "info"}'


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        (f"key {KEY} came", KEY.split("_", 2)[2]),
        (f"Authorization: Bearer {KEY}", KEY.split("_", 2)[2]),
        ("postgresql://web:hunter2@db/xmarket", "hunter2"),
        ("login failed: password=hunter2, again", "hunter2"),
        ("{'secret': 'hunter2'}", "hunter2"),
    ],
)
def test_secrets_are_left_out(said: str, secret: str) -> None:
    assert secret not in without_secrets(said)
    assert secret not in line(said, path=f"/{said}")["msg"]
    assert secret not in line("x", path=f"/{said}")["path"]
    assert secret not in traced(ValueError(said))


def test_names_of_roles_are_no_secrets() -> None:
    assert without_secrets("role xm_owner, function xm_app") == "role xm_owner, function xm_app"


def test_a_trace_tells_the_cause_and_where_it_happened() -> None:
    cause = KeyError("missing")
    error = RuntimeError("outer")
    error.__cause__ = cause

    told = traced(error)

    assert told.index("missing") < told.index("outer")
    assert "test_logs.py" in told


def test_a_database_error_is_told_without_the_row_it_repeats() -> None:
    told = traced(IntegrityError('null value in column "a"\nDETAIL:  Failing row contains (hash).'))

    assert "null value" in told
    assert "hash" not in told


def test_a_defect_is_told_on_the_console_even_without_debug() -> None:
    assert settings.LOGGING["root"]["handlers"] == ["console"]
    assert "filters" not in settings.LOGGING["handlers"]["console"]
