"""Jobs behind the Django Tasks API keep what that package asks of a backend."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import async_to_sync
from django_tasks import TaskResult, TaskResultStatus, default_task_backend, task_backends
from django_tasks.base import Task
from django_tasks.exceptions import InvalidTaskError, TaskResultDoesNotExist, TaskResultMismatch
from django_tasks.signals import task_enqueued, task_finished, task_started

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

LATER = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_a_unit(world: World) -> Iterator[None]:
    with acting(world.edith):
        yield


def asked(world: World, task: Task[Any, Any], *args: Any, **kwargs: Any) -> TaskResult[Any]:
    with acting(world.edith):
        return task.enqueue(*args, **kwargs)


def worked() -> None:
    Worker(["default", "slow"], threads=1, name=new_name()).once()


class TestEnqueueing:
    def test_is_by_the_backend_of_the_settings(self) -> None:
        assert isinstance(task_backends["default"], JobsBackend)
        assert work.add.get_backend() is task_backends["default"]
        assert default_task_backend.supports_get_result
        assert default_task_backend.supports_defer
        assert default_task_backend.supports_async_task
        assert not default_task_backend.supports_priority
