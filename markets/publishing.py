"""Events become public, and are taken back: by an approval, by a policy, by staff."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from audit.models import ApprovalGrant
from core.access.models import PLATFORM_TENANT_ID, User
from core.database.rows import insert
from core.database.unit import verb
from core.messaging.outbox import emit
from core.refusals import NotFound, ReasonTooShort
from markets.models import Candidate, Event, Market, Retraction

SHORTEST_REASON = 10


def publish_approved(grant: ApprovalGrant) -> Event:
    """Publish a proposed event; the database fills in the content that was approved.

    Called by the deciding vote, in its transaction.
    """
    event = insert(Event, candidate_id=grant.subject_id, human_approval_audit_id=grant.pk)

    _tell("event.published", event)

    return event


def publishes_by_itself(candidate: Candidate) -> bool:
    """Whether a policy lets this event out without asking people: never a political or an economic one."""
    market_type = Market.objects.values_list("type", flat=True).get(pk=candidate.market_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT event_publishes_by_itself(%s, %s)", [market_type, candidate.risk])
        return bool(cursor.fetchone()[0])


def publish_by_policy(candidate: Candidate) -> Event:
    """Publish a proposed event that nobody is asked about; the row says that a policy let it out.

    Called by its proposal, in its transaction.
    :raises EventNeedsHumanApproval: when no policy does.
    """
    event = insert(Event, candidate_id=candidate.pk)

    _tell("event.published", event)

    return event


@verb("event:retract", permission="events:retract")
def retract(event_id: UUID, *, by: User, reason: str) -> Retraction:
    """Take a published event back: it stays to be seen, as taken back by this person for this reason.

    :raises EventIsRetractedOnce: when it was taken back already.
    """
    event = Event.objects.filter(pk=event_id).first()
    if event is None or by.tenant_id not in {event.tenant_id, PLATFORM_TENANT_ID}:
        raise NotFound
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonTooShort

    retraction = insert(Retraction, event_id=event.pk, retracted_by_id=by.pk, reason=reason)

    _tell("event.retracted", event)

    return retraction


def _tell(event_type: str, event: Event) -> None:
    emit(
        event_type,
        tenant_id=event.tenant_id,
        entity_type="events",
        entity_id=str(event.pk),
        payload={
            "market_id": str(event.market_id),
            "symbol": Market.objects.values_list("symbol", flat=True).get(pk=event.market_id),
            "event_type": event.event_type,
            "basis": event.basis,
        },
    )
