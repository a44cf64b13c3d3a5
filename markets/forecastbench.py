"""How files in ForecastBench's public format are read: every value checked, every fault named by place."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, NoReturn
from urllib.parse import urlsplit

from core.refusals import Refusal

FILE_LIMIT = 64 * 1024 * 1024
NAME_LIMIT = 200
URL_LIMIT = 2000
NOT_APPLICABLE = "N/A"
SOURCE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f]")


class QuestionSetRefused(Refusal):
    """The question set, or what it resolved to, cannot be read."""

    code = "question_set_unreadable"
    status = 422
    hint = "Correct the place named in `place` and import the file again."

    def __init__(self, *, place: str, problem: str) -> None:
        """Name the first fault.

        :param place: its JSON pointer (RFC 6901); a line or byte where the file is not JSON yet.
        """
        self.place = place
        self.problem = problem
        super().__init__(place=place, problem=problem)


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One row that cannot be imported: where its first fault is, and what it is."""

    place: str
    problem: str


class Fault(Exception):
    """Where something cannot be read, and why."""

    def __init__(self, place: str, problem: str) -> None:
        self.place = place
        self.problem = problem
        super().__init__(place, problem)


def document(body: bytes) -> object:
    """The JSON of a file.

    :raises Fault: at the byte or line where it is none.
    """
    if len(body) > FILE_LIMIT:
        raise Fault(f"byte {FILE_LIMIT}", f"the file is larger than {FILE_LIMIT // 1024**2} MiB")
    try:
        # a byte order mark is what some editors leave in front of UTF-8
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise Fault(f"byte {error.start}", "the file is not UTF-8") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise Fault(place, f"the file is not JSON: {error.msg}") from error
    except RecursionError as error:
        raise Fault("", "the file nests lists or objects too deeply") from error
    except ValueError as error:  # a number of thousands of digits, NaN
        raise Fault("", f"the file is not JSON: {error}") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def opened(body: bytes, rows: str) -> tuple[str, date, list[Any]]:
    """What a file is called, when its forecasts were due, and its rows as they stand there.

    :param body: UTF-8 JSON, at most 64 MiB: an object of `question_set`, `forecast_due_date` and the rows.
    :param rows: the name of the list that holds them.
    :raises QuestionSetRefused: where the file as a whole cannot be read; it names the first fault.
    """
    try:
        top = Fields(document(body), "")
        name, due = top.text("question_set", limit=NAME_LIMIT), top.day("forecast_due_date")
        if not name.isprintable():
            top.refuse("question_set", "holds a control character")
        return name, due, top.list(rows)
    except Fault as fault:
        raise QuestionSetRefused(place=fault.place, problem=fault.problem) from fault


def symbol_of(source: str, identity: str) -> str:
    """What the market of a question is called: the same for the same source and id in every file."""
    return f"{source.upper()}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def identity(fields: Fields) -> tuple[str, str]:
    """The source of a question and its id there."""
    source, named = fields.text("source"), fields.text("id", limit=NAME_LIMIT)
    if not SOURCE.fullmatch(source):
        fields.refuse("source", "is not a short name of small letters, digits, - and _")
    if UNPRINTABLE.search(named):
        fields.refuse("id", "holds white space or a control character")
    return source, named


class Fields:
    """An object of the file and its place; each reader returns a checked value or says where it is faulty."""

    def __init__(self, raw: object, place: str) -> None:
        if not isinstance(raw, dict):
            raise Fault(place, "must be an object")
        self.raw: dict[str, Any] = raw
        self.place = place

    def refuse(self, name: str, problem: str) -> NoReturn:
        raise Fault(f"{self.place}/{name}", f"{name} {problem}")

    def text(self, name: str, *, limit: int | None = None) -> str:
        """A text that says something, without the white space around it; line breaks inside are kept."""
        text = self._string(name).strip()
        if not text:
            self.refuse(name, "is empty")
        if limit is not None and len(text) > limit:
            self.refuse(name, f"has more than {limit} characters")
        return text

    def prose(self, name: str) -> str:
        """A text that may be missing: `N/A` is how the format says so."""
        text = self._string(name).strip()
        return "" if text == NOT_APPLICABLE else text

    def list(self, name: str) -> list[Any]:
        value = self._present(name)
        if not isinstance(value, list):
            self.refuse(name, "must be a list")
        return value

    def truth(self, name: str) -> bool:
        """True or false."""
        value = self._present(name)
        if not isinstance(value, bool):
            self.refuse(name, "must be true or false")
        return value

    def share(self, name: str) -> float | None:
        """A number from 0 to 1; none where the format says null."""
        value = self._present(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            self.refuse(name, "is not a number from 0 to 1")
        return float(value)

    def url(self, name: str) -> str:
        url = self.text(name, limit=URL_LIMIT)
        try:
            parts = urlsplit(url)
            named = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            named = False
        if not named or UNPRINTABLE.search(url):
            self.refuse(name, "is not an http or https address")
        return url

    def day(self, name: str) -> date:
        return self._day(name, self.text(name))

    def days(self, name: str) -> tuple[date, ...]:
        """The dates in their order; none where the format says `N/A`."""
        if self._present(name) == NOT_APPLICABLE:
            return ()
        listed = self.list(name)
        if not listed:
            self.refuse(name, "is an empty list; a question without dates says N/A")
        return tuple(self._day(f"{name}/{index}", value) for index, value in enumerate(listed))

    def moment(self, name: str) -> datetime:
        """A time in UTC; one without an offset is read as UTC."""
        try:
            moment = datetime.fromisoformat(self.text(name))
            return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        except (ValueError, OverflowError):
            self.refuse(name, "is not an ISO 8601 time")

    def _present(self, name: str) -> Any:
        if name not in self.raw:
            self.refuse(name, "is missing")
        return self.raw[name]

    def _string(self, name: str) -> str:
        value = self._present(name)
        if not isinstance(value, str):
            self.refuse(name, "must be a text")
        if "\0" in value:
            self.refuse(name, "holds a NUL character")
        if any("\ud800" <= character <= "\udfff" for character in value):
            self.refuse(name, "holds a lone surrogate, which is half a character")
        return value

    def _day(self, name: str, value: object) -> date:
        try:
            return date.fromisoformat(value)  # type: ignore[arg-type]  # anything but a text is a TypeError
        except (ValueError, TypeError):
            self.refuse(name, "is not a date like 2027-01-31")
