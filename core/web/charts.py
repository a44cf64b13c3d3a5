"""Small bar charts, drawn on the server: no script and no inline style, and the same figures in words.

The colours are classes in `xmarket/admin.css`, which follow light and dark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 480, 120
LEFT, TOP, BOTTOM = 44, 14, 20
GAP = 0.25
# a column that is there at all is seen
THINNEST = 1.5
LABELS = 6


@dataclass(frozen=True)
class Bar:
    """One column.

    :ivar is_more: that the number is what was counted, and there is more.
    """

    label: str
    number: float
    is_more: bool = False

    @property
    def said(self) -> str:
        """The number as people write it."""
        return f"more than {said(self.number)}" if self.is_more else said(self.number)


@dataclass(frozen=True)
class Chart:
    """A series and what it is about.

    :ivar name: tells it from the others of its page, and picks its colour: `chart-<name>` in the style sheet.
    :ivar title: what is counted, and for which time, such as `Completed per hour`.
    :ivar unit: a word for what is counted, after its number.
    :ivar told: what the picture says, where adding its numbers up would say nothing.
    """

    name: str
    title: str
    bars: Sequence[Bar]
    unit: str = ""
    told: str = ""

    @property
    def summary(self) -> str:
        """What the picture says, in a sentence."""
        if self.told:
            return self.told
        if not any(bar.number for bar in self.bars):
            return f"No {self.unit}." if self.unit else "Nothing."
        whole = Bar("", sum(bar.number for bar in self.bars), any(bar.is_more for bar in self.bars))
        most = max(self.bars, key=lambda bar: bar.number)
        of_what = f" {self.unit}" if self.unit else ""
        return f"{whole.said.capitalize()}{of_what} in all; the most, {most.said}, at {most.label}."


def said(number: float) -> str:
    """A number with its thousands set apart, and no more places than it needs."""
    return f"{number:,.0f}" if float(number).is_integer() else f"{number:,.2f}"


def drawn(chart: Chart) -> SafeString:
    """The chart as SVG, with its summary and its table.

    :raises ValueError: for a number below zero, or none at all.
    """
    if any(bar.number < 0 or not isfinite(bar.number) for bar in chart.bars):
        raise ValueError(f"{chart.title}: a column is as high as a number from zero upwards.")
    top = max((bar.number for bar in chart.bars), default=0)
    floor = HEIGHT - BOTTOM
    columns = _columns(chart.bars, top)
    shown = {
        "chart": chart,
        "columns": columns,
        "labels": columns[:: -(-len(columns) // LABELS)] if columns else [],
        "lines": [(TOP, said(top))] * (top > 0) + [(floor, "0")],
        "size": f"0 0 {WIDTH} {HEIGHT}",
        "left": LEFT,
        "right": WIDTH,
        "beside": LEFT - 6,
        "beneath": HEIGHT - 5,
    }
    return render_to_string("admin/chart.html", shown)


def _columns(bars: Sequence[Bar], top: float) -> list[dict[str, object]]:
    floor, step = HEIGHT - BOTTOM, (WIDTH - LEFT) / max(len(bars), 1)
    columns = []
    for place, bar in enumerate(bars):
        # a share of the highest one, so that neither huge nor tiny numbers overflow
        share = bar.number / top if top else 0
        height = max(share * (floor - TOP), THINNEST) if bar.number else 0
        x = LEFT + place * step
        columns.append(
            {
                "bar": bar,
                "x": f"{x + step * GAP / 2:.2f}",
                "y": f"{floor - height:.2f}",
                "width": f"{step * (1 - GAP):.2f}",
                "height": f"{height:.2f}",
                "middle": f"{x + step / 2:.2f}",
            }
        )
    return columns
