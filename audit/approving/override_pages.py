"""Overrides in the admin: on the first page until somebody looked at them, and the form to do so."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from audit import reauthentications
from audit.approving import overrides
from audit.approving.models import OUTCOMES, OVERRIDE_KINDS
from audit.deciding import ProvedForm
from audit.governed import Governed
from audit.models import Override
from core.access.models import User
from core.refusals import Refusal
from core.web import acting, words
from core.web.admin import holds, one_of, person_of, tenant_of
from core.web.tenants import refuse_elsewhere

ACT = "admin/audit/act.html"
EFFECT = "To reverse a broken glass revokes what it granted, and stops what that opened."
SHOWN = 10


class ReviewForm(ProvedForm):
    """What the review comes to."""

    outcome = forms.ChoiceField(choices=[(name, name) for name in OUTCOMES])
    field_order = ("outcome", "reason", "password")


class Overrides(Governed):
    """What somebody did alone, and who looked at it afterwards."""

    permission = "approvals:read"
    title = "Overrides"
    place = 47
    people = ("person", "reviewed_by")
    exactly = ("id", "about_id", "person_id")
    list_display = ("opened", "kind_badge", "who", "reason", "state")
    list_filter = (one_of("kind", OVERRIDE_KINDS), one_of("outcome", OUTCOMES))
    ordering = ("-id",)
    fields = (
        "opened", "kind_badge", "about_id", "request", "who", "reason", "review_due_at", "overdue_at",
        "state", "reviewer", "review_reason", "reviewed_at",
    )  # fmt: skip
    search_help_text = "A whole id, of the override, of what it was about, or of the person."
    change_form_template = "admin/audit/override.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which one is reviewed."""
        view = self.admin_site.admin_view(self.review_view)
        return [path("<uuid:override_id>/review/", view, name="audit_override_review"), *super().get_urls()]

    def review_view(self, request: HttpRequest, override_id: UUID) -> HttpResponse:
        """Ask what it comes to and why, then keep that."""
        if not self.has_view_permission(request) or not holds(request, "approvals:decide"):
            raise PermissionDenied
        found = self.get_object(request, str(override_id))
        form = ReviewForm(request.POST or None)
        refusal = None
        if form.is_valid():
            said = acting.done(lambda: _review(found, form, by=person_of(request)))
            if not isinstance(said, Refusal):
                messages.success(request, f"The override is {said.outcome}.")
                return redirect("admin:audit_override_change", found.pk)
            refusal = said
        shown = {"title": "Review this override", "effect": f"{found.reason} {EFFECT}", "opts": self.opts}
        back = reverse("admin:audit_override_change", args=[found.pk])
        return acting.page(request, ACT, form, refusal, back=back, **shown)

    @staticmethod
    def opened(row: Override) -> SafeString:
        """When it was done."""
        return words.instant(row.opened_at)

    @staticmethod
    def kind_badge(row: Override) -> SafeString:
        """What it was."""
        return words.badge(row.kind, "override")

    @staticmethod
    def who(row: Override) -> str:
        """Who did it."""
        return words.who(row, "person")

    @staticmethod
    def reviewer(row: Override) -> str:
        """Who looked at it."""
        return words.who(row, "reviewed_by") if row.reviewed_by_id else words.NOTHING

    @staticmethod
    def state(row: Override) -> str:
        """Whether somebody looked at it."""
        if row.outcome:
            return row.outcome
        return "overdue" if row.review_due_at <= timezone.now() else "waits for review"


def panel(request: HttpRequest) -> SafeString | None:
    """Show on the first page what nobody has looked at yet."""
    if not holds(request, "approvals:read"):
        return None
    rows = overrides.unreviewed().prefetch_related("person")
    tenant = tenant_of(request)
    if tenant is not None:
        rows = rows.filter(tenant_id=tenant)
    waiting = [
        (row, words.who(row, "person"), Overrides.state(row), words.instant(row.review_due_at))
        for row in rows[:SHOWN]
    ]
    if not waiting:
        return None
    return render_to_string("admin/audit/overrides_panel.html", {"waiting": waiting}, request)


def _review(override: Override, form: ReviewForm, *, by: User) -> Override:
    refuse_elsewhere(override.tenant_id)
    said: dict[str, Any] = form.cleaned_data
    proof = reauthentications.confirm(said["password"], by=by)
    return overrides.review(
        override.pk, said["outcome"], reauthentication=proof, by=by, reason=said["reason"]
    )
