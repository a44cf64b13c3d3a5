"""What each database role may do to each table and function, listed in grants.txt and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.tables import TABLES
from core.database.roles import ROLES
from core.database.unit import role_name, unit
from tests.raw import every, one

pytestmark = pytest.mark.django_db

LISTED = Path(__file__).with_name("grants.txt")
ON_TABLES = """
    SELECT c.relname, r.rolname, a.privilege_type, NULL
    FROM pg_class c, aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
    WHERE c.relnamespace = 'public'::regnamespace AND a.grantee <> c.relowner
    UNION ALL
    SELECT c.relname, r.rolname, a.privilege_type, string_agg(t.attname, ' ' ORDER BY t.attname)
    FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
    JOIN pg_roles r ON r.oid = a.grantee
    WHERE c.relnamespace = 'public'::regnamespace GROUP BY 1, 2, 3
"""
ON_FUNCTIONS = """
    SELECT p.oid::regprocedure::text, r.rolname, a.privilege_type, NULL
    FROM pg_proc p, aclexplode(p.proacl) a JOIN pg_roles r ON r.oid = a.grantee
    WHERE p.pronamespace = 'public'::regnamespace AND a.grantee <> p.proowner
"""
FOR_EVERYBODY = """
    SELECT c.relname FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = 0
    UNION ALL
    SELECT c.relname FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid, aclexplode(t.attacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND a.grantee = 0
"""


def written_in_the_catalogue() -> list[str]:
    short = {role_name(role): role for role in ROLES}
    held: dict[tuple[str, str], list[str]] = {}
    for thing, role, privilege, columns in every(ON_TABLES) + every(ON_FUNCTIONS):
        entry = f"{privilege} ({columns})" if columns else str(privilege)
        held.setdefault((str(thing), entry), []).append(short.get(str(role), str(role)))
    return [
        f"{thing}: {entry} to {' '.join(sorted(roles))}" for (thing, entry), roles in sorted(held.items())
    ]


def test_every_grant_is_listed_and_every_listed_grant_is_there() -> None:
    assert written_in_the_catalogue() == LISTED.read_text().splitlines()


def test_everybody_may_read_which_migrations_ran_and_nothing_else() -> None:
    # a login without a role of its own reports pending migrations in /ready
    assert every(FOR_EVERYBODY) == [("django_migrations",)]


@pytest.mark.parametrize("role", ["auditor", "backup"])
@pytest.mark.parametrize("table", sorted(TABLES))
def test_who_only_reads_has_no_grant_to_write(table: str, role: str) -> None:
    found = one(
        "SELECT has_any_column_privilege(%s, %s, 'INSERT, UPDATE, REFERENCES') OR has_table_privilege(%s, %s, 'DELETE, TRUNCATE')",
        role_name(role),
        table,
        role_name(role),
        table,
    )

    assert found is False


@pytest.mark.parametrize("table", sorted(TABLES))
def test_the_backup_reads_every_table_whole(table: str) -> None:
    with unit("backup"):
        every(f"SELECT * FROM {table}")


@pytest.mark.parametrize("role", ["api", "staff", "worker", "platform", "auditor", "backup"])
@pytest.mark.parametrize("table", sorted(TABLES))
def test_no_role_truncates_a_table(table: str, role: str) -> None:
    assert one("SELECT has_table_privilege(%s, %s, 'TRUNCATE, TRIGGER')", role_name(role), table) is False


@pytest.mark.parametrize("role", ["api", "staff", "worker", "platform", "auditor", "backup"])
def test_no_role_makes_anything_in_the_database(role: str) -> None:
    name = role_name(role)

    assert one("SELECT has_schema_privilege(%s, 'public', 'CREATE')", name) is False
    assert one("SELECT has_database_privilege(%s, current_database(), 'CREATE, TEMPORARY')", name) is False


@pytest.mark.parametrize("role", ROLES)
def test_no_role_is_more_than_a_role(role: str) -> None:
    found = every(
        "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolcanlogin OR rolreplication "
        "FROM pg_roles WHERE rolname = %s",
        role_name(role),
    )

    assert found == [(False,)]
