"""Our own queue in the contest of P7 to P11, in a process of its own, as production runs it.

It logs in without rights, asks in the unit of an API request and works in the engine's own worker.
"""

from __future__ import annotations

import logging
import os
import statistics
import threading
import time
from typing import Any
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection  # noqa: E402 - Django is set up first
from django_tasks import task  # noqa: E402

from bench.peers import contest  # noqa: E402
from core.database.unit import unit  # noqa: E402
from core.jobs import claims, queue, worker  # noqa: E402

LEASE = 60.0


@task(job_type="bench:nothing", batch=50)
def nothing() -> None:
    """Do nothing."""


@task(job_type="bench:one")
def one_at_a_time() -> None:
    """Do nothing, and be claimed alone."""


@task(job_type="bench:begin")
def begin(asked_at: float) -> float:
    """Say how many seconds ago it was asked for."""
    return time.time() - asked_at


def _asking() -> Any:
    known = {name: UUID(os.environ[f"BENCH_{name.upper()}"]) for name in ("tenant", "actor")}
    return unit("api", **known, ip="203.0.113.7", user_agent="bench")


def enqueue(jobs: int) -> float:
    """Ask for one job after the other, each in a unit of its own."""

    def one(number: int) -> None:
        with _asking():
            queue.enqueue(nothing, {}, queue.Wanted(key=f"one-{number}"))

    return contest.rate(one, jobs)


def bulk(jobs: int, at_once: int) -> float:
    """Ask for many at once."""

    def one(number: int) -> None:
        with _asking():
            queue.bulk_enqueue(nothing, [(f"bulk-{number}-{n}", {}) for n in range(at_once)])

    return contest.rate(one, jobs // at_once, each=at_once, warm_up=1)


def work(threads: int) -> None:
    """Be a worker until standard input ends."""
    with unit("worker"):
        pass
    connection.close()
    ended = threading.Event()
    contest.wait_for_the_start()

    def attend() -> None:
        contest.wait_for_the_start()
        ended.set()

    threading.Thread(target=attend, daemon=True).start()
    worker.Worker(["default"], threads=threads, name=worker.new_name()).run(ended.is_set)


def ask_slowly(jobs: int, gap_ms: int) -> None:
    """Ask for one job every so many milliseconds."""
    for _ in range(jobs):
        asked_at = time.time()
        with _asking():
            queue.enqueue(begin, {"asked_at": asked_at})
        time.sleep(gap_ms / 1000)


def claim(jobs: int) -> float:
    """The median of so many claims, in milliseconds."""
    took, turn = [], UUID(int=0)
    for number in range(jobs + contest.WARM_UP):
        with unit("worker"):
            began = time.perf_counter()
            found = claims.claim(["default"], "bench", lease=LEASE, after=turn)
            if number >= contest.WARM_UP:
                took.append(1000 * (time.perf_counter() - began))
        assert len(found) == 1
    return statistics.median(took)


if __name__ == "__main__":
    # what a worker logs of each job is written, as in production
    assert logging.getLogger("xmarket.jobs").isEnabledFor(logging.INFO)
    contest.attend(
        {"enqueue": enqueue, "bulk": bulk, "fill": bulk, "work": work, "ask": ask_slowly, "claim": claim}
    )
