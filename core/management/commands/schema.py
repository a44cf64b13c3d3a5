"""Write docs/schema.sql: the database as the migrations make it, by PostgreSQL's own hand."""

from __future__ import annotations

import difflib
import subprocess
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.database import clones, embedded

COPY = "xm_schema"
SHOWN = 40


class Command(BaseCommand):
    """Dump a freshly migrated database, or say how docs/schema.sql differs from it."""

    help = "Write docs/schema.sql from a freshly migrated database; --check compares."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the one option."""
        parser.add_argument(
            "--check", action="store_true", help="Compare, write nothing, exit 1 if it differs."
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        """Write or compare."""
        path = Path(settings.BASE_DIR) / "docs" / "schema.sql"
        fresh = dumped()
        if not check:
            path.parent.mkdir(exist_ok=True)
            path.write_text(fresh, encoding="utf-8")
            self.stdout.write(f"Wrote {path}.")
            return
        written = path.read_text(encoding="utf-8") if path.exists() else ""
        if written != fresh:
            raise CommandError(
                f"docs/schema.sql is not what the migrations make: make schema.\n{_differ(written, fresh)}"
            )


def dumped() -> str:
    """The schema of a freshly migrated database.

    Written by the embedded PostgreSQL 18 alone, because the versions differ in how they print.
    """
    clones.clone(COPY)
    try:
        done = subprocess.run(
            [
                embedded.program("pg_dump"),
                "--schema-only",
                "--restrict-key=xmarket",
                "--dbname",
                clones.addresses(COPY)["DATABASE_URL_UNPOOLED"],
            ],
            check=False,
            capture_output=True,
            text=True,
        )
    finally:
        clones.drop(COPY)
    if done.returncode != 0:
        raise CommandError(f"pg_dump failed:\n{done.stderr}")
    return done.stdout


def _differ(written: str, fresh: str) -> str:
    lines = difflib.unified_diff(
        written.splitlines(), fresh.splitlines(), "docs/schema.sql", "the migrations", lineterm="", n=1
    )
    shown = list(islice(lines, SHOWN + 1))
    return "\n".join([*shown[:SHOWN], *(["..."] if len(shown) > SHOWN else [])])
