"""What keeps the engine itself going: lost leases, the clock, and what is kept long enough."""

from __future__ import annotations

import json

from django.db import connection
from django_tasks import task

from core.jobs import claims, handlers, schedules, services

REAP_EVERY, LOOK_AT_THE_CLOCK_EVERY = 5.0, 1.0


def reap() -> str | None:
    """Take back what no worker is at any more."""
    reaped = claims.reap()
    return f"{reaped} jobs of workers that stopped were taken back" if reaped else None


def forget() -> int:
    """Empty payload and result of jobs that ended longer ago than their type keeps them; how many those were.

    Row, key and digest stay for ever: the same work is not done again.
    """
    kept = {kind: known.retention.total_seconds() for kind, known in handlers.every().items()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_jobs(%s)", [json.dumps(kept)])
        return int(cursor.fetchone()[0])


@task(job_type="jobs:forget", time_limit=600.0)
def forget_what_is_old() -> dict[str, int]:
    """Forget in steps; the next tick goes on."""
    return {"forgotten": forget()}


services.register("reaper", reap, every=REAP_EVERY)
services.register("clock", schedules.tick, every=LOOK_AT_THE_CLOCK_EVERY)
schedules.schedule("jobs:forget", "17 3 * * *", forget_what_is_old)
