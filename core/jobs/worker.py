"""One process that works: threads that claim and do jobs, and a main thread that looks after them.

The main thread says for all of them that they are still at it, listens for new work, and stops what takes too
long or was cancelled. A handler that cannot be stopped takes its process with it: the supervisor starts
another.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import secrets
import select
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg
from django.db import Error as DatabaseFailure
from django.db import connection

from core.database import sessions
from core.database.unit import unit
from core.jobs import attempts, claims, queue
from core.jobs.attempts import Stopping, Watch
from core.jobs.claims import Claimed
from core.jobs.refusals import JobIsCancelled, LeaseIsLost, TimeLimitIsReached

logger = logging.getLogger("xmarket.jobs")

# a handler that was told to stop has so many seconds before its process ends with it
STUBBORN_FOR = 5.0
AWAY_FOR = 2.0
STUCK = 75


@dataclass(frozen=True)
class Pace:
    """How a worker keeps time, in seconds.

    :ivar lease: until a job is taken back from a worker that says nothing any more.
    :ivar poll: how long new work may go unnoticed where no word of it arrives.
    :ivar grace: how long jobs may go on once the worker is asked to stop.
    """

    lease: float = 60.0
    poll: float = 1.0
    grace: float = 25.0


def new_name() -> str:
    """A name that no worker had before: host, process, and a few random digits."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"


