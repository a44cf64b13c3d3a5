"""Databases of one's own: a template is migrated once for each content of the migrations, then copied."""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from psycopg import sql

from core.database import embedded, roles, sessions

TEMPLATES = "xm_template_"
# whatever decides what a freshly migrated database looks like
DECIDES = (
    "*/migrations/*.py",
    "*/sql/*.sql",
    "*/apps.py",
    "*/policies.py",
    "core/database/*.py",
    "core/management/commands/migrate.py",
    "requirements.txt",
)


class TemplateNotBuilt(Exception):
    """The migrations did not run through, so there is nothing to copy."""

    def __init__(self, said: str) -> None:
        super().__init__(f"The template database could not be migrated:\n{said.strip()}")


def clone(name: str) -> None:
    """Make `name` a fresh copy of the migrated database, replacing what was there."""
    source = template()
    with sessions.connect(database="postgres") as conn:
        _drop(conn, name)
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        conn.execute(statement.format(sql.Identifier(name), sql.Identifier(source)))
    with sessions.connect(database=name) as conn:
        # a copy has the tables' grants, and none of the database's own
        roles.ensure(conn, prefix=settings.DB_ROLE_PREFIX, logins=("app", "tester"))


def drop(name: str) -> None:
    """Remove a copy, whoever is still connected."""
    with sessions.connect(database="postgres") as conn:
        _drop(conn, name)


def addresses(name: str, *, login: str = "app") -> dict[str, str]:
    """The variables by which a child process finds the copy.

    :param login: one of `roles.LOGINS`.
    """
    known = sessions.direct()
    return {
        "DATABASE_URL": sessions.url(known, login=f"{settings.DB_ROLE_PREFIX}{login}", database=name),
        "DATABASE_URL_UNPOOLED": sessions.url(known, database=name),
    }


def template() -> str:
    """The name of the migrated database that copies come from, built when it is missing."""
    name = f"{TEMPLATES}{_digest()}"
    with _one_at_a_time(), sessions.connect(database="postgres") as conn:
        if conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is None:
            _build(conn, name)
            _drop_older(conn, name)
    return name


def _build(conn: roles.Connection, name: str) -> None:
    # renamed at the end, so a build that was killed is never copied
    building = f"{name}_building"
    _drop(conn, building)
    embedded.create_database(conn, building)
    _migrate(building)
    names = {"building": sql.Identifier(building), "name": sql.Identifier(name)}
    conn.execute(sql.SQL("ALTER DATABASE {building} RENAME TO {name}").format(**names))
    # a template that somebody reads cannot be copied
    conn.execute(sql.SQL("ALTER DATABASE {name} ALLOW_CONNECTIONS false").format(**names))


def _migrate(database: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0", "--skip-checks"],
        check=False,
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        env={**os.environ, **addresses(database)},
    )
    if done.returncode != 0:
        raise TemplateNotBuilt(done.stdout + done.stderr)


def _drop_older(conn: roles.Connection, current: str) -> None:
    found = conn.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s",
        [TEMPLATES, current],
    )
    for (name,) in found.fetchall():
        _drop(conn, str(name))


def _drop(conn: roles.Connection, name: str) -> None:
    conn.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@functools.cache
def _digest() -> str:
    """Read once, so that editing a file under a running test does not change what it stands on."""
    told = hashlib.sha256(settings.DB_ROLE_PREFIX.encode())
    base = Path(settings.BASE_DIR)
    for path in sorted({path for pattern in DECIDES for path in base.glob(pattern)}):
        told.update(str(path.relative_to(base)).encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()[:12]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    path = Path(settings.BASE_DIR) / ".run" / "templates.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
