"""Saying that one looks at a request, so that two people do not read the same page at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from audit.models import Claim
from core.access.models import User
from core.database.expressions import ClockNow
from core.database.rows import insert
from core.database.unit import verb
from core.refusals import NotFound

LASTS = timedelta(minutes=30)


@verb("approval:claim", permission="approvals:read")
def claim(request_id: UUID, *, by: User, reason: str = "") -> Claim:
    """Say that one looks at a request, for half an hour; it advises, and anybody may still decide.

    :raises RequestIsClaimed: while somebody else does.
    :raises RequestIsClosed: when it is decided already.
    """
    return insert(Claim, request_id=request_id, person_id=by.pk)


@verb("approval:release", permission="approvals:read")
def release(request_id: UUID, *, by: User, reason: str = "") -> Claim:
    """Say that one looks at it no more.

    :raises NotFound: unless `by` has claimed it.
    """
    found = Claim.objects.filter(request_id=request_id, person_id=by.pk, released_at=None).first()
    if found is None:
        raise NotFound

    Claim.objects.filter(pk=found.pk).update(released_at=ClockNow())

    found.refresh_from_db()
    return found


def standing(request_ids: Iterable[UUID]) -> dict[UUID, Claim]:
    """Who looks at which of these requests, by its id."""
    found = Claim.objects.filter(
        request_id__in=list(request_ids), released_at=None, claimed_at__gt=ClockNow() - LASTS
    )
    return {claim.request_id: claim for claim in found.prefetch_related("person")}
