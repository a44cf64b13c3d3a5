"""What is known beside the content: how its proposer fared, and what was decided about the same thing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count

from audit import subjects
from audit.models import ApprovalDecision, ApprovalRequest
from audit.reading import Reading
from core.database.expressions import ClockNow

DAYS = 90
SHOWN = 8


@dataclass(frozen=True)
class Record:
    """How many requests of one proposer ended how, in the last 90 days."""

    approved: int
    rejected: int
    sent_back: int
    others: int

    @property
    def decided(self) -> int:
        """How many people approved, rejected or sent back."""
        return self.approved + self.rejected + self.sent_back


@dataclass(frozen=True)
class Precedent:
    """An earlier request about the same thing, and what people said."""

    asked: ApprovalRequest
    about: subjects.Description
    noun: str
    address: str
    decisions: list[ApprovalDecision]


def record(asked: ApprovalRequest) -> Record:
    """How the proposer of this request fared with all others, in the same tenant."""
    rows = ApprovalRequest.objects.filter(
        tenant_id=asked.tenant_id,
        proposed_by_id=asked.proposed_by_id,
        requested_at__gte=ClockNow() - timedelta(days=DAYS),
    ).exclude(pk=asked.pk)
    found = dict(rows.order_by().values_list("status").annotate(Count("id")))
    return Record(
        approved=found.pop("granted", 0),
        rejected=found.pop("rejected", 0),
        sent_back=found.pop("changes_requested", 0),
        others=sum(found.values()),
    )


def precedents(asked: ApprovalRequest, reading: Reading) -> list[Precedent]:
    """What was decided about the same thing under other names than this subject's, the newest first."""
    if reading.related is None:
        return []
    rows = list(
        ApprovalRequest.objects.filter(reading.related, tenant_id=asked.tenant_id)
        .exclude(subject_id=asked.subject_id)
        .exclude(status="open")
        .order_by("-closed_at", "-id")
        .prefetch_related("decisions__reviewer")[:SHOWN]
    )
    described = subjects.describe(rows)
    return [
        Precedent(
            row,
            described[row.pk],
            subjects.noun(row.action),
            subjects.review_url(row.pk),
            list(row.decisions.all()),
        )
        for row in rows
    ]
