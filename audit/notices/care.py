"""Care of requests: what is overdue is escalated, and what is new goes to those whom it concerns."""

from __future__ import annotations

from uuid import UUID

from django.db import connection

from audit import tasks
from audit.approving.overrides import become_overdue
from audit.models import ApprovalRequest
from core.access.models import User
from core.database.unit import current, hold, verb
from core.jobs.queue import enqueue
from core.messaging.outbox import emit

# the number of the advisory lock that whoever takes care holds
LOCK = 0xCA4E
# seconds between two looks, and how many requests one look escalates
EVERY = 15.0
MOST_AT_ONCE = 500


def tick() -> str | None:
    """Escalate what is overdue, and have people told what they were not told yet; what was done, for the log.

    One job for each tenant tells everything that is untold there.
    """
    if not _is_alone():
        return None
    escalated, overdue = escalate(by=None), become_overdue(MOST_AT_ONCE, by=None)
    tenants = _tell()
    if not escalated and not overdue and not tenants:
        return None
    return (
        f"{len(escalated)} requests escalated, {len(overdue)} overrides overdue, "
        f"people of {tenants} tenants told"
    )


@verb("approval:escalate")
def escalate(*, by: User | None, reason: str = "") -> list[ApprovalRequest]:
    """Let every request that is overdue say so, once; called by the worker, of all tenants at once.

    :returns: those that are overdue as of now, at most `MOST_AT_ONCE`.
    """
    overdue = list(ApprovalRequest.objects.raw("SELECT * FROM care_for_requests(%s)", [MOST_AT_ONCE]))

    for asked in overdue:
        emit(
            "approval.escalated",
            tenant_id=asked.tenant_id,
            entity_type=ApprovalRequest._meta.db_table,
            entity_id=str(asked.pk),
            payload={"action": asked.action, "subject_id": str(asked.subject_id)},
        )

    return overdue


def _tell() -> int:
    """Have a job tell what is untold in each tenant; how many tenants there are."""
    before = current().tenant
    tenants = _ids("SELECT tenants_to_tell()")
    for tenant in tenants:
        hold(tenant=tenant)
        job, _ = enqueue(tasks.notify, {})
        _ids("SELECT hand_over_notices(%s)", job.pk)
    hold(tenant=before)
    return len(tenants)


def _ids(statement: str, *values: UUID) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [found for (found,) in cursor.fetchall()]


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        (is_alone,) = cursor.fetchone()
    return bool(is_alone)
