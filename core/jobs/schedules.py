"""Work that comes by the clock: each tick of a cron expression is one job, however many keepers look."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from django_tasks.base import Task

from core.access.models import PLATFORM_TENANT_ID
from core.database.unit import current, hold
from core.jobs import handlers
from core.jobs.handlers import Handler
from core.jobs.queue import Wanted, enqueue

_known: dict[str, Schedule] = {}


@dataclass(frozen=True)
class Schedule:
    """A cron expression, and the work it asks for.

    :ivar cron: five fields, minute first; six where seconds are to be named.
    :ivar zone: in which the clock is read.
    :ivar catch_up: how late a tick may be that nobody was there for; of several, the last one alone is done.
    """

    name: str
    cron: str
    handler: Handler[Any, Any]
    payload: dict[str, Any] = field(default_factory=dict)
    zone: str = "UTC"
    catch_up: timedelta = timedelta(hours=1)

    def last_tick(self, now: datetime) -> datetime:
        """The newest moment at or before `now` that the expression names."""
        there = (now + timedelta(seconds=1)).replace(microsecond=0).astimezone(ZoneInfo(self.zone))
        return next(CronSim(self.cron, there, reverse=True)).astimezone(UTC)


def schedule(name: str, cron: str, work: Task[Any, Any], **options: Any) -> None:
    """Have work asked for by the clock, in the platform's tenant.

    :param options: of `Schedule`.
    :raises ValueError: for an expression that cron does not know.
    """
    try:
        CronSim(cron, datetime.now(UTC))
    except CronSimError as error:
        raise ValueError(f"{cron!r} is no cron expression: {error}.") from None
    _known[name] = Schedule(name, cron, handlers.of(work), **options)


def every() -> list[Schedule]:
    """All of them."""
    return list(_known.values())


def tick(now: datetime | None = None) -> str | None:
    """Ask for what is due; a tick that another keeper saw is there already."""
    now = now or datetime.now(UTC)
    before = current().tenant
    hold(tenant=PLATFORM_TENANT_ID)
    asked = []
    for each in every():
        moment = each.last_tick(now)
        if now - moment <= each.catch_up:
            key = f"{each.name}@{moment:%Y-%m-%dT%H:%M:%SZ}"
            asked += [each.name] * enqueue(each.handler, each.payload, Wanted(key=key))[1]
    hold(tenant=before)
    return ", ".join(asked) or None
