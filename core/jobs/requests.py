"""Work that principals of the API ask for: only what is open to them, and each piece once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_type_hints

from core.access.principals import Principal
from core.database.unit import current
from core.idempotency import answers
from core.jobs import handlers
from core.jobs.handlers import LONGEST_TYPE, Handler
from core.jobs.models import Job
from core.jobs.queue import Wanted, enqueue
from core.jobs.refusals import JobPayloadDoesNotFit, JobTypeIsUnknown


def ask(job_type: str, payload: Mapping[str, Any], wanted: Wanted, *, by: Principal) -> tuple[Job, bool]:
    """Ask for work in this unit, as somebody who may ask for work of its type.

    :param wanted: it names a key.
    :returns: the job, and whether it is new; the same key and payload is the job that was there.
    :raises JobTypeIsUnknown: also for a type that is not open to them; it names those that are.
    :raises RequestIsInFlight: while another request with this key is being answered.
    :raises JobDiffers: when the key belongs to other work.
    """
    known = open_to(by)
    if job_type not in known:
        raise JobTypeIsUnknown(job_type=job_type[:LONGEST_TYPE], known=sorted(known))
    _refuse_other_values(known[job_type], payload)

    # an owner's key is the owner's whatever the type, any other belongs to its type
    whose = f"owner {wanted.owner.pk}" if wanted.owner else f"type {job_type}"
    answers.hold(["jobs", str(current().tenant), whose, wanted.key])

    return enqueue(known[job_type], payload, wanted)


def open_to(by: Principal) -> dict[str, Handler[Any, Any]]:
    """The handlers whose work this principal may ask for, by type."""
    return {
        kind: known
        for kind, known in handlers.every().items()
        if known.permission and by.holds(known.permission) and by.covers(known.permission)
    }


def _refuse_other_values(handler: Handler[Any, Any], payload: Mapping[str, Any]) -> None:
    """Hold a payload to the plain types that the function names; anything finer it checks itself."""
    handler.arguments(payload)
    hints = get_type_hints(handler.func)
    for name, value in payload.items():
        kind = hints.get(name)
        if isinstance(kind, type) and not isinstance(value, kind):
            raise JobPayloadDoesNotFit(detail=f"{handler.kind}: {name} must be a {kind.__name__}.")
