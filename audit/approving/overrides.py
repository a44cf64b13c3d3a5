"""Looking afterwards at what somebody did alone, past what is usual."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from audit import approvals
from audit.models import Override, Reauthentication, Revocation
from core.access.models import User
from core.database.unit import verb
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


def unreviewed() -> QuerySet[Override]:
    """What waits for somebody to look at it, the most urgent first."""
    return Override.objects.filter(reviewed_at=None).order_by("review_due_at", "id")
