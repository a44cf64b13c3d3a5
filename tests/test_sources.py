"""docs/sources.md keeps its word: a row is proved by a test, excused in a sentence, or promised by title."""

from __future__ import annotations

import ast
import functools
import re
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
PAGE = BASE / "docs" / "sources.md"
ROWS = {"Xmarket": 92, "Resume agent": 62, "Orion": 77, "AgentAnchor": 88, "Telebot": 65}
TEST = re.compile(r"`(tests/[\w/]+\.py)::([\w:]+)`")
EXCUSE = re.compile(r"Otherwise: \S.{10,}\.")
PROMISE = re.compile(r"To come: ([^.]+)\.")
TITLE = re.compile(r"^- \*\*([^*]+)\*\*: ", re.MULTILINE)

Row = tuple[str, str, str, str]


def rows() -> dict[str, list[Row]]:
    """The rows of the page by source."""
    found: dict[str, list[Row]] = {}
    source = ""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            source = line.removeprefix("## ")
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if line.startswith("|") and not line.startswith(("| id", "|---")):
            assert len(cells) == 4, line
            found.setdefault(source, []).append((cells[0], cells[1], cells[2], cells[3]))
    return found


EVERY_ROW = [pytest.param(row, id=row[0]) for listed in rows().values() for row in listed]


@functools.cache
def names_in(path: str) -> frozenset[str]:
    """The tests a file holds, by name, or by class and name; none where there is no file."""
    found = set()
    text = (BASE / path).read_text(encoding="utf-8") if (BASE / path).exists() else ""
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)
            }
    return frozenset(name for name in found if name.rpartition("::")[2].startswith("test_"))


@pytest.mark.parametrize("row", EVERY_ROW)
def test_every_row_is_proved_excused_or_promised(row: Row) -> None:
    _, asked, done, proof = row

    assert asked
    assert done
    assert TEST.search(proof) or EXCUSE.search(proof) or PROMISE.search(proof)


@pytest.mark.parametrize("row", EVERY_ROW)
def test_every_named_test_exists(row: Row) -> None:
    named = TEST.findall(row[3])

    assert row[3].count("tests/") == len(named)
    missing = [f"{path}::{name}" for path, name in named if name not in names_in(path)]
    assert missing == []


def test_what_is_promised_is_promised_by_its_title() -> None:
    text = PAGE.read_text(encoding="utf-8")

    assert set(PROMISE.findall(text)) <= set(TITLE.findall(text))


def test_no_row_of_a_source_gets_lost() -> None:
    counted = {source: len(listed) for source, listed in rows().items()}

    assert all(counted.get(source, 0) >= least for source, least in ROWS.items()), counted


def test_every_row_has_a_name_of_its_own() -> None:
    names = [row[0] for listed in rows().values() for row in listed]

    assert len(names) == len(set(names))
