"""Which job is begun, when, and by how many at once; and what becomes of lost ones."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

from core.access.switches import JOBS_MODE, turn
from core.database.unit import unit
from core.jobs import claims, upkeep
from core.jobs.claims import Claimed, claim
from core.jobs.models import Job
from core.jobs.queue import Wanted, bulk_enqueue, cancel, enqueue
from core.jobs.worker import Pace, Worker, new_name
from tests.core.jobs import work
from tests.core.jobs.fleet import asked_often, until
from tests.factories import World, acting
from tests.raw import every, one, run

NOBODY = UUID(int=0)


def taken(*lanes: str, after: UUID = NOBODY, lease: float = 60.0) -> list[Claimed]:
    with unit("worker"):
        return claim(lanes or ["default"], "one", lease=lease, after=after)


def asked(world: World, number: int = 1, **wanted: Any) -> list[Job]:
    with acting(world.edith):
        return [
            enqueue(
                work.add.using(queue_name=wanted.get("lane", "default")),
                {"left": left},
                Wanted(run_after=wanted.get("run_after")),
            )[0]
            for left in range(number)
        ]


@contextmanager
def at_once(workers: int, threads: int = 1, **pace: float) -> Iterator[None]:
    """Workers of this process, each as it is in a process of its own."""
    is_over = threading.Event()

    def work_on() -> None:
        try:
            Worker(["default"], threads=threads, name=new_name(), pace=Pace(**pace)).run(is_over.is_set)
        finally:
            connections.close_all()

    running = [threading.Thread(target=work_on) for _ in range(workers)]
    for each in running:
        each.start()
    try:
        yield
    finally:
        is_over.set()
        for each in running:
            each.join(30)


@pytest.mark.django_db
class TestAClaim:
    def test_takes_the_lanes_in_the_order_they_are_named(self, world: World) -> None:
        asked(world, lane="slow")
        (urgent,) = asked(world, lane="urgent")

        assert [job.job_id for job in taken("urgent", "slow")] == [urgent.pk]
        assert len(taken("urgent", "slow")) == 1
        assert taken("urgent", "slow") == []

    def test_leaves_other_lanes_alone(self, world: World) -> None:
        asked(world, lane="slow")

        assert taken() == []

    def test_takes_the_oldest_first(self, world: World) -> None:
        jobs = asked(world, 3)

        assert [taken()[0].job_id for _ in jobs] == [job.pk for job in jobs]

    def test_waits_for_its_time(self, world: World) -> None:
        asked(world, run_after=datetime.now(UTC) + timedelta(seconds=60))

        assert taken() == []

    def test_takes_several_of_a_type_that_is_shorter_than_a_claim(self, world: World) -> None:
        with acting(world.edith):
            bulk_enqueue(work.nothing, [(str(number), {}) for number in range(60)])

        assert [len(taken()), len(taken()), len(taken())] == [50, 10, 0]

    def test_by_its_id_takes_that_job_and_no_other_and_once(self, world: World) -> None:
        first, second = asked(world, 2)
        with unit("worker"):
            found = [claims.claim_one(second.pk, "one", lease=60) for _ in range(2)]

        assert [job and job.job_id for job in found] == [second.pk, None]
        assert Job.objects.get(pk=first.pk).attempts == 0

    @pytest.mark.parametrize("where", ["everywhere", "tenant"])
    def test_takes_nothing_while_jobs_are_paused(self, world: World, where: str) -> None:
        (job,) = asked(world)
        paused = {"name": JOBS_MODE, "tenant": world.acme if where == "tenant" else None, "by": None}
        with unit("platform", tenant=world.acme.pk):
            turn("paused", reason="Something is wrong.", **paused)  # type: ignore[arg-type]

        assert taken() == []
        with unit("worker"):
            assert claims.claim_one(job.pk, "one", lease=60) is None

        with unit("platform", tenant=world.acme.pk):
            turn("enabled", reason="It is well again.", **paused)  # type: ignore[arg-type]
        assert len(taken()) == 1

    def test_takes_other_tenants_jobs_while_one_tenant_is_paused(self, world: World) -> None:
        asked(world)
        with acting(world.boris):
            other = enqueue(work.add, {"left": 1})[0]
        with unit("platform", tenant=world.acme.pk):
            turn("paused", tenant=world.acme, by=None, reason="Something is wrong.", name=JOBS_MODE)

        assert [job.job_id for job in taken() + taken()] == [other.pk]

    @pytest.mark.parametrize("workers", [1, 4])
    def test_serves_a_small_tenant_beside_a_large_one(self, world: World, workers: int) -> None:
        with acting(world.edith):
            bulk_enqueue(work.add, [(str(number), {"left": number}) for number in range(1000)])
        with acting(world.boris):
            small = enqueue(work.add, {"left": 1})[0]
        served = [UUID(int=number) for number in range(workers)]

        claimed = []
        for number in range(10):
            (job,) = taken(after=served[number % workers])
            served[number % workers] = job.tenant_id
            claimed.append(job.job_id)

        assert small.pk in claimed


class TestManyAtOnce:
    def test_never_do_more_of_a_key_than_its_type_allows(self, committing_db: str) -> None:
        asked_often(work.pair, [{"key": "ab"[number % 2]} for number in range(40)])

        with at_once(3, threads=3, poll=0.05):
            until(lambda: one("SELECT count(*) FROM jobs WHERE status = 'completed'") == 40)

        ways = every(
            "SELECT j.concurrency_key, e.created_at, j.completed_at FROM jobs j "
            "JOIN job_events e ON e.job_id = j.job_id AND e.event_type = 'began'"
        )
        assert len(ways) == 40
        assert {key for key, *_ in ways} == {"test:pair:a", "test:pair:b"}
        assert most_at_once(ways, "test:pair:a") == most_at_once(ways, "test:pair:b") == 2

    def test_begin_no_more_of_a_type_than_its_rate(self, committing_db: str) -> None:
        asked_often(work.often, [{} for _ in range(12)])

        with at_once(2, threads=2, poll=0.02):
            until(lambda: one("SELECT count(*) FROM jobs WHERE status = 'completed'") == 12)

        gaps = every(
            "SELECT extract(epoch FROM max(created_at) - min(created_at)) FROM job_events WHERE event_type = 'began'"
        )
        # eleven steps of a tenth of a second
        assert float(str(gaps[0][0])) > 1.0

    def test_do_each_job_once(self, committing_db: str) -> None:
        asked_often(work.note, [{"text": "effect"} for _ in range(200)])

        with at_once(4, threads=2):
            until(lambda: one("SELECT count(*) FROM jobs WHERE status = 'completed'") == 200)

        assert one("SELECT count(*) FROM job_events WHERE event_type = 'effect'") == 200
        assert one("SELECT max(attempts) FROM jobs") == 1


def most_at_once(ways: list[tuple[Any, ...]], key: str) -> int:
    steps = sorted(
        [(began, 1) for name, began, _ in ways if name == key]
        + [(end, -1) for name, _, end in ways if name == key]
    )
    most = now = 0
    for _, step in steps:
        now += step
        most = max(most, now)
    return most


@pytest.mark.django_db
class TestWhatGoesWrongInTheDatabase:
    def test_an_expired_lease_is_taken_back_and_its_worker_hears_of_it(self, world: World) -> None:
        (job,) = asked(world)
        (mine,) = taken(lease=-1)

        assert upkeep_in_a_unit() == "1 jobs of workers that stopped were taken back"

        left = Job.objects.get(pk=job.pk)
        assert (left.status, left.attempts) == ("retry", 1)
        with unit("worker"):
            assert claims.beat([mine], mine.worker, lease=60) == {}
        with unit("worker", tenant=mine.tenant_id):
            assert claims.fail(mine, ValueError()) is None

    def test_a_lease_that_is_not_over_is_left(self, world: World) -> None:
        asked(world)
        taken()

        assert upkeep_in_a_unit() is None

    def test_a_job_that_was_asked_to_stop_does_not_come_again(self, world: World) -> None:
        (job,) = asked(world)
        taken(lease=-1)
        with acting(world.grace, "staff"):
            cancel(job.pk, by=world.grace, reason="Not needed any more.")

        upkeep_in_a_unit()

        left = Job.objects.get(pk=job.pk)
        assert (left.status, bool(left.completed_at)) == ("cancelled", True)

    def test_a_source_that_sets_no_lease_has_two_minutes(self, world: World) -> None:
        old = "now() - interval '3 minutes'"
        for key, since in (("old", old), ("new", "now()")):
            run(
                "INSERT INTO jobs (tenant_id, idempotency_key, job_type, status, updated_at) "
                f"VALUES (%s, %s, 'test:add', 'processing', {since})",
                world.acme.pk,
                key,
            )

        upkeep_in_a_unit()

        kept = "SELECT idempotency_key, status FROM jobs ORDER BY 1"
        assert every(kept) == [("new", "processing"), ("old", "retry")]


def upkeep_in_a_unit() -> str | None:
    with unit("worker"):
        return upkeep.reap()
