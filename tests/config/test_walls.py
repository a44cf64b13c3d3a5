"""The system check names every gap in the walls between tenants, and there is none."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import ERROR, run_checks
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from config.tables import TABLES
from config.walls import gaps
from core.database import sessions
from core.database.unit import role_name
from tests.raw import run

TENANT_TABLES = sorted(name for name, table in TABLES.items() if table.kind != "system")


def found() -> list[str]:
    with connection.cursor() as cursor:
        return [said for said, _ in gaps(cursor)]


def reported(**options: Any) -> list[int]:
    return [found.level for found in run_checks(**options) if found.id == "xmarket.E004"]


@pytest.mark.django_db
class TestAGap:
    def test_is_in_no_wall(self) -> None:
        assert found() == []

    @pytest.mark.parametrize("table", TENANT_TABLES)
    def test_is_a_wall_that_the_owner_walks_through(self, table: str) -> None:
        run(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")

        assert found() == [f"Row-level security is not forced on {table}."]

    @pytest.mark.parametrize("table", TENANT_TABLES)
    def test_is_a_wall_that_is_switched_off(self, table: str) -> None:
        run(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")

        assert found() == [f"Row-level security is not forced on {table}."]

    @pytest.mark.parametrize("table", TENANT_TABLES)
    @pytest.mark.parametrize(
        "policy", ["owner_sees_every_row", "tenant_sees_its_own", "readers_see_every_row"]
    )
    def test_is_a_policy_that_is_missing(self, table: str, policy: str) -> None:
        run(f"DROP POLICY {policy} ON {table}")

        (said,) = found()
        assert said.startswith(f"The tenant table {table} lacks a policy: PERMISSIVE")

    @pytest.mark.parametrize(
        "form",
        [
            "FOR SELECT TO xm_api USING (true)",
            "TO xm_staff USING (tenant_id IS NOT NULL)",
            "FOR SELECT USING (tenant_id = current_setting('app.tenant_id')::uuid OR true)",
        ],
    )
    def test_is_a_policy_of_another_form(self, form: str) -> None:
        run(f"CREATE POLICY another ON markets {form.replace('xm_', role_name(''))}")

        (said,) = found()
        assert said.startswith("The tenant table markets has a policy that it must not have")

    def test_is_a_table_that_does_not_say_whose_its_rows_are(self) -> None:
        run("ALTER TABLE event_snapshots ALTER COLUMN tenant_id DROP NOT NULL")

        assert "The tenant table event_snapshots lacks tenant_id NOT NULL." in found()

    def test_is_a_table_without_an_index_that_begins_with_the_tenant(self) -> None:
        run("ALTER TABLE user_roles DROP CONSTRAINT user_role_belongs_to_its_tenant CASCADE")
        run("DROP INDEX IF EXISTS core_userrole_tenant_id")
        for (index,) in _indexes("user_roles", "tenant_id"):
            run(f"DROP INDEX {index}")

        assert found() == ["No index of user_roles is led by tenant_id."]

    def test_is_reported_by_the_check_as_an_error(self) -> None:
        run("DROP POLICY tenant_sees_its_own ON markets")

        assert reported(databases=["default"]) == [ERROR]

    def test_is_not_looked_for_where_a_migration_is_still_to_come(self) -> None:
        run("DROP POLICY tenant_sees_its_own ON markets")
        ((app, newest),) = MigrationLoader(connection).graph.leaf_nodes("markets")
        MigrationRecorder(connection).record_unapplied(app, newest)

        assert reported(databases=["default"]) == []

    def test_is_not_looked_for_without_a_database(self) -> None:
        run("DROP POLICY tenant_sees_its_own ON markets")

        assert reported() == []


class TestARole:
    @pytest.mark.parametrize("given", ["BYPASSRLS", "SUPERUSER"])
    def test_that_walks_through_walls_is_a_gap(self, committing_db: str, given: str) -> None:
        with sessions.connect(database=committing_db) as superuser, superuser.transaction() as away:
            superuser.execute(f"ALTER ROLE {role_name('api')} {given}".encode())
            with superuser.cursor() as cursor:
                said = [said for said, _ in gaps(cursor)]  # type: ignore[arg-type]
            away.force_rollback = True

        assert said == [f"The role {role_name('api')} walks through every wall."]

    def test_that_is_a_member_of_the_owner_is_a_gap(self, committing_db: str) -> None:
        with sessions.connect(database=committing_db) as superuser, superuser.transaction() as away:
            superuser.execute(f"GRANT {role_name('owner')} TO {role_name('worker')}".encode())
            with superuser.cursor() as cursor:
                said = [said for said, _ in gaps(cursor)]  # type: ignore[arg-type]
            away.force_rollback = True

        assert said == [f"The role {role_name('worker')} walks through every wall."]


def _indexes(table: str, column: str) -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid "
            "JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0] "
            "WHERE x.indrelid = %s::regclass AND a.attname = %s AND NOT x.indisprimary",
            [table, column],
        )
        return list(cursor.fetchall())
