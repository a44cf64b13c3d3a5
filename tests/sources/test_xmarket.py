"""Xmarket's own SQL checks, run as its migration checklist runs them: by hand, as the owner."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from core.refusals import AlreadyExists, NotAccepted
from tests.factories import World, open_market
from tests.raw import every, one, refused, run

pytestmark = pytest.mark.django_db

JOB = "INSERT INTO jobs (idempotency_key, job_type, payload) VALUES ('test-001', 'manual_test', '{}')"
CLEAN_UP = "DELETE FROM jobs WHERE job_type = 'manual_test'"
PLATFORM = "00000000-0000-0000-0000-000000000000"


class TestJobs:
    def test_an_insert_that_names_three_columns_finds_every_default(self) -> None:
        run(JOB)

        (row,) = rows("SELECT * FROM jobs WHERE job_type = 'manual_test'")
        assert row["job_id"]
        assert (row["status"], row["attempts"], row["max_attempts"]) == ("pending", 0, 5)
        assert row["created_at"]
        assert row["updated_at"]
        assert row["result"] is row["completed_at"] is None
        # due at once, where the source leaves it empty
        assert row["next_attempt_at"] == row["created_at"]

    def test_a_second_one_with_the_same_type_and_key_is_a_duplicate(self) -> None:
        run(JOB)

        with refused("uq_jobs_type_key", AlreadyExists):
            run(JOB)

    def test_the_same_key_serves_another_type(self) -> None:
        run(JOB)

        assert run(JOB.replace("manual_test", "other_test")) == 1

    def test_the_clean_up_removes_the_row(self) -> None:
        run(JOB)

        assert run(CLEAN_UP) == 1

    @pytest.mark.parametrize("status", ["pending", "processing", "completed", "failed", "retry", "dlq"])
    def test_every_status_of_the_flow_is_known(self, status: str) -> None:
        run(JOB)

        assert run("UPDATE jobs SET status = %s WHERE job_type = 'manual_test'", status) == 1

    def test_another_status_is_refused(self) -> None:
        run(JOB)

        with refused("job_status_is_known", NotAccepted):
            run("UPDATE jobs SET status = 'lost'")


class TestUsers:
    def test_an_insert_with_address_and_hash_finds_every_default(self) -> None:
        run("INSERT INTO users (email, password_hash) VALUES ('test@example.org', 'hash')")

        (row,) = rows("SELECT * FROM users WHERE email = 'test@example.org'")
        assert (row["kind"], row["status"], row["is_active"]) == ("person", "active", True)
        assert row["is_staff"] is row["email_verified"] is False
        assert str(row["tenant_id"]) == PLATFORM

    @pytest.mark.parametrize("role", ["viewer", "editor", "admin", "super-admin"])
    def test_every_role_of_the_source_is_a_row_beside_the_user(self, role: str) -> None:
        user = one(
            "INSERT INTO users (email, password_hash) VALUES ('test@example.org', 'hash') RETURNING id"
        )

        assert run("INSERT INTO user_roles (user_id, role) VALUES (%s, %s)", user, role) == 1

    def test_an_address_is_taken_once_whatever_its_case(self) -> None:
        run("INSERT INTO users (email, password_hash) VALUES ('test@example.org', 'hash')")

        with refused("email_is_taken"):
            run("INSERT INTO users (email, password_hash) VALUES ('Test@example.org', 'hash')")


class TestAuditEvents:
    def test_an_insert_of_the_system_finds_every_default(self) -> None:
        run("INSERT INTO audit_event (action, actor_type) VALUES ('test', 'system')")

        (row,) = rows("SELECT * FROM audit_event WHERE action = 'test'")
        assert row["audit_id"]
        assert row["created_at"]
        assert row["metadata"] == "{}"
        assert row["actor_id"] is row["payload_hash"] is row["signature"] is row["job_id"] is None

    @pytest.mark.parametrize("actor_type", ["human", "agent"])
    def test_an_actor_without_an_id_is_refused_although_the_source_accepts_it(self, actor_type: str) -> None:
        with refused("only_the_system_has_no_actor", NotAccepted):
            run("INSERT INTO audit_event (action, actor_type) VALUES ('test', %s)", actor_type)

    def test_an_unknown_actor_type_is_refused(self) -> None:
        with refused("actor_type_is_known", NotAccepted):
            run("INSERT INTO audit_event (action, actor_type) VALUES ('test', 'robot')")

    def test_an_update_is_refused(self) -> None:
        run("INSERT INTO audit_event (action, actor_type) VALUES ('test', 'system')")

        with refused("audit_event_only_grows"):
            run("UPDATE audit_event SET action = 'changed' WHERE action = 'test'")

    def test_a_delete_is_refused_also_as_the_clean_up_that_the_source_wanted(self) -> None:
        run("INSERT INTO audit_event (action, actor_type) VALUES ('test', 'system')")

        with refused("audit_event_only_grows"):
            run("DELETE FROM audit_event WHERE action = 'test'")


class TestMarkets:
    def test_a_market_that_names_no_approval_is_refused(self, world: World) -> None:
        with refused("market_needs_human_approval"):
            run(
                "INSERT INTO markets (symbol, type, created_by, title) VALUES ('TEST', 'political', %s, 'T')",
                world.grace.pk,
            )

    def test_a_market_that_names_any_row_of_the_log_is_refused_although_the_source_accepts_it(
        self, world: World
    ) -> None:
        audit_id = one(
            "INSERT INTO audit_event (action, actor_type, actor_id) VALUES ('approve_market', 'human', %s) "
            "RETURNING audit_id",
            world.grace.pk,
        )

        with refused("market_needs_human_approval"):
            run(
                "INSERT INTO markets (symbol, type, created_by, human_approval_audit_id, title) "
                "VALUES ('TEST', 'political', %s, %s, 'Test')",
                world.grace.pk,
                audit_id,
            )

    def test_an_approved_market_begins_active(self, world: World) -> None:
        market = open_market(world.proposal, world.grace)

        assert (market.status, market.symbol) == ("active", "MOON-2027")

    @pytest.mark.parametrize(
        "name", ["political", "economic", "social", "technology", "finance", "culture", "sports"]
    )
    def test_every_type_of_the_source_is_known(self, name: str) -> None:
        (definition,) = constraint("market_type_is_known")

        assert f"'{name}'" in definition


class TestSnapshots:
    URL, FETCHED = "https://example.org/a", "2026-11-01T12:00:00Z"

    def test_an_insert_without_an_id_gets_the_one_of_its_address_and_time(self) -> None:
        run(
            "INSERT INTO snapshots (url, fetched_at, object_store_path) VALUES (%s, %s, 's3://bucket/a')",
            self.URL,
            self.FETCHED,
        )

        found = one("SELECT snapshot_id FROM snapshots WHERE url = %s", self.URL)
        assert found == one(
            "SELECT encode(sha256(convert_to(%s, 'UTF8')), 'hex')", f"{self.URL}|2026-11-01T12:00:00.000000Z"
        )

    def test_an_id_that_is_not_that_one_is_refused(self) -> None:
        with refused("snapshot_id_is_its_source_and_time"):
            run(
                "INSERT INTO snapshots (snapshot_id, url, fetched_at, object_store_path) "
                "VALUES (%s, %s, %s, 's3://bucket/a')",
                "0" * 64,
                self.URL,
                self.FETCHED,
            )


class TestEvents:
    INSERT = "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids) VALUES (%s, %s, 'Test', %s)"

    def test_an_insert_finds_every_default_and_links_its_evidence(self, world: World) -> None:
        market = open_market(world.proposal, world.grace)

        run(self.INSERT, market.tenant_id, market.pk, [world.evidence.snapshot_id])

        (row,) = rows("SELECT * FROM events")
        assert row["event_id"]
        assert row["published_at"]
        assert row["created_at"]
        assert one("SELECT snapshot_id FROM event_snapshots") == world.evidence.snapshot_id

    def test_an_event_without_snapshots_is_refused(self, world: World) -> None:
        market = open_market(world.proposal, world.grace)

        with refused("event_shows_evidence"):
            run(
                "INSERT INTO events (tenant_id, market_id, summary) VALUES (%s, %s, 'Test')",
                market.tenant_id,
                market.pk,
            )

    def test_an_empty_array_is_refused_although_the_source_accepts_it(self, world: World) -> None:
        market = open_market(world.proposal, world.grace)

        with refused("event_shows_evidence"):
            run(self.INSERT, market.tenant_id, market.pk, [])

    def test_a_snapshot_that_does_not_exist_is_refused(self, world: World) -> None:
        market = open_market(world.proposal, world.grace)

        with refused("evidence_is_a_known_snapshot"):
            run(self.INSERT, market.tenant_id, market.pk, ["0" * 64])

    @pytest.mark.parametrize("confidence", ["-0.01", "1.01"])
    def test_a_confidence_outside_0_to_1_is_refused(self, world: World, confidence: str) -> None:
        market = open_market(world.proposal, world.grace)

        with refused("confidence_is_0_to_1", NotAccepted):
            run(
                "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids, confidence) "
                "VALUES (%s, %s, 'Test', %s, %s)",
                market.tenant_id,
                market.pk,
                [world.evidence.snapshot_id],
                confidence,
            )


def rows(statement: str) -> list[dict[str, Any]]:
    """Read rows by column."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def constraint(name: str) -> tuple[str, ...]:
    """What a constraint says."""
    found = every("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", name)
    return tuple(str(definition) for (definition,) in found)
