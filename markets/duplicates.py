"""Which markets and proposals of a tenant say nearly the same as a proposal."""

from __future__ import annotations

import json

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse

from artifacts import likeness
from audit.reading import Check, Likeness
from markets.models import Market, Revision

READ = ("title", "resolution_criteria", "description")
# twelve of sixty-four bits: one word changed in a sentence or two
ALIKE = 0.8
MOST = 5


def simhash_of(canonical: bytes) -> int | None:
    """The simhash of what a market asks; None for a content that asks nothing."""
    content = json.loads(canonical)
    text = "\n".join(content.get(name) or "" for name in READ) if "title" in content else ""
    return likeness.simhash(text) if text.strip() else None


def near_duplicates(revision: Revision) -> list[Likeness]:
    """What else in its tenant is at least four fifths alike, the likest first, each symbol once.

    Only what shares one of eight bytes of the simhash is looked at, which the index finds: whatever differs
    in fewer than eight bits, and most of what differs in twelve.
    """
    if revision.simhash is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT revision_id FROM revisions_alike(%s)", [revision.simhash])
        near = [row[0] for row in cursor.fetchall()]
    return _shown(revision, Revision.objects.filter(pk__in=near))


def check(likes: list[Likeness]) -> Check:
    """What a machine says of near-duplicates: it only informs, for people know why two markets are alike."""
    if not likes:
        return Check(passed=True, subject="duplicate", said="nothing here says nearly the same")
    nearest = likes[0]
    said = f"{nearest.similarity:.2f} similar to {nearest.name}, which is {nearest.standing}"
    return Check(passed=None, subject="duplicate", said=said)


def _shown(revision: Revision, near: QuerySet[Revision]) -> list[Likeness]:
    proposal = revision.proposal
    # a change of a market is like its market, and nobody needs to be told
    itself = Q(proposal=proposal) if proposal.market_id is None else Q(proposal__symbol=proposal.symbol)
    others = near.filter(tenant_id=revision.tenant_id).exclude(itself)
    newest = others.order_by("proposal__symbol", "-id").distinct("proposal__symbol")
    rows = list(newest.select_related("proposal").defer("canonical"))
    standing = dict(
        Market.objects.filter(
            tenant_id=revision.tenant_id, symbol__in={row.proposal.symbol for row in rows}
        ).values_list("symbol", "status")
    )
    found = [
        Likeness(
            title=row.title,
            name=row.proposal.symbol,
            similarity=likeness.closeness(row.simhash or 0, revision.simhash or 0),
            standing=standing.get(row.proposal.symbol, row.proposal.status),
            address=reverse("admin:markets_proposal_change", args=[row.proposal_id]),
        )
        for row in rows
    ]
    alike = [like for like in found if like.similarity >= ALIKE]
    return sorted(alike, key=lambda like: -like.similarity)[:MOST]
