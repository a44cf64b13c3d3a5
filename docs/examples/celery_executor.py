"""Celery does the jobs of one lane; a message is the id of a job, and all else stays in the table `jobs`.

    CELERY_BROKER_URL=redis://127.0.0.1:6379/0 celery --app docs.examples.celery_executor worker --beat

A message may come late, twice or never: a job is claimed under the same fence as by `manage.py work`, and
what is due is announced again until somebody has it. docs/celery.md says when this is worth having.
"""

from __future__ import annotations

import os
from uuid import UUID

import django
from celery import Celery
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from core.database.unit import unit  # noqa: E402 - after the settings
from core.jobs.worker import Pace, Worker, new_name  # noqa: E402 - as above

# a lane that no `manage.py work` is given
LANE = os.environ.get("CELERY_LANE", "celery")
ANNOUNCED_EVERY = 1.0
MOST = 1000
DUE = """
    SELECT job_id::text FROM jobs
    WHERE lane = %s AND status IN ('pending', 'retry') AND next_attempt_at <= clock_timestamp()
    ORDER BY next_attempt_at, job_id LIMIT %s
"""

app = Celery("xmarket", broker=os.environ.get("CELERY_BROKER_URL", "redis://127.0.0.1:6379/0"))
app.conf.update(
    task_ignore_result=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    beat_schedule={"announce": {"task": "xmarket.announce", "schedule": ANNOUNCED_EVERY}},
)


@app.task(name="xmarket.do")
def do(job_id: str) -> str:
    """Do one job, with heartbeat, time limit and cancelling, in the transaction that completes it."""
    return Worker([LANE], threads=1, name=new_name(), pace=Pace()).do(UUID(job_id))


@app.task(name="xmarket.announce", expires=ANNOUNCED_EVERY)
def announce() -> int:
    """Send the ids of what is due; a message that nobody took until the next announcement expires."""
    with unit("worker"), connection.cursor() as cursor:
        cursor.execute(DUE, [LANE, MOST])
        due = [job_id for (job_id,) in cursor.fetchall()]
    for job_id in due:
        do.apply_async((job_id,), expires=ANNOUNCED_EVERY)
    return len(due)
