"""Looking afterwards at what somebody did alone, past what is usual."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from audit import approvals
from audit.models import Override, Reauthentication, Revocation
from core.access.models import User
from core.database.unit import verb
from core.messaging.outbox import emit
from core.refusals import NotFound


@verb("override:review", permission="approvals:decide")
def review(
    override_id: UUID, outcome: str, *, reauthentication: Reauthentication, by: User, reason: str
) -> Override:
    """Confirm an override, or reverse it; to reverse a broken glass revokes what it granted.

    :param outcome: `confirmed` or `reversed`.
    :raises OverrideIsReviewedByAnother: for whoever made it, decided on it or proposed it.
    :raises OverrideIsReviewedOnce: when somebody was faster.
    """
    found = Override.objects.select_for_update(no_key=True).filter(pk=override_id).first()
    if found is None:
        raise NotFound

    found.outcome, found.reviewed_by, found.review_reason = outcome, by, reason
    found.reauthentication = reauthentication
    found.save(update_fields=["outcome", "reviewed_by", "review_reason", "reauthentication"])

    for revocation in Revocation.objects.filter(reauthentication=reauthentication):
        approvals.tell_revoked(revocation.grant)

    found.refresh_from_db()
    return found


@verb("override:overdue")
def become_overdue(at_most: int, *, by: User | None, reason: str = "") -> list[Override]:
    """Let every override that nobody reviewed in time say so, once; called by the worker, of all tenants.

    What a broken glass opened stops in the same transaction, by the room that owns it.

    :returns: those that are overdue as of now.
    """
    overdue = list(Override.objects.raw("SELECT * FROM overrides_become_overdue(%s)", [at_most]))

    for override in overdue:
        emit(
            "override.overdue",
            tenant_id=override.tenant_id,
            entity_type=Override._meta.db_table,
            entity_id=str(override.pk),
            payload={"kind": override.kind, "about_id": str(override.about_id)},
        )

    return overdue


def unreviewed() -> QuerySet[Override]:
    """What waits for somebody to look at it, the most urgent first."""
    return Override.objects.filter(reviewed_at=None).order_by("review_due_at", "id")
