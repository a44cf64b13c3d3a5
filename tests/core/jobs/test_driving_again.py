"""Jobs of a type that ran out of attempts are driven again together, by whoever manages jobs."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

import pytest

from core.jobs import queue
from core.jobs.models import Job, JobEvent
from core.jobs.refusals import JobMovesAsItMay
from core.jobs.worker import Worker, new_name
from core.refusals import NotAllowed
from tests.core.web.job_rows import job
from tests.factories import REASON, World, as_staff

pytestmark = pytest.mark.django_db


def drive(world: World, who: str = "grace", at_most: int = 500, job_type: str = "test:nothing") -> int:
    person = getattr(world, who)
    with as_staff(person):
        return queue.drive_all_again(job_type, by=person, reason=REASON, at_most=at_most)


def test_they_begin_anew_and_are_done(world: World) -> None:
    for lane in ("default", "default", "slow"):
        job(world, job_type="test:nothing", attempts=5, lane=lane)

    assert drive(world) == 3

    assert set(Job.objects.values_list("status", "attempts")) == {("pending", 0)}
    worker = Worker(["default", "slow"], threads=1, name=new_name())
    worker.once()
    assert worker.outcomes["completed"] == 3
    told = JobEvent.objects.filter(event_type="driven_again")
    assert {(event.payload["by"], event.payload["reason"]) for event in told} == {
        (str(world.grace.pk), REASON)
    }


def test_what_is_too_much_is_left_for_the_next_time(world: World) -> None:
    for _ in range(3):
        job(world, job_type="test:nothing")

    assert [drive(world, at_most=2), drive(world, at_most=2)] == [2, 1]


def test_nothing_is_a_refusal(world: World) -> None:
    job(world, "failed", job_type="test:nothing")
    job(world, job_type="test:nothing", tenant_id=world.beta.pk, requested_by=None)

    with pytest.raises(JobMovesAsItMay):
        drive(world)

    assert not Job.objects.filter(status="pending").exists()


@pytest.mark.parametrize(
    ("who", "refusal"),
    [("vera", NotAllowed), ("edith", NotAllowed), ("grace", None), ("boris", JobMovesAsItMay)],
)
def test_it_takes_who_manages_jobs_of_the_tenant(
    world: World, who: str, refusal: type[Exception] | None
) -> None:
    job(world, job_type="test:nothing")
    expected: AbstractContextManager[object] = pytest.raises(refusal) if refusal else nullcontext()

    with expected:
        drive(world, who)

    assert Job.objects.get().status == ("dlq" if refusal else "pending")
