"""The resume agent's tasks: an owner's job, known by the owner's own key."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.refusals import AlreadyExists
from tests.factories import World
from tests.raw import every, refused, run

pytestmark = pytest.mark.django_db

KEY = "6f0f7a52-6d2b-4c3e-9a53-0f7a1f2f9a11"


def insert_task(tenant: UUID, owner: UUID, task_type: str = "export") -> int:
    return run(
        "INSERT INTO jobs (tenant_id, owner_id, idempotency_key, job_type, payload, max_attempts) "
        "VALUES (%s, %s, %s, %s, '{\"sections\": []}', 3)",
        tenant,
        owner,
        KEY,
        task_type,
    )


def test_a_task_waits_with_its_owner_and_its_input(world: World) -> None:
    insert_task(world.acme.pk, world.grace.pk)

    (found,) = every("SELECT owner_id, status, attempts, max_attempts FROM jobs")
    assert found == (world.grace.pk, "pending", 0, 3)


def test_an_owners_key_is_used_once_whatever_the_type(world: World) -> None:
    insert_task(world.acme.pk, world.grace.pk)

    with refused("uq_jobs_owner_key", AlreadyExists):
        insert_task(world.acme.pk, world.grace.pk, "optimize_all")


def test_two_owners_may_use_the_same_key(world: World) -> None:
    insert_task(world.acme.pk, world.grace.pk)

    assert insert_task(world.acme.pk, world.alan.pk) == 1
