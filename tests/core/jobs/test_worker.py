"""Which job is begun, when, and by how many at once; and what is done by the clock beside."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections

from core.access.models import PLATFORM_TENANT_ID
from core.access.switches import JOBS_MODE, turn
from core.database.unit import unit
from core.jobs import claims, schedules, services, upkeep
from core.jobs.claims import Claimed, claim
from core.jobs.models import Job
from core.jobs.queue import Wanted, bulk_enqueue, cancel, enqueue
from core.jobs.refusals import JobDiffers
from core.jobs.worker import Pace, Worker, new_name
from tests.core.jobs import work
from tests.core.jobs.fleet import asked_often, until
from tests.factories import World, acting
from tests.raw import every, one, run

NOBODY = UUID(int=0)
NOON = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)


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


def worked(*lanes: str) -> dict[str, int]:
    worker = Worker(lanes or ["default"], threads=1, name=new_name())
    worker.once()
    return dict(worker.outcomes)


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


@pytest.mark.django_db
class TestRetention:
    def test_forgets_what_ended_long_ago_and_keeps_its_name(self, world: World) -> None:
        with acting(world.edith):
            job = enqueue(work.add, {"left": 1}, Wanted(key="k"))[0]
            enqueue(work.add, {"left": 2}, Wanted(key="recent"))
        worked()
        run("UPDATE jobs SET completed_at = now() - interval '31 days' WHERE idempotency_key = 'k'")

        with unit("worker"):
            assert upkeep.forget() == 1
            assert upkeep.forget() == 0

        kept = Job.objects.get(pk=job.pk)
        assert (kept.payload, kept.result, kept.status) == ({}, None, "completed")
        with acting(world.edith):
            assert enqueue(work.add, {"left": 1}, Wanted(key="k"))[1] is False
            with pytest.raises(JobDiffers):
                enqueue(work.add, {"left": 3}, Wanted(key="k"))

    def test_is_a_job_of_its_own_every_night(self) -> None:
        assert [each.cron for each in schedules.every() if each.name == "jobs:forget"] == ["17 3 * * *"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No schedule but those of the test."""
    monkeypatch.setattr(schedules, "_known", {})


@pytest.mark.django_db
@pytest.mark.usefixtures("clock", "world")
class TestASchedule:
    def tick(self, now: datetime) -> str | None:
        with unit("worker"):
            return schedules.tick(now)

    def keys(self) -> list[object]:
        return [key for (key,) in every("SELECT idempotency_key FROM jobs ORDER BY 1")]

    def test_asks_for_each_tick_once_however_many_look(self) -> None:
        schedules.schedule("noon", "0 12 * * *", work.nothing)

        said = [self.tick(NOON), self.tick(NOON), self.tick(NOON + timedelta(seconds=1))]

        assert said == ["noon", None, None]
        assert self.keys() == ["noon@2026-11-20T12:00:00Z"]
        assert Job.objects.get().tenant_id == PLATFORM_TENANT_ID

    def test_asks_again_at_the_next_tick(self) -> None:
        schedules.schedule("often", "* * * * *", work.nothing)

        for minutes in (0, 1, 2):
            self.tick(NOON + timedelta(minutes=minutes))

        assert len(self.keys()) == 3

    def test_makes_up_for_the_last_tick_that_nobody_saw(self) -> None:
        schedules.schedule("often", "*/10 * * * *", work.nothing)

        # nobody was there for an hour and a half
        self.tick(NOON - timedelta(minutes=90))
        self.tick(NOON)

        assert self.keys() == ["often@2026-11-20T10:30:00Z", "often@2026-11-20T12:00:00Z"]

    def test_does_not_make_up_for_what_is_too_long_ago(self) -> None:
        schedules.schedule("night", "0 3 * * *", work.nothing, catch_up=timedelta(hours=1))

        assert self.tick(NOON) is None
        assert self.keys() == []

    def test_reads_the_clock_of_its_zone(self) -> None:
        schedules.schedule(
            "noon", "0 12 * * *", work.nothing, zone="Europe/Berlin", catch_up=timedelta(hours=2)
        )

        self.tick(NOON)

        assert self.keys() == ["noon@2026-11-20T11:00:00Z"]

    @pytest.mark.parametrize("cron", ["", "noon", "61 * * * *", "* * * *", "0 0 31 2 *"])
    def test_is_refused_where_cron_does_not_know_the_expression(self, cron: str) -> None:
        with pytest.raises(ValueError, match="is no cron expression"):
            schedules.schedule("bad", cron, work.nothing)

        assert schedules.every() == []


class TestTwoKeepers:
    def test_ask_for_a_tick_once(self, committing_db: str, clock: None) -> None:
        schedules.schedule("noon", "0 12 * * *", work.nothing)
        together = threading.Barrier(4, timeout=30)
        said: list[str | None] = []

        def look() -> None:
            try:
                for minute in range(10):
                    together.wait()
                    with unit("worker"):
                        said.append(schedules.tick(NOON + timedelta(days=minute)))
            finally:
                connections.close_all()

        keepers = [threading.Thread(target=look) for _ in range(4)]
        for keeper in keepers:
            keeper.start()
        for keeper in keepers:
            keeper.join(30)

        assert (said.count("noon"), len(said)) == (10, 40)
        assert one("SELECT count(*) FROM jobs") == 10

    def test_go_on_with_the_other_services_where_one_fails(
        self, committing_db: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(services, "_known", {})
        seen = {"broken": 0, "sound": 0}
        enough = threading.Event()

        def fail() -> None:
            seen["broken"] += 1
            with connection.cursor() as cursor:
                cursor.execute("SELECT no_such_thing()")

        def do() -> str:
            seen["sound"] += 1
            if min(seen.values()) > 2:
                enough.set()
            return "done"

        services.register("broken", fail, every=0.01)
        services.register("sound", do, every=0.01)
        services.run(lambda: enough.wait(0.01))

        assert enough.is_set()
