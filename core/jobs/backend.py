"""The Django Tasks API over the table `jobs`: `@task`, `.enqueue()`, and results (django-tasks)."""

from __future__ import annotations

import builtins
from typing import Any
from uuid import UUID

from django_tasks.backends.base import BaseTaskBackend
from django_tasks.base import Task, TaskError, TaskResult, TaskResultStatus
from django_tasks.exceptions import TaskResultDoesNotExist
from django_tasks.signals import task_enqueued

from core.jobs import handlers
from core.jobs.handlers import Handler, handler_of
from core.jobs.models import Job
from core.jobs.queue import Wanted, enqueue

STATUS = {
    "pending": TaskResultStatus.READY,
    "retry": TaskResultStatus.READY,
    "processing": TaskResultStatus.RUNNING,
    "completed": TaskResultStatus.SUCCESSFUL,
    "failed": TaskResultStatus.FAILED,
    "dlq": TaskResultStatus.FAILED,
    "cancelled": TaskResultStatus.FAILED,
}


class JobsBackend(BaseTaskBackend):
    """Puts tasks into the table `jobs`, in the unit that is open.

    A task runs once that unit is committed. There are lanes instead of priorities.
    """

    task_class = Handler
    supports_defer = True
    supports_async_task = True
    supports_get_result = True
    supports_priority = False

    def enqueue(self, task: Task[Any, Any], args: Any, kwargs: Any) -> TaskResult[Any]:
        """Ask for the work, under a key of its own.

        :raises OutsideUnit: where no unit is open.
        """
        self.validate_task(task)
        handler = handlers.of(task)
        job, _ = enqueue(handler, handler.payload(tuple(args), kwargs), Wanted(run_after=task.run_after))
        result = _result(Job.objects.get(pk=job.pk), task, self.alias)
        task_enqueued.send(type(self), task_result=result)
        return result

    def get_result(self, result_id: str) -> TaskResult[Any]:
        """Find a job of this unit's tenant.

        :raises TaskResultDoesNotExist: where there is none of this id.
        """
        try:
            job = Job.objects.get(pk=UUID(result_id))
        except (Job.DoesNotExist, ValueError):
            raise TaskResultDoesNotExist(result_id) from None
        return _result(job, handler_of(job.job_type), self.alias)


def _result(job: Job, task: Task[Any, Any], alias: str) -> TaskResult[Any]:
    # of a job that was forgotten nobody knows what it was asked
    is_forgotten = job.completed_at is not None and not job.payload
    args, kwargs = ([], {}) if is_forgotten else handlers.of(task).arguments(job.payload)
    result: TaskResult[Any] = TaskResult(
        task=task,
        id=str(job.pk),
        status=STATUS[job.status],
        enqueued_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.completed_at,
        last_attempted_at=job.started_at,
        args=args,
        kwargs=kwargs,
        backend=alias,
        errors=_errors(job),
        worker_ids=[job.locked_by or "unknown"] * job.attempts,
    )
    object.__setattr__(result, "_return_value", job.result)
    return result


def _errors(job: Job) -> list[TaskError]:
    if not job.error_message:
        return []
    # the row keeps one line of the last error, which begins with its class; its traceback stands in the log
    name = job.error_message.partition(":")[0]
    known = getattr(builtins, name, None)
    is_builtin = isinstance(known, type) and issubclass(known, BaseException)
    path = f"builtins.{name if is_builtin else 'Exception'}"
    return [TaskError(exception_class_path=path, traceback=job.error_message)]
