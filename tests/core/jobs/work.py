"""Handlers that tests ask for: each does one thing well, or wrong."""

from __future__ import annotations

import asyncio
import ctypes
import os
import time
from typing import Any

from django.db import connection, transaction
from django_tasks import TaskContext, task

from core.access.models import PLATFORM_TENANT_ID
from core.database.unit import current
from core.jobs import attempts
from core.messaging.outbox import emit
from core.refusals import NotAllowed


@task(job_type="test:add")
def add(left: int, right: int = 0) -> int:
    return left + right


@task(job_type="test:nothing", batch=50)
def nothing() -> None:
    """Do nothing."""


@task(job_type="test:note", max_attempts=3, backoff=0.0)
def note(text: str) -> None:
    """Leave a trace in the database: a request's nonce is as good as any row."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO job_events (job_id, event_type) VALUES (%s, %s)", [_job(), text])


@task(job_type="test:break", max_attempts=2, backoff=60.0)
def break_down(said: str = "It broke.") -> None:
    raise ValueError(said)


@task(job_type="test:break twice", max_attempts=2, backoff=0.0)
def break_twice() -> None:
    """Leave a trace, and break: nothing of it stays."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO job_events (job_id, event_type) VALUES (%s, 'effect')", [_job()])
    raise ValueError


@task(job_type="test:refuse")
def refuse() -> None:
    raise NotAllowed(permission="anything")


@task(job_type="test:exit", max_attempts=1)
def leave() -> None:
    raise SystemExit(3)


@task(job_type="test:hang", time_limit=0.2, max_attempts=1)
def hang() -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        pass


@task(job_type="test:hang in c", time_limit=0.2, max_attempts=1)
def hang_in_c() -> None:
    """Sleep where no exception is heard."""
    time.sleep(600)


@task(job_type="test:hang in the database", time_limit=0.2, max_attempts=1)
def hang_in_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(600)")


@task(job_type="test:hold everything", max_attempts=1)
def hold_everything() -> None:
    """Let no other thread run: a call into C that keeps the interpreter to itself."""
    ctypes.PyDLL(None).sleep(600)


@task(job_type="test:exit at once", max_attempts=2, backoff=0.0)
def exit_at_once() -> None:
    os._exit(9)


@task(job_type="test:no memory", max_attempts=1)
def have_no_memory() -> None:
    raise MemoryError


@task(job_type="test:gate", takes_context=True, max_attempts=3, backoff=0.0)
def pass_gate(context: TaskContext, gate: int) -> int:
    """Leave a trace, and wait until the test opens the gate, which is an advisory lock."""
    return _passed(context, gate)


def _passed(context: TaskContext, gate: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO job_events (job_id, event_type) VALUES (%s, 'effect')", [_job()])
        attempts.of(context).tell(50, "at the gate")
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [gate])
    return context.attempt


@task(job_type="test:gate by two", max_attempts=3, batch=2, takes_context=True)
def pass_gate_by_two(context: TaskContext, gate: int) -> int:
    """The same, claimed two at a time."""
    return _passed(context, gate)


@task(job_type="test:pair", concurrency=2, keyed_by=lambda payload: str(payload["key"]))
def pair(key: str) -> None:
    """Say when it began, and take a moment."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO job_events (job_id, event_type) VALUES (%s, 'began')", [_job()])
        cursor.execute("SELECT pg_sleep(0.01)")


@task(job_type="test:many", rate=600)
def often() -> None:
    """Say when it began: ten times a second at most."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO job_events (job_id, event_type) VALUES (%s, 'began')", [_job()])


@task(job_type="test:commit", max_attempts=1)
def commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("COMMIT")


@task(job_type="test:leak")
def leak() -> None:
    transaction.atomic().__enter__()


@task(job_type="test:odd")
def odd(what: str) -> Any:
    return {"set": {1}, "nan": float("nan"), "large": "x" * 40_000, "nul": "\x00"}[what]


@task(job_type="test:tell", takes_context=True)
def tell(context: TaskContext) -> int:
    attempts.of(context).tell(40, "halfway")
    return context.attempt


@task(job_type="test:alone", concurrency=1)
def alone() -> None:
    """Do nothing, one at a time."""


@task(job_type="test:slowly", rate=60)
def slowly() -> None:
    """Do nothing, once a second."""


@task(job_type="test:anything")
def anything(*args: Any, **kwargs: Any) -> list[Any]:
    return [list(args), kwargs]


@task(job_type="test:effect", max_attempts=20, backoff=0.0)
def take_effect(seconds: float) -> None:
    """Leave one trace, and take a moment before and after it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds / 2])
        cursor.execute("INSERT INTO job_events (job_id, event_type) VALUES (%s, 'effect')", [_job()])
        cursor.execute("SELECT pg_sleep(%s)", [seconds / 2])


@task(job_type="test:steps", max_attempts=20, backoff=0.0)
def take_steps(steps: int) -> int:
    """Leave a trace in as many steps, each a savepoint of its own, and tell the outbox of it."""
    with connection.cursor() as cursor:
        for _ in range(steps):
            with transaction.atomic():
                cursor.execute("INSERT INTO job_events (job_id, event_type) VALUES (%s, 'effect')", [_job()])
    here = current().tenant or PLATFORM_TENANT_ID
    emit("test.stepped", tenant_id=here, entity_type="jobs", entity_id=_job(), payload={"steps": steps})
    return steps


@task(job_type="test:later", takes_context=True)
async def later(context: TaskContext, number: int) -> dict[str, Any]:
    """Be a coroutine, and take the package's context."""
    await asyncio.sleep(0)
    return {"number": number, "attempt": context.attempt, "id": context.task_result.id}


@task
def plain(number: int = 1) -> int:
    """Say nothing about how it is run."""
    return number


def _job() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.job_id')")
        return str(cursor.fetchone()[0])
