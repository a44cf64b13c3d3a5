"""A job is named once by its type and key, and every default stands in the database."""

from __future__ import annotations

import json
from contextlib import nullcontext
from itertools import product
from uuid import UUID

import pytest

from core.access.models import PLATFORM_TENANT_ID
from core.database import seeds
from core.database.unit import unit
from core.jobs.models import STATUSES, Job
from core.refusals import AlreadyExists, NotAccepted, UnknownReference
from tests.factories import World
from tests.raw import RUNTIME, denied, refused, run

pytestmark = pytest.mark.django_db

MINIMAL = "INSERT INTO jobs (idempotency_key, job_type) VALUES ('k-1', 'fetch')"
OWNED = "INSERT INTO jobs (tenant_id, owner_id, idempotency_key, job_type) VALUES (%s, %s, %s, %s)"


@pytest.fixture(autouse=True)
def _platform() -> None:
    seeds.load("default")


def test_a_job_of_the_source_gets_the_rest_from_the_database() -> None:
    run(MINIMAL)

    job = Job.objects.get()
    assert (job.tenant_id, job.status, job.attempts, job.max_attempts) == (
        PLATFORM_TENANT_ID,
        "pending",
        0,
        5,
    )
    assert (job.payload, job.result, job.completed_at, job.lane) == ({}, None, None, "default")
    # due at once, also where nobody said when
    assert job.next_attempt_at == job.created_at
    assert job.pk.version == 7


def test_a_key_names_one_job_of_its_type() -> None:
    run(MINIMAL)

    with refused("uq_jobs_type_key", AlreadyExists):
        run(MINIMAL)


def test_a_key_may_name_a_job_of_another_type() -> None:
    run(MINIMAL)

    run("INSERT INTO jobs (idempotency_key, job_type) VALUES ('k-1', 'export')")

    assert Job.objects.count() == 2


def test_a_key_may_name_a_job_of_another_tenant(world: World) -> None:
    for tenant in (world.acme, world.beta):
        run("INSERT INTO jobs (tenant_id, idempotency_key, job_type) VALUES (%s, 'k-1', 'fetch')", tenant.pk)

    assert Job.objects.count() == 2


def test_a_key_names_one_job_of_its_owner_whatever_the_type(world: World) -> None:
    run(OWNED, world.acme.pk, world.edith.pk, "k-1", "fetch")

    with refused("uq_jobs_owner_key", AlreadyExists):
        run(OWNED, world.acme.pk, world.edith.pk, "k-1", "export")


def test_a_key_may_name_a_job_of_another_owner(world: World) -> None:
    run(OWNED, world.acme.pk, world.edith.pk, "k-1", "fetch")

    run(OWNED, world.acme.pk, world.grace.pk, "k-1", "fetch")

    assert Job.objects.count() == 2


def test_an_owner_is_of_the_jobs_tenant(world: World) -> None:
    with refused("job_has_a_known_owner", UnknownReference):
        run(OWNED, world.acme.pk, world.boris.pk, "k-1", "fetch")


def test_a_job_belongs_to_a_known_tenant() -> None:
    with refused("job_has_a_known_tenant", UnknownReference):
        run("INSERT INTO jobs (tenant_id, idempotency_key, job_type) VALUES (%s, 'k', 't')", UUID(int=9))


@pytest.mark.parametrize("status", STATUSES)
def test_a_job_may_be_in_each_known_status(status: str) -> None:
    run("INSERT INTO jobs (idempotency_key, job_type, status) VALUES ('k', 't', %s)", status)

    assert Job.objects.get().status == status


def test_a_job_is_in_no_other_status() -> None:
    with refused("job_status_is_known", NotAccepted):
        run("INSERT INTO jobs (idempotency_key, job_type, status) VALUES ('k', 't', 'queued')")


@pytest.mark.parametrize("attempts", [0, 21, -1])
def test_a_job_is_tried_1_to_20_times(attempts: int) -> None:
    with refused("job_attempts_are_1_to_20"):
        run("INSERT INTO jobs (idempotency_key, job_type, max_attempts) VALUES ('k', 't', %s)", attempts)


@pytest.mark.parametrize("attempts", [1, 20])
def test_a_job_may_be_tried_1_to_20_times(attempts: int) -> None:
    run("INSERT INTO jobs (idempotency_key, job_type, max_attempts) VALUES ('k', 't', %s)", attempts)

    assert Job.objects.get().max_attempts == attempts


def test_a_job_knows_when_it_changed() -> None:
    run(MINIMAL)

    run("UPDATE jobs SET updated_at = '2000-01-01', status = 'completed'")

    assert Job.objects.get().updated_at.year > 2000