class Worker:
    """Claims jobs of some lanes and does them, several at once, until it is asked to stop."""

    def __init__(self, lanes: Sequence[str], *, threads: int, name: str, pace: Pace | None = None) -> None:
        self.lanes = list(lanes)
        self.name = name
        self.pace = pace or Pace()
        self.outcomes: Counter[str] = Counter()
        self._has = {number: [] for number in range(threads)}  # type: dict[int, list[Claimed]]
        self._watches: dict[int, Watch] = {}
        self._new_work = threading.Condition()
        self._wakes = 0
        self._is_stopping = threading.Event()
        self._beat_at = 0.0

    def run(self, is_asked: Callable[[], bool]) -> int:
        """Work until asked to stop; 0 where every job has ended or was given back, else `STUCK`.

        :param is_asked: whether somebody asked to stop.
        """
        threads = [
            threading.Thread(target=self._work, args=(number,), name=f"work-{number}", daemon=True)
            for number in self._has
        ]
        self._show_life()
        for thread in threads:
            thread.start()
        listening = None
        while not is_asked():
            listening = self._listen(listening)
            if time.monotonic() >= self._beat_at:
                self._beat_at = time.monotonic() + self.pace.lease / 3
                self._beat()
                self._show_life()
            self._tell_progress()
            if self._stop_late_ones() or self._has_lost(threads):
                return self._end(listening, STUCK)
        return self._end(listening, self._stop(threads))

    @staticmethod
    def _end(listening: psycopg.Connection | None, code: int) -> int:
        faulthandler.cancel_dump_traceback_later()
        if listening is not None:
            listening.close()
        return code

    def do(self, job_id: UUID) -> str:
        """Do one job in this thread, where a queue of somebody else's says whose turn it is.

        It is watched as any other; where it cannot be stopped this process ends with it.

        :returns: what became of it; `not its turn` where it is not due, may not begin or has another worker.
        """
        with unit("worker"):
            job = claims.claim_one(job_id, self.name, lease=self.pace.lease)
        if job is None:
            return "not its turn"
        is_over = threading.Event()
        looking = threading.Thread(target=self._look_after, args=(is_over,), daemon=True)
        self._has[0] = [job]
        looking.start()
        try:
            return attempts.attempt(job, self._watching(0))
        finally:
            self._has[0] = []
            is_over.set()
            looking.join()

    def _look_after(self, is_over: threading.Event) -> None:
        beat_at = 0.0
        while not is_over.wait(min(0.25, self.pace.lease / 6)):
            if time.monotonic() >= beat_at:
                beat_at = time.monotonic() + self.pace.lease / 3
                self._beat()
            self._tell_progress()
            if self._stop_late_ones():
                os._exit(STUCK)
        with suppress(DatabaseFailure):
            connection.close()

    def _show_life(self) -> None:
        # a handler that lets nothing else run, the main thread neither, takes the process with it
        faulthandler.dump_traceback_later(self.pace.lease, exit=True, file=sys.__stderr__ or sys.stderr)

    def once(self) -> int:
        """Do everything that is due now, in this thread; how many attempts that were."""
        done, after = 0, uuid4()
        while jobs := self._claim(after):
            after = jobs[-1].tenant_id
            for job in jobs:
                self.outcomes[attempts.attempt(job, self._watching(0))] += 1
                done += 1
        return done

    def _work(self, number: int) -> None:
        after = uuid4()
        while not self._is_stopping.is_set():
            seen = self._wakes
            try:
                jobs = self._claim(after)
                self._has[number] = list(jobs)
                if jobs:
                    # where there was one there may be more
                    self._wake()
                for job in jobs:
                    after = job.tenant_id
                    self._do(number, job)
                    self._has[number].remove(job)
            except DatabaseFailure as error:
                # away, or restarted: what was claimed comes again when its lease is over
                logger.warning("The database did not answer: %s", str(error).split("\n", 1)[0])
                self._has[number] = []
                with suppress(DatabaseFailure):
                    connection.close()
                self._is_stopping.wait(AWAY_FOR)
                continue
            if not jobs:
                self._wait(seen)
        with suppress(DatabaseFailure):
            connection.close()

    def _claim(self, after: UUID) -> list[Claimed]:
        with unit("worker"):
            return claims.claim(self.lanes, self.name, lease=self.pace.lease, after=after)

    def _do(self, number: int, job: Claimed) -> None:
        if self._is_stopping.is_set():
            with unit("worker", tenant=job.tenant_id):
                claims.give_back(job)
            return
        began = time.monotonic()
        outcome = attempts.attempt(job, self._watching(number))
        self.outcomes[outcome] += 1
        logger.info(
            "%s %s",
            job.job_type,
            outcome,
            extra={
                "job_id": str(job.job_id),
                "job_type": job.job_type,
                "attempt": job.attempts,
                "outcome": outcome,
                "duration_ms": round((time.monotonic() - began) * 1000, 1),
                "correlation_id": str(job.trace_id),
                "worker": self.name,
            },
        )

    def _watching(self, number: int) -> Callable[[Watch | None], None]:
        def watching(watch: Watch | None) -> None:
            if watch is None:
                self._watches.pop(number, None)
            else:
                self._watches[number] = watch

        return watching

    def _wait(self, seen: int) -> None:
        with self._new_work:
            # what arrived between the claim and here is not slept through
            if self._wakes == seen:
                self._new_work.wait(self.pace.poll)

    def _wake(self, threads: int = 1) -> None:
        """Let so many threads look; whoever finds something wakes another."""
        with self._new_work:
            self._wakes += 1
            self._new_work.notify(threads)

    def _listen(self, listening: psycopg.Connection | None) -> psycopg.Connection | None:
        """Wait for word of new work for a moment; without it, workers look by themselves."""
        try:
            if listening is None or listening.closed:
                listening = sessions.connect()
                listening.execute(f"LISTEN {queue.CHANNEL}")
                self._wake(len(self._has))
            readable, _, _ = select.select([listening], [], [], min(0.25, self.pace.lease / 6))
            said = {notice.payload for notice in listening.notifies(timeout=0)} if readable else set()
            if said & {*self.lanes}:
                self._wake()
            if queue.STOP in said:
                # the beat hears whose job it is
                self._beat_at = 0.0
        except (psycopg.Error, OSError):
            if listening is not None:
                listening.close()
            self._is_stopping.wait(min(1.0, self.pace.poll))
            return None
        return listening

    def _beat(self) -> None:
        jobs = [job for held in self._has.values() for job in list(held)]
        if not jobs:
            return
        try:
            with unit("worker"):
                ours = claims.beat(jobs, self.name, lease=self.pace.lease)
        except DatabaseFailure as error:
            logger.warning("No word to the database: %s", str(error).split("\n", 1)[0])
            with suppress(DatabaseFailure):
                connection.close()
            return
        for watch in list(self._watches.values()):
            if ours.get((watch.job.job_id, watch.job.attempts)):
                watch.stop(JobIsCancelled)

    def _tell_progress(self) -> None:
        for watch in list(self._watches.values()):
            said = watch.progress
            if said is None or watch.told == said:
                continue
            try:
                with unit("worker", tenant=watch.job.tenant_id):
                    claims.tell_progress(watch.job, progress=said[0], stage=said[1])
            except DatabaseFailure:
                with suppress(DatabaseFailure):
                    connection.close()
                return
            watch.told = said

    def _stop_late_ones(self) -> bool:
        """Stop what takes too long; whether one of them cannot be stopped."""
        now = time.monotonic()
        for watch in list(self._watches.values()):
            if now > watch.deadline:
                watch.stop(TimeLimitIsReached)
            if now > watch.deadline + STUBBORN_FOR and watch in self._watches.values():
                self._give_up(watch)
                return True
        return False

    def _has_lost(self, threads: Sequence[threading.Thread]) -> bool:
        """Whether a thread ended, as one does that has no memory left: what it had would be kept for ever."""
        lost = [thread.name for thread in threads if not thread.is_alive()]
        if lost:
            logger.error("%s ended; this process ends with it.", ", ".join(lost))
        return bool(lost)

    def _give_up(self, watch: Watch) -> None:
        logger.error(
            "%s does not stop; this process ends with it.",
            watch.job.job_type,
            extra={"job_id": str(watch.job.job_id), "worker": self.name},
        )
        with suppress(DatabaseFailure), unit("worker", tenant=watch.job.tenant_id):
            claims.fail(watch.job, (watch.why or LeaseIsLost)())

    def _stop(self, threads: Sequence[threading.Thread]) -> int:
        """Let what runs end, then interrupt it and give it back."""
        self._is_stopping.set()
        self._wake(len(threads))
        logger.info("Asked to stop: what runs has %.0f s.", self.pace.grace, extra={"worker": self.name})
        until = time.monotonic() + self.pace.grace
        beat_at = 0.0
        while any(thread.is_alive() for thread in threads) and time.monotonic() < until:
            if time.monotonic() >= beat_at:
                beat_at = time.monotonic() + self.pace.lease / 3
                self._beat()
            for thread in threads:
                thread.join(0.05)
        for watch in list(self._watches.values()):
            watch.stop(Stopping)
        for thread in threads:
            thread.join(STUBBORN_FOR / len(threads))
        return self._leave()

    def _leave(self) -> int:
        stuck = list(self._watches.values())
        for watch in stuck:
            with suppress(DatabaseFailure), unit("worker", tenant=watch.job.tenant_id):
                claims.give_back(watch.job)
        return STUCK if stuck else 0
