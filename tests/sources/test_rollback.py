"""The sources' rollback: every migration goes down again, and what comes up after it is the same."""

from __future__ import annotations

import subprocess

from django.core.management import call_command
from django.db import connection

from config.tables import TABLES
from core.database import clones, embedded
from tests.raw import every

DOWNWARDS = ("markets", "artifacts", "audit", "admin", "core", "auth", "sessions", "contenttypes")


def test_down_to_nothing_and_up_again_is_the_same_database(committing_db: str) -> None:
    before = dumped(committing_db)

    for app in DOWNWARDS:
        call_command("migrate", app, "zero", verbosity=0)
    left = {str(name) for (name,) in every("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    functions = every("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
    call_command("migrate", verbosity=0)

    assert not left & TABLES.keys()
    assert functions == []
    assert dumped(committing_db) == before


def dumped(database: str) -> tuple[list[str], list[str]]:
    """The database's schema by PostgreSQL's own hand, and its grants, which have no order of their own."""
    connection.close()
    words = [str(embedded.program("pg_dump")), "--schema-only", "--restrict-key=xmarket", "--dbname"]
    address = clones.addresses(database)["DATABASE_URL_UNPOOLED"]
    said = subprocess.run([*words, address], check=True, capture_output=True, text=True).stdout.splitlines()
    return [line for line in said if not line.startswith("GRANT ")], sorted(
        line for line in said if line.startswith("GRANT ")
    )
