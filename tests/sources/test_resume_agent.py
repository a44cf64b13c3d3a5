"""The resume agent's tasks: an owner's job, known by the owner's own key."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.refusals import AlreadyExists
from tests.calling import client_of
from tests.core.jobs.asking import ask, body
from tests.factories import World, acting
from tests.raw import every, one, refused, run

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


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("pending", "queued"),
        ("retry", "queued"),
        ("processing", "running"),
        ("completed", "completed"),
        ("failed", "failed"),
        ("dlq", "failed"),
        ("cancelled", "cancelled"),
    ],
)
def test_a_task_is_read_in_the_words_of_the_source(world: World, stored: str, shown: str) -> None:
    insert_task(world.acme.pk, world.grace.pk)
    run("UPDATE jobs SET status = %s, stage = 'drawing', attempts = 2, timeout_at = now()", stored)

    (task,) = every(
        "SELECT status, owner_user_id, task_type, stage, attempt_count, max_attempts, input_payload::text, "
        "timeout_at IS NOT NULL FROM tasks"
    )
    assert task == (shown, world.grace.pk, "export", "drawing", 2, 3, '{"sections": []}', True)


def test_a_task_is_read_by_its_owner_alone_and_a_job_of_nobodys_is_no_task(world: World) -> None:
    insert_task(world.acme.pk, world.grace.pk)
    run("INSERT INTO jobs (tenant_id, idempotency_key, job_type) VALUES (%s, 'k', 't')", world.acme.pk)

    seen = {}
    for who in (world.grace, world.alan, world.boris):
        with acting(who):
            seen[who] = one("SELECT count(*) FROM tasks")
    assert list(seen.values()) == [1, 0, 0]


def test_the_same_key_is_the_task_that_is_there(world: World) -> None:
    grace = client_of(world.grace)
    given = body(idempotency_key=KEY, owned=True)

    first, again = ask(grace, given), ask(grace, given)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["job_id"] == again.json()["job_id"] == str(one("SELECT id FROM tasks"))


def test_an_owners_key_is_used_once_whatever_the_type(world: World) -> None:
    insert_task(world.acme.pk, world.grace.pk)

    with refused("uq_jobs_owner_key", AlreadyExists):
        insert_task(world.acme.pk, world.grace.pk, "optimize_all")


def test_two_owners_may_use_the_same_key(world: World) -> None:
    insert_task(world.acme.pk, world.grace.pk)

    assert insert_task(world.acme.pk, world.alan.pk) == 1
