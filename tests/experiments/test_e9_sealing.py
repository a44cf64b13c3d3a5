"""E9: whoever writes, holds, rolls back or dies, every committed row is sealed once, and no checkpoint is taken back."""

from __future__ import annotations

import itertools
import os
import random
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from subprocess import Popen

import psycopg
import pytest
from django.db import connection

from audit.models import AuditEvent
from audit.sealing import keys
from audit.sealing.merkle import Proofs, is_consistent
from audit.sealing.models import LogCheckpoint, LogTile, Seal
from audit.sealing.notes import read_checkpoint
from audit.sealing.verification import verify
from core.database import sessions
from core.management import children
from tests.core.jobs.fleet import environment, until, words
from tests.sealing import WITHIN, seal_everything

pytestmark = pytest.mark.experiment("E9")

FULL = bool(os.environ.get("FULL_SIZE"))
WRITERS, EACH, KILLS = (16, 500, 20) if FULL else (4, 40, 2)
APPEND = "INSERT INTO audit_event (actor_type, action, entity_id) VALUES ('system', %s, %s)"
SEALERS = 3


def write(number: int, enough: threading.Event) -> set[str]:
    """Write as clients do: now and then hold, roll back, or roll back to a savepoint; what was committed.

    :param enough: set once as many sealers were killed as are to be.
    """
    chance = random.Random(number)  # noqa: S311 - chance, not secrecy
    committed: set[str] = set()
    with sessions.connect(database=connection.settings_dict["NAME"]) as conn:
        for count in itertools.count():
            if count >= EACH and enough.is_set():
                break
            key, way = f"{number}-{count}", chance.random()
            conn.execute("BEGIN")
            conn.execute(APPEND, ["test:write", key])
            if way < 0.1:
                conn.execute("SAVEPOINT here")
                conn.execute(APPEND, ["test:undone", key])
                conn.execute("ROLLBACK TO SAVEPOINT here")
            if way > 0.9:
                # others begin and end meanwhile
                conn.execute("SELECT pg_sleep(%s)", [chance.random() / 10])
            if 0.1 <= way < 0.2:
                conn.execute("ROLLBACK")
                continue
            conn.execute("COMMIT")
            committed.add(key)
    return committed


class Sealers:
    """Keepers that seal, and are killed while they do."""

    def __init__(self, database: str) -> None:
        self._env = {**environment(database), "AUDIT_SEAL_EVERY": "0.2"}
        self._running: list[Popen[str]] = []
        self.kills = 0

    def fill(self) -> None:
        while len(self._running) < SEALERS:
            name = f"--name=sealer-{secrets.token_hex(4)}"
            with open(os.devnull, "w", encoding="utf-8") as nothing:  # noqa: PTH123 - a name of the system's
                self._running.append(
                    children.start(words("--member=keeper", name), self._env, stderr=nothing)
                )

    def kill_one(self) -> None:
        before = Seal.objects.get().size
        until(lambda: Seal.objects.get().size > before, "a sealer seals", within=WITHIN)
        # where in its work the next moment finds it is chance
        until(lambda: random.random() < 0.1, "a moment")  # noqa: S311 - chance, not secrecy
        victim = self._running.pop(0)
        victim.kill()
        victim.wait()
        self.kills += 1
        self.fill()

    def end(self) -> None:
        for each in self._running:
            children.end(each)


def test_every_committed_row_is_sealed_once_whoever_dies(committing_db: str) -> None:
    sealers = Sealers(committing_db)
    sealers.fill()
    try:
        with ThreadPoolExecutor(WRITERS) as pool:
            enough = threading.Event()
            writing = [pool.submit(write, number, enough) for number in range(WRITERS)]
            try:
                while sealers.kills < KILLS:
                    sealers.kill_one()
            finally:
                enough.set()
            committed = set().union(*(each.result() for each in writing))
    finally:
        sealers.end()
    seal_everything()

    written = AuditEvent.objects.filter(action="test:write").values_list("entity_id", flat=True)
    size = Seal.objects.get().size
    faults = verify(keys.verifiers(), jobs=2)
    prefixes = _prefixes(size)

    is_right = not faults and set(written) == committed and size == AuditEvent.objects.count()
    verdict = "PASS" if is_right and prefixes == LogCheckpoint.objects.count() else "FAIL"
    print(  # noqa: T201 - an experiment prints its line
        f"\nE9 sealing: {WRITERS} writers x {EACH}, {sealers.kills} sealers killed: {len(committed)} rows "
        f"committed, {size} sealed once, {prefixes} of {LogCheckpoint.objects.count()} checkpoints a "
        f"beginning of the last {verdict}"
    )
    assert faults == []
    assert set(written) == committed
    assert len(written) == len(committed)
    assert not AuditEvent.objects.filter(action="test:undone").exists()
    assert size == AuditEvent.objects.count()
    assert prefixes == LogCheckpoint.objects.count()


def _prefixes(size: int) -> int:
    """How many checkpoints the log, as it is now, begins with."""
    tiles = {(row.level, row.position): bytes(row.hashes) for row in LogTile.objects.all()}
    proofs = Proofs(lambda level, position: tiles[level, position], size)
    root = proofs.root_at(size)
    said = [read_checkpoint(row.note, keys.verifiers()) for row in LogCheckpoint.objects.all()]
    return sum(
        is_consistent(each.size, size, each.root, root, proofs.consistency(each.size)) for each in said
    )


def test_a_rolled_back_row_leaves_no_gap_that_stops_the_sealer(committing_db: str) -> None:
    with sessions.connect(database=connection.settings_dict["NAME"]) as conn:
        with pytest.raises(psycopg.errors.DivisionByZero), conn.transaction():
            conn.execute(APPEND, ["test:write", "undone"])
            conn.execute("SELECT 1 / 0")
        conn.execute(APPEND, ["test:write", "kept"])

    seal_everything()

    assert AuditEvent.objects.filter(entity_id="kept").exists()
    assert verify(keys.verifiers()) == []
