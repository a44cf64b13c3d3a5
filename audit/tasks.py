"""Telling people what waits for them: one job for a tenant finds whom, and one for each of them sends."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django_tasks import task

from audit.notices import letters
from core.database.unit import current
from core.jobs.queue import bulk_enqueue


@task(job_type="approval:notify", time_limit=120.0)
def notify() -> dict[str, Any]:
    """Have a letter sent to everybody whom the notices of this job concern."""
    if not settings.SENDS_EMAIL:
        return {"letters": 0, "why": "EMAIL_URL is not set."}
    job_id = current().job
    assert job_id is not None  # noqa: S101 - an attempt has its job
    people = {each.person_id for each in letters.told_by(job_id)}
    wanted = [
        (f"{job_id} {person}", {"told_by": str(job_id), "person_id": str(person)})
        for person in sorted(people)
    ]
    return {"letters": bulk_enqueue(send, wanted) if wanted else 0}


@task(job_type="approval:letter", time_limit=60.0, max_attempts=8, backoff=30.0)
def send(told_by: str, person_id: str) -> dict[str, Any]:
    """Send one person what still concerns them; nothing, where others decided meanwhile."""
    told = [each for each in letters.told_by(UUID(told_by)) if str(each.person_id) == person_id]
    if told:
        job_id = current().job
        assert job_id is not None  # noqa: S101 - as above
        letters.letter(told, told_in=job_id).send()
    return {"told": len(told)}
