"""What people decided, each word on its own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audit import subjects
from audit.governed import Governed
from audit.models import VERDICTS, ApprovalDecision
from core.web import words
from core.web.admin import one_of, person_of


class ByMe(admin.SimpleListFilter):
    """By whether the person who looks took it."""

    title = "who decided"
    parameter_name = "by"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer one's own."""
        return [("me", "My decisions")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep one's own."""
        return queryset.filter(reviewer=person_of(request)) if self.value() == "me" else queryset


class Decided(ChangeList):
    """A page of decisions, with what they are about."""

    def get_results(self, request: HttpRequest) -> None:
        """Fetch the page, then what all of its rows are about."""
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        described = subjects.describe([row.request for row in rows])
        for row in rows:
            row.subject = described[row.request_id]
        self.result_list = rows


class Decisions(Governed):
    """One person's word on one request."""

    permission = "approvals:read"
    title = "Decisions"
    place = 20
    people = ("reviewer",)
    exactly = ("id", "request_id")
    list_display = ("about", "verdict_badge", "reviewer_name", "short_reason", "when")
    list_display_links = None
    list_filter = (ByMe, one_of("verdict", VERDICTS))
    ordering = ("-id",)
    fields = (
        "when", "verdict_badge", "reviewer_name", "role_held", "slot", "reason", "request", "digest_hex",
        "reauthenticated", "read_for",
    )  # fmt: skip
    search_help_text = "A whole id, of the decision or of the request."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the requests along."""
        return super().get_queryset(request).prefetch_related("request")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Name what the decisions of a page are about, together."""
        return Decided

    @admin.display(description="decision on")
    def about(self, row: Any) -> SafeString:
        """Title, and beneath it symbol and type; it leads to the decision."""
        subject: subjects.Description = row.subject
        return format_html(
            '<a class="subject" href="{}">{}</a><small class="beneath"><code>{}</code> {} {}, '
            '<a href="{}">receipt</a></small>',
            reverse("admin:audit_approvaldecision_change", args=[row.pk]),
            subject.title,
            subject.name,
            subject.type,
            subjects.noun(row.request.action),
            reverse("admin:audit_receipt", args=[row.request_id]),
        )

    @admin.display(description="decided at")
    def when(self, row: ApprovalDecision) -> SafeString:
        """The database's clock."""
        return words.instant(row.decided_at)

    @admin.display(description="verdict")
    def verdict_badge(self, row: ApprovalDecision) -> SafeString:
        """The word."""
        return words.badge(row.verdict, "verdict")

    @admin.display(description="by")
    def reviewer_name(self, row: ApprovalDecision) -> str:
        """Who decided."""
        return words.who(row, "reviewer")

    @admin.display(description="reason")
    def short_reason(self, row: ApprovalDecision) -> str:
        """The beginning of the reason."""
        return row.reason[:120]

    @admin.display(description="digest")
    def digest_hex(self, row: ApprovalDecision) -> SafeString:
        """What it was about, exactly."""
        return words.digest(row.digest)

    @admin.display(description="reauthentication")
    def reauthenticated(self, row: ApprovalDecision) -> str:
        """How the person proved who they are."""
        proof = row.reauthentication
        return f"{proof.method}, {proof.created_at:%Y-%m-%d %H:%M:%S}Z" if proof else "not asked for"
