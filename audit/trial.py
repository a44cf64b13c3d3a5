"""What an approval would do, found out by doing it and taking it back.

The guards, the quorum and the effect of the action's room all run, as the database role of the person who
looks; then everything is undone. The proof of it is one that nobody typed, which the database lets no
transaction keep (`trial_is_taken_back`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import Error as DatabaseFailure
from django.db import connection, transaction

from audit import approvals
from audit.models import ApprovalRequest, AuditEvent, Delegation, Reauthentication
from core.access.models import User
from core.database.expressions import CurrentTransaction
from core.database.rows import insert
from core.database.unit import current
from core.messaging.models import OutboxEvent
from core.refusals import Refusal, translate
from core.web.filters import first_id

REASON = "Only tried, and taken back."
# what tells one row from another in a few words, as far as a row has it
TELLING = ("symbol", "status", "outcome", "verdict", "event_type", "number")
# times of the trial itself, which will be other ones
PASSING = ("updated_at", "closed_at")


@dataclass(frozen=True)
class Step:
    """One row that would be written, or one message that would be sent.

    :ivar sign: `new`, `changed` or `sent`.
    :ivar what: the table, or the message.
    :ivar said: what tells the row, or what becomes of what.
    """

    sign: str
    what: str
    said: str


@dataclass(frozen=True)
class Trial:
    """What came of trying.

    :ivar refusal: why it would not happen; None where it would.
    :ivar is_last: whether this approval completes the quorum.
    """

    steps: tuple[Step, ...] = ()
    refusal: Refusal | None = None
    is_last: bool = False


def attempt(asked: ApprovalRequest, *, by: User, delegation: Delegation | None = None) -> Trial:
    """Approve it as this person, look at what was written, and take all of it back.

    :param delegation: in whose role, where it is not one's own.
    """
    try:
        with transaction.atomic():
            began = _clock()
            proof = insert(Reauthentication, person_id=by.pk, method="trial")
            approvals.approve(
                asked.pk,
                digest=bytes(asked.digest),
                reauthentication=proof,
                delegation=delegation,
                by=by,
                reason=REASON,
            )
            steps = (*_written(began), *_sent(began))
            transaction.set_rollback(True)
    except (Refusal, DatabaseFailure) as error:
        refusal = translate(error)
        if refusal is None:
            raise
        return Trial(refusal=refusal)
    return Trial(steps, is_last=any(step.what == "approval_grants" for step in steps))


def _clock() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def _written(began: datetime) -> list[Step]:
    rows = AuditEvent.objects.filter(pk__gte=first_id(began), created_at__gte=began, xid=CurrentTransaction())
    return [_step(row) for row in rows.order_by("seq")]


def _step(row: AuditEvent) -> Step:
    table, old, new = row.entity_type or "", row.old_value or {}, row.new_value or {}
    if old:
        moved = [f"{name}: {old[name]} \N{RIGHTWARDS ARROW} {new.get(name)}" for name in _changed(old, new)]
        return Step("changed", table, ", ".join(moved))
    return Step("new", table, ", ".join(str(new[name]) for name in TELLING if new.get(name) is not None))


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [name for name in old if name not in PASSING and old[name] != new.get(name)]


def _sent(began: datetime) -> list[Step]:
    rows = OutboxEvent.objects.filter(
        pk__gte=first_id(began), created_at__gte=began, correlation_id=current().correlation_id
    )
    return [Step("sent", row.event_type, "") for row in rows.order_by("pk")]