@pytest.mark.parametrize("role", RUNTIME)
@pytest.mark.parametrize("statement", ["DELETE FROM jobs", "TRUNCATE jobs", "DELETE FROM job_events"])
def test_no_role_removes_a_job(role: str, statement: str) -> None:
    with unit(role), denied("job"):
        run(statement)


@pytest.mark.parametrize("role", ["api", "staff", "platform"])
@pytest.mark.parametrize(
    "change",
    [
        "attempts = 0",
        "result = '1'",
        "payload = '{}'",
        "locked_by = 'me'",
        "lease_until = now()",
        "job_type = 'x'",
    ],
)
def test_only_a_worker_says_what_became_of_a_job(role: str, change: str) -> None:
    with unit(role), denied("jobs"):
        run(f"UPDATE jobs SET {change}")


@pytest.mark.parametrize("role", ["api", "staff", "platform", "worker"])
@pytest.mark.parametrize(
    "column", ["job_type", "idempotency_key", "tenant_id", "owner_id", "requested_by", "created_at"]
)
def test_nobody_makes_another_job_of_one(role: str, column: str) -> None:
    with unit(role), denied("jobs"):
        run(f"UPDATE jobs SET {column} = {column}")


MAY: dict[str, set[tuple[str, str]]] = {
    "worker": {
        ("pending", "processing"),
        ("retry", "processing"),
        *(("processing", state) for state in ("completed", "retry", "failed", "dlq", "cancelled", "pending")),
    },
    "api": {("pending", "cancelled"), ("retry", "cancelled")},
    "staff": {
        ("pending", "cancelled"),
        ("retry", "cancelled"),
        *((state, "pending") for state in ("retry", "failed", "dlq", "cancelled")),
    },
}


@pytest.mark.parametrize("role", MAY)
def test_the_database_lets_a_job_move_only_as_it_may(world: World, role: str) -> None:
    for before, after in product(STATUSES, STATUSES):
        run("DELETE FROM jobs")
        run(
            "INSERT INTO jobs (tenant_id, idempotency_key, job_type, status) VALUES (%s, 'k', 't', %s)",
            world.acme.pk,
            before,
        )
        is_allowed = before == after or (before, after) in MAY[role]
        with (
            unit(role, tenant=world.acme.pk),
            nullcontext() if is_allowed else refused("job_moves_as_it_may"),
        ):
            run("UPDATE jobs SET status = %s", after)


def test_a_job_driven_again_begins_anew_whatever_else_is_said(world: World) -> None:
    run(
        "INSERT INTO jobs (tenant_id, idempotency_key, job_type, status, attempts, completed_at) "
        "VALUES (%s, 'k', 't', 'dlq', 5, now())",
        world.acme.pk,
    )
    with unit("staff", tenant=world.acme.pk):
        run("UPDATE jobs SET status = 'pending'")

    job = Job.objects.get()
    assert (job.attempts, job.completed_at) == (0, None)


@pytest.mark.parametrize("status", ["pending", "processing", "completed"])
def test_a_payload_stays_until_all_of_it_is_forgotten(world: World, status: str) -> None:
    run(
        "INSERT INTO jobs (tenant_id, idempotency_key, job_type, payload, status, completed_at) "
        "VALUES (%s, 'k', 't', '{\"a\": 1}', %s, CASE %s WHEN 'completed' THEN now() END)",
        world.acme.pk,
        status,
        status,
    )
    with unit("worker", tenant=world.acme.pk), refused("job_payload_stays"):
        run("UPDATE jobs SET payload = '{\"a\": 2}'")
    with (
        unit("worker", tenant=world.acme.pk),
        nullcontext() if status == "completed" else refused("job_payload_stays"),
    ):
        run("UPDATE jobs SET payload = '{}'")


def test_a_payload_is_small() -> None:
    with refused("job_payload_is_small"):
        run(
            "INSERT INTO jobs (idempotency_key, job_type, payload) VALUES ('k', 't', %s)",
            json.dumps({"a": "x" * 70_000}),
        )


def test_whoever_waits_has_a_time() -> None:
    with refused("waiting_job_has_a_time", NotAccepted):
        run("INSERT INTO jobs (idempotency_key, job_type, next_attempt_at) VALUES ('k', 't', NULL)")


@pytest.mark.parametrize("progress", [-1, 101])
def test_progress_is_a_percentage(progress: int) -> None:
    with refused("job_progress_is_a_percentage", NotAccepted):
        run("INSERT INTO jobs (idempotency_key, job_type, progress) VALUES ('k', 't', %s)", progress)
