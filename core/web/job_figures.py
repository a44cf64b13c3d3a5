"""How jobs stand, for the admin: counted by partial indexes, and never further than somebody would read.

What waits, runs or is stranded is counted where it stands. What has ended is counted by its events of the
last day, which are found by their time-ordered ids; so a job that was driven again still counts as failed in
the hour in which it failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet

from core.jobs.models import WAITING, Job
from core.web.charts import Bar, Chart, said
from core.web.filters import first_id
from core.web.words import HOUR

STANDING = (*WAITING, "processing", "dlq")
ENDED = ("completed", "failed", "cancelled")
MOST = 10_000
HOURS = 24
HOURLY = """
    SELECT hours.place, found.event_type, count(*)
    FROM unnest(%(since)s::uuid[], %(until)s::uuid[]) WITH ORDINALITY hours (since, until, place)
    CROSS JOIN LATERAL (
      SELECT e.event_type FROM job_events e
      WHERE e.id >= hours.since AND e.id < hours.until {whose} LIMIT %(most)s) found
    GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Whose:
    """Whose jobs are counted.

    :ivar tenant: whose; None for everybody's.
    :ivar person: who sees beside the tenant's jobs only their own; None for who sees all of them.
    """

    tenant: UUID | None
    person: UUID | None


@dataclass(frozen=True)
class Tally:
    """How many jobs are in a state.

    :ivar is_more: that not all were counted, because there are more than `MOST` of them and their like.
    :ivar oldest: since when the oldest of those counted is there.
    """

    state: str
    number: int
    is_more: bool = False
    oldest: datetime | None = None

    @property
    def said(self) -> str:
        """The number as people write it."""
        if self.is_more and self.number < MOST:
            return f"at least {said(self.number)}"
        return Bar(self.state, self.number, self.is_more).said


Hours = dict[datetime, dict[str, int]]


def standing(rows: QuerySet[Job]) -> list[Tally]:
    """Those that have not ended well, by their state; the oldest is exact up to `MOST`, and in the DLQ."""
    return [*_counted(rows, WAITING), *_counted(rows, ("processing",)), stranded(rows)]


def stranded(rows: QuerySet[Job]) -> Tally:
    """Those that ran out of attempts."""
    return _counted(rows, ("dlq",))[0]


def hourly(whose: Whose, now: datetime) -> Hours:
    """What ended in each of the last hours, the current one included, by the state in which it ended."""
    last = now.replace(minute=0, second=0, microsecond=0)
    begins = [last - HOUR * (HOURS - 1 - place) for place in range(HOURS)]
    conditions, known = "", _bounds(begins)
    if whose.tenant:
        conditions, known = "AND e.tenant_id = %(tenant)s", {**known, "tenant": whose.tenant}
    if whose.person:
        conditions += " AND (e.owner_id IS NULL OR e.owner_id = %(person)s)"
        known["person"] = whose.person
    found: Hours = {hour: {} for hour in begins}
    with connection.cursor() as cursor:
        cursor.execute(HOURLY.format(whose=conditions), known)
        for place, event_type, number in cursor.fetchall():
            found[begins[place - 1]][event_type] = number
    return found


def ended(hours: Hours) -> list[Tally]:
    """Those that ended within these hours, by the state in which they did."""
    is_more = any(_is_cut(counted) for counted in hours.values())
    return [
        Tally(state, sum(counted.get(state, 0) for counted in hours.values()), is_more) for state in ENDED
    ]


def charts(hours: Hours) -> Sequence[Chart]:
    """What was done, and what went wrong, by the hour."""
    return (
        Chart("throughput", "Completed per hour (UTC)", _bars(hours, ("completed",)), "jobs"),
        Chart(
            "failures", "Failed or out of attempts per hour (UTC)", _bars(hours, ("failed", "dlq")), "jobs"
        ),
    )


def _counted(rows: QuerySet[Job], states: Sequence[str]) -> list[Tally]:
    """Count states that one partial index knows, in one look at it."""
    # the index of the DLQ is by age
    some = rows.filter(status__in=states).order_by(*["created_at"] * (states == ("dlq",)))
    wanted: dict[str, Any] = {"whole": Count("created_at")}
    for state in states:
        wanted[f"{state}_number"] = Count("created_at", filter=Q(status=state))
        wanted[f"{state}_oldest"] = Min("created_at", filter=Q(status=state))
    found = some.values("status", "created_at")[: MOST + 1].aggregate(**wanted)
    return [
        Tally(
            state,
            min(found[f"{state}_number"], MOST),
            found["whole"] > MOST,
            found[f"{state}_oldest"],
        )
        for state in states
    ]


def _bars(hours: Hours, states: Sequence[str]) -> list[Bar]:
    return [
        Bar(f"{hour:%H:%M}", sum(counted.get(state, 0) for state in states), _is_cut(counted))
        for hour, counted in hours.items()
    ]


def _is_cut(counted: dict[str, int]) -> bool:
    return sum(counted.values()) > MOST


def _bounds(begins: Sequence[datetime]) -> dict[str, Any]:
    return {
        "since": [first_id(hour) for hour in begins],
        "until": [first_id(hour + timedelta(hours=1)) for hour in begins],
        "most": MOST + 1,
    }
