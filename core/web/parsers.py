"""JSON bodies, read strictly: refused is what PostgreSQL cannot hold, and what can be read in two ways."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import BaseParser

from core.refusals import InvalidInput, TooLarge
from core.web.bodies import announced
from core.web.problems import step

DEPTH = 64
# RFC 8785 writes numbers as IEEE doubles: a larger whole number would change on its way
LARGEST_WHOLE = 2**53 - 1
LONGEST_WHOLE = len(str(-LARGEST_WHOLE))
FAULTS_NAMED = 20


class StrictJson(BaseParser):
    """Reads a JSON object; a view sets `body_limit` where it accepts more or less than the default."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Read the body.

        :raises TooLarge: over the limit, by Content-Length or by what really came.
        :raises InvalidInput: with the JSON pointer of every fault.
        """
        context = parser_context or {}
        limit: int = getattr(context.get("view"), "body_limit", None) or settings.API_BODY_LIMIT
        request = context.get("request")
        if request is not None and announced(request) > limit:
            raise TooLarge(limit=limit)
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge(limit=limit)
        return read_object(body)


def read_object(body: bytes) -> dict[str, Any]:
    """Read bytes as one JSON object.

    :raises InvalidInput: with the JSON pointer of every fault, at most twenty.
    """
    reader = _Reader()
    value = reader.value(_parsed(_decoded(body)), "", 1)
    if not reader.faults and not isinstance(value, dict):
        reader.fault("", "The body must be a JSON object.")
    if reader.faults:
        raise InvalidInput(errors=reader.faults[:FAULTS_NAMED])
    return dict(value)


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _fault("", f"The body is not UTF-8 (byte {error.start}).") from None


def _parsed(text: str) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=_Members, parse_constant=_NotJson, parse_int=_whole, parse_float=_fraction
        )
    except json.JSONDecodeError as error:
        raise _fault("", f"Not JSON at line {error.lineno}, column {error.colno}: {error.msg}.") from None
    except RecursionError:
        raise _fault("", f"Nested deeper than {DEPTH} levels.") from None


def _fault(pointer: str, detail: str) -> InvalidInput:
    return InvalidInput(errors=[{"pointer": pointer, "detail": detail}])


class _Members(list[tuple[str, Any]]):
    """An object's members in the order they came, doubles included."""


class _NotJson:
    """A number that JSON, or RFC 8785, cannot say."""

    def __init__(self, written: str) -> None:
        self.written = written[:40]


def _whole(written: str) -> int | _NotJson:
    # a number this long is out of range anyway, and int() would refuse or take its time
    if len(written) > LONGEST_WHOLE or abs(int(written)) > LARGEST_WHOLE:
        return _NotJson(written)
    return int(written)


def _fraction(written: str) -> float | _NotJson:
    value = float(written)
    return value if math.isfinite(value) else _NotJson(written)


class _Reader:
    """Turns what the JSON reader gave into plain values, keeping every fault with its place."""

    def __init__(self) -> None:
        self.faults: list[dict[str, str]] = []

    def fault(self, pointer: str, detail: str) -> None:
        self.faults.append({"pointer": pointer, "detail": detail})

    def value(self, found: Any, pointer: str, depth: int) -> Any:
        if isinstance(found, _NotJson):
            self.fault(pointer, f"{found.written} is no number that JSON can carry; write it as a text.")
        if isinstance(found, str):
            self.text(found, pointer)
        if not isinstance(found, list):
            return found
        if depth > DEPTH:
            self.fault(pointer, f"Nested deeper than {DEPTH} levels.")
            return None
        if isinstance(found, _Members):
            return self.members(found, pointer, depth)
        return [self.value(item, step(pointer, position), depth + 1) for position, item in enumerate(found)]

    def members(self, found: _Members, pointer: str, depth: int) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for name, inner in found:
            place = step(pointer, name)
            self.text(name, place)
            if name in read:
                self.fault(place, "This name occurs twice in one object.")
            read[name] = self.value(inner, place, depth + 1)
        return read

    def text(self, found: str, pointer: str) -> None:
        if "\x00" in found:
            self.fault(pointer, "A text cannot hold the NUL character.")
        try:
            found.encode("utf-8")
        except UnicodeEncodeError:
            self.fault(pointer, "A text cannot hold half of a surrogate pair.")
