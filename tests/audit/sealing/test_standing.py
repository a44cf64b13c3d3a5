"""How the log stands is told to every role alike, counted to a limit, and alarming only when sealing stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from audit.models import AuditEvent
from audit.sealing import standing
from audit.sealing.models import LogCheckpoint
from audit.sealing.standing import STOPPED_AFTER, Standing
from core.database.unit import unit
from tests.factories import World, make_world
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
