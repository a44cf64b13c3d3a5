"""What a person reads by e-mail: titles, and where to go; no digest, no evidence, nothing to decide by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.urls import reverse

from audit import subjects
from audit.models import ApprovalRequest

# the most urgent first; a request stands under the first of them alone
HEADINGS = {
    "escalated": "Overdue, and nobody has decided",
    "due": "Due within the hour",
    "put": "New",
    "closed": "What became of what you proposed",
}
OUTCOMES = {
    "granted": "approved",
    "rejected": "rejected",
    "changes_requested": "sent back to you",
    "open": "nobody decided in time",
}
MOST_LINES = 50
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Told:
    """One thing that one person is told."""

    person_id: UUID
    email: str
    request_id: UUID
    occasion: str


def told_by(job_id: UUID) -> list[Told]:
    """Everything that this job of the open unit's tenant tells as of now, whomever it concerns."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, email, request_id, occasion FROM people_to_tell(%s)", [job_id])
        return [Told(*row) for row in cursor.fetchall()]


def letter(told: Sequence[Told], *, told_in: UUID) -> EmailMessage:
    """Write everything that one person is told as one message.

    :param told: of one person, at least one.
    :param told_in: the job that sends it; sent again, it is known by the same Message-ID.
    """
    occasions = _most_urgent(told)
    asked = {row.pk: row for row in ApprovalRequest.objects.filter(pk__in=occasions)}
    waiting = sum(occasion != "closed" for occasion in occasions.values())
    return EmailMessage(
        subject=_subject(waiting, len(occasions) - waiting),
        body="\n".join(_lines(asked, occasions)),
        to=[told[0].email],
        headers={
            "Message-ID": f"<{told_in}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def _most_urgent(told: Iterable[Told]) -> dict[UUID, str]:
    order = list(HEADINGS)
    ranked = sorted(told, key=lambda each: order.index(each.occasion), reverse=True)
    return {each.request_id: each.occasion for each in ranked}


def _subject(waiting: int, closed: int) -> str:
    said = [f"{waiting} to decide on"] * bool(waiting) + [f"{closed} decided"] * bool(closed)
    return f"Xmarket: {', '.join(said)}"


def _lines(asked: dict[UUID, ApprovalRequest], occasions: dict[UUID, str]) -> list[str]:
    described = subjects.describe(asked.values())
    urgent = sorted(asked.values(), key=lambda row: (list(HEADINGS).index(occasions[row.pk]), row.expires_at))
    shown = urgent[:MOST_LINES]
    lines: list[str] = []
    for occasion, heading in HEADINGS.items():
        of_this = [row for row in shown if occasions[row.pk] == occasion]
        if of_this:
            lines += [f"{heading}:", ""]
        for row in of_this:
            lines += _entry(row, described[row.pk].title, occasion)
    if len(urgent) > len(shown):
        lines += [f"And {len(urgent) - len(shown)} more.", ""]
    queue = settings.BASE_URL + reverse("admin:audit_approvalrequest_changelist")
    return [
        *lines,
        f"All of it: {queue}",
        "People decide there, by their password; nothing is decided by e-mail.",
    ]


def _entry(row: ApprovalRequest, title: str, occasion: str) -> list[str]:
    if occasion == "closed":
        fate = OUTCOMES.get(row.status, row.status.replace("_", " "))
    else:
        fate = f"{row.risk} risk, until {row.expires_at:%Y-%m-%d %H:%M} UTC"
    # a title is somebody else's text: one line of it
    said = " ".join(title.split())[:LONGEST_TITLE]
    return [
        f"- {said} ({subjects.noun(row.action)}: {fate})",
        f"  {settings.BASE_URL}{subjects.review_url(row.pk)}",
        "",
    ]
