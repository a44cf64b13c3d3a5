"""How jobs stand: counted for whom it concerns, no further than somebody reads, and drawn by the hour."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from core.jobs.models import Job
from core.web import job_figures
from tests.core.web.job_rows import CAST, event, job, text_of
from tests.factories import World
from tests.staff import browser

pytestmark = pytest.mark.django_db

LIST = "/admin/core/job/"


class TestHowTheyStand:
    def test_is_counted_by_state_with_the_age_of_the_oldest(self, world: World) -> None:
        for status in job_figures.STANDING:
            job(world, status, created_at=timezone.now() - timedelta(hours=5, minutes=1))
            job(world, status)

        page = text_of(browser(world.vera).get(LIST))

        for status in job_figures.STANDING:
            assert f"{status} 2 oldest 5 h" in page

    def test_is_counted_no_further_than_somebody_would_read(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(job_figures, "MOST", 2)
        some = [status for status in ("pending", "dlq", "completed") for _ in range(3)]
        made = [job(world, status, created_at=timezone.now() - timedelta(hours=5)) for status in some]
        for each in made[-3:]:
            event(world, each, "completed")

        page = text_of(browser(world.grace).get(LIST))

        assert "pending more than 2 oldest at least 5 h" in page
        assert "dlq more than 2 oldest 5 h" in page
        assert "completed more than 3 in 24 h" in page

    def test_says_of_what_waits_that_not_all_was_looked_at(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(job_figures, "MOST", 2)
        for status in ("pending", "retry", "retry"):
            job(world, status)

        pending, retry, _, _ = job_figures.standing(Job.objects.all())

        assert (pending.said, retry.said) == ("at least 1", "more than 2")

    def test_counts_what_ended_in_the_last_day(self, world: World) -> None:
        made = job(world, "completed")
        event(world, made, "completed")
        event(world, made, "completed", timedelta(hours=22))
        event(world, made, "completed", timedelta(hours=25))
        event(world, made, "failed", timedelta(hours=1))
        event(world, made, "retry", timedelta(hours=1))

        page = text_of(browser(world.vera).get(LIST))

        assert "completed 2 in 24 h" in page
        assert "failed 1 in 24 h" in page
        assert "cancelled 0 in 24 h" in page

    def test_is_drawn_by_the_hour(self, world: World) -> None:
        made = job(world, "dlq")
        now = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)
        for event_type, ago in (("completed", 0), ("dlq", 0), ("failed", 23), ("dlq", 24)):
            event(world, made, event_type, timezone.now() - now + timedelta(hours=ago))

        hours = job_figures.hourly(job_figures.Whose(None, None), now)

        done, wrong = job_figures.charts(hours)
        assert (done.bars[-1].label, done.bars[-1].number) == ("14:00", 1)
        assert (wrong.bars[0].label, wrong.bars[0].number) == ("15:00", 1)
        assert [sum(bar.number for bar in chart.bars) for chart in (done, wrong)] == [1, 2]
        assert len(done.bars) == len(wrong.bars) == 24

    def test_is_of_those_that_one_sees(self, world: World) -> None:
        owned = job(world, "completed", owner_id=world.edith.pk)
        event(world, owned, "completed", owner_id=world.edith.pk)
        shared = job(world, "dlq")
        event(world, shared, "completed")

        seen = {who: text_of(browser(getattr(world, who)).get(LIST)) for who in CAST}

        assert {who: "completed 2 in 24 h" in page for who, page in seen.items()} == {
            "vera": False, "edith": True, "grace": True, "alan": True, "boris": False, "root": True,
        }  # fmt: skip
        assert "completed 0 in 24 h" in seen["boris"]
        assert "dlq 0" in seen["boris"]
        assert 'id="throughput-summary">2 jobs in all' in browser(world.grace).get(LIST).content.decode()
