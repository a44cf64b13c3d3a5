"""A chart says in words what it draws, fits its frame whatever the numbers, and brings no style of its own."""

from __future__ import annotations

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from core.web.charts import HEIGHT, WIDTH, Bar, Chart, drawn, said


def chart(*numbers: float, unit: str = "jobs") -> Chart:
    return Chart(
        "load", "Load", [Bar(f"{place:02}:00", number) for place, number in enumerate(numbers)], unit
    )


def tree(page: str) -> ET.Element:
    return ET.fromstring(page)  # noqa: S314 - our own page


def columns(page: str) -> list[dict[str, float]]:
    found = tree(page).iter("rect")
    return [{name: float(each.get(name, "nan")) for name in ("x", "y", "width", "height")} for each in found]


@pytest.mark.parametrize(
    "numbers",
    [
        (),
        (0,),
        (0, 0, 0),
        (1,),
        (1, 2, 3),
        (0, 1_000_000, 1),
        (0.25, 0.5),
        (1e300, 1e-300),
        tuple(range(500)),
    ],
)
def test_a_chart_fits_its_frame_whatever_the_numbers(numbers: tuple[float, ...]) -> None:
    bars = columns(drawn(chart(*numbers)))

    assert len(bars) == len(numbers)
    for bar, number in zip(bars, numbers, strict=True):
        assert 0 <= bar["x"] <= bar["x"] + bar["width"] <= WIDTH
        assert 0 <= bar["y"] <= bar["y"] + bar["height"] <= HEIGHT
        assert (bar["height"] > 0) == (number > 0)


def test_the_heights_are_as_the_numbers() -> None:
    low, high = columns(drawn(chart(25, 100)))

    assert low["height"] * 4 == pytest.approx(high["height"], abs=0.1)
    assert low["y"] + low["height"] == pytest.approx(high["y"] + high["height"])


def test_it_is_a_picture_with_a_name_and_a_description() -> None:
    page = drawn(chart(1, 2))

    picture = tree(page).find("svg")
    assert picture is not None
    assert picture.get("role") == "img"
    words = {each.get("id"): each.text for each in picture.iter() if each.get("id")}
    assert [words[name] for name in str(picture.get("aria-labelledby")).split()] == [
        "Load",
        "3 jobs in all; the most, 2, at 01:00.",
    ]


def test_the_same_figures_stand_in_a_table() -> None:
    rows = tree(drawn(chart(1, 2500))).iter("tr")

    assert ["".join(row.itertext()) for row in rows] == ["00:001", "01:002,500"]


@pytest.mark.parametrize(
    ("numbers", "summary"),
    [((), "No jobs."), ((0, 0), "No jobs."), ((3, 0), "3 jobs in all; the most, 3, at 00:00.")],
)
def test_the_summary_is_a_sentence(numbers: tuple[float, ...], summary: str) -> None:
    assert chart(*numbers).summary == summary
    assert summary in drawn(chart(*numbers))


def test_what_was_not_counted_to_its_end_says_so() -> None:
    bars = [Bar("00:00", 10_000, is_more=True), Bar("01:00", 5)]

    assert Chart("load", "Load", bars, "jobs").summary == (
        "More than 10,005 jobs in all; the most, more than 10,000, at 00:00."
    )


def test_it_brings_no_style_and_no_script() -> None:
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script|href", drawn(chart(1, 2, 3)))


def test_words_are_written_and_not_run() -> None:
    page = drawn(Chart("load", "<b>&", [Bar("<i>", 1)], '"x"'))

    assert "<b>" not in page
    assert "<i>" not in page


@pytest.mark.parametrize("number", [-1, float("nan"), float("inf")])
def test_no_column_goes_below_the_floor_or_through_the_roof(number: float) -> None:
    with pytest.raises(ValueError, match="from zero upwards"):
        drawn(chart(1, number))


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0"), (1234567, "1,234,567"), (2.5, "2.50"), (3.0, "3"), (Decimal("1.25"), "1.25")],
)
def test_numbers_are_written_for_people(number: float, written: str) -> None:
    assert said(number) == written
