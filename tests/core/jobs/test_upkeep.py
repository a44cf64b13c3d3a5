"""What keeps the engine going: what is kept long enough, the clock, and services that fail alone."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, connections

from core.access.models import PLATFORM_TENANT_ID
from core.database.unit import unit
from core.jobs import schedules, services, upkeep
from core.jobs.models import Job
from core.jobs.queue import Wanted, enqueue
from core.jobs.refusals import JobDiffers
from core.jobs.worker import Worker, new_name
from tests.core.jobs import work
from tests.factories import World, acting
from tests.raw import every, one, run

NOON = datetime(2026, 11, 20, 12, 0, 30, tzinfo=UTC)


@pytest.mark.django_db
class TestRetention:
    def test_forgets_what_ended_long_ago_and_keeps_its_name(self, world: World) -> None:
        with acting(world.edith):
            job = enqueue(work.add, {"left": 1}, Wanted(key="k"))[0]
            enqueue(work.add, {"left": 2}, Wanted(key="recent"))
        Worker(["default"], threads=1, name=new_name()).once()
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
