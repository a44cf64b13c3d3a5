"""Write the pages of docs/ that are drawn from the code and the database, or say where they differ."""

from __future__ import annotations

import difflib
import pkgutil
from collections import defaultdict
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from core.access.permissions import PERMISSIONS, ROLES
from core.database import clones
from core.refusals import Refusal
from markets.management.catalogue import Cursor, grants, tables
from markets.management.machines import states
from markets.management.pages import ROOMS, table

DOCS = Path(settings.BASE_DIR) / "docs"
COPY = "xm_documents"
SHOWN = 30
NOTE = "<!-- Drawn by `manage.py documents`; change what it is drawn from, not this page. -->"


class Command(BaseCommand):
    """Write the drawn pages, or compare them."""

    help = "Write the pages of docs/ that are drawn from code and catalogue; --check compares."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the one option."""
        parser.add_argument("--check", action="store_true", help="Compare, write nothing; exit 1.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Write or compare."""
        fresh = _of_a_fresh_database()
        if not check:
            for name, text in fresh.items():
                (DOCS / name).write_text(text, encoding="utf-8")
            self.stdout.write(f"Wrote {', '.join(f'docs/{name}' for name in fresh)}.")
            return
        differing = list(differences(fresh))
        if differing:
            shown = [*differing[:SHOWN], *(["..."] if len(differing) > SHOWN else [])]
            raise CommandError("Run manage.py documents; this differs:\n" + "\n".join(shown))


def differences(fresh: dict[str, str]) -> Iterator[str]:
    """How the pages on disk differ from these, as a diff."""
    for name, text in fresh.items():
        path = DOCS / name
        written = path.read_text(encoding="utf-8") if path.exists() else ""
        yield from difflib.unified_diff(
            written.splitlines(), text.splitlines(), f"docs/{name}", "as it is now", lineterm="", n=0
        )


def pages(cursor: Cursor) -> dict[str, str]:
    """Every drawn page by its file name.

    :param cursor: on a freshly migrated database, as somebody who may read its catalogue.
    """
    marked = {
        "states.md": states(),
        "permissions.md": permissions(),
        "refusals.md": refusals(),
        "grants.md": grants(cursor),
        "tables.md": tables(cursor),
    }
    drawn = {name: "\n".join([NOTE, "", *lines]) + "\n" for name, lines in marked.items()}
    return {**drawn, "openapi.yaml": openapi()}


def openapi() -> str:
    """The description of the API, as `/api/v1/schema` answers it."""
    described = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    text: bytes = OpenApiYamlRenderer().render(described, renderer_context={})  # type: ignore[no-untyped-call]
    return f"# {NOTE[5:-4].strip()}\n{text.decode()}"


def _of_a_fresh_database() -> dict[str, str]:
    clones.clone(COPY)
    try:
        with psycopg.connect(clones.addresses(COPY)["DATABASE_URL_UNPOOLED"]) as conn:
            return pages(conn.cursor())
    finally:
        clones.drop(COPY)


def permissions() -> Iterator[str]:
    """Who may do what."""
    yield from ("# Permissions", "", "From `core/access/permissions.py`, asked by API, admin and verbs.")
    yield from ("A person's highest role counts; agents and services hold no role.", "")
    rows = (
        (
            f"`{name}`",
            known.sentence,
            *("yes" if ROLES.index(role) >= ROLES.index(known.role) else "" for role in ROLES),
            "yes" if known.agents else "",
            "yes" if known.services else "",
        )
        for name, known in PERMISSIONS.items()
    )
    yield from table(("permission", "what it allows", *ROLES, "agent", "service"), rows)


def refusals() -> Iterator[str]:
    """Every way to be refused, by room."""
    yield from ("# Refusals", "")
    yield "Each has one code, whether Python or PostgreSQL says it: a constraint or guard of this name is"
    yield "turned into this refusal. The API answers it as `application/problem+json`, the admin in a page."
    _know_every_room()
    by_room: defaultdict[str, list[type[Refusal]]] = defaultdict(list)
    for refusal in _family(Refusal):
        by_room[refusal.__module__.split(".")[0]].append(refusal)
    for room in ROOMS:
        if by_room[room]:
            yield from ("", f"## {room}/", "")
            yield from table(
                ("code", "status", "what it says", "what to do", "also answers for"),
                (_told(refusal) for refusal in sorted(by_room[room], key=lambda known: known.code)),
            )


def _know_every_room() -> None:
    for room in ROOMS:
        for found in pkgutil.walk_packages(import_module(room).__path__, f"{room}."):
            if ".migrations" not in found.name and found.name not in {"config.asgi", "config.wsgi"}:
                import_module(found.name)


def _family(parent: type[Refusal]) -> Iterator[type[Refusal]]:
    for child in parent.__subclasses__():
        if child.__module__.split(".")[0] in ROOMS:
            yield child
        yield from _family(child)


def _told(refusal: type[Refusal]) -> tuple[str, ...]:
    said = " ".join((refusal.__doc__ or "").split())
    others = ", ".join(f"`{name}`" for name in refusal.constraints)
    return (f"`{refusal.code}`", str(refusal.status), said, refusal.hint, others)
