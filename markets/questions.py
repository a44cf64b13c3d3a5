"""Reads a question set in ForecastBench's public format: bytes in, questions and refused questions out.

Nothing here touches the database, the clock or the network, so the same bytes always give the same questions.
A fault of the file as a whole refuses the file; a fault inside one question refuses that question alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from typing import Any

from markets.classification import type_of
from markets.forecastbench import (
    NOT_APPLICABLE,
    Fault,
    Fields,
    RefusedRow,
    identity,
    opened,
    symbol_of,
)

BODY_LIMIT = 1024 * 1024
TITLE_LIMIT = 1000


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
        return symbol_of(self.source, self.id)

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
    questions: tuple[Question | RefusedRow, ...]


def read(body: bytes) -> QuestionSet:
    """Turn a file into its question set.

    :param body: UTF-8 JSON, at most 64 MiB: an object of `question_set`, `forecast_due_date`, `questions`.
    :raises QuestionSetRefused: where the file as a whole cannot be read; it names the first fault.
    """
    name, due, listed = opened(body, "questions")
    return QuestionSet(name, due, tuple(_each(listed, name, due)))


def _each(listed: list[Any], name: str, due: date) -> Iterator[Question | RefusedRow]:
    seen: set[tuple[str, str]] = set()
    for index, raw in enumerate(listed):
        place = f"/questions/{index}"
        try:
            question = _question(Fields(raw, place), name, due)
        except Fault as fault:
            yield RefusedRow(fault.place, fault.problem)
            continue
        if (question.source, question.id) in seen:
            yield RefusedRow(f"{place}/id", "a question with this source and id stands earlier in the file")
            continue
        seen.add((question.source, question.id))
        yield question


def _question(fields: Fields, name: str, due: date) -> Question:
    source, named = identity(fields)
    dates = fields.days("resolution_dates")
    closes_at = _close(fields, dates)
    title = _filled(fields.text("question"), closes_at.date(), due)
    if len(title) > TITLE_LIMIT:
        fields.refuse("question", f"has more than {TITLE_LIMIT} characters once its dates are filled in")
    background = fields.prose("background")
    question = Question(
        place=fields.place,
        source=source,
        id=named,
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


def _close(fields: Fields, dates: tuple[date, ...]) -> datetime:
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
