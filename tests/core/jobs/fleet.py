"""Real worker processes on a database that commits, and conditions to wait for."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from django.conf import settings
from django.db import connection
from django_tasks.base import Task

from core.access.models import PLATFORM_TENANT_ID
from core.database import clones, sessions
from core.database.unit import unit
from core.jobs.models import Job
from core.jobs.queue import Wanted, bulk_enqueue, enqueue
from core.management import children
from tests.raw import every, one

WITHIN = 30.0
GLANCE = 0.01


def asked(work: Task[Any, Any], wanted: Wanted | None = None, **payload: Any) -> Job:
    """A job of the platform, committed."""
    with unit("platform", tenant=PLATFORM_TENANT_ID):
        return enqueue(work, payload, wanted)[0]


def asked_often(
    work: Task[Any, Any], payloads: list[dict[str, Any]], tenant: Any = PLATFORM_TENANT_ID
) -> None:
    """Many at once, committed."""
    with unit("platform", tenant=tenant):
        bulk_enqueue(work, [(f"k-{number}", payload) for number, payload in enumerate(payloads)])


def words(*options: str) -> list[str]:
    """The command line of `work`."""
    return [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "work", *options]


def environment(name: str) -> dict[str, str]:
    """What a process needs to find the database and the handlers of tests."""
    known = clones.addresses(name)
    # as in production: the login that LISTENs is no superuser either
    known["DATABASE_URL_UNPOOLED"] = known["DATABASE_URL"]
    return {**os.environ, **known, "DJANGO_SETTINGS_MODULE": "tests.core.jobs.settings", "LOG_LEVEL": "INFO"}


@contextmanager
def running(name: str, *options: str, said: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """Run `manage.py work` for a while, and end it and its children with it."""
    with (said or Path(os.devnull)).open("a") as out:
        process = children.start(words(*options), environment(name), stdout=out, stderr=out)
        try:
            yield process
        finally:
            # whatever it was at: a test that wants it to end asks it to
            family = psutil.Process(process.pid).children(recursive=True) if process.poll() is None else []
            process.kill()
            process.wait()
            for each in family:
                with suppress(psutil.NoSuchProcess):
                    each.kill()


def one_worker(name: str, *options: str, said: Path | None = None) -> Any:
    """Run one process that works, without one that looks after it."""
    return running(name, "--member", "worker", "--name", f"one-{time.monotonic()}", *options, said=said)


def until(condition: Callable[[], Any], what: str = "", within: float = WITHIN) -> Any:
    """Wait for a condition, and say what it was."""
    ends = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < ends, f"not within {within:.0f} s: {what or condition}; {standing()}"
        time.sleep(GLANCE)
    return found


def standing() -> list[tuple[object, ...]]:
    """Every state, and how many jobs are in it."""
    return every("SELECT status, count(*), max(attempts), max(error_message) FROM jobs GROUP BY status")


def is_in(job: Job, *states: str) -> Callable[[], bool]:
    """Whether a job is in one of these states by now."""
    return lambda: one("SELECT status FROM jobs WHERE job_id = %s", job.pk) in states


def ended(job: Job, within: float = WITHIN) -> Job:
    """The job, once it has ended."""
    until(is_in(job, "completed", "failed", "dlq", "cancelled"), f"{job.job_type} ends", within)
    return Job.objects.get(pk=job.pk)


def effects() -> list[tuple[object, ...]]:
    """The jobs that left a trace, and how many each."""
    return every("SELECT job_id, count(*) FROM job_events WHERE event_type = 'effect' GROUP BY job_id")


@contextmanager
def closed(gate: int = 7) -> Iterator[Callable[[], None]]:
    """Keep a gate closed until the caller opens it."""

    def opened() -> None:
        one("SELECT pg_advisory_unlock_all()::text")

    one("SELECT pg_advisory_lock(%s)::text", gate)
    try:
        yield opened
    finally:
        opened()


def terminate(process: subprocess.Popen[str]) -> None:
    """Ask it to stop."""
    process.send_signal(signal.SIGTERM)


def at_the_gate(number: int = 1) -> Callable[[], bool]:
    """Whether so many attempts wait at a gate."""
    waiting = (
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = "
        "(SELECT oid FROM pg_database WHERE datname = current_database())"
    )
    return lambda: one(waiting) == number


def listens() -> bool:
    """Whether a worker waits for word of new work."""
    asking = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND query LIKE 'LISTEN%%'"
    return len(_superuser(asking, connection.settings_dict["NAME"])) == 1


def cut_off() -> int:
    """Take every connection of the workers away; how many those were."""
    name = connection.settings_dict["NAME"]
    return len(
        _superuser(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = %s",
            name,
            f"{settings.DB_ROLE_PREFIX}app",
        )
    )


def _superuser(statement: str, *values: Any) -> list[Any]:
    with sessions.connect(database="postgres") as conn:
        return conn.execute(statement, values).fetchall()
