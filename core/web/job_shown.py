"""What the admin says of a job: its columns, its page, and the thread of what happened to it."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from core.access.models import User
from core.jobs import handlers
from core.jobs.models import ENDED, STATUSES, WAITING, Job, JobEvent
from core.web import masks, trails, words
from core.web.admin import ReadOnlyAdmin, one_of

# of a long story, the end
LATEST = 100
SHORT = 90
# what the thread says of an event in words of its own
TOLD = {"reason", "by", "error"}
BEGINNING = re.compile(r"[^:.]*[:.]?")


class Kind(admin.SimpleListFilter):
    """By how the type begins; the beginnings are those of the work there is."""

    title = "type"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer every beginning once."""
        begins = {BEGINNING.match(kind)[0] for kind in handlers.every()}  # type: ignore[index]
        return [(begin, begin) for begin in sorted(begins)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the jobs whose type begins so."""
        chosen = self.value()
        is_offered = chosen in dict(self.lookup_choices)
        return queryset.filter(job_type__startswith=chosen) if is_offered else queryset


class JobShown(ReadOnlyAdmin):
    """Work that was asked for, and what became of it; secrets are nowhere."""

    permission = "jobs:read"
    title = "Jobs"
    place = 400
    people = ("owner",)
    list_display = ("state", "job_type", "lane", "age", "tries", "last_error", "whose")
    list_display_links = ("job_type",)
    list_filter = (one_of("status", STATUSES, "state"), Kind)
    ordering = ("-job_id",)
    exactly = ("job_id", "idempotency_key")
    beginning = ("job_type",)
    search_help_text = "The beginning of a type, a whole key or a whole id."
    fieldsets = (
        (None, {"fields": ("job_id", "state", "job_type", "lane", "tenant", "whose", "idempotency_key")}),
        (
            "Attempts",
            {
                "fields": (
                    "tries", "error", "next_attempt", "started", "stopped_after", "worker", "how_far",
                    "cancel_asked",
                )
            },
        ),
        ("What was asked, and what came of it", {"fields": ("asked", "result_shown")}),
        ("Trail", {"fields": ("asked_by", "trace", "created", "changed", "ended")}),
    )  # fmt: skip

    @admin.display(description="state")
    def state(self, row: Job) -> SafeString:
        """Where it stands."""
        return words.badge(row.status, "state")

    @admin.display(description="age")
    def age(self, row: Job) -> str:
        """Since it was asked for."""
        return words.span(timezone.now() - row.created_at)

    @admin.display(description="attempts")
    def tries(self, row: Job) -> str:
        """How many, of how many."""
        return f"{row.attempts} of {row.max_attempts}"

    @admin.display(description="last error")
    def last_error(self, row: Job) -> str:
        """The beginning of what went wrong."""
        return Truncator(masks.text(row.error_message or "")).chars(SHORT)

    @admin.display(description="owner")
    def whose(self, row: Job) -> str:
        """Whose it is alone."""
        return words.who(row, "owner") if row.owner_id else words.NOTHING

    @admin.display(description="error")
    def error(self, row: Job) -> SafeString:
        """What went wrong last, whole."""
        if not row.error_message:
            return SafeString(words.NOTHING)
        when = words.instant(row.last_error_at) if row.last_error_at else ""
        return format_html('<pre class="json">{}</pre>{}', masks.text(row.error_message), when)

    @admin.display(description="next attempt")
    def next_attempt(self, row: Job) -> SafeString:
        """Not before."""
        return words.instant(row.next_attempt_at if row.status in WAITING else None)

    @admin.display(description="started")
    def started(self, row: Job) -> SafeString:
        """When the last attempt began."""
        return words.instant(row.started_at)

    @admin.display(description="stopped at")
    def stopped_after(self, row: Job) -> SafeString:
        """When the attempt that runs has to be over."""
        return words.instant(row.timeout_at)

    @admin.display(description="worker")
    def worker(self, row: Job) -> SafeString:
        """Who has it, and until when they have to say so again."""
        if not row.locked_by:
            return SafeString(words.NOTHING)
        until = format_html(" until {}", words.instant(row.lease_until)) if row.lease_until else ""
        return format_html("{}{}", row.locked_by, until)

    @admin.display(description="progress")
    def how_far(self, row: Job) -> str:
        """What it said of itself."""
        said = [row.stage or "", "" if row.progress is None else f"{row.progress} %"]
        return ", ".join(filter(None, said)) or words.NOTHING

    @admin.display(description="asked to stop")
    def cancel_asked(self, row: Job) -> SafeString:
        """When somebody asked its worker to stop it."""
        return words.instant(row.cancel_requested_at)

    @admin.display(description="payload")
    def asked(self, row: Job) -> SafeString:
        """What it was asked to do, without secrets."""
        return words.pretty(masks.masked(row.payload))

    @admin.display(description="result")
    def result_shown(self, row: Job) -> SafeString:
        """What it returned, without secrets."""
        return words.pretty(masks.masked(row.result))

    @admin.display(description="asked for by")
    def asked_by(self, row: Job) -> str:
        """Who asked for it."""
        return words.who(row, "requested_by")

    @admin.display(description="trace")
    def trace(self, row: Job) -> SafeString:
        """What came of the same request."""
        return trails.link(row.trace_id)

    @admin.display(description="asked for at")
    def created(self, row: Job) -> SafeString:
        """When it was asked for."""
        return words.instant(row.created_at)

    @admin.display(description="changed at")
    def changed(self, row: Job) -> SafeString:
        """When it changed last."""
        return words.instant(row.updated_at)

    @admin.display(description="ended at")
    def ended(self, row: Job) -> SafeString:
        """When it ended, however it did."""
        return words.instant(row.completed_at if row.status in ENDED else None)


def thread_of(job: Job) -> list[dict[str, Any]]:
    """What happened to a job, the oldest first; of a long story, its end."""
    events = list(JobEvent.objects.filter(job_id=job.pk).order_by("-created_at", "-id")[:LATEST])
    named = {event.payload.get("by") for event in events if isinstance(event.payload, dict)}
    people = {str(user.pk): user for user in User.objects.filter(pk__in=_ids(named))}
    thread = []
    for event in reversed(events):
        payload = event.payload if isinstance(event.payload, dict) else {"": event.payload}
        by = payload.get("by")
        rest = {name: value for name, value in payload.items() if name not in TOLD}
        thread.append(
            {
                "badge": words.badge(event.event_type, "state"),
                "when": words.instant(event.created_at),
                "who": (words.person(people[by]) if by in people else words.PLATFORM) if by else "",
                "said": masks.text(str(payload.get("reason") or payload.get("error") or "")),
                "rest": words.pretty(masks.masked(rest)) if rest else "",
            }
        )
    return thread


def _ids(named: set[Any]) -> list[UUID]:
    found = []
    for each in named:
        try:
            found.append(UUID(each))
        except (TypeError, ValueError, AttributeError):
            continue
    return found
