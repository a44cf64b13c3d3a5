"""Letting another person decide in one's role for a while."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from audit.models import Delegation, Reauthentication
from core.access.models import User
from core.database.expressions import ClockNow
from core.database.rows import insert
from core.database.unit import verb
from core.refusals import NotFound


@verb("delegation:give", permission="approvals:decide")
def give(
    to_person: User,
    role: str,
    *,
    starts_at: datetime,
    ends_at: datetime,
    reauthentication: Reauthentication,
    by: User,
    reason: str,
) -> Delegation:
    """Let a colleague decide in a role of one's own, from one moment to another.

    :param role: `admin` or `super-admin`, not above one's own.
    :param starts_at: aware.
    :param ends_at: aware, after `starts_at` and not in the past.
    :raises DelegatorLacksTheRole: above one's own role, or in a role one was lent.
    :raises DelegateIsNotStaff: unless both are of the same tenant.
    """
    return insert(
        Delegation,
        from_person_id=by.pk,
        to_person_id=to_person.pk,
        role=role,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        reauthentication_id=reauthentication.pk,
    )


@verb("delegation:end")
def end(delegation_id: UUID, *, by: User, reason: str) -> Delegation:
    """End a delegation early; what was decided by it stays decided.

    :raises DelegationIsSomebodyElses: unless `by` gave it, holds it, or is an admin.
    """
    found = Delegation.objects.select_for_update(no_key=True).filter(pk=delegation_id).first()
    if found is None:
        raise NotFound

    Delegation.objects.filter(pk=found.pk).update(revoked_at=ClockNow())

    found.refresh_from_db()
    return found


def held_by(person: User) -> list[Delegation]:
    """What this person may decide by at this moment, the highest role first."""
    found = Delegation.objects.in_force().filter(to_person_id=person.pk).prefetch_related("from_person")
    return list(found.order_by("-role", "id"))
