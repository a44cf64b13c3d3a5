"""A million facts in the audit log, spread over tenants, quickly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from bench.database import own_database
from core.database import sessions
from core.database.roles import Connection
from tests.factories import make_world
from tests.sealing import seal_everything

# rows of several tenants lie mixed, as they come in life; the first tenant's are those that are asked for
ROWS = """
    INSERT INTO audit_event (audit_id, tenant_id, actor_id, actor_type, action, entity_type, entity_id,
                             old_value, new_value, correlation_id, ip_address, user_agent, metadata,
                             created_at)
    SELECT (lpad(to_hex(1750000000000 + n), 12, '0') || '7' || substr(h, 1, 3) || '8'
            || substr(h, 4, 15))::uuid,
           (%(tenants)s::uuid[])[1 + n %% cardinality(%(tenants)s::uuid[])],
           %(actor)s, 'agent', 'proposal:propose', 'market_proposals', h::uuid::text,
           CASE n %% 2 WHEN 0 THEN jsonb_build_object('status', 'proposed') END,
           jsonb_build_object('id', h::uuid, 'symbol', 'BENCH-' || n, 'status', 'proposed',
                              'operated_by', NULL,
                              'created_at', '2026-11-21T05:00:00.123456+00:00', 'exposure', '0.0000'),
           md5(h)::uuid, '203.0.113.7', 'bench/1.0',
           '{"operation": "insert", "reason": "Sources were checked."}',
           timestamptz '2026-01-01' + n * interval '1 s'
    FROM (SELECT n, md5(n::text) AS h FROM generate_series(1, %(count)s) AS n) AS made
"""


def tenants(conn: Connection, count: int) -> list[UUID]:
    """Make tenants."""
    made = conn.execute(
        "INSERT INTO tenants (name) SELECT 'bench-' || n FROM generate_series(1, %s) AS n RETURNING id",
        [count],
    )
    return [UUID(str(row[0])) for row in made.fetchall()]


def fill(database: str, count: int, owners: list[UUID], actor: UUID) -> None:
    """Append this many facts for these tenants in turns, as nobody but a bench may.

    What the rows refer to is there; that it is, is not asked a million times. Indexes are made afterwards.
    """
    with sessions.connect(database=database) as conn:
        held = _indexes(conn)
        for name, _ in held:
            conn.execute(f"DROP INDEX {name}")
        conn.execute("SET session_replication_role = replica")
        conn.execute(ROWS, {"tenants": owners, "actor": actor, "count": count})
        conn.execute("RESET session_replication_role")
        conn.execute("SET maintenance_work_mem = '256MB'")
        for _, statement in held:
            conn.execute(statement)
        conn.execute("VACUUM (ANALYZE) audit_event")


def _indexes(conn: Connection) -> list[tuple[Any, Any]]:
    found = conn.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i "
        "WHERE i.indrelid = 'audit_event'::regclass "
        "AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)"
    )
    return [(name, statement) for name, statement in found.fetchall()]


@contextmanager
def sealed_log(count: int) -> Iterator[str]:
    """A database whose log holds this many facts of ten tenants, all of them sealed; yields its name."""
    with own_database("xm_bench") as database, sessions.connect(database=database) as conn:
        fill(database, count, tenants(conn, 10), make_world().scout.pk)
        seal_everything()
        yield database
