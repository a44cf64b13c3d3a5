"""A migrated database of the bench's own, thrown away afterwards."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections

from core.database import clones, embedded, sessions
from core.management.commands.testdb import SERVER

WAITS = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """Point Django at a fresh clone, as owner outside units; each unit takes its own role."""
    clones.clone(name)
    known = connections["default"].settings_dict
    before = dict(known)
    connections.close_all()
    options = {**known["OPTIONS"], "assume_role": f"{settings.DB_ROLE_PREFIX}owner"}
    known.update(NAME=name, USER=f"{settings.DB_ROLE_PREFIX}tester", PASSWORD="", OPTIONS=options)
    try:
        yield name
    finally:
        connections.close_all()
        known.update(before)
        clones.drop(name)


@contextmanager
def peer_database(name: str) -> Iterator[dict[str, str]]:
    """An empty database beside ours, and the variable by which a peer finds it."""
    clones.drop(name)
    with sessions.connect(database="postgres") as connection:
        embedded.create_database(connection, name)
    known = {**sessions.direct(), "OPTIONS": {}}
    try:
        yield {"PEER_DATABASE_URL": sessions.url(known, database=name)}
    finally:
        clones.drop(name)


@contextmanager
def durable() -> Iterator[None]:
    """Point Django at a cluster that waits for its disk, as production does and the tests' own does not.

    A server that was given by TEST_DATABASE_URL stays as it is. What is on is printed to standard error.
    """
    if os.environ.get(SERVER):
        _say_what_waits()
        yield
        return
    before = {alias: dict(connections[alias].settings_dict) for alias in _aliases()}
    with embedded.running(Path(settings.BASE_DIR) / ".run", "benchdata") as server:
        embedded.prepare(server, logins=("app", "tester"))
        connections.close_all()
        for alias in before:
            connections[alias].settings_dict.update(HOST=str(server.socket_dir), PORT=str(server.port))
        try:
            _say_what_waits()
            yield
        finally:
            connections.close_all()
            for alias, known in before.items():
                connections[alias].settings_dict.update(known)


def _aliases() -> list[str]:
    return [alias for alias in ("default", sessions.UNPOOLED) if alias in connections.settings]


def _say_what_waits() -> None:
    with sessions.connect(database="postgres") as connection:
        said = [f"{name} {connection.execute(f'SHOW {name}').fetchone()[0]}" for name in WAITS]  # type: ignore[index]
    print(f"On a server with {', '.join(said)}.", file=sys.stderr, flush=True)
