"""Two weeks of decisions that nobody has to take one by one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from core.access.models import User
from core.web.filters import first_id
from tests.factories import World
from tests.raw import run, untriggered

STATUS = {"approve": "granted", "reject": "rejected", "request_changes": "changes_requested"}


def decided(
    world: World, by: User, verdict: str, *, days_ago: int = 0, after: timedelta, read: float | None = None
) -> None:
    """A request that was decided so many days ago, so long after it was put, read for so many seconds."""
    when = datetime.now(tz=UTC) - timedelta(days=days_ago)
    digest = uuid4().bytes * 2
    asked = _asked(world, verdict, digest, put=when - after, closed=when)
    with untriggered("approval_decisions"):
        run(
            "INSERT INTO approval_decisions (id, tenant_id, request_id, digest, reviewer_id, verdict, reason, "
            "role_held, decided_at, read_for) VALUES (%s, %s, %s, %s, %s, %s, 'As good as any reason.', 'admin', "
            "%s, %s)",
            _born(when),
            world.acme.pk,
            asked,
            digest,
            by.pk,
            verdict,
            when,
            None if read is None else timedelta(seconds=read),
        )


def _asked(world: World, verdict: str, digest: bytes, *, put: datetime, closed: datetime) -> UUID:
    asked, subject = _born(put), uuid4()
    with untriggered("approval_subjects"), untriggered("approval_requests"):
        run(
            "INSERT INTO approval_subjects (tenant_id, action, subject_id, digest, risk, proposed_by) "
            "VALUES (%s, 'market:create', %s, %s, 'low', %s)",
            world.acme.pk,
            subject,
            digest,
            world.edith.pk,
        )
        run(
            "INSERT INTO approval_requests (id, tenant_id, action, subject_id, digest, risk, proposed_by, quorum, "
            "required_roles, grant_lifetime, needs_reauthentication, status, requested_at, due_at, expires_at, "
            "closed_at) VALUES (%s, %s, 'market:create', %s, %s, 'low', %s, 1, '{\"admin\": 1}', '1 day', false, "
            "%s, %s, %s, %s, %s)",
            asked,
            world.acme.pk,
            subject,
            digest,
            world.edith.pk,
            STATUS[verdict],
            put,
            put + timedelta(hours=12),
            put + timedelta(days=1),
            closed,
        )
    return asked


def _born(moment: datetime) -> UUID:
    """An id of this moment that no other row has."""
    return UUID(int=first_id(moment).int + uuid4().int % 2**60)


def two_weeks(world: World) -> None:
    """A history with busy and quiet days, one slow day, and somebody who hurries."""
    for days_ago in range(1, 14):
        for place in range(1 + days_ago * 5 % 7):
            verdict = ("approve", "approve", "reject", "approve", "request_changes")[(days_ago + place) % 5]
            by = world.alan if place % 3 else world.grace
            took = timedelta(hours=30 if days_ago == 6 else 1 + (days_ago * place) % 9)
            hurried = by == world.alan and (days_ago + place) % 6 == 0
            decided(
                world, by, verdict, days_ago=days_ago, after=took, read=4.0 if hurried else 45.0 + 7 * place
            )
