from __future__ import annotations

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from psycopg import errors

from core.database import clones, sessions
from tests.conftest import LoginTaker, RoleTaker


def one(query: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(query)
        row: tuple[object, ...] = cursor.fetchone()
        return row[0]


@pytest.mark.django_db
def test_tests_log_in_without_rights_and_write_as_the_owner() -> None:
    assert one("SELECT session_user") == "xm_tester"
    assert one("SELECT current_user") == "xm_owner"
    assert one("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = session_user") is False


@pytest.mark.django_db
def test_a_test_takes_a_role_and_gives_it_back(as_role: RoleTaker) -> None:
    with as_role("api"):
        within = one("SELECT current_user")

    assert within == "xm_api"
    assert one("SELECT current_user") == "xm_owner"


@pytest.mark.django_db
def test_a_refusal_under_a_role_leaves_the_test_running(as_role: RoleTaker) -> None:
    with pytest.raises(ProgrammingError), as_role("api"), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE not_mine ()")

    assert one("SELECT current_user") == "xm_owner"


def test_what_a_copy_commits_stays_in_the_copy(committing_db: str) -> None:
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept ()")

    with sessions.connect(database=committing_db.removesuffix("_own")) as shared:
        assert shared.execute("SELECT to_regclass('kept')").fetchone() == (None,)
    with sessions.connect(database=committing_db) as own:
        assert own.execute("SELECT to_regclass('kept')").fetchone() == ("kept",)


@pytest.mark.parametrize("role", ["api", "staff", "worker", "platform", "auditor", "backup", "owner"])
def test_a_login_takes_its_role_for_the_session(login_as: LoginTaker, role: str) -> None:
    conn = login_as(role)

    assert conn.execute("SELECT current_user").fetchone() == (f"xm_{role}",)


def test_a_copy_has_the_doors_that_a_template_does_not_hand_on(login_as: LoginTaker) -> None:
    conn = login_as("api")

    with pytest.raises(errors.InsufficientPrivilege):
        conn.execute("CREATE TEMPORARY TABLE shadow ()")


def test_nobody_reads_the_template_itself(committing_db: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="not currently accepting connections"):
        sessions.connect(database=clones.template())


def test_a_clone_replaces_what_had_its_name(committing_db: str) -> None:
    with sessions.connect() as conn:
        conn.execute("CREATE TABLE left_over ()")

    clones.clone(committing_db)

    with sessions.connect() as conn:
        assert conn.execute("SELECT to_regclass('left_over')").fetchone() == (None,)


def test_a_dropped_clone_is_gone(committing_db: str) -> None:
    name = f"{committing_db}_dropped"
    clones.clone(name)

    clones.drop(name)

    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        sessions.connect(database=name)
