"""E5: workers that are killed at any moment lose no job, and no effect comes twice."""

from __future__ import annotations

import os
import random
import secrets
import time
from contextlib import ExitStack
from subprocess import Popen

import pytest

from core.access.models import PLATFORM_TENANT_ID
from core.database.unit import unit
from core.jobs import claims
from core.jobs.queue import bulk_enqueue
from core.management import children
from tests.core.jobs import work
from tests.core.jobs.fleet import environment, running, until, words
from tests.raw import one

pytestmark = pytest.mark.experiment("E5")

FULL = bool(os.environ.get("FULL_SIZE"))
KILLS, JOBS, WORKERS = (200, 5000, 4) if FULL else (4, 80, 2)
LEASE, ENDED_WITHIN = 2.0, 30.0
UNFINISHED = "SELECT count(*) FROM jobs WHERE completed_at IS NULL"
TWICE = """
    SELECT count(*) FROM jobs j WHERE 1 <> (
      SELECT count(*) FROM job_events e WHERE e.job_id = j.job_id AND e.event_type = 'effect')
    OR 1 <> (SELECT count(*) FROM job_events e WHERE e.job_id = j.job_id AND e.event_type = 'completed')
    OR 1 <> (SELECT count(*) FROM outbox_events o
             WHERE o.entity_id = j.job_id::text AND o.event_type = 'job.completed')
"""


class Fleet:
    """Workers that are started again when they were killed."""

    def __init__(self, database: str) -> None:
        self._env = environment(database)
        self._running: dict[str, Popen[str]] = {}
        self.killed_at_work = 0

    def fill(self) -> None:
        while len(self._running) < WORKERS:
            name = f"killed-{secrets.token_hex(4)}"
            options = [
                f"--{part}" for part in ("member=worker", f"name={name}", f"lease={LEASE}", "poll=0.2")
            ]
            with open(os.devnull, "w", encoding="utf-8") as nothing:  # noqa: PTH123 - a name of the system's
                self._running[name] = children.start(words(*options), self._env, stderr=nothing)

    def kill_one(self) -> None:
        """Kill the oldest at a moment that nobody chose, and see whether it had jobs."""
        name = next(iter(self._running))
        has = "SELECT count(*) FROM jobs WHERE locked_by = %s AND status = 'processing'"
        until(lambda: one(has, name) or one(UNFINISHED) == 0, "a worker claims")
        # where in its work the next moment finds it is chance: a job takes up to a tenth of a second
        until(lambda: random.random() < 0.1, "a moment")  # noqa: S311 - chance, not secrecy
        process = self._running.pop(name)
        process.kill()
        process.wait()
        self.killed_at_work += bool(one(has, name))

    def end(self) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()


def ask(first: int, last: int) -> None:
    """Ask for jobs of up to a tenth of a second each."""
    payloads = [(f"k-{number}", {"seconds": number % 11 / 100}) for number in range(first, last)]
    with unit("platform", tenant=PLATFORM_TENANT_ID):
        bulk_enqueue(work.take_effect, payloads)


def has_ended() -> bool:
    """Whether all jobs have ended; at small size nobody else takes back what the killed ones had."""
    if not FULL:
        with unit("worker"):
            claims.reap()
    return one(UNFINISHED) == 0


def test_killed_workers_lose_nothing_and_do_nothing_twice(committing_db: str) -> None:
    with ExitStack() as stack:
        if FULL:
            stack.enter_context(running(committing_db, "--member=keeper"))
        fleet = Fleet(committing_db)
        stack.callback(fleet.end)
        for number in range(KILLS):
            # work for the time until the next kill, so that each finds some
            ask(number * JOBS // KILLS, (number + 1) * JOBS // KILLS)
            fleet.fill()
            fleet.kill_one()
        fleet.fill()
        last_kill = time.monotonic()
        until(has_ended, "all jobs end", LEASE + ENDED_WITHIN)
        took = time.monotonic() - last_kill

    done = one("SELECT count(*) FROM jobs WHERE status = 'completed'")
    again = one("SELECT count(*) FROM jobs WHERE attempts > 1")
    wrong = one(TWICE)
    passes = (
        (done, wrong) == (JOBS, 0)
        and took <= LEASE + ENDED_WITHIN
        and fleet.killed_at_work >= (KILLS / 2 if FULL else 1)
    )
    print(  # noqa: T201 - an experiment prints its line
        f"\nE5 kills: {KILLS} workers killed, {fleet.killed_at_work} of them at work; {done} of {JOBS} jobs completed, "
        f"{again} of them again, {wrong} effects missing or twice; all ended {took:.1f} s after the last kill "
        f"(target 0 lost, 0 twice, within {LEASE + ENDED_WITHIN:.0f} s) {'PASS' if passes else 'FAIL'}"
    )
    assert passes
