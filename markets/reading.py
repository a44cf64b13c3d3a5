"""What a person reads about a proposed market, or a change of one, before they decide on it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from markets.life.standing import standing_wording
from markets.models import Market, Proposal, Revision
from markets.proposals import ACTIONS

LAYOUT = Layout(
    order=(
        "outcome",
        "known_at",
        "explanation",
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
        "base_digest": "changes what stands",
        "closes_at": "closes at",
        "known_at": "known at",
        "snapshot_ids": "evidence",
        "risk_level": "stated risk",
    },
)


@dataclass(frozen=True)
class Kind:
    """How a kind of proposal is spoken of.

    :ivar called: what it is, `{type}` being the market's.
    :ivar title: `{title}` is the market's, `{outcome}` what a resolution says.
    :ivar effect: what an approval does; `done` is what is so afterwards.
    """

    called: str
    title: str
    effect: str
    done: str


KINDS = {
    "create": Kind(
        "new {type} market",
        "{title}",
        "opens the market at once, with exactly this content; only people change it afterwards",
        "the market exists",
    ),
    "amend": Kind(
        "amendment of a {type} market",
        "{title}",
        "lets the market say exactly this at once; its history keeps what it said before",
        "the market says this",
    ),
    "resolve": Kind(
        "resolution of a {type} market",
        "Resolve to {outcome}: {title}",
        "ends the market at once with this outcome; it can be disputed for a while",
        "the market is resolved",
    ),
    "void": Kind(
        "void of a {type} market",
        "Void: {title}",
        "ends the market at once, for good and without an outcome",
        "the market is void",
    ),
    "reopen": Kind(
        "reopening of a {type} market",
        "Reopen: {title}",
        "lets the market trade again at once, until this time",
        "the market is open again",
    ),
}


def read(asked: ApprovalRequest, about: Sequence[ApprovalRequest], *, by: User) -> Reading:
    """Say what the revision under review asks, what it changes, and what it is based on."""
    revisions = list(Revision.objects.filter(proposal_id=asked.subject_id).select_related("proposal"))
    revision = revision_of(asked, revisions)
    kind, content = KINDS[revision.proposal.kind], content_of(revision)
    before, named = _before(asked, revision, revisions)
    shown = exhibits.show(revision.snapshot_ids, tenant_id=asked.tenant_id, by=by)
    likes = duplicates.near_duplicates(revision)
    return Reading(
        title=title_of(revision.proposal.kind, revision.title, content),
        name=str(content["symbol"]),
        kind=kind.called.format(type=revision.type),
        wording=_wording(revision),
        before=named,
        effect=kind.effect,
        done=kind.done,
        rows=compare(content_of(before) if before else None, content, LAYOUT),
        wordings={row.pk: _wording(revision_of(row, revisions)) for row in about},
        evidence=shown,
        checks=[*checks(asked, revision, content, shown, timezone.now()), duplicates.check(likes)],
        likes=likes,
        place=Link("Proposal", reverse("admin:markets_proposal_change", args=[asked.subject_id])),
        made=_made(asked, revision.proposal),
        related=_of_the_same_symbol(revision.proposal),
    )


def title_of(kind: str, title: str, content: Mapping[str, Any]) -> str:
    """What a proposal of this kind asks people."""
    return KINDS[kind].title.format(title=title, outcome=str(content.get("outcome", "")).upper())


def content_of(revision: Revision) -> dict[str, Any]:
    """What a wording says."""
    content: dict[str, Any] = json.loads(bytes(revision.canonical))
    return content


def revision_of(request: ApprovalRequest, revisions: Sequence[Revision]) -> Revision:
    """The wording that a request was put about: the newest one of its digest at that time."""
    same = [revision for revision in revisions if bytes(revision.digest) == bytes(request.digest)]
    before = [revision for revision in same if revision.created_at <= request.requested_at]
    return max(before or same, key=lambda revision: revision.revision_no)


def _wording(revision: Revision) -> str:
    return f"revision {revision.revision_no}"


def _before(
    asked: ApprovalRequest, revision: Revision, revisions: Sequence[Revision]
) -> tuple[Revision | None, str]:
    """The wording that this one is read beside, and its name."""
    earlier = next((row for row in revisions if row.revision_no == revision.revision_no - 1), None)
    if earlier is not None:
        return earlier, _wording(earlier)
    # a first wording of an amendment is read beside what the market says
    standing = standing_wording(asked) if revision.proposal.kind == "amend" else None
    return (standing, "the market") if standing else (None, "")


def _made(asked: ApprovalRequest, proposal: Proposal) -> Made | None:
    """The market that the approval opened or changed; None until then."""
    rows = Market.objects.filter(tenant_id=asked.tenant_id)
    if proposal.kind == "create":
        market = rows.filter(proposal_id=asked.subject_id, digest=asked.digest).first()
    elif asked.status == "granted" and proposal.market_id:
        market = rows.filter(pk=proposal.market_id).first()
    else:
        market = None
    if market is None:
        return None
    page = reverse("admin:markets_market_change", args=[market.pk])
    return Made(f"Market {market.symbol}", page, market.pk, f"/api/v1/markets/{market.pk}/proof")


def _of_the_same_symbol(proposal: Proposal) -> Q:
    same = Proposal.objects.filter(tenant_id=proposal.tenant_id, symbol=proposal.symbol)
    return Q(action__in=ACTIONS, subject_id__in=same.values("pk"))
