"""What an approved change does to its market; called by the deciding vote, in its transaction."""

from __future__ import annotations

from typing import Any, TypeVar

from audit.models import ApprovalGrant
from core.database.rows import insert
from core.messaging.outbox import emit
from markets.life.models import Amendment, Change, Reopening, Resolution

C = TypeVar("C", bound=Change)


def amend_approved(grant: ApprovalGrant) -> Amendment:
    """Let the market say what was approved."""
    amendment = _recorded(Amendment, grant)

    _tell("market.amended", amendment, content_digest=bytes(amendment.digest).hex(), number=amendment.number)

    return amendment


def resolve_approved(grant: ApprovalGrant) -> Resolution:
    """End the market as was approved, and settle what was disputed; a yes or no can still be disputed."""
    resolution = _recorded(Resolution, grant)

    until = resolution.challenge_until.isoformat() if resolution.challenge_until else None
    event = "market.voided" if resolution.outcome == "void" else "market.resolved"
    _tell(event, resolution, outcome=resolution.outcome, challenge_until=until)

    return resolution


def reopen_approved(grant: ApprovalGrant) -> Reopening:
    """Let the market trade again, until the time that was approved."""
    reopening = _recorded(Reopening, grant)

    _tell("market.reopened", reopening, closes_at=reopening.closes_at.isoformat())

    return reopening


def _recorded(model: type[C], grant: ApprovalGrant) -> C:
    # the guards fill in all that was approved, and move the market
    return insert(
        model,
        human_approval_audit_id=grant.pk,
        proposal_id=grant.subject_id,
        digest=bytes(grant.digest),
    )


def _tell(event_type: str, change: Change, **said: Any) -> None:
    emit(
        event_type,
        tenant_id=change.tenant_id,
        entity_type="markets",
        entity_id=str(change.market_id),
        payload={"symbol": change.proposal.symbol, **said},
    )
