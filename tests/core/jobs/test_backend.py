"""Jobs behind the Django Tasks API keep what that package asks of a backend."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django_tasks import TaskResult, TaskResultStatus, default_task_backend, task_backends
from django_tasks.base import Task
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist, TaskResultMismatch
from django_tasks.signals import task_enqueued

from core.database.unit import unit
from core.jobs import upkeep
from core.jobs.backend import JobsBackend
from core.jobs.models import Job
from core.jobs.refusals import JobPayloadDoesNotFit
from core.jobs.worker import Worker, new_name
from core.refusals import OutsideUnit
from tests.core.jobs import work
from tests.factories import World, acting
from tests.raw import run

pytestmark = pytest.mark.django_db

LATER = datetime(2050, 1, 1, tzinfo=UTC)
FAILS: list[tuple[Task[Any, Any], type[BaseException], str]] = [
    (work.leave, SystemExit, "SystemExit: 3"),
    (work.refuse, Exception, "not_allowed"),
]


def asked(world: World, task: Task[Any, Any], *args: Any, **kwargs: Any) -> TaskResult[Any]:
    with acting(world.edith):
        return task.enqueue(*args, **kwargs)


def refreshed(world: World, result: TaskResult[Any]) -> TaskResult[Any]:
    with acting(world.edith):
        result.refresh()
    return result


def worked() -> None:
    Worker(["default", "slow"], threads=1, name=new_name()).once()


class TestTheBackend:
    def test_is_the_default_one_and_says_what_it_can(self) -> None:
        assert isinstance(task_backends["default"], JobsBackend)
        assert work.add.get_backend() is task_backends["default"]
        assert default_task_backend.supports_get_result
        assert default_task_backend.supports_defer
        assert default_task_backend.supports_async_task
        assert not default_task_backend.supports_priority

    def test_refuses_a_priority(self) -> None:
        with pytest.raises(InvalidTaskError):
            work.add.using(priority=10)

    def test_refuses_a_time_without_its_zone(self) -> None:
        with pytest.raises(InvalidTaskError):
            work.add.using(run_after=datetime(2050, 1, 1))  # noqa: DTZ001 - that is the point

    def test_leaves_the_task_as_it_was_where_another_is_made_of_it(self) -> None:
        other = work.add.using(queue_name="slow", run_after=LATER)

        assert (other.queue_name, other.run_after) == ("slow", LATER)
        assert (work.add.queue_name, work.add.run_after) == ("default", None)


class TestEnqueueing:
    def test_answers_a_result_that_waits(self, world: World) -> None:
        result = asked(world, work.anything, 1, [2], three={"4": None})

        assert result.status == TaskResultStatus.READY
        assert not result.is_finished
        assert (result.args, result.kwargs) == ([1, [2]], {"three": {"4": None}})
        assert (result.started_at, result.finished_at, result.last_attempted_at) == (None, None, None)
        assert result.enqueued_at
        assert (result.task, result.backend, result.attempts, result.errors) == (
            work.anything,
            "default",
            0,
            [],
        )
        with pytest.raises(ValueError, match="not finished"):
            _ = result.return_value

    def test_keeps_what_is_named_by_its_name(self, world: World) -> None:
        result = asked(world, work.add, 1, right=2)

        assert Job.objects.get(pk=result.id).payload == {"left": 1, "right": 2}
        assert (result.args, result.kwargs) == ([], {"left": 1, "right": 2})

    def test_is_told_by_a_signal(self, world: World) -> None:
        told: list[TaskResult[Any]] = []

        def hear(sender: type, task_result: TaskResult[Any], **_: Any) -> None:
            assert sender is JobsBackend
            told.append(task_result)

        task_enqueued.connect(hear)
        try:
            result = asked(world, work.add, 1)
        finally:
            task_enqueued.disconnect(hear)

        assert [each.id for each in told] == [result.id]

    def test_takes_the_lane_and_the_time(self, world: World) -> None:
        result = asked(world, work.add.using(queue_name="slow", run_after=LATER), 1)
        worked()

        job = Job.objects.get(pk=result.id)
        assert (job.lane, job.next_attempt_at, job.status) == ("slow", LATER, "pending")

    def test_begins_nothing_that_is_rolled_back(self, world: World) -> None:
        with pytest.raises(ZeroDivisionError), acting(world.edith):
            work.add.enqueue(1)
            raise ZeroDivisionError

        assert not Job.objects.exists()

    def test_is_refused_outside_a_unit(self) -> None:
        with pytest.raises(OutsideUnit):
            work.add.enqueue(1)

    @pytest.mark.parametrize(
        "odd", [{1, 2}, object(), float("nan"), datetime(2026, 1, 1, tzinfo=UTC), "\x00", 2**60]
    )
    def test_refuses_what_json_cannot_hold(self, world: World, odd: object) -> None:
        with pytest.raises(JobPayloadDoesNotFit):
            asked(world, work.anything, odd)

    def test_refuses_what_the_function_does_not_take(self, world: World) -> None:
        with pytest.raises(JobPayloadDoesNotFit):
            asked(world, work.add, wrong=1)

    def test_may_be_awaited(self, world: World) -> None:
        with acting(world.edith):
            result = async_to_sync(work.add.aenqueue)(1, 2)
            found = async_to_sync(work.add.aget_result)(result.id)
        worked()
        with acting(world.edith):
            async_to_sync(found.arefresh)()

        assert found.return_value == 3

    def test_works_for_a_task_that_says_nothing_about_itself(self, world: World) -> None:
        result = asked(world, work.plain)
        worked()

        assert refreshed(world, result).return_value == 1
        assert Job.objects.get(pk=result.id).job_type == "tests.core.jobs.work.plain"


class TestAResult:
    def test_is_what_the_function_returned(self, world: World) -> None:
        result = asked(world, work.anything, 1, two=2)
        worked()

        assert not result.is_finished
        refreshed(world, result)
        assert result.status == TaskResultStatus.SUCCESSFUL
        assert result.is_finished
        assert result.return_value == [[1], {"two": 2}]
        assert result.attempts == 1
        assert result.enqueued_at
        assert result.started_at
        assert result.finished_at
        assert result.enqueued_at <= result.started_at <= result.finished_at
        assert result.last_attempted_at == result.started_at

    @pytest.mark.parametrize(("task", "error", "said"), FAILS)
    def test_tells_why_there_is_none(
        self, world: World, task: Task[Any, Any], error: type[BaseException], said: str
    ) -> None:
        result = asked(world, task)
        worked()

        refreshed(world, result)
        assert result.status == TaskResultStatus.FAILED
        assert result.finished_at
        (told,) = result.errors
        assert told.exception_class is error
        assert told.traceback.startswith(said)
        with pytest.raises(ValueError, match="failed"):
            _ = result.return_value

    def test_is_ready_again_where_an_attempt_failed_and_another_comes(self, world: World) -> None:
        result = asked(world, work.break_down)
        worked()

        refreshed(world, result)
        assert (result.status, result.attempts) == (TaskResultStatus.READY, 1)
        assert [each.exception_class for each in result.errors] == [ValueError]

    def test_is_running_while_a_worker_has_it(self, world: World) -> None:
        result = asked(world, work.add, 1)
        with unit("worker"):
            Worker(["default"], threads=1, name="one")
            run("UPDATE jobs SET status = 'processing', attempts = 1, locked_by = 'one', started_at = now()")

        refreshed(world, result)
        assert (result.status, result.worker_ids) == (TaskResultStatus.RUNNING, ["one"])

    def test_of_a_coroutine_is_what_it_returned(self, world: World) -> None:
        result = asked(world, work.later, number=7)
        worked()

        expected = {"number": 7, "attempt": 1, "id": result.id}
        assert refreshed(world, result).return_value == expected

    def test_is_found_by_its_id(self, world: World) -> None:
        result = asked(world, work.add, 1)

        with acting(world.edith):
            assert default_task_backend.get_result(result.id) == result
            assert work.add.get_result(result.id) == result
            with pytest.raises(TaskResultMismatch):
                work.plain.get_result(result.id)

    @pytest.mark.parametrize("unknown", ["", "123", "x" * 100, str(UUID(int=9))])
    def test_does_not_exist_under_an_unknown_id(self, world: World, unknown: str) -> None:
        with acting(world.edith), pytest.raises(TaskResultDoesNotExist):
            default_task_backend.get_result(unknown)

    def test_does_not_exist_for_another_tenant(self, world: World) -> None:
        result = asked(world, work.add, 1)

        with acting(world.boris), pytest.raises(TaskResultDoesNotExist):
            default_task_backend.get_result(result.id)

    def test_is_there_without_its_arguments_once_they_are_forgotten(self, world: World) -> None:
        result = asked(world, work.add, 1)
        worked()
        run("UPDATE jobs SET completed_at = now() - interval '1 year'")
        with unit("worker"):
            upkeep.forget()

        with acting(world.edith):
            found = default_task_backend.get_result(result.id)
        assert (found.status, found.args, found.kwargs) == (TaskResultStatus.SUCCESSFUL, [], {})
        assert found.return_value is None
