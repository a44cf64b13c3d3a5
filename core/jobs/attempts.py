"""One attempt: the handler and the end of its job in one transaction, and every way it goes wrong."""

from __future__ import annotations

import ctypes
import json
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.db import Error as DatabaseFailure
from django.db import connection
from django_tasks.base import TaskContext, TaskResult, TaskResultStatus
from psycopg.pq import TransactionStatus

from core.database.unit import unit
from core.jobs import claims, handlers
from core.jobs.claims import Claimed
from core.jobs.handlers import LARGEST_PAYLOAD, Handler
from core.jobs.refusals import (
    JobIsCancelled,
    JobTypeIsUnknown,
    LeaseIsLost,
    ResultIsNotJson,
    TimeLimitIsReached,
    TransactionIsTheUnits,
)
from core.refusals import Refusal

logger = logging.getLogger("xmarket.jobs")
# it is delivered at the thread's next step
DELIVERED_WITHIN = 0.1
TOO_MANY_REQUESTS = 429
SERVER_FAULT = 500
# what no further attempt would change, though it is nobody's refusal
HOPELESS = (ResultIsNotJson, TransactionIsTheUnits)
# a worker of an older release may not know the type that a newer one asked for
PASSING = (TimeLimitIsReached, LeaseIsLost, JobTypeIsUnknown)


class Interrupted(BaseException):
    """Raised inside a handler that has to stop; no `except Exception` holds it up."""


class Stopping(Refusal):
    """The worker is asked to stop: whoever has the job next begins it anew."""

    code = "worker_is_stopping"
    status = 503
    hint = "Nothing: the job was given back."


class Watch:
    """The attempt that a thread is at, as the other threads see it: how far it is, and a way to stop it.

    :ivar deadline: by `time.monotonic`.
    :ivar told: the progress that was written down.
    """

    def __init__(self, job: Claimed, seconds: float) -> None:
        self.job = job
        self.deadline = time.monotonic() + seconds
        self.progress: tuple[int | None, str | None] | None = None
        self.told: tuple[int | None, str | None] | None = None
        self.why: type[Refusal] | None = None
        self._thread = threading.get_ident()
        self._lock = threading.Lock()
        self._is_armed = True
        # the handler's own: a statement that never ends is cancelled with it
        self._connection = connection.connection

    def stop(self, why: type[Refusal]) -> None:
        """Interrupt the handler, once; what it waits for in the database is cancelled."""
        with self._lock:
            if not self._is_armed or self.why is not None:
                return
            self.why = why
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(self._thread), ctypes.py_object(Interrupted)
            )
        if self._connection is not None and not self._connection.closed:
            self._connection.cancel_safe(timeout=1.0)

    def disarm(self) -> None:
        """From here on nothing interrupts; what was on its way arrives here.

        :raises Interrupted: also where the handler held it up.
        """
        with self._lock:
            self._is_armed = False
        if self.why is not None:
            until = time.monotonic() + DELIVERED_WITHIN
            while time.monotonic() < until:
                time.sleep(0)
            raise Interrupted


class Context(TaskContext):
    """What a handler that takes a context is given: what django-tasks gives, and more.

    :ivar job: the attempt: its ids, its tenant, its owner.
    """

    def __init__(self, job: Claimed, watch: Watch) -> None:
        super().__init__(task_result=_described(job, handlers.handler_of(job.job_type)))
        # what it inherits from is frozen
        object.__setattr__(self, "job", job)
        object.__setattr__(self, "watch", watch)

    job: Claimed
    watch: Watch

    def tell(self, progress: int | None = None, stage: str | None = None) -> None:
        """Say how far the work is; it is seen while the work goes on.

        :param progress: 0 to 100.
        :param stage: a word for what is being done, at most 64 characters.
        """
        clamped = None if progress is None else min(100, max(0, int(progress)))
        self.watch.progress = (clamped, stage and stage[:64])


def of(context: TaskContext) -> Context:
    """What a handler is given, as what it is here.

    :raises TypeError: where the handler runs in another backend.
    """
    if not isinstance(context, Context):
        raise TypeError(f"{context.task_result.task.module_path} runs in another backend.")
    return context


