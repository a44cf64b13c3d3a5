"""Reads a question set in ForecastBench's public format: bytes in, questions and refused questions out.

Nothing here touches the database, the clock or the network, so the same bytes always give the same questions.
A fault of the file as a whole refuses the file; a fault inside one question refuses that question alone.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from typing import Any, NoReturn
from urllib.parse import urlsplit

from core.refusals import Refusal
from markets.classification import type_of

FILE_LIMIT = 64 * 1024 * 1024
BODY_LIMIT = 1024 * 1024
TITLE_LIMIT = 1000
NAME_LIMIT = 200
URL_LIMIT = 2000
NOT_APPLICABLE = "N/A"
SOURCE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f]")


class QuestionSetRefused(Refusal):
    """The question set cannot be read."""

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
class RefusedQuestion:
    """One question that cannot be imported: where its first fault is, and what it is."""

    place: str
    problem: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question that can become a proposal: no text holds NUL or half a character, every time is UTC."""

    place: str
    source: str
    id: str
    url: str
    title: str
    type: str
    background: str
    resolution_criteria: str
    source_criteria: str
    source_text: str
    closes_at: datetime
    resolution_dates: tuple[date, ...]
    frozen_at: datetime
    frozen_value: str
    frozen_value_explanation: str
    question_set: str
    forecast_due_date: date

    @property
    def symbol(self) -> str:
        """The market's name: the same for the same source and id in every question set."""
        return f"{self.source.upper()}-{hashlib.sha256(self.id.encode()).hexdigest()[:12]}"

    @property
    def snapshot_url(self) -> str:
        """The question's address, told apart from others on the same page."""
        return f"{self.url}#{self.source}-{self.id}"

    @property
    def html(self) -> bytes:
        """What was known when the question was frozen, as a page of our own with every text escaped.

        The bytes follow from the question alone. Changing the layout gives an old snapshot new content, which
        the evidence store then refuses.
        """
        return _page(self).encode()


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """A whole file: its questions in their order, each readable or refused."""

    name: str
    forecast_due_date: date
    questions: tuple[Question | RefusedQuestion, ...]


def read(body: bytes) -> QuestionSet:
    """Turn a file into its question set.

    :param body: UTF-8 JSON, at most 64 MiB: an object of `question_set`, `forecast_due_date`, `questions`.
    :raises QuestionSetRefused: where the file as a whole cannot be read; it names the first fault.
    """
    try:
        top = _Fields(_document(body), "")
        name, due = top.text("question_set", limit=NAME_LIMIT), top.day("forecast_due_date")
        if not name.isprintable():
            top.refuse("question_set", "holds a control character")
        listed = top.list("questions")
    except _Fault as fault:
        raise QuestionSetRefused(place=fault.place, problem=fault.problem) from fault
    return QuestionSet(name, due, tuple(_each(listed, name, due)))


class _Fault(Exception):
    def __init__(self, place: str, problem: str) -> None:
        self.place = place
        self.problem = problem
        super().__init__(place, problem)


def _document(body: bytes) -> object:
    if len(body) > FILE_LIMIT:
        raise _Fault(f"byte {FILE_LIMIT}", f"the file is larger than {FILE_LIMIT // 1024**2} MiB")
    try:
        # a byte order mark is what some editors leave in front of UTF-8
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise _Fault(f"byte {error.start}", "the file is not UTF-8") from error
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise _Fault(place, f"the file is not JSON: {error.msg}") from error
    except RecursionError as error:
        raise _Fault("", "the file nests lists or objects too deeply") from error
    except ValueError as error:  # a number of thousands of digits, NaN
        raise _Fault("", f"the file is not JSON: {error}") from error


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _each(listed: list[Any], name: str, due: date) -> Iterator[Question | RefusedQuestion]:
    seen: set[tuple[str, str]] = set()
    for index, raw in enumerate(listed):
        place = f"/questions/{index}"
        try:
            question = _question(_Fields(raw, place), name, due)
        except _Fault as fault:
            yield RefusedQuestion(fault.place, fault.problem)
            continue
        if (question.source, question.id) in seen:
            yield RefusedQuestion(
                f"{place}/id", "a question with this source and id stands earlier in the file"
            )
            continue
        seen.add((question.source, question.id))
        yield question


