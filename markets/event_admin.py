"""Proposed and published events, their evidence, and the page on which staff take an event back."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audit import subjects
from audit.governed import Governed, reviews
from audit.models import RISKS
from core.web import words
from core.web.admin import ReadOnlyAdmin, holds, one_of, person_of
from markets import publishing, reasons
from markets.event_reading import PRESENTATION
from markets.models import BASES, CANDIDATE_STATUSES, PUBLISH, Candidate, Event, EventSnapshot, Retraction
from markets.reasons import Deed

EFFECT = "The event stays to be seen, as taken back by you for this reason. Nobody can undo that."

subjects.register(PUBLISH, PRESENTATION)


@admin.register(Candidate)
class Candidates(Governed):
    """What was proposed for publication, and what became of it."""

    permission = "candidates:read"
    title = "Proposed events"
    place = 125
    people = ("proposed_by",)
    exactly = ("candidate_id", "market_id")
    list_display = ("short_summary", "market", "status_badge", "risk_badge", "proposer", "proposed_at")
    list_filter = (one_of("status", CANDIDATE_STATUSES), one_of("risk", RISKS))
    list_select_related = ("market",)
    ordering = ("-candidate_id",)
    fields = (
        "summary", "market", "status_badge", "rejection_reason", "risk_badge", "proposer", "operated_by",
        "requests", "event", "known_at", "digest_hex", "content", "dedupe_hash", "producer", "schema_version",
        "safety_assertions", "created_at", "updated_at",
    )  # fmt: skip
    search_help_text = "A whole id, of the proposed event or of its market."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the text where it is until a row's own page asks for it."""
        return super().get_queryset(request).defer("canonical")

    @admin.display(description="event")
    def short_summary(self, row: Candidate) -> str:
        """The beginning of what happened."""
        return str(row)

    @admin.display(description="status")
    def status_badge(self, row: Candidate) -> SafeString:
        """What became of it."""
        return words.badge(row.status, "state")

    @admin.display(description="risk")
    def risk_badge(self, row: Candidate) -> SafeString:
        """How risky its market is."""
        return words.badge(row.risk, "risk")

    @admin.display(description="proposer")
    def proposer(self, row: Candidate) -> str:
        """Who proposed it."""
        return words.who(row, "proposed_by")

    @admin.display(description="proposed at")
    def proposed_at(self, row: Candidate) -> SafeString:
        """The database's clock."""
        return words.instant(row.created_at)

    @admin.display(description="digest")
    def digest_hex(self, row: Candidate) -> SafeString:
        """What people approve."""
        return words.digest(row.digest)

    @admin.display(description="content")
    def content(self, row: Candidate) -> SafeString:
        """The content, spread out for reading; the digest is of its RFC 8785 form."""
        return words.pretty(json.loads(bytes(row.canonical)))

    @admin.display(description="reviews")
    def requests(self, row: Candidate) -> SafeString:
        """Every request about it, newest first."""
        return reviews((PUBLISH,), row.pk)

    @admin.display(description="published as")
    def event(self, row: Candidate) -> SafeString | str:
        """The event it became."""
        made = Event.objects.filter(candidate_id=row.pk).first()
        if made is None:
            return "not published"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:markets_event_change", args=[made.pk]), made.pk
        )


@admin.register(Event)
class Events(Governed):
    """What was published on markets."""

    permission = "events:read"
    title = "Events"
    place = 130
    exactly = ("event_id", "market_id")
    list_display = ("short_summary", "market", "event_type", "confidence", "basis", "published")
    list_filter = (one_of("basis", BASES),)
    list_select_related = ("market",)
    ordering = ("-event_id",)
    fields = (
        "taken_back", "summary", "market", "event_type", "confidence", "basis", "candidate", "digest_hex",
        "human_approval_audit_id", "snapshot_ids", "metadata", "known_at", "published_at", "created_at",
    )  # fmt: skip
    search_help_text = "A whole id, of the event or of its market."
    change_form_template = "admin/markets/event.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which staff take an event back."""
        view = self.admin_site.admin_view(self.retract_view)
        mine = path("<uuid:event_id>/retract/", view, name="markets_event_retract")
        return [mine, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Offer to take it back to those who may, once."""
        event = self.get_object(request, object_id)
        is_offered = holds(request, "events:retract") and not event.retractions.exists()
        offer = {"may_retract": is_offered, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, offer)

    def retract_view(self, request: HttpRequest, event_id: UUID) -> HttpResponse:
        """Ask for the reason, then take the event back."""
        if not self.has_view_permission(request) or not holds(request, "events:retract"):
            raise PermissionDenied
        event = self.get_object(request, str(event_id))
        deed = Deed(
            title="Take the event back",
            action="Take back",
            named=event.summary,
            says=event.summary,
            effect=EFFECT,
            done="The event is taken back.",
            does=lambda reason: publishing.retract(event.pk, by=person_of(request), reason=reason),
        )
        return reasons.ask(self, request, event, deed)

    @admin.display(description="event")
    def short_summary(self, row: Event) -> str:
        """The beginning of what happened."""
        return str(row)

    @admin.display(description="digest")
    def digest_hex(self, row: Event) -> SafeString | str:
        """What people approved."""
        return words.digest(row.digest) if row.digest else "none: written by hand"

    @admin.display(description="audit id of the grant")
    def human_approval_audit_id(self, row: Event) -> SafeString | str:
        """The row of the log in which people's approval stands."""
        if row.human_approval_audit_id is None:
            return "nobody was asked"
        page = reverse("admin:audit_auditevent_change", args=[row.human_approval_audit_id])
        return format_html('<a href="{}">{}</a>', page, row.human_approval_audit_id)

    @admin.display(description="taken back")
    def taken_back(self, row: Event) -> SafeString | str:
        """By whom, when and why."""
        made = Retraction.objects.filter(event_id=row.pk).prefetch_related("retracted_by").first()
        if made is None:
            return "no"
        return format_html(
            "{} by {}: {}", words.instant(made.created_at), words.who(made, "retracted_by"), made.reason
        )

    @admin.display(description="published at")
    def published(self, row: Event) -> SafeString:
        """The database's clock."""
        return words.instant(row.published_at)


@admin.register(EventSnapshot)
class EventEvidence(ReadOnlyAdmin):
    """Which snapshot stands behind which event."""

    permission = "events:read"
    title = "Evidence of events"
    place = 140
    exactly = ("id", "event_id", "snapshot_id")
    list_display = ("event", "snapshot_id")
    list_select_related = ("event",)
    ordering = ("-id",)
    fields = ("event", "snapshot_id")
    search_help_text = "A whole id, of the event or of the snapshot."
