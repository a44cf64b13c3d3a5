"""Handlers that tests ask for: each does one thing well, or wrong."""

from __future__ import annotations

import time
from typing import Any

from django.db import connection, transaction
from django_tasks import task

from core.jobs.attempts import Context
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


@task(job_type="test:tell", takes_context=True)  # type: ignore[arg-type] # its context is our own
def tell(context: Context) -> int:
    context.tell(40, "halfway")
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


def _job() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.job_id')")
        return str(cursor.fetchone()[0])
