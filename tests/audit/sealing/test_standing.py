"""How the log stands is told to every role alike, counted to a limit, and alarming only when sealing stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from audit.models import AuditEvent
from audit.sealing import publishing, standing
from audit.sealing.models import LogCheckpoint
from audit.sealing.standing import STOPPED_AFTER, Standing
from core.database.unit import unit
from core.web import health
from tests.factories import World, make_world
from tests.holders import Configure, write_and_seal
from tests.raw import run
from tests.sealing import seal_everything

WELL = Standing(10, 2, False, 1.5, datetime(2026, 1, 1, tzinfo=UTC), 2.0)
LONG = STOPPED_AFTER + 1
DAY = 86_400


def now(role: str = "worker", world: World | None = None) -> Standing:
    with unit(role, tenant=world.acme.pk if world else None):
        return standing.standing()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["api", "staff", "platform", "worker", "auditor"])
def test_every_role_is_told_the_same_over_all_tenants(world: World, role: str) -> None:
    found = now(role, world)

    assert (found.size, found.sealed_at, found.age_seconds) == (0, None, None)
    assert (found.unsealed, found.is_more) == (AuditEvent.objects.count(), False)
    assert found.lag_seconds > 0


@pytest.mark.django_db
def test_the_oldest_fact_that_waits_says_for_how_long(world: World) -> None:
    run(
        "INSERT INTO audit_event (actor_type, action, created_at) "
        "VALUES ('system', 'test:old', clock_timestamp() - interval '1000 days')"
    )

    assert 0 <= now().lag_seconds - 1000 * DAY < 60


@pytest.mark.django_db
def test_what_waits_is_counted_to_a_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "MOST", 3)

    assert (now().unsealed, now().is_more) == (3, True)


def test_nothing_waits_once_everything_is_sealed(committing_db: str) -> None:
    make_world()
    seal_everything()

    found = now()

    assert (found.size, found.unsealed, found.lag_seconds) == (AuditEvent.objects.count(), 0, 0)
    assert found.sealed_at == LogCheckpoint.objects.latest("size").sealed_at
    assert found.age_seconds is not None
    assert 0 <= found.age_seconds < 60


@pytest.mark.parametrize(
    ("found", "has_stopped"),
    [
        (WELL, False),
        (replace(WELL, unsealed=0, lag_seconds=0.0, age_seconds=LONG), False),
        (replace(WELL, lag_seconds=LONG), False),
        (replace(WELL, lag_seconds=LONG, age_seconds=0.0), False),
        (replace(WELL, lag_seconds=LONG, age_seconds=LONG), True),
        (replace(WELL, lag_seconds=LONG, sealed_at=None, age_seconds=None), True),
        (replace(WELL, lag_seconds=1.0, sealed_at=None, age_seconds=None), False),
    ],
)
def test_sealing_has_stopped_where_facts_wait_and_nothing_is_sealed(
    found: Standing, has_stopped: bool
) -> None:
    assert found.has_stopped is has_stopped


@pytest.mark.parametrize(
    ("found", "names"),
    [
        (WELL, ["size", "unsealed_rows", "seal_lag_seconds", "checkpoint_age_seconds"]),
        (
            replace(WELL, sealed_at=None, age_seconds=None),
            ["size", "unsealed_rows", "seal_lag_seconds"],
        ),
    ],
)
def test_prometheus_gets_a_gauge_of_each(
    found: Standing, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "standing", lambda: found)

    told = list(standing.gauges())

    assert [gauge.name for gauge in told] == [f"xmarket_log_{name}" for name in names]
    assert [gauge.value for gauge in told][:3] == [10, 2, 1.5]


def test_prometheus_gets_a_gauge_of_each_holder(monkeypatch: pytest.MonkeyPatch) -> None:
    never = publishing.Standing("file:///b", "directory", 0, 10, None, None, 3, WELL.sealed_at, "Away")
    keeps = publishing.Standing("file:///a", "directory", 8, 2, WELL.sealed_at, 4.0, 0, None, None)
    monkeypatch.setattr(standing, "standing", lambda: replace(WELL, holders=[keeps, never]))

    told = [
        (gauge.name.removeprefix("xmarket_log_holder_"), gauge.labels["holder"], gauge.value)
        for gauge in standing.gauges()
        if gauge.labels
    ]

    assert told == [
        ("size", "file:///a", 8),
        ("behind_rows", "file:///a", 2),
        ("failures", "file:///a", 0),
        ("age_seconds", "file:///a", 4.0),
        ("size", "file:///b", 0),
        ("behind_rows", "file:///b", 10),
        ("failures", "file:///b", 3),
    ]


def test_everybody_is_told_that_a_holder_fails_and_nobody_where_it_is(
    configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, client: Client
) -> None:
    monkeypatch.setattr(health.DETAILS, "kept_until", 0.0)
    good, bad = configure(f"file://{tmp_path}", f"file://{tmp_path}/nothing")
    size = write_and_seal()
    publishing.tick(good)
    publishing.tick(bad)

    answer = client.get("/api/v1/ready")

    first, second = answer.json()["dependencies"]["log"]["holders"]
    assert answer.status_code == 200
    assert first.pop("last_published_at") is not None
    assert first == {"kind": "directory", "size": size, "behind_rows": 0, "failing_since": None}
    assert second.pop("failing_since") is not None
    assert second == {"kind": "directory", "size": 0, "behind_rows": size, "last_published_at": None}
    assert str(tmp_path) not in answer.content.decode()
