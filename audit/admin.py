"""What waits for people, what they decided, and everything that happened."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.safestring import SafeString

from audit.approving import override_pages
from audit.approving.delegation_pages import Delegations
from audit.approving.pages import Grants
from audit.decisions_page import Decisions
from audit.governed import found_by
from audit.models import (
    ApprovalDecision,
    ApprovalGrant,
    ApprovalPolicy,
    ApprovalRequest,
    AuditEvent,
    Delegation,
    Override,
)
from audit.policing.pages import Policies
from audit.queue import ReviewQueue, waiting
from audit.sealing import pages
from core.web import trails, words
from core.web.admin import ReadOnlyAdmin, one_of
from core.web.site import register_panel

admin.site.register(ApprovalRequest, ReviewQueue)
admin.site.register(ApprovalDecision, Decisions)
admin.site.register(ApprovalGrant, Grants)
admin.site.register(Delegation, Delegations)
admin.site.register(Override, override_pages.Overrides)
admin.site.register(ApprovalPolicy, Policies)
register_panel(waiting)
register_panel(override_pages.panel)
register_panel(pages.panel)
trails.lead_through(found_by)


@admin.register(AuditEvent)
class Log(ReadOnlyAdmin):
    """Everything that happened, newest first."""

    permission = pages.READ
    title = "Audit log"
    place = 50
    people = ("actor",)
    exactly = ("audit_id", "entity_id", "correlation_id")
    beginning = ("action",)
    list_display = ("when", "action", "who", "entity_type", "entity_id", "reason")
    list_filter = (one_of("actor_type", ("human", "agent", "system"), "actor"),)
    ordering = ("-audit_id",)
    fields = (
        "audit_id", "when", "action", "who", "actor_type", "entity_type", "entity_id", "reason", "before",
        "after", "about", "payload_hash", "correlation_id", "job_id", "ip_address", "user_agent", "position",
    )  # fmt: skip
    search_help_text = "A whole id (event, entity, correlation), or the beginning of an action."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave what only one row's own page shows where it is."""
        return super().get_queryset(request).defer("old_value", "new_value", "user_agent", "signature")

    def get_urls(self) -> list[URLPattern]:
        """Add the receipt of each fact, to read and to keep."""
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:audit_id>/receipt/", wrap(self.receipt_view), name="audit_auditevent_receipt"),
            path("<uuid:audit_id>/receipt/file/", wrap(self.file_view), name="audit_auditevent_receipt_file"),
            *super().get_urls(),
        ]

    def receipt_view(self, request: HttpRequest, audit_id: UUID) -> HttpResponse:
        """Show where a fact is sealed."""
        return pages.receipt(request, self._seen(request, audit_id))

    def file_view(self, request: HttpRequest, audit_id: UUID) -> HttpResponse:
        """Give its receipt as a file."""
        return pages.download(request, self._seen(request, audit_id))

    def _seen(self, request: HttpRequest, audit_id: UUID) -> AuditEvent:
        if not self.has_view_permission(request):
            raise PermissionDenied
        found: AuditEvent = self.get_object(request, str(audit_id))
        return found

    @admin.display(description="at")
    def when(self, row: AuditEvent) -> SafeString:
        """The database's clock."""
        return words.instant(row.created_at)

    @admin.display(description="by")
    def who(self, row: AuditEvent) -> str:
        """Who did it."""
        return words.who(row, "actor")

    @admin.display(description="reason")
    def reason(self, row: AuditEvent) -> str:
        """Why, in their words."""
        return str((row.metadata or {}).get("reason", ""))

    @admin.display(description="before")
    def before(self, row: AuditEvent) -> SafeString:
        """What it was."""
        return words.pretty(row.old_value)

    @admin.display(description="after")
    def after(self, row: AuditEvent) -> SafeString:
        """What it became."""
        return words.pretty(row.new_value)

    @admin.display(description="metadata")
    def about(self, row: AuditEvent) -> SafeString:
        """What else is known."""
        return words.pretty(row.metadata)

    @admin.display(description="epoch / transaction / sequence")
    def position(self, row: AuditEvent) -> str:
        """Its place in the one order of the log."""
        return f"{row.epoch} / {row.xid} / {row.seq}"
