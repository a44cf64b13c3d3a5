"""How deciding goes: what waits and for how long, how fast people decide, and whether they read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Aggregate, Count, DurationField, F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from audit.models import ApprovalDecision, ApprovalRequest
from core.access.models import User
from core.web import charts, words
from core.web.admin import tenant_of
from core.web.charts import Bar, Chart
from core.web.filters import first_id

DAYS = 14
# nothing lives longer undecided, so older requests cannot have been closed within these days
OLDEST = timedelta(days=90)
TOO_FAST = timedelta(seconds=10)
AGES = (
    ("< 1 h", timedelta(hours=1)),
    ("1 to 4 h", timedelta(hours=4)),
    ("4 to 12 h", timedelta(hours=12)),
    ("12 to 24 h", timedelta(hours=24)),
    ("1 to 3 d", timedelta(days=3)),
    ("> 3 d", timedelta.max),
)
DECIDED = ("granted", "rejected", "changes_requested")
REFUSED = ("rejected", "changes_requested")


class Median(Aggregate):
    """The length of time that half of them do not exceed."""

    function = "percentile_cont"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Reader:
    """How one person read what they decided on.

    :ivar known: of how many decisions it is known.
    :ivar too_fast: how many of these were taken within ten seconds.
    """

    name: str
    decisions: int
    known: int
    too_fast: int
    median: str


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """Show how deciding goes in the person's tenant, or everywhere to people of the platform."""
    now, tenant = timezone.now(), tenant_of(request)
    closed, readers = _closed(tenant, now), _readers(tenant, now)
    waiting = _of(ApprovalRequest.objects.filter(status="open", expires_at__gt=now), tenant)
    figures = closed.aggregate(
        decided=Count("id"), refused=Count("id", filter=Q(status__in=REFUSED)), median=Median(_took())
    )
    context = {
        **admin.site.each_context(request),
        "title": "How deciding goes",
        "opts": ApprovalRequest._meta,
        "days": DAYS,
        "waiting": waiting.count(),
        "overdue": waiting.filter(due_at__lte=now).count(),
        "decided": figures["decided"],
        "median": words.span(figures["median"]) if figures["median"] else words.NOTHING,
        "refused": _percent(figures["refused"], figures["decided"]),
        "readers": readers,
        "too_fast": sum(reader.too_fast for reader in readers),
        "charts": [charts.drawn(chart) for chart in _charts(waiting, closed, tenant, now)],
    }
    return TemplateResponse(request, "admin/audit/overview.html", context)


def _charts(
    waiting: QuerySet[Any], closed: QuerySet[Any], tenant: UUID | None, now: datetime
) -> Iterator[Chart]:
    yield Chart("waiting", "Waiting, by age", _by_age(waiting, now), "requests")
    said = _of(ApprovalDecision.objects.filter(pk__gte=first_id(_since(now))), tenant)
    by_day = dict(said.values_list(TruncDate("decided_at", tzinfo=UTC)).annotate(Count("id")).order_by())
    yield Chart("decisions", "Decisions per day (UTC)", _per_day(by_day, now), "decisions")
    ended = {row["day"]: row for row in _ended(closed)}
    hours = {day: row["median"] / words.HOUR for day, row in ended.items()}
    yield Chart(
        "time-to-decide",
        "Hours until decided, median of each day",
        _per_day(hours, now),
        told=_slowest("The slowest day took", hours, "h"),
    )
    shares = {day: 100 * row["refused"] / row["decided"] for day, row in ended.items()}
    yield Chart(
        "rejections",
        "Rejected or sent back, per cent of each day",
        _per_day(shares, now),
        told=_slowest("The most in a day was", shares, "%"),
    )


def _closed(tenant: UUID | None, now: datetime) -> QuerySet[Any]:
    rows = ApprovalRequest.objects.filter(
        pk__gte=first_id(now - OLDEST), status__in=DECIDED, closed_at__gte=_since(now)
    )
    return _of(rows, tenant)


def _ended(closed: QuerySet[Any]) -> QuerySet[Any]:
    ended: QuerySet[Any] = (
        closed.order_by()
        .values(day=TruncDate("closed_at", tzinfo=UTC))
        .annotate(
            decided=Count("id"), refused=Count("id", filter=Q(status__in=REFUSED)), median=Median(_took())
        )
    )
    return ended


def _took() -> Any:
    return F("closed_at") - F("requested_at")


def _by_age(waiting: QuerySet[Any], now: datetime) -> list[Bar]:
    bounds = [timedelta(0), *(upper for _, upper in AGES)]
    counted = waiting.aggregate(
        **{
            f"age{place}": Count("id", filter=_aged(bounds[place], bounds[place + 1], now))
            for place in range(len(AGES))
        }
    )
    return [Bar(label, counted[f"age{place}"]) for place, (label, _) in enumerate(AGES)]


def _aged(lower: timedelta, upper: timedelta, now: datetime) -> Q:
    younger = Q(requested_at__gt=now - upper) if upper != timedelta.max else Q()
    return younger & (Q(requested_at__lte=now - lower) if lower else Q())


def _per_day(found: dict[date, float], now: datetime) -> list[Bar]:
    first = _since(now).date()
    days = [first + timedelta(days=place) for place in range(DAYS)]
    return [Bar(f"{day:%d %b}", round(found.get(day, 0), 1)) for day in days]


def _slowest(lead: str, found: dict[date, float], unit: str) -> str:
    if not found:
        return "Nothing was decided."
    day = max(found, key=lambda at: found[at])
    return f"{lead} {charts.said(round(found[day], 1))} {unit}, on {day:%d %b}."


def _readers(tenant: UUID | None, now: datetime) -> list[Reader]:
    rows = list(
        _of(ApprovalDecision.objects.filter(pk__gte=first_id(_since(now))), tenant)
        .order_by()
        .values("reviewer_id")
        .annotate(
            decisions=Count("id"),
            known=Count("read_for"),
            too_fast=Count("id", filter=Q(read_for__lt=TOO_FAST)),
            median=Median("read_for"),
        )
        .order_by("-too_fast", "-decisions", "reviewer_id")
    )
    people = User.objects.in_bulk([row["reviewer_id"] for row in rows])
    return [_reader(row, people.get(row["reviewer_id"])) for row in rows]


def _reader(row: dict[str, Any], person: User | None) -> Reader:
    return Reader(
        # the wall hides people of the platform
        name=words.person(person) if person else words.PLATFORM,
        decisions=row["decisions"],
        known=row["known"],
        too_fast=row["too_fast"],
        median=f"{charts.said(round(row['median'].total_seconds()))} s" if row["known"] else words.NOTHING,
    )


def _of(rows: QuerySet[Any], tenant: UUID | None) -> QuerySet[Any]:
    return rows if tenant is None else rows.filter(tenant_id=tenant)


def _since(now: datetime) -> datetime:
    """The beginning of the first of the days that are shown."""
    today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=DAYS - 1)


def _percent(part: int, whole: int) -> str:
    return f"{100 * part // whole} %" if whole else words.NOTHING
