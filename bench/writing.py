"""Writers of the audit log, a worker that seals behind them, and somebody who watches both from outside."""

from __future__ import annotations

import bisect
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from uuid import UUID

from bench.serving import BASE
from core.database import clones, sessions
from core.database.roles import Connection
from core.database.unit import role_name
from core.management import children

WRITERS, IDLERS = 8, 4
# seconds: between two facts of a writer at most, between two looks, and until everything is sealed
PAUSE, GLANCE, WITHIN = 0.1, 0.005, 30.0
APPEND = (
    "INSERT INTO audit_event (tenant_id, actor_type, action, entity_type, entity_id, new_value) "
    "VALUES (%s, 'system', 'bench:write', 'bench', %s, '{\"status\": \"written\"}') RETURNING xid::text, seq"
)
SEALED = "SELECT xid::text, seq FROM audit_seal"
COUNTED = "SELECT (SELECT count(*) FROM audit_event), (SELECT size FROM audit_seal)"
Place = tuple[int, int]


@dataclass
class Watched:
    """A log that a worker seals.

    :ivar seals: how far it was sealed, each time that changed, and when that was seen.
    """

    database: str
    seals: list[tuple[Place, float]] = field(default_factory=list)

    def delay(self, tenant: UUID, seconds: float, *, holds: float) -> float:
        """Have writers write for so many seconds; the seconds within which 99 of 100 facts were sealed.

        :param holds: for how long one more writer holds each of its transactions open; 0 for none.
        """
        until = time.time() + seconds
        with ExitStack() as held, ThreadPoolExecutor(WRITERS + 1) as writers:
            for _ in range(IDLERS):
                held.enter_context(self._idler())
            begun = [writers.submit(self._write, tenant, until, 0.0) for _ in range(WRITERS)]
            if holds:
                begun.append(writers.submit(self._write, tenant, until, holds))
            written = sorted(fact for writer in begun for fact in writer.result())
        # decided: by then every transaction that began to write earlier had ended
        decided = list(accumulate((at for _, at in written), max)) if holds else [at for _, at in written]
        self._wait_for(written[-1][0])
        places = [place for place, _ in self.seals]
        seen = [self.seals[bisect.bisect_left(places, place)][1] for place, _ in written]
        delays = sorted(at - since for at, since in zip(seen, decided, strict=True))
        return delays[int(len(delays) * 0.99)]

    def refuse_losses(self) -> None:
        """Make sure that every fact is sealed.

        :raises AssertionError: where one is not, in time.
        """
        until = time.monotonic() + WITHIN
        with sessions.connect(database=self.database) as conn:
            while True:
                ((there, sealed),) = conn.execute(COUNTED).fetchall()
                if there == sealed:
                    return
                assert time.monotonic() < until, f"{sealed} of {there} facts are sealed."
                time.sleep(GLANCE)

    def watch(self, ended: threading.Event) -> None:
        """Look how far the log is sealed, until told to end."""
        with sessions.connect(database=self.database) as conn:
            while not ended.is_set():
                ((xid, seq),) = conn.execute(SEALED).fetchall()
                place = int(str(xid)), int(str(seq))
                if not self.seals or self.seals[-1][0] != place:
                    self.seals.append((place, time.time()))
                time.sleep(GLANCE)

    def _write(self, tenant: UUID, until: float, holds: float) -> list[tuple[Place, float]]:
        """Append one fact after the other; where each is in the log, and when its COMMIT was answered."""
        chance = random.Random()  # noqa: S311 - chance, not secrecy
        written: list[tuple[Place, float]] = []
        with self._connect(tenant) as conn:
            while time.time() < until:
                with conn.transaction():
                    ((xid, seq),) = conn.execute(APPEND, [tenant, str(len(written))]).fetchall()
                    time.sleep(holds)
                written.append(((int(str(xid)), int(str(seq))), time.time()))
                time.sleep(chance.random() * PAUSE)
        return written

    @contextmanager
    def _idler(self) -> Iterator[None]:
        """A session that has read, and thinks about it in its transaction."""
        with sessions.connect(database=self.database) as conn, conn.transaction():
            conn.execute(COUNTED)
            yield

    @contextmanager
    def _connect(self, tenant: UUID) -> Iterator[Connection]:
        with sessions.connect(database=self.database) as conn:
            conn.execute("SELECT set_config('app.tenant_id', %s, false)", [str(tenant)])
            conn.execute(f"SET ROLE {role_name('api')}".encode())
            yield conn

    def _wait_for(self, place: Place) -> None:
        until = time.monotonic() + WITHIN
        while not self.seals or self.seals[-1][0] < place:
            assert time.monotonic() < until, "The worker does not seal."
            time.sleep(GLANCE)


@contextmanager
def sealed_by_a_worker(database: str) -> Iterator[Watched]:
    """Run a worker as production does, and watch how far it seals."""
    watched, ended = Watched(database), threading.Event()
    words = [sys.executable, str(BASE / "manage.py"), "work"]
    env = {**os.environ, **clones.addresses(database)}
    log = BASE / ".run" / "bench-sealer.log"
    with log.open("w") as told:
        worker = children.start(words, env, stdout=told, stderr=subprocess.STDOUT)
        watcher = threading.Thread(target=watched.watch, args=[ended], daemon=True)
        watcher.start()
        try:
            yield watched
        finally:
            ended.set()
            watcher.join()
            children.end(worker)
