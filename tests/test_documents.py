"""The documents say what is: drawn pages are current, links lead somewhere, commands and variables exist."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path
from typing import Any

import environ  # type: ignore[import-untyped]
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection, models

from config.environment import Environment
from core.access.permissions import PERMISSIONS
from markets.management.commands import documents
from markets.management.commands.documents import differences, pages
from markets.management.machines import MACHINES
from tests.reflection import refusals

BASE = Path(settings.BASE_DIR)
DOCUMENTS = [BASE / "README.md", BASE / "CHANGELOG.md", *sorted((BASE / "docs").rglob("*.md"))]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
TARGET = re.compile(r"^([a-z-]+):.*## ", re.MULTILINE)
COMMAND = re.compile(r"`make ([a-z-]+)")
ROW_OF_A_VARIABLE = re.compile(r"^\| `([A-Z_]+)` \|", re.MULTILINE)
# addresses of the service begin with one of these; another path from the root is of somebody's machine
OURS = r"(?:api|admin|static)\b|\.well-known"
FOREIGN_PATH = re.compile(rf"(?<![\w./:<>~*}}\])-])/(?!{OURS})[a-z][\w.-]*/[\w.-]+")
NUMBERED = re.compile(r"(?i)\bissue\s+#?\d|(?<!\w)#\d+\b")

EVERY_DOCUMENT = pytest.mark.parametrize(
    "path", [pytest.param(path, id=str(path.relative_to(BASE))) for path in DOCUMENTS]
)


@pytest.mark.django_db
class TestDrawnPages:
    def test_every_drawn_page_is_what_it_is_drawn_from(self) -> None:
        fresh = pages(connection.cursor())

        assert list(differences(fresh)) == []

    def test_every_refusal_and_every_permission_is_on_its_page(self) -> None:
        fresh = pages(connection.cursor())

        assert [known.code for known in refusals() if f"| `{known.code}` |" not in fresh["refusals.md"]] == []
        assert [name for name in PERMISSIONS if f"| `{name}` |" not in fresh["permissions.md"]] == []

    def test_a_difference_is_told_in_a_few_lines(self, monkeypatch: pytest.MonkeyPatch) -> None:
        changed = {name: f"{text}\nNew.\n" for name, text in pages(connection.cursor()).items()}
        monkeypatch.setattr(documents, "_of_a_fresh_database", lambda: changed)

        with pytest.raises(CommandError, match=r"Run manage.py documents[\s\S]*\+New\."):
            call_command("documents", "--check", stdout=StringIO())


def test_every_status_has_its_machine_with_all_its_states() -> None:
    with_status = {
        model: words_of_status(model)
        for model in apps.get_models()
        if any(field.name == "status" for field in model._meta.concrete_fields)
    }

    assert {machine.model: set(machine.states) for machine in MACHINES} == with_status


@pytest.mark.parametrize("machine", MACHINES, ids=[machine.title for machine in MACHINES])
def test_a_machine_moves_between_its_own_states_only(machine: Any) -> None:
    named = {move.source for move in machine.moves} | {move.target for move in machine.moves}

    assert named - {None} <= set(machine.states)


@EVERY_DOCUMENT
def test_every_relative_link_leads_somewhere(path: Path) -> None:
    lost = [
        link for link in LINK.findall(path.read_text(encoding="utf-8")) if not leads_somewhere(path, link)
    ]

    assert lost == []


@EVERY_DOCUMENT
def test_no_document_speaks_of_a_machine_or_counts_tasks(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert FOREIGN_PATH.findall(text) == []
    assert NUMBERED.findall(text) == []
    assert text.isascii()


def test_every_make_target_is_in_the_readme_and_the_other_way_round() -> None:
    targets = set(TARGET.findall((BASE / "Makefile").read_text(encoding="utf-8")))

    assert set(COMMAND.findall((BASE / "README.md").read_text(encoding="utf-8"))) == targets


@EVERY_DOCUMENT
def test_every_make_target_that_is_named_exists(path: Path) -> None:
    targets = set(TARGET.findall((BASE / "Makefile").read_text(encoding="utf-8")))

    assert set(COMMAND.findall(path.read_text(encoding="utf-8"))) <= targets


def test_the_table_of_variables_names_every_variable_that_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: set[str] = set()
    original = environ.Env.get_value

    def noting(env: Any, variable: str, *args: Any, **kwargs: Any) -> Any:
        read.add(variable)
        return original(env, variable, *args, **kwargs)

    monkeypatch.setattr(environ.Env, "get_value", noting)
    for name in ("development", "production"):
        Environment.read({"ENVIRONMENT": name})

    written = ROW_OF_A_VARIABLE.findall((BASE / "docs" / "architecture.md").read_text(encoding="utf-8"))
    assert sorted(written) == sorted(read)


def words_of_status(model: type[models.Model]) -> set[str]:
    """The words that the database lets into `status`."""
    for constraint in model._meta.constraints:
        asked = getattr(constraint, "condition", None)
        if isinstance(constraint, models.CheckConstraint) and isinstance(asked, models.Q):
            for child in asked.children:
                if isinstance(child, tuple) and child[0] == "status__in":
                    return set(child[1])
    return set()


def leads_somewhere(path: Path, link: str) -> bool:
    """Whether a link of this page leads out, or to a file and heading that exist inside the repository."""
    if link.startswith(("http://", "https://")):
        return True
    name, _, heading = link.partition("#")
    target = (path.parent / name).resolve() if name else path
    if not target.is_relative_to(BASE) or not target.exists():
        return False
    return not heading or heading in headings(target)


def headings(path: Path) -> set[str]:
    """The anchors of a page, as code hosts make them."""
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
