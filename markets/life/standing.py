"""What a market says now: the wording that was approved last."""

from __future__ import annotations

from audit.models import ApprovalRequest
from markets.models import Market, Revision


def standing_wording(asked: ApprovalRequest) -> Revision | None:
    """The wording of the market that a request is to change; None where that wording stands no more."""
    market = Market.objects.filter(tenant_id=asked.tenant_id, proposals=asked.subject_id).first()
    if market is None:
        return None
    said = Revision.objects.filter(tenant_id=market.tenant_id, digest=bytes(market.content_digest))
    proposals = [market.proposal_id, *market.amendments.values_list("proposal_id", flat=True)]
    return said.filter(proposal_id__in=proposals).order_by("-created_at").first()