def attempt(job: Claimed, watching: Callable[[Watch | None], None]) -> str:
    """Do the work of one claimed job, whole or not at all, and say what became of the job.

    :param watching: told of the attempt's watch, and None when it is over.
    :returns: the state of the job, `lost` where another has it, or `given back`.
    """
    known = handlers.every().get(job.job_type)
    try:
        handler = handlers.handler_of(job.job_type)
        with unit("worker", tenant=job.tenant_id, correlation_id=job.trace_id, job=job.job_id):
            watch = Watch(job, handler.time_limit)
            watching(watch)
            claims.complete(job, _handled(handler, job, watch), and_commit=True)
    except LeaseIsLost:
        return _ended_by_the_handler(job, known)
    except (KeyboardInterrupt, MemoryError):
        raise
    except BaseException as error:  # noqa: BLE001 - also what is no Exception, such as SystemExit
        return _failed(job, known, error)
    finally:
        watching(None)
    return "completed"


def _described(job: Claimed, handler: Handler[Any, Any]) -> TaskResult[Any]:
    args, kwargs = handler.arguments(job.payload)
    return TaskResult(
        task=handler,
        id=str(job.job_id),
        status=TaskResultStatus.RUNNING,
        enqueued_at=job.created_at,
        started_at=job.started_at,
        finished_at=None,
        last_attempted_at=job.started_at,
        args=args,
        kwargs=kwargs,
        backend=handler.backend,
        errors=[],
        worker_ids=[job.worker] * job.attempts,
    )


def _handled(handler: Handler[Any, Any], job: Claimed, watch: Watch) -> Any:
    blocks = len(connection.atomic_blocks)
    try:
        args, kwargs = handler.arguments(job.payload)
        given = (Context(job, watch), *args) if handler.takes_context else tuple(args)
        result = handler.call(*given, **kwargs)
        watch.disarm()
    except Interrupted:
        why = watch.why or Stopping
        raise why from None
    except BaseException as error:
        with suppress(Interrupted):
            watch.disarm()
        if watch.why is not None:
            # what it says on its way out, such as a statement that was cancelled, is not why it ended
            raise watch.why from error
        raise
    finally:
        _unwind(blocks)
    return _written(result)


def _unwind(blocks: int) -> None:
    """Roll back what the handler began and did not end.

    :raises TransactionIsTheUnits: where there was any, or the transaction is over that the handler was given.
    """
    left = TransactionIsTheUnits()
    is_over = connection.connection.info.transaction_status == TransactionStatus.IDLE
    while len(connection.atomic_blocks) > blocks:
        is_over = True
        connection.atomic_blocks[-1].__exit__(type(left), left, None)
    if is_over:
        raise left


def _written(result: Any) -> Any:
    try:
        written = json.dumps(result, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ResultIsNotJson(detail=f"The result cannot be written as JSON: {error}.") from None
    if len(written) > LARGEST_PAYLOAD or r"\u0000" in written:
        raise ResultIsNotJson(detail=f"The result has {len(written)} characters, or the character NUL.")
    return result


def _failed(job: Claimed, known: Handler[Any, Any] | None, error: BaseException) -> str:
    _forget_the_connection()
    if isinstance(error, Stopping):
        with unit("worker", tenant=job.tenant_id):
            claims.give_back(job)
        return "given back"
    last = _last_word(error)
    extra = {"job_id": str(job.job_id), "job_type": job.job_type, "attempt": job.attempts}
    logger.warning("%s", claims.message_of(error), extra=extra, exc_info=None if last else error)
    with unit("worker", tenant=job.tenant_id, correlation_id=job.trace_id):
        became = claims.fail(job, error, last=last, backoff=known.backoff if known else 60.0)
    return became or "lost"


def _last_word(error: BaseException) -> str:
    """The state in which a job ends that no further attempt would help; empty where one might."""
    if isinstance(error, JobIsCancelled):
        return "cancelled"
    if isinstance(error, HOPELESS):
        return "failed"
    if not isinstance(error, Refusal) or isinstance(error, PASSING):
        return ""
    return "" if error.status == TOO_MANY_REQUESTS or error.status >= SERVER_FAULT else "failed"


def _ended_by_the_handler(job: Claimed, known: Handler[Any, Any] | None) -> str:
    _forget_the_connection()
    with unit("worker", tenant=job.tenant_id, correlation_id=job.trace_id):
        # still ours, and yet not completed: the handler's own COMMIT took the attempt's setting with it
        became = claims.fail(job, TransactionIsTheUnits(), last="failed")
    return became or "lost"


def _forget_the_connection() -> None:
    # whatever the handler left in it goes with it
    if connection.in_atomic_block:
        return
    try:
        connection.close()
    except DatabaseFailure:
        connection.connection = None
