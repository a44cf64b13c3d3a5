"""What people do to jobs is in the log, and so is a job out of attempts; what workers do is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from audit.log import record
from audit.models import AuditEvent
from core.access.models import User
from core.database.rows import insert
from core.database.unit import hold, unit
from core.jobs import queue
from core.jobs.models import Job
from core.jobs.worker import Worker, new_name
from core.refusals import Refusal
from tests.core.jobs import work
from tests.factories import REASON, World, acting, as_staff
from tests.raw import one, run, unwritable_log

pytestmark = pytest.mark.django_db


def logged() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(entity_type="jobs").order_by("seq"))


def about(event: AuditEvent) -> dict[str, Any]:
    return event.metadata or {}


def asked(world: World, task: Any, **payload: Any) -> Job:
    with acting(world.edith):
        return queue.enqueue(task, payload)[0]


def left(world: World, status: str, attempts: int = 5, key: str = "k") -> UUID:
    """A job that is in this state already."""
    made = one(
        "INSERT INTO jobs (tenant_id, job_type, idempotency_key, status, attempts, completed_at) "
        "VALUES (%s, 'test:add', %s, %s, %s, now()) RETURNING job_id",
        world.acme.pk,
        key,
        status,
        attempts,
    )
    assert isinstance(made, UUID)
    return made


def work_it_off() -> None:
    Worker(["default"], threads=1, name=new_name()).once()


class TestWhatPeopleDo:
    def test_is_one_row_with_who_why_and_from_where(self, world: World) -> None:
        job_id, correlation = left(world, "dlq"), uuid4()
        known = {"ip": "192.0.2.7", "user_agent": "Firefox", "correlation_id": correlation}

        with unit("staff", tenant=world.acme.pk, actor=world.grace.pk, **known):
            queue.drive_again(job_id, by=world.grace, reason=REASON)

        (event,) = logged()
        assert (event.action, event.entity_id, event.job_id) == ("job:drive_again", str(job_id), job_id)
        assert (event.actor_id, event.actor_type, event.tenant_id) == (world.grace.pk, "human", world.acme.pk)
        assert (event.ip_address, event.user_agent) == ("192.0.2.7", "Firefox")
        assert event.correlation_id == correlation
        assert (event.old_value, event.new_value) == ({"status": "dlq"}, {"status": "pending"})
        assert about(event) == {"operation": "update", "type": "test:add", "attempts": 5, "reason": REASON}

    def test_is_logged_for_each_of_many(self, world: World) -> None:
        for number in range(3):
            left(world, "dlq", key=f"k-{number}")

        with as_staff(world.grace):
            assert queue.drive_all_again("test:add", by=world.grace, reason=REASON) == 3

        events = logged()
        assert [event.action for event in events] == ["job:drive_again"] * 3
        assert len({event.job_id for event in events}) == 3
        assert {about(event)["reason"] for event in events} == {REASON}

    @pytest.mark.parametrize(("status", "after"), [("pending", "cancelled"), ("retry", "cancelled")])
    def test_includes_to_cancel_what_waits(self, world: World, status: str, after: str) -> None:
        job_id = left(world, status)

        with as_staff(world.grace):
            queue.cancel(job_id, by=world.grace, reason=REASON)

        (event,) = logged()
        assert (event.action, event.old_value, event.new_value) == (
            "job:cancel",
            {"status": status},
            {"status": after},
        )

    def test_includes_to_ask_to_stop_what_runs(self, world: World) -> None:
        job_id = left(world, "processing")

        with as_staff(world.grace):
            queue.cancel(job_id, by=world.grace, reason=REASON)
            queue.cancel(job_id, by=world.grace, reason="Asked for once more.")

        (event,) = logged()
        assert event.old_value == {"status": "processing", "cancel_requested_at": None}
        assert (event.new_value or {})["cancel_requested_at"]
        assert about(event)["reason"] == REASON

    def test_names_an_agent_and_its_signature(self, world: World) -> None:
        job_id = left(world, "pending")
        signed = {"signature": "ed25519:xms_1:AAAA", "payload_hash": "ab" * 32}

        with unit("api", tenant=world.acme.pk, actor=world.scout.pk, **signed):
            queue.cancel(job_id, by=world.scout, reason=REASON)

        (event,) = logged()
        assert (event.actor_id, event.actor_type) == (world.scout.pk, "agent")
        assert (event.signature, event.payload_hash) == (signed["signature"], signed["payload_hash"])

    def test_is_logged_by_raw_sql_whatever_it_is_called(self, world: World) -> None:
        left(world, "pending")

        with as_staff(world.grace):
            run("UPDATE jobs SET status = 'cancelled'")
        with as_staff(world.grace):
            hold(action="job:drive_again", reason="By hand.")
            run("UPDATE jobs SET status = 'pending'")

        first, second = logged()
        assert (first.action, first.actor_id) == ("jobs:update", world.grace.pk)
        assert (second.action, about(second)["reason"]) == ("job:drive_again", "By hand.")

    def test_is_tied_to_the_job_where_there_is_no_request(self, world: World) -> None:
        job_id = left(world, "dlq")

        with as_staff(world.grace):
            queue.drive_again(job_id, by=world.grace, reason=REASON)

        assert [event.correlation_id for event in logged()] == [Job.objects.get(pk=job_id).trace_id]

    @pytest.mark.parametrize(
        "move",
        [
            lambda job_id, by: queue.drive_again(job_id, by=by, reason=REASON),
            lambda _, by: queue.drive_all_again("test:add", by=by, reason=REASON),
        ],
    )
    def test_is_undone_where_the_log_does_not_take_it(self, world: World, move: Callable[..., Any]) -> None:
        job_id = left(world, "dlq")

        with unwritable_log(), as_staff(world.grace):
            move(job_id, world.grace)

        assert Job.objects.get(pk=job_id).status == "dlq"

    def test_to_cancel_is_undone_where_the_log_does_not_take_it(self, world: World) -> None:
        job_id = left(world, "pending")

        with unwritable_log(), as_staff(world.grace):
            queue.cancel(job_id, by=world.grace, reason=REASON)

        assert Job.objects.get(pk=job_id).status == "pending"

    def test_leaves_no_row_where_it_is_refused(self, world: World) -> None:
        job_id = left(world, "completed")

        with pytest.raises(Refusal), as_staff(world.grace):
            queue.cancel(job_id, by=world.grace, reason=REASON)

        assert logged() == []


class TestAJobOutOfAttempts:
    def test_is_one_row_of_the_system_with_the_error(self, world: World) -> None:
        job = asked(world, work.leave)

        work_it_off()

        (event,) = logged()
        assert (event.action, event.entity_id, event.job_id) == ("job:dlq", str(job.pk), job.pk)
        assert (event.actor_id, event.actor_type, event.tenant_id) == (None, "system", world.acme.pk)
        assert event.correlation_id == Job.objects.get().trace_id
        assert (event.old_value, event.new_value) == ({"status": "processing"}, {"status": "dlq"})
        assert about(event) == {
            "operation": "update",
            "type": "test:exit",
            "attempts": 1,
            "error": "SystemExit: 3",
        }

    def test_shows_the_beginning_of_a_long_error(self, world: World) -> None:
        left(world, "processing")

        run("UPDATE jobs SET status = 'dlq', error_message = %s", "ä" * 3000)

        assert about(logged()[0])["error"] == "ä" * 500

    @pytest.mark.parametrize("error", [None, ""])
    def test_may_say_nothing(self, world: World, error: str | None) -> None:
        left(world, "processing")

        run("UPDATE jobs SET status = 'dlq', error_message = %s", error)

        assert about(logged()[0])["error"] == error

    def test_is_not_logged_twice(self, world: World) -> None:
        left(world, "dlq")

        run("UPDATE jobs SET status = 'dlq', error_message = 'again'")

        assert logged() == []

    def test_is_still_there_where_the_log_does_not_take_it(self, world: World) -> None:
        left(world, "processing")

        with unwritable_log():
            run("UPDATE jobs SET status = 'dlq'")


class TestOrdinaryMoves:
    @pytest.mark.parametrize(
        ("task", "payload"),
        [
            (work.add, {"left": 1}),
            (work.break_down, {}),
            (work.refuse, {}),
            (work.odd, {"what": "set"}),
            (work.tell, {}),
            (work.slowly, {}),
        ],
    )
    def test_of_a_worker_are_not_logged(self, world: World, task: Any, payload: dict[str, Any]) -> None:
        asked(world, task, **payload)

        work_it_off()

        assert Job.objects.get().status != "pending"
        assert logged() == []

    def test_are_not_logged_though_a_handler_forgot_an_action(self, world: World) -> None:
        job_id = left(world, "processing")

        with unit("worker", tenant=world.acme.pk, action="anything:left"):
            run("UPDATE jobs SET status = 'completed' WHERE job_id = %s", job_id)

        assert logged() == []

    @pytest.mark.parametrize("change", ["progress = 7, stage = 'half'", "payload = '{}'", "status = status"])
    def test_of_anything_else_are_not_logged(self, world: World, change: str) -> None:
        left(world, "processing")

        run(f"UPDATE jobs SET {change}")

        assert logged() == []

    @pytest.mark.parametrize("status", ["processing", "completed", "failed", "retry", "cancelled"])
    def test_of_the_sources_own_sql_are_not_logged(self, world: World, status: str) -> None:
        left(world, "pending")

        run("UPDATE jobs SET status = %s", status)

        assert logged() == []


class TestWhatAJobDoes:
    def test_names_the_job_where_a_row_changes(self, world: World) -> None:
        job_id = uuid4()

        with unit("platform", job=job_id):
            run("INSERT INTO tenants (name) VALUES ('gamma')")
        run("INSERT INTO tenants (name) VALUES ('delta')")

        found = AuditEvent.objects.filter(entity_type="tenants").order_by("-seq")[:2]
        assert [event.job_id for event in found] == [None, job_id]

    def test_names_the_job_where_a_fact_is_recorded(self, world: World) -> None:
        job_id = uuid4()

        with unit("worker", tenant=world.acme.pk, job=job_id):
            audit_id = record("page:seen", by=None, entity_type="pages", entity_id="7")

        assert AuditEvent.objects.get(pk=audit_id).job_id == job_id

    def test_of_a_service_is_the_systems_with_its_name(self, world: World) -> None:
        job_id = left(world, "pending")
        with as_staff(world.grace):
            feed = insert(User, tenant_id=world.acme.pk, kind="service", username="feed")

        with acting(feed):
            queue.cancel(job_id, by=feed, reason=REASON)

        (event,) = logged()
        assert (event.actor_id, event.actor_type) == (feed.pk, "system")
