"""What every test stands on: a copied database, a login without rights, and the roles it may take.

A test marked `django_db` runs inside one transaction, as the owner role until it says otherwise. A test that
needs real commits asks for `committing_db` and gets a database of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import psycopg
import pytest
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection, connections, transaction
from psycopg import sql
from pytest_django import DjangoDbBlocker

from core.database import clones, roles

pytest_plugins = ["tests.factories"]

# floods are of interest to the tests of floods alone
settings.API_REQUESTS_PER_MINUTE = settings.API_STRANGERS_PER_MINUTE = 0
# their clean-up is a TRUNCATE, which the audit log rightly refuses
FLUSHING = {"live_server", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}
FLUSHING_OPTIONS = {"transaction", "reset_sequences", "serialized_rollback"}

RoleTaker = Callable[[str], AbstractContextManager[None]]
LoginTaker = Callable[[str], roles.Connection]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        marker = item.get_closest_marker("django_db")
        fixtures = set(getattr(item, "fixturenames", ()))
        if FLUSHING & fixtures or (marker and (marker.args or FLUSHING_OPTIONS & set(marker.kwargs))):
            raise pytest.UsageError(
                f"{item.nodeid}: ask for committing_db; a flush is refused by the audit log."
            )
        if "committing_db" in fixtures and (marker or "db" in fixtures):
            raise pytest.UsageError(f"{item.nodeid}: committing_db stands alone, without django_db or db.")
    _begin_with_what_takes_long(items)


def _begin_with_what_takes_long(items: list[pytest.Item]) -> None:
    # whoever has a file with databases or servers of its own left at the end is waited for by all others
    long = {
        item.path
        for item in items
        if item.get_closest_marker("experiment") or "committing_db" in getattr(item, "fixturenames", ())
    }
    items.sort(key=lambda item: item.path not in long)


class Copies:
    """The databases of a process: one as it was migrated, others that hold a world besides, made when wanted."""

    def __init__(self) -> None:
        self.name = ""
        self.made: dict[str, str] = {}
        self.wanted = BARE

    def point(self) -> None:
        """Let the next test find the one it wants."""
        if not self.name:
            return
        if self.wanted not in self.made:
            self._make(self.wanted)
        if self.made[self.wanted] != connections["default"].settings_dict["NAME"]:
            _point_at(self.made[self.wanted])

    def _make(self, kind: str) -> None:
        from tests import factories  # noqa: PLC0415 - a plugin of this file, loaded after it

        clones.clone(f"{self.name}_{kind}")
        if kind != BARE:
            _point_at(f"{self.name}_{kind}", role="owner")
            with _quick_hash():
                factories.keep_world(kind)
        self.made[kind] = f"{self.name}_{kind}"


BARE = "bare"
COPIES = Copies()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    fixtures = getattr(item, "fixturenames", ())
    COPIES.wanted = next((kind for kind in ("full", "world") if kind in fixtures), BARE)
    COPIES.point()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        COPIES.name = f"xm_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
        COPIES.point()
        yield
        connections.close_all()
        for copy in COPIES.made.values():
            clones.drop(copy)


@contextmanager
def _quick_hash() -> Iterator[None]:
    # the same hash with little work
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Argon2PasswordHasher, "time_cost", 1)
        patch.setattr(Argon2PasswordHasher, "memory_cost", 64)
        yield


@pytest.fixture(autouse=True)
def _quick_passwords(request: pytest.FixtureRequest) -> Iterator[None]:
    # a server that a test starts by itself works with the real one
    with nullcontext() if "committing_db" in request.fixturenames else _quick_hash():
        yield


@pytest.fixture(autouse=True)
def _nobody_guessed() -> None:
    from audit import reauthentications  # noqa: PLC0415 - not before the apps are there

    reauthentications.GUESSES.clear()


@pytest.fixture(autouse=True)
def _writes_as_owner(request: pytest.FixtureRequest) -> None:
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        _take("owner")


@pytest.fixture
def committing_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of one's own, thrown away: COMMIT means COMMIT. Connections are owner's until RESET ROLE."""
    shared = connection.settings_dict["NAME"]
    name = f"{shared}_own"
    with django_db_blocker.unblock():
        clones.clone(name)
        _point_at(name, role="owner")
        yield name
        _point_at(shared)
        clones.drop(name)


@pytest.fixture
def as_role() -> RoleTaker:
    """Act as a database role inside the test's own transaction: the same rows, the role's own walls."""

    @contextmanager
    def acting(role: str) -> Iterator[None]:
        # a savepoint, so that after a refusal the test can go on
        with transaction.atomic():
            before = _current_role()
            _take(role)
            yield
            _set_role(before)

    return acting


@pytest.fixture
def login_as(committing_db: str) -> Iterator[LoginTaker]:
    """Connect to the committing database as another process would, with the role for the whole session."""
    opened: list[roles.Connection] = []

    def connected(role: str) -> roles.Connection:
        login = "app" if role in roles.RUNTIME else "tester"
        url = clones.addresses(committing_db, login=login)["DATABASE_URL"]
        conn: roles.Connection = psycopg.connect(url, autocommit=True)
        opened.append(conn)
        conn.execute(sql.SQL("SET SESSION ROLE {}").format(sql.Identifier(_role_name(role))))
        return conn

    yield connected
    for conn in opened:
        conn.close()


def _point_at(name: str, *, role: str | None = None) -> None:
    """Let Django's connections open this database, the default one as the tests' login, not as superuser."""
    connections.close_all()
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name
    default = connections["default"].settings_dict
    default.update(USER=_role_name("tester"), PASSWORD="")
    default["OPTIONS"].pop("assume_role", None)
    if role:
        default["OPTIONS"]["assume_role"] = _role_name(role)


def _role_name(role: str) -> str:
    return f"{settings.DB_ROLE_PREFIX}{role}"


def _take(role: str) -> None:
    _set_role(_role_name(role))


def _set_role(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [name])


def _current_role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        return str(cursor.fetchone()[0])
