from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from markets import forecastbench, questions
from markets.forecastbench import QuestionSetRefused, RefusedRow
from markets.questions import Question

DATA = Path(__file__).parent / "data"
THREE = json.loads((DATA / "three.json").read_text())
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)
SPOKEN = TEXTS.map(str.strip).filter(lambda text: text not in ("", "N/A"))
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def a_set(*listed: Any, **changes: Any) -> bytes:
    whole = {"forecast_due_date": "2026-11-15", "question_set": "a set", "questions": list(listed)} | changes
    return json.dumps(whole).encode()


def a_market(**changes: Any) -> dict[str, Any]:
    return {**THREE["questions"][0], **changes}


def a_series(**changes: Any) -> dict[str, Any]:
    return {**THREE["questions"][1], **changes}


def without(raw: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if key != name}


def only(body: bytes) -> Question:
    (question,) = questions.read(body).questions
    assert isinstance(question, Question), question
    return question


def refused(raw: Any) -> RefusedRow:
    (question,) = questions.read(a_set(raw)).questions
    assert isinstance(question, RefusedRow), question
    return question


def refusal_of(body: bytes) -> QuestionSetRefused:
    with pytest.raises(QuestionSetRefused) as caught:
        questions.read(body)
    return caught.value


class Page(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, body: bytes) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.text = ""
        self.feed(body.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


class TestAQuestionOfAMarket:
    def test_every_field_is_read(self) -> None:
        question = only(a_set(a_market()))

        assert (question.source, question.id, question.url) == (
            "pollhouse",
            "q-1",
            "https://films.example/oscars",
        )
        assert question.title == "Will the film win an Oscar?"
        assert question.type == "culture"
        assert question.background == "A film of 2027.\n\nIt was shown in March."
        assert question.resolution_criteria == "Resolves by the list of winners."
        assert question.source_criteria == "Only the first announcement counts."
        assert question.source_text == "Pollhouse asks about films."
        assert (question.frozen_value, question.frozen_value_explanation) == ("0.25", "The market value.")
        assert (question.question_set, question.forecast_due_date) == ("a set", date(2026, 11, 15))

    def test_without_resolution_dates_it_closes_with_its_market_in_utc(self) -> None:
        question = only(a_set(a_market()))

        assert question.closes_at == datetime(2028, 3, 31, 16, tzinfo=UTC)
        assert question.closes_at.tzinfo is UTC
        assert question.resolution_dates == ()

    def test_the_freeze_time_is_utc_also_without_an_offset(self) -> None:
        question = only(a_set(a_market(freeze_datetime="2026-11-01T10:00:00")))

        assert question.frozen_at == datetime(2026, 11, 1, 10, tzinfo=UTC)

    def test_the_symbol_is_the_source_and_the_first_twelve_digits_of_the_hash_of_its_id(self) -> None:
        question = only(a_set(a_market()))

        assert question.symbol == f"POLLHOUSE-{hashlib.sha256(b'q-1').hexdigest()[:12]}"

    def test_the_snapshot_url_tells_questions_of_one_page_apart(self) -> None:
        read = questions.read((DATA / "three.json").read_bytes()).questions

        urls = [question.snapshot_url for question in read if isinstance(question, Question)]

        assert urls == [
            "https://films.example/oscars#pollhouse-q-1",
            "https://rates.example/#fred-q-2",
            "https://rates.example/#fred-q-3",
        ]

    @pytest.mark.parametrize("year", [2525, 9999])
    def test_the_close_may_lie_far_ahead(self, year: int) -> None:
        question = only(a_set(a_market(market_info_close_datetime=f"{year}-01-01T05:00:00Z")))

        assert question.closes_at == datetime(year, 1, 1, 5, tzinfo=UTC)


class TestAQuestionOfASeries:
    def test_it_closes_at_the_first_moment_of_its_earliest_date(self) -> None:
        question = only(a_set(a_series()))

        assert question.closes_at == datetime(2027, 2, 15, tzinfo=UTC)
        assert question.resolution_dates == (date(2027, 5, 15), date(2027, 2, 15), date(2036, 7, 30))

    def test_its_dates_are_filled_into_title_and_criteria(self) -> None:
        question = only(a_set(a_series()))

        assert question.title.startswith("Will the rate be higher on 2027-02-15 than on 2026-11-15?")
        assert question.resolution_criteria == "Resolves by the value published for 2027-02-15."

    def test_a_title_keeps_its_line_breaks_and_loses_the_white_space_around_it(self) -> None:
        question = only(a_set(a_series(question="  One line.\n\nAnother  line.\n")))

        assert question.title == "One line.\n\nAnother  line."

    def test_what_the_format_calls_not_applicable_is_empty(self) -> None:
        question = only(a_set(a_series()))

        assert (question.background, question.source_criteria) == ("", "")
        assert (question.frozen_value, question.frozen_value_explanation) == ("", "")


class TestThePage:
    def test_it_shows_background_criteria_value_and_source(self) -> None:
        page = Page(only(a_set(a_market())).html)

        for shown in (
            "A film of 2027.",
            "list of winners",
            "first announcement",
            "0.25 at 2026-11-01",
            "Pollhouse",
        ):
            assert shown in page.text

    def test_what_is_not_applicable_has_no_heading(self) -> None:
        page = Page(only(a_set(a_series())).html)

        for heading in ("Background", "Criteria of the source", "Value when frozen"):
            assert heading not in page.text

    def test_its_bytes_are_these(self) -> None:
        body = only(a_set(a_market())).html

        assert hashlib.sha256(body).hexdigest() == (DATA / "page.sha256").read_text().strip()

    @given(text=SPOKEN)
    def test_no_text_becomes_markup(self, text: str) -> None:
        hostile = f'{text}<script>alert(1)</script>"><img src=x onerror=y>'

        page = Page(only(a_set(a_market(question=hostile, background=hostile, source_intro=hostile))).html)

        assert page.tags <= {"html", "head", "meta", "title", "body", "h1", "h2", "p", "a", "br"}
        assert "<script>alert(1)</script>" in page.text

    def test_a_page_over_one_mebibyte_is_refused(self) -> None:
        fault = refused(a_market(background="<" * 300_000))

        assert fault.place == "/questions/0/background"
        assert "larger than 1 MiB" in fault.problem


class TestAFaultyQuestion:
    @pytest.mark.parametrize(
        "name",
        sorted(a_market().keys() - {"market_info_open_datetime"}),
    )
    def test_a_missing_field_is_named(self, name: str) -> None:
        assert refused(without(a_market(), name)) == RefusedRow(f"/questions/0/{name}", f"{name} is missing")

    @pytest.mark.parametrize(
        "name", ["id", "source", "question", "background", "url", "freeze_datetime_value"]
    )
    @pytest.mark.parametrize("value", [None, 1, True, ["a", "b"], {"a": "b"}])
    def test_a_field_of_another_shape_is_named(self, name: str, value: object) -> None:
        fault = refused(a_market(**{name: value}))

        assert fault == RefusedRow(f"/questions/0/{name}", f"{name} must be a text")

    @pytest.mark.parametrize(
        ("changes", "place", "problem"),
        [
            ({"question": " \n"}, "question", "question is empty"),
            ({"question": "x" * 1001}, "question", "more than 1000 characters"),
            ({"question": "nul \0"}, "question", "holds a NUL character"),
            ({"background": "half \ud83d"}, "background", "holds a lone surrogate"),
            ({"source": "Poll House"}, "source", "not a short name"),
            ({"source": "x" * 33}, "source", "not a short name"),
            ({"id": "q 1"}, "id", "holds white space"),
            ({"id": "q" * 201}, "id", "more than 200 characters"),
            ({"url": "films.example"}, "url", "not an http or https address"),
            ({"url": "javascript:alert(1)"}, "url", "not an http or https address"),
            ({"url": "https://[films.example/"}, "url", "not an http or https address"),
            ({"url": "https://films.example/a b"}, "url", "not an http or https address"),
            ({"url": "https://films.example/" + "x" * 2000}, "url", "more than 2000 characters"),
            ({"freeze_datetime": "N/A"}, "freeze_datetime", "not an ISO 8601 time"),
            ({"freeze_datetime": "0001-01-01T00:00:00+23:00"}, "freeze_datetime", "not an ISO 8601 time"),
            ({"market_info_close_datetime": "soon"}, "market_info_close_datetime", "not an ISO 8601 time"),
            (
                {"market_info_close_datetime": "N/A"},
                "market_info_close_datetime",
                "is N/A like resolution_dates",
            ),
            ({"resolution_dates": []}, "resolution_dates", "is an empty list"),
            ({"resolution_dates": "soon"}, "resolution_dates", "must be a list"),
            ({"resolution_dates": ["2027-01-31", "2027-02-30"]}, "resolution_dates/1", "not a date"),
            ({"resolution_dates": ["2027-01-31", None]}, "resolution_dates/1", "not a date"),
        ],
    )
    def test_its_first_fault_is_named_with_its_place(
        self, changes: dict[str, Any], place: str, problem: str
    ) -> None:
        fault = refused(a_market(**changes))

        assert fault.place == f"/questions/0/{place}"
        assert problem in fault.problem

    @pytest.mark.parametrize("raw", [None, 1, "a question", ["a", "b"]])
    def test_what_is_no_object_is_refused(self, raw: object) -> None:
        assert refused(raw) == RefusedRow("/questions/0", "must be an object")

    def test_a_title_of_a_thousand_characters_is_kept(self) -> None:
        assert len(only(a_set(a_market(question="x" * 1000))).title) == 1000

    def test_the_length_counts_with_the_dates_filled_in(self) -> None:
        title = "x" * 985 + "{resolution_date}"

        assert len(only(a_set(a_series(question=title))).title) == 995

    def test_it_does_not_stop_the_others(self) -> None:
        read = questions.read((DATA / "mixed.json").read_bytes()).questions

        assert [question.place for question in read if isinstance(question, Question)] == [
            "/questions/0",
            "/questions/5",
        ]
        assert [question.place for question in read if isinstance(question, RefusedRow)] == [
            "/questions/1/resolution_criteria",
            "/questions/2/id",
            "/questions/3/freeze_datetime",
            "/questions/4/freeze_datetime",
        ]

    def test_the_second_of_one_source_and_id_is_refused(self) -> None:
        first, second = questions.read(a_set(a_market(), a_market(question="Again?"))).questions

        assert isinstance(first, Question)
        assert second == RefusedRow(
            "/questions/1/id", "a question with this source and id stands earlier in the file"
        )

    def test_one_id_of_two_sources_is_two_questions(self) -> None:
        first, second = questions.read(a_set(a_market(), a_market(source="other"))).questions

        assert isinstance(first, Question)
        assert isinstance(second, Question)


class TestAFaultyFile:
    @pytest.mark.parametrize(
        ("body", "place", "problem"),
        [
            (b"", "line 1 column 1", "not JSON"),
            (b'{"question_set": }', "line 1 column 18", "not JSON"),
            (b'{"question_set": "raw \0"}', "line 1 column 23", "not JSON"),
            (b'{"question_set": "\xff"}', "byte 18", "not UTF-8"),
            (b'{"question_set": "\xed\xa0\x80"}', "byte 18", "not UTF-8"),
            (b"[" * 100_000, "", "too deeply"),
            (b"1" * 10_000, "", "not JSON"),
            (b'{"question_set": NaN}', "", "NaN is no JSON number"),
            (b"[]", "", "must be an object"),
            (b"{}", "/question_set", "is missing"),
            (a_set(question_set=None), "/question_set", "must be a text"),
            (a_set(question_set=" "), "/question_set", "is empty"),
            (a_set(question_set="x" * 201), "/question_set", "more than 200 characters"),
            (a_set(question_set="nul \0"), "/question_set", "holds a NUL character"),
            (a_set(question_set="half \ud83d"), "/question_set", "holds a lone surrogate"),
            (a_set(question_set="red \x1b[31m"), "/question_set", "holds a control character"),
            (a_set(forecast_due_date="soon"), "/forecast_due_date", "not a date"),
            (a_set(questions="none"), "/questions", "must be a list"),
        ],
    )
    def test_it_is_refused_with_the_place_of_its_first_fault(
        self, body: bytes, place: str, problem: str
    ) -> None:
        refusal = refusal_of(body)

        assert refusal.code == "question_set_unreadable"
        assert refusal.facts == {"place": place, "problem": refusal.problem}
        assert problem in refusal.problem

    def test_one_over_the_limit_is_refused_unread(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(forecastbench, "FILE_LIMIT", 1024**2)

        refusal = refusal_of(b" " * (1024**2 + 1))

        assert refusal.problem == "the file is larger than 1 MiB"

    def test_the_limit_is_64_mebibytes(self) -> None:
        assert forecastbench.FILE_LIMIT == 64 * 1024**2

    def test_a_byte_order_mark_is_no_fault(self) -> None:
        assert questions.read(b"\xef\xbb\xbf" + a_set()).questions == ()


class TestAnyInput:
    @given(body=st.binary(max_size=200) | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
    def test_a_file_is_read_or_refused_and_never_a_crash(self, body: bytes) -> None:
        with suppress(QuestionSetRefused):
            questions.read(body)

    @given(name=st.sampled_from(sorted(a_market())), value=JSON_VALUES)
    def test_any_value_in_any_field_leaves_the_next_question_whole(self, name: str, value: object) -> None:
        first, second = questions.read(a_set(a_market(**{name: value}), a_series())).questions

        assert isinstance(first, Question) or first.place.startswith("/questions/0/")
        assert second == replace(only(a_set(a_series())), place="/questions/1")

    @given(title=SPOKEN, background=TEXTS, identity=st.text("abcXYZ019._:-", min_size=1, max_size=200))
    def test_what_was_written_is_what_is_read(self, title: str, background: str, identity: str) -> None:
        raw = a_market(question=title, background=background, id=identity)

        question = only(a_set(raw))

        assert question.id == identity
        assert question.title == title
        assert question.background in (background.strip(), "")
        assert questions.read(a_set(raw)) == questions.read(a_set(raw))

    @given(since=st.timedeltas(timedelta(days=-500_000), timedelta(days=500_000)), zone=st.timezones())
    def test_any_time_with_an_offset_is_that_time_in_utc(self, since: timedelta, zone: ZoneInfo) -> None:
        moment = datetime(2026, 11, 1, tzinfo=UTC) + since

        question = only(a_set(a_market(freeze_datetime=moment.astimezone(zone).isoformat())))

        assert question.frozen_at == moment
