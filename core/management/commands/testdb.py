"""Hold the embedded PostgreSQL of the tests for the length of a command."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.database import embedded
from core.management import children

SERVER = "TEST_DATABASE_URL"


class Command(BaseCommand):
    """Run `manage.py testdb -- WORDS` with a database cluster of the tests' own.

    With TEST_DATABASE_URL, the address of a superuser on a server that trusts its clients, that one is used.
    """

    help = "Run a command with the tests' own PostgreSQL: manage.py testdb -- pytest"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the words of the command."""
        parser.add_argument("words", nargs="+", help="the command, after --")

    def handle(self, *args: Any, words: list[str], **options: Any) -> None:
        """Exit as the command did."""
        try:
            with self._server() as known:
                code = children.attend(words, {**os.environ, **known, **_surroundings()})
        except embedded.FAILURES as failure:
            raise CommandError(str(failure)) from None
        except FileNotFoundError:
            raise CommandError(f"There is no command {words[0]!r}.") from None
        sys.exit(code)

    @contextmanager
    def _server(self) -> Iterator[dict[str, str]]:
        given = os.environ.get(SERVER)
        if given:
            yield {"DATABASE_URL": given, "DATABASE_URL_UNPOOLED": given}
            return
        run = Path(settings.BASE_DIR) / ".run"
        with embedded.running(run, "testdata", say=self.stdout.write, outlives_a_crash=False) as server:
            embedded.prepare(server, logins=("app", "tester"))
            yield embedded.addresses(server, login="tester")


def _surroundings() -> dict[str, str]:
    here = Path(sys.executable).parent
    return {"ENVIRONMENT": "test", "PATH": f"{here}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