def _question(fields: _Fields, name: str, due: date) -> Question:
    source, identity = _identity(fields)
    dates = fields.days("resolution_dates")
    closes_at = _close(fields, dates)
    title = _filled(fields.text("question"), closes_at.date(), due)
    if len(title) > TITLE_LIMIT:
        fields.refuse("question", f"has more than {TITLE_LIMIT} characters once its dates are filled in")
    background = fields.prose("background")
    question = Question(
        place=fields.place,
        source=source,
        id=identity,
        url=fields.url("url"),
        title=title,
        type=type_of(source, title, background),
        background=background,
        resolution_criteria=_filled(fields.text("resolution_criteria"), closes_at.date(), due),
        source_criteria=fields.prose("market_info_resolution_criteria"),
        source_text=fields.prose("source_intro"),
        closes_at=closes_at,
        resolution_dates=dates,
        frozen_at=fields.moment("freeze_datetime"),
        frozen_value=fields.prose("freeze_datetime_value"),
        frozen_value_explanation=fields.prose("freeze_datetime_value_explanation"),
        question_set=name,
        forecast_due_date=due,
    )
    if len(question.html) > BODY_LIMIT:
        fields.refuse("background", f"makes a page of evidence larger than {BODY_LIMIT // 1024**2} MiB")
    return question


def _identity(fields: _Fields) -> tuple[str, str]:
    source, identity = fields.text("source"), fields.text("id", limit=NAME_LIMIT)
    if not SOURCE.fullmatch(source):
        fields.refuse("source", "is not a short name of small letters, digits, - and _")
    if UNPRINTABLE.search(identity):
        fields.refuse("id", "holds white space or a control character")
    return source, identity


def _close(fields: _Fields, dates: tuple[date, ...]) -> datetime:
    """A market closes at the first moment of its date (UTC), before the value it asks for can be known."""
    if dates:
        earliest = min(dates)
        return datetime(earliest.year, earliest.month, earliest.day, tzinfo=UTC)
    if fields.text("market_info_close_datetime") == NOT_APPLICABLE:
        fields.refuse(
            "market_info_close_datetime", "is N/A like resolution_dates: nothing says when to close"
        )
    return fields.moment("market_info_close_datetime")


def _filled(text: str, resolution: date, due: date) -> str:
    named = text.replace("{resolution_date}", resolution.isoformat())
    return named.replace("{forecast_due_date}", due.isoformat())


class _Fields:
    """An object of the file and its place; each reader returns a checked value or says where it is faulty."""

    def __init__(self, raw: object, place: str) -> None:
        if not isinstance(raw, dict):
            raise _Fault(place, "must be an object")
        self.raw: dict[str, Any] = raw
        self.place = place

    def refuse(self, name: str, problem: str) -> NoReturn:
        raise _Fault(f"{self.place}/{name}", f"{name} {problem}")

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


def _page(question: Question) -> str:
    title, url, frozen_at = escape(question.title), escape(question.url), question.frozen_at.isoformat()
    value = f"{question.frozen_value} at {frozen_at}\n{question.frozen_value_explanation}"
    sections = {
        "Background": question.background,
        "Resolution criteria": question.resolution_criteria,
        "Criteria of the source": question.source_criteria,
        "Value when frozen": value if question.frozen_value else "",
        "Source": question.source_text,
    }
    return "".join(
        (
            f'<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n</head>\n',
            f'<body>\n<h1>{_lines(question.title)}</h1>\n<p><a href="{url}">{url}</a></p>\n',
            *(f"<h2>{heading}</h2>\n{_paragraphs(text)}" for heading, text in sections.items() if text),
            "</body>\n</html>\n",
        )
    )


def _paragraphs(text: str) -> str:
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip())
    return "".join(f"<p>{_lines(part)}</p>\n" for part in parts)


def _lines(text: str) -> str:
    return escape(text).replace("\n", "<br>\n")
