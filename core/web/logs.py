"""Logs as one JSON object per line, with the request's id and without secrets."""

from __future__ import annotations

import json
import logging
import re
import traceback
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime

from django.db import Error as DatabaseFailure

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
FACTS = ("method", "path", "status", "duration_ms")
SECRETS = (
    (re.compile(r"\bxm_([0-9A-Za-z]{4,32})_[0-9A-Za-z_-]{16,}"), r"xm_\1_..."),
    (re.compile(r"(?i)\b(bearer|basic)\s+[0-9A-Za-z._~+/=-]+"), r"\1 ..."),
    (re.compile(r"://([^/\s:@]*):[^/\s@]+@"), r"://\1:...@"),
    (re.compile(r"(?i)\b(password|secret|token)(['\"]?\s*[=:]\s*)[^\s,;)&]+"), r"\1\2..."),
)


class JsonFormatter(logging.Formatter):
    """Writes ts, lvl, msg, the request's id and the facts of an access line; an exception with its trace."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one record as one line."""
        line = {
            "ts": datetime.fromtimestamp(record.created, UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
            "lvl": record.levelname.lower(),
            "logger": record.name,
            "msg": without_secrets(record.getMessage()),
            **{name: _plain(getattr(record, name)) for name in FACTS if hasattr(record, name)},
            "request_id": REQUEST_ID.get(),
        }
        if record.exc_info and record.exc_info[1]:
            line["error"] = without_secrets("".join(told(record.exc_info[1])))
        return json.dumps(line, default=str)


def without_secrets(text: str) -> str:
    """Leave out keys, passwords and tokens, keeping what tells them apart."""
    for pattern, kept in SECRETS:
        text = pattern.sub(kept, text)
    return text


def _plain(value: object) -> object:
    return without_secrets(value) if isinstance(value, str) else value


def told(error: BaseException) -> Iterator[str]:
    """Tell an exception and what caused it, the cause first.

    Of a database error only its first line is told: DETAIL and CONTEXT repeat whole rows.
    """
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from told(before)
    yield from traceback.format_tb(error.__traceback__)
    said = str(error).split("\n", 1)[0] if _comes_from_the_database(error) else str(error)
    yield f"{type(error).__module__}.{type(error).__qualname__}: {said}\n"


def _comes_from_the_database(error: BaseException) -> bool:
    return isinstance(error, DatabaseFailure) or type(error).__module__.startswith("psycopg")
