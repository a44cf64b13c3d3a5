"""What was asked and answered about a subject, from its first wording on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit.models import ApprovalDecision, ApprovalRequest, AuditEvent
from core.web import words

ENDS = {
    "granted": "was approved",
    "superseded": "was replaced by another request",
    "withdrawn": "was withdrawn",
}


@dataclass(frozen=True)
class Entry:
    """Somebody's word at a time."""

    when: datetime
    who: str
    did: str
    said: str = ""
    verdict: str = ""


def thread(requests: Sequence[ApprovalRequest], named: Mapping[UUID, str], now: datetime) -> list[Entry]:
    """Every request about the subject, its decisions, comments and end, oldest first.

    :param requests: with `decisions`, `comments` and their people fetched.
    :param named: which wording each of them put to people, by its id.
    """
    reasons = _reasons(requests)
    entries = [
        entry
        for request in requests
        for entry in _entries(request, named.get(request.pk, "it"), reasons.get(str(request.pk), ""), now)
    ]
    return sorted(entries, key=lambda entry: entry.when)


def _entries(request: ApprovalRequest, named: str, reason: str, now: datetime) -> Iterator[Entry]:
    yield Entry(request.requested_at, words.who(request, "proposed_by"), f"put {named} to people", reason)
    for decision in request.decisions.all():
        yield _decided(decision, named)
    for comment in request.comments.all():
        yield Entry(comment.created_at, words.who(comment, "author"), "said", comment.body)
    if request.status in ENDS and request.closed_at:
        yield Entry(request.closed_at, "", f"{named} {ENDS[request.status]}")
    elif request.status == "open" and request.expires_at <= now:
        yield Entry(request.expires_at, "", f"the time to decide on {named} ran out")


def _decided(decision: ApprovalDecision, named: str) -> Entry:
    return Entry(
        decision.decided_at,
        f"{words.who(decision, 'reviewer')} ({decision.role_held})",
        f"on {named}",
        decision.reason,
        decision.verdict,
    )


def _reasons(requests: Sequence[ApprovalRequest]) -> dict[str, str]:
    """Why each request was put, by its id, from the log."""
    put = AuditEvent.objects.filter(
        entity_type="approval_requests",
        entity_id__in=[str(request.pk) for request in requests],
        metadata__operation="insert",
    )
    return {
        str(entity_id): str((metadata or {}).get("reason", ""))
        for entity_id, metadata in put.values_list("entity_id", "metadata")
    }
