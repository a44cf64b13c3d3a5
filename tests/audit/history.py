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
    digest, subject = uuid4().bytes * 2, uuid4()
    asked, word = first_id(when - after).int, first_id(when).int
    asked, word = asked + uuid4().int % 2**60, word + uuid4().int % 2**60
    with (
        untriggered("approval_subjects"),
        untriggered("approval_requests"),
        untriggered("approval_decisions"),
    ):
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
            UUID(int=asked),
            world.acme.pk,
            subject,
            digest,
            world.edith.pk,
            STATUS[verdict],
            when - after,
            when - after + timedelta(hours=12),
            when - after + timedelta(days=1),
            when,
        )
        run(
            "INSERT INTO approval_decisions (id, tenant_id, request_id, digest, reviewer_id, verdict, reason, "
            "role_held, decided_at, read_for) VALUES (%s, %s, %s, %s, %s, %s, 'As good as any reason.', 'admin', "
            "%s, %s)",
            UUID(int=word),
            world.acme.pk,
            UUID(int=asked),
            digest,
            by.pk,
            verdict,
            when,
            None if read is None else timedelta(seconds=read),
        )


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
