"""Behind a wall a role finds, adds, changes and removes the rows of its unit's tenant, and of no other.

Every role is given every right and every trigger is switched off first, so that nothing but the wall is left
to refuse.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from django.db import connection

from artifacts.models import Snapshot
from config.tables import TABLES
from core.access.models import PLATFORM_TENANT_ID, User
from core.database import clones, embedded
from core.database.rows import insert
from core.database.unit import role_name, unit
from core.jobs.models import Job
from tests.factories import World, acting, make_tenant
from tests.raw import RUNTIME, WRITERS, every, failing, one, run, state_of, walled

TENANT_TABLES = sorted(name for name, table in TABLES.items() if table.kind != "system")
ENGINE = {name for name, table in TABLES.items() if table.is_engine}
UNIQUE_VIOLATION = "23505"
READ_ALL = {"platform", "auditor", "backup"}


def give_every_right(table: str) -> None:
    run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for role in RUNTIME:
        run(f"GRANT ALL ON {table} TO {role_name(role)}")


def count(table: str, tenant: UUID) -> object:
    return one(f"SELECT count(*) FROM {table} WHERE tenant_id = %s", tenant)


def writable(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
            "AND NOT attisdropped AND attgenerated = ''",
            [table],
        )
        return [f'"{name}"' for (name,) in cursor.fetchall()]


@contextmanager
def refused_as_duplicate() -> Iterator[None]:
    """Expect the row to come as far as its own key."""
    with failing() as caught:
        yield
    assert state_of(caught.value) == UNIQUE_VIOLATION


def sees_all(role: str, table: str) -> bool:
    return role in READ_ALL or (role == "worker" and (table in ENGINE or table == "audit_event"))


@pytest.mark.django_db
@pytest.mark.parametrize("table", TENANT_TABLES)
class TestAWall:
    def test_hides_what_is_another_tenants(self, full: World, table: str) -> None:
        give_every_right(table)
        there = count(table, full.acme.pk)
        assert there

        for role in RUNTIME:
            with unit(role, tenant=full.beta.pk):
                assert count(table, full.acme.pk) == (there if sees_all(role, table) else 0), role

    def test_hides_everything_where_no_tenant_is_set(self, full: World, table: str) -> None:
        give_every_right(table)

        for role in RUNTIME:
            with unit(role):
                assert bool(one(f"SELECT count(*) FROM {table}")) == sees_all(role, table), role

    def test_shows_ones_own(self, full: World, table: str) -> None:
        give_every_right(table)
        there = count(table, full.acme.pk)

        for role in RUNTIME:
            with unit(role, tenant=full.acme.pk, actor=full.grace.pk):
                assert count(table, full.acme.pk) == there, role

    def test_takes_no_row_for_another_tenant(self, full: World, table: str) -> None:
        give_every_right(table)
        # its key is used, so that even whom the wall lets through leaves nothing behind
        run(f"CREATE TABLE copied AS SELECT * FROM {table} WHERE tenant_id = '{full.acme.pk}' LIMIT 1")
        run("GRANT ALL ON copied TO PUBLIC")
        names = ", ".join(writable(table))

        for role in RUNTIME:
            passes = role == "worker" and table in ENGINE
            refused = refused_as_duplicate() if passes else walled(table)
            with unit(role, tenant=full.beta.pk), refused:
                run(f"INSERT INTO {table} ({names}) OVERRIDING SYSTEM VALUE SELECT {names} FROM copied")

    def test_keeps_what_is_another_tenants_as_it_is(self, full: World, table: str) -> None:
        give_every_right(table)

        for role in RUNTIME:
            with unit(role, tenant=full.beta.pk):
                changed = run(f"UPDATE {table} SET tenant_id = tenant_id WHERE tenant_id = %s", full.acme.pk)
                removed = run(f"DELETE FROM {table} WHERE tenant_id = %s", full.acme.pk)
            assert (bool(changed), removed) == (role == "worker" and table in ENGINE, 0), role

    def test_gives_no_row_to_another_tenant(self, full: World, table: str) -> None:
        give_every_right(table)

        for role in WRITERS:
            # the engine moves the work of every tenant; whose it is, is no column it may write
            if role != "worker" or table not in ENGINE:
                with unit(role, tenant=full.acme.pk, actor=full.grace.pk), walled(table):
                    run(f"UPDATE {table} SET tenant_id = %s", full.beta.pk)


@pytest.mark.django_db
class TestAnOwnersJob:
    @pytest.fixture(autouse=True)
    def _jobs(self, world: World) -> None:
        for key, owner in (("tenants", None), ("veras", world.vera), ("ediths", world.edith)):
            insert(
                Job, tenant_id=world.acme.pk, job_type="a", idempotency_key=key, owner_id=owner and owner.pk
            )

    def seen(self, role: str, by: User | None, tenant: UUID) -> list[str]:
        with unit(role, tenant=tenant, actor=by and by.pk):
            return sorted(str(key) for (key,) in every("SELECT idempotency_key FROM jobs"))

    def test_is_seen_by_its_owner_beside_the_tenants(self, world: World) -> None:
        assert self.seen("api", world.vera, world.acme.pk) == ["tenants", "veras"]
        assert self.seen("api", world.edith, world.acme.pk) == ["ediths", "tenants"]
        assert self.seen("api", world.grace, world.acme.pk) == ["tenants"]

    def test_is_not_seen_by_whoever_claims_to_be_its_owner_from_elsewhere(self, world: World) -> None:
        assert self.seen("api", world.vera, world.beta.pk) == []

    @pytest.mark.parametrize("role", ["staff", "worker", "platform", "auditor"])
    def test_is_seen_by_people_and_the_engine(self, world: World, role: str) -> None:
        assert self.seen(role, world.grace, world.acme.pk) == ["ediths", "tenants", "veras"]

    def test_is_found_by_an_index(self, world: World) -> None:
        run("SET LOCAL enable_seqscan = off")
        with unit("api", tenant=world.acme.pk, actor=world.vera.pk):
            plan = " ".join(str(line) for (line,) in every("EXPLAIN SELECT * FROM jobs"))

        assert "Index Cond: (tenant_id = " in plan


@pytest.mark.django_db
def test_the_owners_guards_see_every_tenant(full: World) -> None:
    with unit("owner"):
        assert {tenant for (tenant,) in every("SELECT DISTINCT tenant_id FROM users")} == {
            full.acme.pk,
            full.beta.pk,
            PLATFORM_TENANT_ID,
        }


@pytest.mark.django_db
def test_the_walls_hold_for_the_models_too(full: World) -> None:
    with acting(full.boris):
        assert not Snapshot.objects.exists()
        assert list(User.objects.values_list("email", flat=True)) == [full.boris.email]


def test_a_dump_of_the_backup_role_is_whole(committing_db: str) -> None:
    make_tenant("acme")
    asked = [
        *(str(embedded.program("pg_dump")), "--data-only", "--column-inserts", "--enable-row-security"),
        *(
            "--role",
            role_name("backup"),
            "--dbname",
            clones.addresses(committing_db)["DATABASE_URL_UNPOOLED"],
        ),
    ]

    done = subprocess.run(asked, check=True, capture_output=True, text=True)

    assert (
        done.stdout.count("INSERT INTO public.audit_event ") == one("SELECT count(*) FROM audit_event") != 0
    )
