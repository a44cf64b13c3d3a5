#!/usr/bin/env python
"""Django's command line, with a database at hand where a developer has none."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

RUN = Path(__file__).resolve().parent / ".run"
# these need no database, or bring their own
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "demo",
    "diffsettings",
    "findstatic",
    "help",
    "makemigrations",
    "spectacular",
    "testdb",
    "version",
}


def main() -> None:
    """Run the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - says so when not installed

    if not needs_a_database(sys.argv[1:]):
        execute_from_command_line(sys.argv)
        return
    with embedded_database():
        execute_from_command_line(sys.argv)


def needs_a_database(words: list[str]) -> bool:
    """Whether these words work on a database that nobody named."""
    if os.environ.get("DATABASE_URL") or os.environ.get("ENVIRONMENT", "development") not in {
        "",
        "development",
        "test",
    }:
        return False
    return bool(words) and words[0] not in WITHOUT_DATABASE and not {"-h", "--help", "--version"} & set(words)


@contextmanager
def embedded_database() -> Iterator[None]:
    """Use the server that is up, else hold one for the length of the command."""
    from core.database import embedded  # noqa: PLC0415 - only where it is needed

    server = embedded.listening(RUN / "pgdata")
    if server is not None:
        os.environ.update(embedded.addresses(server))
        yield
        return
    try:
        with embedded.running(RUN, say=say) as server:
            embedded.prepare(server)
            os.environ.update(embedded.addresses(server))
            yield
    except embedded.FAILURES as failure:
        sys.exit(str(failure))


def say(text: str) -> None:
    """Tell the person at the keyboard, not the program that reads the output."""
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
