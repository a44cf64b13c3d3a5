"""An attempt is whole or not at all, and a job ends in a state that says why, whatever its handler does."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django_tasks.base import Task

from core.access.models import User
from core.database.unit import unit
from core.jobs.claims import claim
from core.jobs.models import Job, JobEvent
from core.jobs.queue import Wanted, enqueue
from core.jobs.worker import Worker, new_name
from tests.core.jobs import work
from tests.factories import World, acting
from tests.raw import every

pytestmark = pytest.mark.django_db


def asked(world: World, task: Task[Any, Any], by: User | None = None, **payload: Any) -> Job:
    with acting(by or world.edith):
        return enqueue(task, payload)[0]


def worked() -> dict[str, int]:
    """Do what is due, and say what became of it."""
    worker = Worker(["default"], threads=1, name=new_name())
    worker.once()
    return dict(worker.outcomes)


def now(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def test_a_job_is_done_with_its_event_and_its_message(world: World) -> None:
    job = asked(world, work.add, left=1, right=2)

    assert worked() == {"completed": 1}

    done = now(job)
    assert (done.status, done.result, done.attempts, done.progress) == ("completed", 3, 1, 100)
    assert done.completed_at
    assert JobEvent.objects.get(job=job).event_type == "completed"
    assert every(
        "SELECT event_type, entity_id, tenant_id FROM outbox_events WHERE event_type LIKE 'job.%%'"
    ) == [("job.completed", str(job.pk), world.acme.pk)]


@pytest.mark.parametrize(
    ("task", "payload", "state", "said"),
    [
        (work.break_down, {}, "retry", "ValueError: It broke."),
        (work.break_down, {"said": "\x00" + "ä" * 3000}, "retry", "ValueError: ä"),
        (work.refuse, {}, "failed", "not_allowed"),
        (work.leave, {}, "dlq", "SystemExit: 3"),
        (work.leak, {}, "failed", "transaction_is_the_units"),
        (work.odd, {"what": "set"}, "failed", "job_result_is_json"),
        (work.odd, {"what": "nan"}, "failed", "job_result_is_json"),
        (work.odd, {"what": "large"}, "failed", "job_result_is_json"),
        (work.odd, {"what": "nul"}, "failed", "job_result_is_json"),
    ],
)
def test_what_goes_wrong_stands_on_the_job(
    world: World, task: Task[Any, Any], payload: dict[str, Any], state: str, said: str
) -> None:
    if "\x00" in payload.get("said", ""):
        payload = {"said": payload["said"][1:]}
    job = asked(world, task, **payload)

    assert worked() == {state: 1}

    left = now(job)
    assert left.status == state
    assert (left.error_message or "").startswith(said)
    assert JobEvent.objects.filter(job=job).values_list("event_type", flat=True).get() == state
    assert worked() == {}


def test_a_busy_key_holds_up_nothing_behind_it(world: World) -> None:
    first, *_ = [asked(world, work.alone) for _ in range(5)]
    other = asked(world, work.add, left=1)

    with unit("worker"):
        (held,) = claim(["default"], "one", lease=60, after=UUID(int=0))
        (behind,) = claim(["default"], "two", lease=60, after=UUID(int=0))

    assert (held.job_id, behind.job_id) == (first.pk, other.pk)


def test_a_turn_that_is_not_yet_holds_up_nothing_behind_it(world: World) -> None:
    first, *_ = [asked(world, work.slowly) for _ in range(5)]
    other = asked(world, work.add, left=1)

    assert worked() == {"completed": 2}

    assert {now(first).status, now(other).status} == {"completed"}
    assert Job.objects.filter(status="pending", attempts=0).count() == 4


def test_each_further_attempt_comes_later(world: World) -> None:
    every_wait = "SELECT extract(epoch FROM retry_at(60, %s) - clock_timestamp()) FROM generate_series(1, 50)"
    with unit("worker"):
        waits = {
            attempt: [float(str(wait)) for (wait,) in every(every_wait, attempt)]
            for attempt in (1, 2, 3, 7, 20)
        }

    for attempt, seconds in {1: 60, 2: 120, 3: 240, 7: 3600, 20: 3600}.items():
        assert all(0.79 * seconds < wait < 1.21 * seconds for wait in waits[attempt])
        # not all at the same moment
        assert len(set(waits[attempt])) > 40


def test_an_owners_events_are_seen_by_the_owner_alone(world: World) -> None:
    with acting(world.edith):
        job = enqueue(work.add, {"left": 1}, Wanted(owner=world.edith))[0]
    worked()

    seen = {}
    for person in (world.edith, world.grace):
        with acting(person):
            seen[person.email] = every("SELECT owner_id, trace_id FROM job_events WHERE job_id = %s", job.pk)
    assert seen == {world.edith.email: [(world.edith.pk, now(job).trace_id)], world.grace.email: []}
