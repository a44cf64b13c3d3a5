"""COMMIT travels with the last word of an attempt, and is reached by nobody who lost the job."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django_tasks import task

from core.database import sessions
from core.database.unit import unit
from core.jobs import attempts, claims
from core.jobs.models import Job, JobEvent
from tests.core.jobs.test_attempts import asked, worked
from tests.factories import make_world

TRACE = "INSERT INTO job_events (job_id, event_type) VALUES (current_setting('app.job_id')::uuid, 'trace')"


@task(job_type="test:trace")
def leave_a_trace() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TRACE)


@task(job_type="test:lose")
def lose_the_job() -> None:
    """Another worker takes the job while this one is at it."""
    with connection.cursor() as cursor:
        cursor.execute(TRACE)
    with sessions.connect(database=connection.settings_dict["NAME"]) as other:
        other.execute("UPDATE jobs SET locked_by = 'another' WHERE job_type = 'test:lose'")


def events(job: Job) -> set[str]:
    return set(JobEvent.objects.filter(job=job).values_list("event_type", flat=True))


def test_an_attempt_is_committed_with_its_effect(committing_db: str) -> None:
    job = asked(make_world(), leave_a_trace)

    assert worked() == {"completed": 1}

    connection.close()
    assert Job.objects.get(pk=job.pk).status == "completed"
    assert events(job) == {"trace", "completed"}


def test_an_attempt_that_lost_its_job_commits_nothing(committing_db: str) -> None:
    job = asked(make_world(), lose_the_job)

    assert worked() == {"lost": 1}

    connection.close()
    left = Job.objects.get(pk=job.pk)
    assert (left.status, left.locked_by) == ("processing", "another")
    assert events(job) == set()


def test_an_attempt_sends_its_last_word_and_commit_together(committing_db: str) -> None:
    asked(make_world(), leave_a_trace)
    with unit("worker"):
        (job,) = claims.claim(["default"], "bench", lease=60.0, after=Job.objects.get().pk)
    sent: list[str] = []

    def look(execute: Any, statement: str, values: Any, many: bool, context: Any) -> Any:
        sent.append(statement)
        return execute(statement, values, many, context)

    with connection.execute_wrapper(look):
        assert attempts.attempt(job, lambda _: None) == "completed"

    assert sent[-1].endswith("; COMMIT")
