"""E8: whatever whoever may do anything does to one row of the log, verifying names it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.db import connection

from audit.models import AuditEvent
from audit.sealing import keys
from audit.sealing.models import LogCheckpoint, Seal
from audit.sealing.verification import Fault, verify
from core.database import sessions
from tests.audit.sealing.forging import at, forge, leaves_now, unguard
from tests.raw import one, run
from tests.sealing import seal_everything

pytestmark = pytest.mark.experiment("E8")

FULL = bool(os.environ.get("FULL_SIZE"))
ROWS, WITHIN = (1_000_000, 10.0) if FULL else (2_000, 10.0)
FILL = """
    INSERT INTO audit_event (actor_type, action, entity_type, entity_id, new_value, user_agent)
    SELECT 'system', 'test:write', 'tests', g::text, jsonb_build_object('number', g), 'test'
    FROM generate_series(1, %s) g
"""
Way = Callable[["Log"], Iterator[str]]


@dataclass
class Log:
    """A sealed log, and the checkpoint that somebody kept of it."""

    size: int
    kept: str
    slowest: float = 0.0

    def faults(self) -> list[Fault]:
        began = time.monotonic()
        found = verify(keys.verifiers(), kept={"kept.note": self.kept}, jobs=4)
        self.slowest = max(self.slowest, time.monotonic() - began)
        return found


def update(log: Log) -> Iterator[str]:
    row = at(log.size // 2)
    run("UPDATE audit_event SET action = 'test:forged' WHERE audit_id = %s", row.pk)
    yield f"changed: {row.pk}"
    run("UPDATE audit_event SET action = %s WHERE audit_id = %s", row.action, row.pk)


def delete(log: Log) -> Iterator[str]:
    row = at(log.size // 3)
    run("CREATE TABLE gone AS SELECT * FROM audit_event WHERE audit_id = %s", row.pk)
    run("DELETE FROM audit_event WHERE audit_id = %s", row.pk)
    yield f"missing: the row at {log.size // 3}, after {at(log.size // 3 - 1).pk}"
    run("INSERT INTO audit_event OVERRIDING SYSTEM VALUE SELECT * FROM gone")


def put_in(log: Log) -> Iterator[str]:
    where = at(log.size // 4)
    forged = one(
        "INSERT INTO audit_event (actor_type, action, xid, seq) OVERRIDING SYSTEM VALUE "
        "VALUES ('system', 'test:forged', %s::text::xid8, -5) RETURNING audit_id",
        where.xid,
    )
    yield f"extra: {forged}"
    run("DELETE FROM audit_event WHERE audit_id = %s", forged)


def swap(log: Log) -> Iterator[str]:
    first, second = at(log.size // 5), at(log.size // 5 + 1)
    run("ALTER TABLE audit_event ALTER COLUMN seq DROP IDENTITY")
    for pairs in (((first, second.seq), (second, first.seq)), ((first, first.seq), (second, second.seq))):
        for row, seq in pairs:
            run("UPDATE audit_event SET seq = %s WHERE audit_id = %s", seq, row.pk)
        if pairs[0][1] == second.seq:
            yield str(first.pk)


def replica(log: Log) -> Iterator[str]:
    """The role in which ordinary triggers do not fire: ours do, and where they are off the row is named."""
    row = at(log.size // 6)
    with sessions.connect(database=connection.settings_dict["NAME"]) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("UPDATE audit_event SET action = 'test:forged' WHERE audit_id = %s", [row.pk])
        yield f"changed: {row.pk}"
        superuser.execute("UPDATE audit_event SET action = %s WHERE audit_id = %s", [row.action, row.pk])


def hash_anew(log: Log) -> Iterator[str]:
    row = at(7)
    run("UPDATE audit_event SET action = 'test:forged' WHERE audit_id = %s", row.pk)
    forge(leaves_now(), at(log.size - 1), keys.signers())
    yield "checkpoint: kept.note has another root"
    run("UPDATE audit_event SET action = %s WHERE audit_id = %s", row.action, row.pk)
    forge(leaves_now(), at(log.size - 1), keys.signers())


def cut(log: Log) -> Iterator[str]:
    last = at(log.size - 11)
    run(
        "DELETE FROM audit_event WHERE (epoch, xid, seq) > (%s, %s::text::xid8, %s)",
        last.epoch,
        last.xid,
        last.seq,
    )
    forge(leaves_now(), last, keys.signers())
    yield f"cut: kept.note has {log.size} rows, and the log has {log.size - 10}"


# the last one leaves the log as it is
WAYS: tuple[Way, ...] = (update, delete, put_in, swap, replica, hash_anew, cut)


@pytest.fixture
def log(committing_db: str) -> Log:
    run(FILL, ROWS)
    seal_everything()
    unguard()
    return Log(Seal.objects.get().size, LogCheckpoint.objects.latest("size").note)


def test_every_way_of_tampering_is_named(log: Log) -> None:
    assert log.faults() == []
    named = []
    for way in WAYS:
        steps = way(log)
        wanted = next(steps)
        said = [str(fault) for fault in log.faults()]
        if any(wanted in line for line in said) and len(said) <= 3:
            named.append(way.__name__)
        next(steps, None)

    verdict = "PASS" if len(named) == len(WAYS) and log.slowest <= WITHIN else "FAIL"
    print(  # noqa: T201 - an experiment prints its line
        f"\nE8 tampering with 1 of {AuditEvent.objects.count()} rows: {len(named)} of {len(WAYS)} named, "
        f"{log.slowest:.1f} s at most (target {len(WAYS)} of {len(WAYS)}, {WITHIN:.0f} s) {verdict}"
    )
    assert named == [way.__name__ for way in WAYS]
    assert not FULL or log.slowest <= WITHIN
