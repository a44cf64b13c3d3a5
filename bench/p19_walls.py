"""P19: what the walls cost, at a million facts of a thousand tenants.

The same question, as `xm_api` behind the tenant wall with no WHERE, and as a superuser, whom no policy holds,
with `WHERE tenant_id =`. PostgreSQL's own pgbench asks, prepared, one connection, in turns: the newest 50,
how many there are, and one by its id. Before that each plan is looked at: behind the wall, too, only indexes
are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import psycopg

from bench import filling, pgbench
from bench.database import own_database
from bench.figures import Figure, median_figure
from core.database import sessions
from core.database.roles import Connection
from core.database.unit import role_name
from tests.factories import make_world

ROUNDS = 9
SECONDS = 1
COUNT = 1_000_000
TENANTS = 1000
COLUMNS = "audit_id, actor_id, action, entity_type, entity_id, new_value, created_at"
QUESTIONS = {
    "list 50": f"SELECT {COLUMNS} FROM audit_event {{where}} ORDER BY audit_id DESC LIMIT 50",
    "count": "SELECT count(*) FROM audit_event {where}",
    "point": f"SELECT {COLUMNS} FROM audit_event {{where}} {{joint}} audit_id = '{{id}}'",
}


def measure() -> Iterator[Figure]:
    """Compare question by question."""
    with own_database("xm_bench") as database, sessions.connect(database=database) as conn:
        world = make_world()
        tenants = filling.tenants(conn, TENANTS)
        filling.fill(database, COUNT, tenants, world.scout.pk)
        _raise_the_wall(conn)
        tenant = tenants[TENANTS // 2]
        sides = _sides(tenant, _one_of(conn, tenant))
        for name, (walled, _) in sides.items():
            _refuse_scans(database, tenant, name, walled)
        for name, (walled, plain) in sides.items():
            ratios = []
            for _ in range(ROUNDS):
                behind = _latency(database, walled, tenant)
                ratios.append(behind / _latency(database, plain, None))
            yield median_figure("P19", f"row-level security vs WHERE, {name}", ratios, target=1.15, unit="x")


def _sides(tenant: UUID, audit_id: object) -> dict[str, tuple[str, str]]:
    where = f"WHERE tenant_id = '{tenant}'"
    return {
        name: (
            question.format(where="", joint="WHERE", id=audit_id),
            question.format(where=where, joint="AND", id=audit_id),
        )
        for name, question in QUESTIONS.items()
    }


def _raise_the_wall(conn: Connection) -> None:
    walled = "SELECT relforcerowsecurity FROM pg_class WHERE oid = 'audit_event'::regclass"
    if conn.execute(walled).fetchone() != (True,):
        conn.execute("SELECT raise_tenant_wall('audit_event')")


def _one_of(conn: Connection, tenant: UUID) -> object:
    middle = "SELECT audit_id FROM audit_event WHERE tenant_id = %s ORDER BY audit_id OFFSET 500 LIMIT 1"
    (audit_id,) = conn.execute(middle, [tenant]).fetchone() or (None,)
    return audit_id


def _refuse_scans(database: str, tenant: UUID, name: str, question: str) -> None:
    with psycopg.connect(_address(database), options=_settings(tenant)) as conn:
        plan = "\n".join(str(line) for (line,) in conn.execute(f"EXPLAIN {question}").fetchall())
        (held,) = conn.execute("SELECT row_security_active('audit_event')").fetchone() or (None,)
    assert held, "The wall does not stand."
    assert "Index" in plan, f"{name} reads no index:\n{plan}"
    assert "Seq Scan" not in plan, f"{name} reads the table:\n{plan}"


def _latency(database: str, question: str, tenant: UUID | None) -> float:
    options = _settings(tenant) if tenant else ""
    return pgbench.latency(f"{question};\n", database, seconds=SECONDS, options=options)


def _settings(tenant: UUID) -> str:
    return f"-c role={role_name('api')} -c app.tenant_id={tenant}"


def _address(database: str) -> str:
    return sessions.url(sessions.direct(), database=database)
