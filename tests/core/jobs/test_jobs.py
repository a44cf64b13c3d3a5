"""A job is named once by its type and key, and every default stands in the database."""

from __future__ import annotations

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
    assert (job.payload, job.result, job.next_attempt_at, job.completed_at) == ({}, None, None, None)
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
    with refused("job_attempts_are_1_to_20", NotAccepted):
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
@pytest.mark.parametrize(
    "statement", [MINIMAL, "UPDATE jobs SET status = 'completed'", "DELETE FROM jobs", "TRUNCATE jobs"]
)
def test_no_role_writes_jobs_before_there_is_an_engine(role: str, statement: str) -> None:
    with unit(role), denied("jobs"):
        run(statement)
