"""Every source finds its own columns, indexes and triggers in the tables that are here."""

from __future__ import annotations

import pytest

from config.tables import FOREIGN_TABLES, TABLES
from tests.raw import every, one

pytestmark = pytest.mark.django_db

COLUMNS = {
    "xmarket jobs": (
        "jobs",
        (
            "job_id idempotency_key job_type payload max_attempts status attempts next_attempt_at result "
            "error_message created_at updated_at completed_at"
        ),
    ),
    "xmarket users": (
        "users",
        "email password_hash display_name is_active email_verified created_at updated_at last_login_at",
    ),
    "xmarket audit_event": (
        "audit_event",
        "audit_id action actor_id actor_type payload_hash signature job_id metadata created_at",
    ),
    "xmarket markets": (
        "markets",
        (
            "market_id symbol type subtype region risk_level created_by human_approval_audit_id title "
            "description metadata status created_at updated_at"
        ),
    ),
    "xmarket snapshots": (
        "snapshots",
        "snapshot_id url fetched_at object_store_path content_type size_bytes created_at",
    ),
    "xmarket events": (
        "events",
        "event_id market_id summary event_type confidence snapshot_ids metadata published_at created_at",
    ),
    "resume agent Task": (
        "tasks",
        (
            "id job_id owner_user_id idempotency_key task_type status stage input_payload output_payload "
            "error_message attempt_count max_attempts last_error_at started_at completed_at timeout_at "
            "created_at updated_at"
        ),
    ),
    "resume agent JobEvent": (
        "job_events",
        "id job_id owner_id trace_id event_type payload created_at",
    ),
    "orion tenants": ("tenants", "id name type status settings created_at updated_at"),
    "orion users": ("users", "id tenant_id email username display_name status created_at updated_at"),
    "orion user_roles": ("user_roles", "id user_id role created_at"),
    "orion outbox_events": (
        "outbox_events",
        (
            "id event_type event_id tenant_id correlation_id entity_type entity_id payload created_at "
            "published_at retry_count last_error"
        ),
    ),
    "orion audit_log": (
        "audit_log",
        (
            "id tenant_id user_id action entity_type entity_id old_value new_value correlation_id ip_address "
            "user_agent created_at"
        ),
    ),
}
INDEXES = {
    "jobs waiting": ("jobs", "lane, tenant_id, next_attempt_at, job_id", "pending"),
    "jobs by age": ("jobs", "created_at", ""),
    "jobs completed": ("jobs", "completed_at", "completed_at IS NOT NULL"),
    "jobs dead": ("jobs", "created_at", "dlq"),
    "users by address": ("users", "email", ""),
    "users by tenant": ("users", "tenant_id", ""),
    "roles of a user": ("user_roles", "user_id", ""),
    "tenants by status": ("tenants", "status", ""),
    "messages unpublished": ("outbox_events", "created_at", "published_at IS NULL"),
    "messages by tenant": ("outbox_events", "tenant_id", ""),
    "log by age": ("audit_event", "created_at", ""),
    "log by actor": ("audit_event", "actor_id, actor_type", ""),
    "log by action in a tenant": ("audit_event", "tenant_id, action", ""),
    # the source asks for both; the id is first, so that whoever knows no more than that finds it as well
    "log by entity": ("audit_event", "entity_id, entity_type", ""),
    "log by correlation": ("audit_event", "correlation_id", ""),
    "markets by type in a tenant": ("markets", "tenant_id, type", ""),
    "markets by status in a tenant": ("markets", "tenant_id, status", ""),
    "markets by symbol in a tenant": ("markets", "tenant_id, symbol", ""),
    "markets by creator": ("markets", "created_by", ""),
    "snapshots by address in a tenant": ("snapshots", "tenant_id, url", ""),
    "snapshots by time in a tenant": ("snapshots", "tenant_id, fetched_at", ""),
    "jobs by key": ("jobs", "tenant_id, job_type, idempotency_key", "owner_id IS NULL"),
    "owners' jobs by key": ("jobs", "tenant_id, owner_id, idempotency_key", "owner_id IS NOT NULL"),
}


@pytest.mark.parametrize(("table", "names"), COLUMNS.values(), ids=COLUMNS)
def test_every_column_of_the_source_is_there(table: str, names: str) -> None:
    found = every("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0", table)

    assert set(names.split()) <= {str(name) for (name,) in found}


@pytest.mark.parametrize(("table", "columns", "only"), INDEXES.values(), ids=INDEXES)
def test_an_index_begins_with_the_columns_that_the_source_searches(
    table: str, columns: str, only: str
) -> None:
    found = every("SELECT indexdef FROM pg_indexes WHERE tablename = %s", table)

    assert any(
        f"({columns}" in str(definition) and (only in str(definition).partition(" WHERE ")[2])
        for (definition,) in found
    )


def test_every_table_with_updated_at_keeps_it_by_the_function_of_that_name() -> None:
    forgotten = every(
        """
        SELECT c.relname FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'updated_at'
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND NOT EXISTS (
          SELECT FROM pg_trigger t
          WHERE t.tgrelid = c.oid AND t.tgfoid = 'update_updated_at_column()'::regprocedure)
        """
    )

    assert forgotten == []


def test_a_market_cannot_lack_its_approval_nor_share_it() -> None:
    assert one(
        "SELECT attnotnull FROM pg_attribute "
        "WHERE attrelid = 'markets'::regclass AND attname = 'human_approval_audit_id'"
    )
    assert one("SELECT contype = 'u' FROM pg_constraint WHERE conname = 'approval_is_used_once'")


def test_every_primary_key_of_ours_is_a_uuid_that_sorts_by_its_time_of_birth() -> None:
    others = every(
        """
        SELECT c.relname, a.atttypid::regtype::text, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace
          AND c.relname <> ALL (%s)
          AND (a.atttypid <> 'uuid'::regtype
               OR pg_get_expr(d.adbin, d.adrelid) IS DISTINCT FROM 'time_ordered_uuid()')
        """,
        sorted(FOREIGN_TABLES),
    )

    # a grant is known by the row of the log that proves it
    assert others == [("approval_grants", "uuid", None)]


def test_every_timestamp_knows_its_zone() -> None:
    without = every(
        "SELECT table_name, column_name FROM information_schema.columns "
        "WHERE table_schema = 'public' AND data_type = 'timestamp without time zone'"
    )

    assert without == []


def test_every_key_of_ours_is_named_and_asked_at_once() -> None:
    others = every(
        """
        SELECT c.conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
        WHERE c.contype = 'f' AND t.relnamespace = 'public'::regnamespace
          AND (c.condeferrable OR c.conname ~ '_[0-9a-f]{8}_')
          AND t.relname <> ALL (%s)
        """,
        sorted(FOREIGN_TABLES),
    )

    assert others == []


def test_every_table_is_listed_with_its_class_and_its_columns() -> None:
    there = every(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
    )

    assert {str(name) for (name,) in there} == TABLES.keys() | FOREIGN_TABLES
    for name, table in TABLES.items():
        columns = every(
            "SELECT attname FROM pg_attribute "
            "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
            name,
        )
        found = {str(column) for (column,) in columns}
        assert ("tenant_id" in found) == (table.kind != "system")
        assert not table.is_governed or found == table.logged | table.left_out
