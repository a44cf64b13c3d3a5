"""What a person reads about a proposed market before they decide on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from artifacts import exhibits
from audit.comparison import Layout, compare
from audit.models import ApprovalRequest
from audit.reading import Link, Made, Reading
from core.access.models import User
from markets import duplicates
from markets.checks import checks
from markets.models import Market, Proposal, Revision
from markets.proposals import CREATE

LAYOUT = Layout(
    order=(
        "title",
        "resolution_criteria",
        "closes_at",
        "type",
        "subtype",
        "region",
        "risk_level",
        "exposure",
        "description",
        "snapshot_ids",
        "symbol",
    ),
    labels={
        "resolution_criteria": "criteria",
        "closes_at": "closes at",
        "snapshot_ids": "evidence",
        "risk_level": "stated risk",
    },
)
EFFECT = "opens the market at once, with exactly this content; nobody can change it afterwards"


def read(asked: ApprovalRequest, about: Sequence[ApprovalRequest], *, by: User) -> Reading:
    """Say what the revision under review asks, what it changes, and what it is based on."""
    revisions = list(Revision.objects.filter(proposal_id=asked.subject_id).select_related("proposal"))
    revision = revision_of(asked, revisions)
    earlier = next((row for row in revisions if row.revision_no == revision.revision_no - 1), None)
    content = _content(revision)
    shown = exhibits.show(revision.snapshot_ids, tenant_id=asked.tenant_id, by=by)
    likes = duplicates.near_duplicates(revision)
    return Reading(
        title=revision.title,
        name=str(content["symbol"]),
        kind=f"new {revision.type} market",
        wording=_wording(revision),
        before=_wording(earlier) if earlier else "",
        effect=EFFECT,
        done="the market exists",
        rows=compare(_content(earlier) if earlier else None, content, LAYOUT),
        wordings={row.pk: _wording(revision_of(row, revisions)) for row in about},
        evidence=shown,
        checks=[*checks(asked, revision, content, shown, timezone.now()), duplicates.check(likes)],
        likes=likes,
        place=Link("Proposal", reverse("admin:markets_proposal_change", args=[asked.subject_id])),
        made=_made(asked),
        related=_of_the_same_symbol(revision.proposal),
    )


def revision_of(request: ApprovalRequest, revisions: Sequence[Revision]) -> Revision:
    """The wording that a request was put about: the newest one of its digest at that time."""
    same = [revision for revision in revisions if bytes(revision.digest) == bytes(request.digest)]
    before = [revision for revision in same if revision.created_at <= request.requested_at]
    return max(before or same, key=lambda revision: revision.revision_no)


def _wording(revision: Revision) -> str:
    return f"revision {revision.revision_no}"


def _content(revision: Revision) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(bytes(revision.canonical))
    return content


def _made(asked: ApprovalRequest) -> Made | None:
    market = Market.objects.filter(
        tenant_id=asked.tenant_id, proposal_id=asked.subject_id, digest=asked.digest
    ).first()
    if market is None:
        return None
    page = reverse("admin:markets_market_change", args=[market.pk])
    return Made(f"Market {market.symbol}", page, market.pk, f"/api/v1/markets/{market.pk}/proof")


def _of_the_same_symbol(proposal: Proposal) -> Q:
    same = Proposal.objects.filter(tenant_id=proposal.tenant_id, symbol=proposal.symbol)
    return Q(action=CREATE, subject_id__in=same.values("pk"))
