"""Three tables that take the same fact: our log, one that asks nothing of it, and a chain of hashes.

The fact is appended by the INSERT that `audit.log.record()` sends, as `xm_api` in a session that has taken
its role and its tenant; the others have the same statement under another name. PostgreSQL's own pgbench sends
it, prepared, with another entity each time. So what is compared is the append alone: of ours its wall, its
constraints, its indexes, and the columns that put it in order.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import log
from bench import pgbench
from bench.database import own_database
from bench.peers import append
from core.access.models import User
from core.database import sessions
from core.database.unit import role_name, unit
from tests.factories import make_world

OURS, BARE, CHAIN = "audit_event", "bare_event", "chain_event"
PLACEHOLDER = "entity-to-be-named"
COLUMNS = """
    SELECT array_agg(a.attname::text || ' ' || format_type(a.atttypid, a.atttypmod) ORDER BY a.attname)
    FROM pg_attribute a
    WHERE a.attrelid = %s::regclass AND a.attnum > 0 AND NOT a.attname = ANY (%s)
"""
SEALING = ["epoch", "xid", "seq"]


@dataclass(frozen=True)
class Logs:
    """The three tables, on one database.

    :ivar statement: the INSERT into ours, as pgbench reads it.
    """

    database: str
    tenant: UUID
    statement: str

    def rate(self, table: str, *, clients: int, seconds: int, busy_ms: int = 0) -> float:
        """Facts appended per second, one in each transaction.

        :param busy_ms: for how long each transaction has other things to do once it has appended.
        """
        script = self.statement.replace(OURS, table)
        if busy_ms:
            script = f"BEGIN;\n{script}SELECT pg_sleep({busy_ms / 1000});\nCOMMIT;\n"
        options = f"-c role={role_name('api')} -c app.tenant_id={self.tenant}"
        script = f"\\set n random(1, 1000000000)\n{script}"
        return pgbench.rate(script, self.database, seconds=seconds, clients=clients, options=options)


@contextmanager
def logs() -> Iterator[Logs]:
    """Make all three."""
    with own_database("xm_bench") as database:
        scout = make_world().scout
        with connection.cursor() as cursor:
            for tables in (append.BARE, append.CHAIN):
                cursor.execute(tables)
            cursor.execute(
                f"GRANT INSERT, SELECT (audit_id) ON {BARE}, {CHAIN} TO {role_name('api')}",
            )
        _refuse_other_columns(database)
        yield Logs(database, scout.tenant_id, _appended(scout))


def _refuse_other_columns(database: str) -> None:
    with sessions.connect(database=database) as conn:
        ours, bare = [conn.execute(COLUMNS, [table, SEALING]).fetchone() for table in (OURS, BARE)]
    assert ours == bare, (ours, bare)


def _appended(scout: User) -> str:
    """The statement that records one fact, about another entity each time."""
    with (
        CaptureQueriesContext(connection) as captured,
        unit("api", tenant=scout.tenant_id, actor=scout.pk, ip="203.0.113.7", user_agent="bench"),
    ):
        log.record(
            "blob:quarantine",
            by=scout,
            entity_type="blobs",
            entity_id=PLACEHOLDER,
            reason="The content is not what its digest says.",
            new_value={"status": "quarantined", "bytes": 51234, "found": "on reading"},
        )
    (statement,) = [str(query["sql"]) for query in captured.captured_queries if OURS in query["sql"]]
    written = pgbench.escaped(statement)
    assert f"'{PLACEHOLDER}'" in written, written
    return written.strip().replace(f"'{PLACEHOLDER}'", ":n::text") + ";\n"
