"""Work is asked for once for each key, and never without the unit it was asked for in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django_tasks.base import Task

from core.access.models import User
from core.database.unit import unit
from core.jobs import queue
from core.jobs.models import Job, JobEvent
from core.jobs.queue import Wanted, bulk_enqueue, enqueue
from core.jobs.refusals import (
    JobAttempts,
    JobDiffers,
    JobMovesAsItMay,
    JobPayloadDoesNotFit,
    JobPayloadIsTooLarge,
)
from core.refusals import NotAllowed, NotFound, OutsideUnit
from tests.core.jobs import work
from tests.factories import REASON, World, acting, as_staff
from tests.raw import one, run

pytestmark = pytest.mark.django_db


def ask(by: User, task: Task[Any, Any] = work.add, key: str = "k", **payload: Any) -> tuple[Job, bool]:
    with acting(by):
        return enqueue(task, payload or {"left": 1}, Wanted(key=key))


class TestAKey:
    def test_names_one_job_for_ever(self, world: World) -> None:
        first, is_new = ask(world.edith)
        run("UPDATE jobs SET status = 'completed', payload = '{}', completed_at = now()")

        again, is_new_again = ask(world.scout)

        assert (is_new, is_new_again, again.pk) == (True, False, first.pk)
        assert Job.objects.count() == 1

    def test_belongs_to_its_payload_whatever_the_order_of_its_names(self, world: World) -> None:
        ask(world.edith, left=1, right=2)

        with acting(world.edith):
            assert enqueue(work.add, {"right": 2, "left": 1}, Wanted(key="k"))[1] is False
        with pytest.raises(JobDiffers):
            ask(world.edith, left=1, right=3)
        assert one("SELECT payload ->> 'right' FROM jobs") == "2"

    def test_serves_another_type_another_tenant_and_another_owner(self, world: World) -> None:
        ask(world.edith)
        ask(world.edith, work.break_down, said="x")
        ask(world.boris)
        for owner in (world.edith, world.grace):
            with acting(owner):
                enqueue(work.add, {"left": 1}, Wanted(key="k", owner=owner))

        assert Job.objects.count() == 5

    def test_of_an_owner_serves_one_type(self, world: World) -> None:
        with acting(world.edith):
            enqueue(work.add, {"left": 1}, Wanted(key="k", owner=world.edith))
            with pytest.raises(JobDiffers):
                enqueue(work.break_down, {}, Wanted(key="k", owner=world.edith))

    def test_of_a_source_is_known_without_its_digest(self, world: World) -> None:
        run(
            "INSERT INTO jobs (tenant_id, job_type, idempotency_key, payload) "
            "VALUES (%s, 'test:add', 'k', '{\"left\": 1}')",
            world.acme.pk,
        )

        assert ask(world.edith)[1] is False
        with pytest.raises(JobDiffers):
            ask(world.edith, left=2)

    def test_is_made_where_none_is_given(self, world: World) -> None:
        assert ask(world.edith, key="")[0].pk != ask(world.edith, key="")[0].pk


class TestAJob:
    def test_knows_who_asked_and_what_it_came_of(self, world: World) -> None:
        trace = uuid4()
        with unit("api", tenant=world.acme.pk, actor=world.scout.pk, correlation_id=trace):
            enqueue(work.add, {"left": 1})

        job = Job.objects.get()
        assert (job.requested_by_id, job.trace_id, job.tenant_id) == (world.scout.pk, trace, world.acme.pk)
        assert (job.status, job.attempts, job.max_attempts, job.lane) == ("pending", 0, 5, "default")

    def test_begins_when_it_is_to(self, world: World) -> None:
        moment = datetime.now(UTC) + timedelta(hours=1)
        with acting(world.edith):
            enqueue(work.add, {"left": 1}, Wanted(run_after=moment))

        assert Job.objects.get().next_attempt_at == moment

    def test_is_asked_for_in_a_unit(self) -> None:
        with pytest.raises(OutsideUnit):
            enqueue(work.add, {"left": 1})

    @pytest.mark.parametrize("attempts", [0, 21, -1, 10**9])
    def test_is_tried_1_to_20_times(self, world: World, attempts: int) -> None:
        with acting(world.edith), pytest.raises(JobAttempts):
            enqueue(work.add, {"left": 1}, Wanted(max_attempts=attempts))

    @pytest.mark.parametrize(
        "payload",
        [
            {},
            {"left": 1, "top": 2},
            {"left": float("nan")},
            {"left": 2**60},
            {"left": {1}},
            {"left": "\x00"},
            {"left": "\ud800"},
            {1: 2},
        ],
    )
    def test_takes_only_what_its_handler_and_json_take(self, world: World, payload: dict[Any, Any]) -> None:
        with acting(world.edith), pytest.raises(JobPayloadDoesNotFit):
            enqueue(work.add, payload)
        assert not Job.objects.exists()

    def test_is_small(self, world: World) -> None:
        with acting(world.edith), pytest.raises(JobPayloadIsTooLarge):
            enqueue(work.break_down, {"said": "x" * 33_000})


class TestManyJobs:
    def test_are_asked_for_in_one_statement_and_once(self, world: World) -> None:
        many: list[tuple[str, dict[str, Any]]] = [(f"k{number}", {"left": number}) for number in range(100)]
        with acting(world.edith):
            first = bulk_enqueue(work.add, many)
            again = bulk_enqueue(work.add, [*many, ("more", {"left": 1})])

        assert (first, again, Job.objects.count()) == (100, 1, 101)

    def test_are_refused_together_where_one_key_is_taken(self, world: World) -> None:
        ask(world.edith, key="k1")

        with pytest.raises(JobDiffers) as refusal, acting(world.edith):
            bulk_enqueue(work.add, [("k0", {"left": 0}), ("k1", {"left": 9})])

        assert refusal.value.facts == {"keys": ["k1"]}
        assert Job.objects.count() == 1

    def test_of_nothing_are_none(self, world: World) -> None:
        with acting(world.edith):
            assert bulk_enqueue(work.add, []) == 0


class TestCancelling:
    @pytest.mark.parametrize("status", ["pending", "retry"])
    def test_ends_a_job_that_waits(self, world: World, status: str) -> None:
        job, _ = ask(world.edith)
        run("UPDATE jobs SET status = %s", status)

        with acting(world.edith):
            ended = queue.cancel(job.pk, by=world.edith, reason=REASON)

        assert (ended.status, ended.completed_at is not None) == ("cancelled", True)
        event = JobEvent.objects.get()
        assert (event.event_type, event.payload["reason"]) == ("cancelled", REASON)

    def test_asks_the_worker_of_one_that_runs(self, world: World) -> None:
        job, _ = ask(world.edith)
        run("UPDATE jobs SET status = 'processing'")

        with acting(world.edith):
            asked = queue.cancel(job.pk, by=world.edith, reason=REASON)

        assert (asked.status, asked.cancel_requested_at is not None) == ("processing", True)

    @pytest.mark.parametrize("status", ["completed", "failed", "dlq", "cancelled"])
    def test_leaves_alone_what_has_ended(self, world: World, status: str) -> None:
        job, _ = ask(world.edith)
        run("UPDATE jobs SET status = %s", status)

        with acting(world.edith), pytest.raises(JobMovesAsItMay):
            queue.cancel(job.pk, by=world.edith, reason=REASON)

    def test_is_for_who_may_and_sees_it(self, world: World) -> None:
        job, _ = ask(world.edith)

        with acting(world.vera), pytest.raises(NotAllowed):
            queue.cancel(job.pk, by=world.vera, reason=REASON)
        with acting(world.boris), pytest.raises(NotFound):
            queue.cancel(job.pk, by=world.boris, reason=REASON)


class TestDrivingAgain:
    @pytest.mark.parametrize("status", ["retry", "failed", "dlq", "cancelled"])
    def test_gives_a_job_all_its_attempts_anew(self, world: World, status: str) -> None:
        job, _ = ask(world.edith)
        run("UPDATE jobs SET status = %s, attempts = 5, next_attempt_at = '2999-01-01'", status)

        with as_staff(world.grace):
            again = queue.drive_again(job.pk, by=world.grace, reason=REASON)

        assert (again.status, again.attempts, again.completed_at) == ("pending", 0, None)
        assert again.next_attempt_at is not None
        assert again.next_attempt_at.year < 2999

    @pytest.mark.parametrize("status", ["pending", "processing", "completed"])
    def test_leaves_alone_what_needs_none(self, world: World, status: str) -> None:
        job, _ = ask(world.edith)
        run("UPDATE jobs SET status = %s", status)

        with as_staff(world.grace), pytest.raises(JobMovesAsItMay):
            queue.drive_again(job.pk, by=world.grace, reason=REASON)

    def test_is_for_admins(self, world: World) -> None:
        job, _ = ask(world.edith)

        with acting(world.edith, "staff"), pytest.raises(NotAllowed):
            queue.drive_again(job.pk, by=world.edith, reason=REASON)
