"""The policies, and the form on which people of the platform propose another one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from audit import policies
from audit.governed import Governed
from audit.models import ApprovalPolicy, ApprovalRequest
from audit.policing.content import PolicyContent
from audit.subjects import review_url
from core.access.models import PLATFORM_TENANT_ID, User
from core.refusals import Refusal
from core.web import acting, words
from core.web.admin import holds, person_of
from core.web.tenants import refuse_elsewhere

ACT = "admin/audit/act.html"
EFFECT = (
    "Nothing changes until an admin and a super-admin of the platform have approved it; "
    "neither of them is whoever proposes."
)
MOST_PEOPLE = 9
MOST_HOURS = 720
HOUR = timedelta(hours=1)


class PolicyForm(acting.ReasonForm):
    """A policy as somebody wants it; what it is about stays."""

    admins = forms.IntegerField(label="Admins", min_value=0, max_value=MOST_PEOPLE)
    super_admins = forms.IntegerField(label="Super-admins", min_value=0, max_value=MOST_PEOPLE)
    request_hours = forms.FloatField(label="Hours to decide", min_value=1, max_value=MOST_HOURS)
    due_hours = forms.FloatField(label="Escalated after hours", min_value=1 / 60, max_value=MOST_HOURS)
    grant_hours = forms.FloatField(label="Hours to use the approval", min_value=1 / 60, max_value=MOST_HOURS)
    needs_reauthentication = forms.BooleanField(label="Password for each decision", required=False)
    publishes_by_itself = forms.BooleanField(
        label="Ask nobody",
        required=False,
        help_text="For events of low and medium risk alone: they are published by themselves.",
    )
    field_order = (
        "admins",
        "super_admins",
        "request_hours",
        "due_hours",
        "grant_hours",
        "needs_reauthentication",
        "publishes_by_itself",
        "reason",
    )

    def wanted(self, standing: ApprovalPolicy) -> PolicyContent:
        """What a valid form asks for."""
        said = self.cleaned_data
        return PolicyContent(
            action=standing.action,
            risk=standing.risk,
            required_roles={"admin": said["admins"], "super-admin": said["super_admins"]},
            request_lifetime=said["request_hours"] * HOUR,
            due_after=said["due_hours"] * HOUR,
            grant_lifetime=said["grant_hours"] * HOUR,
            needs_reauthentication=said["needs_reauthentication"],
            publishes_by_itself=said["publishes_by_itself"],
        )


class Policies(Governed):
    """Who must approve what."""

    permission = "approvals:read"
    title = "Approval policies"
    place = 40
    tenant_field = None
    list_display = ("action", "risk_badge", "quorum", "roles", "request_lifetime", "needs_reauthentication")
    ordering = ("action", "risk")
    fields = (
        "action",
        "risk_badge",
        "quorum",
        "roles",
        "request_lifetime",
        "due_after",
        "grant_lifetime",
        "needs_reauthentication",
        "publishes_by_itself",
        "approved",
        "created_at",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring along the grant that set it."""
        return super().get_queryset(request).prefetch_related("set_by_audit")

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which another policy is proposed."""
        view = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.propose_view))
        return [path("<uuid:policy_id>/propose/", view, name="audit_policy_propose"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Offer the form to those who may propose."""
        return super().change_view(
            request, object_id, form_url, {"may_propose": _may_propose(request), **(extra_context or {})}
        )

    def propose_view(self, request: HttpRequest, policy_id: UUID) -> HttpResponse:
        """Ask what the policy is to say, and why; then put it to people."""
        if not self.has_view_permission(request) or not _may_propose(request):
            raise PermissionDenied
        standing = self.get_object(request, str(policy_id))
        if standing is None:
            raise Http404
        form = PolicyForm(request.POST or None, initial=_as_it_is(standing))
        refusal = None
        if form.is_valid():
            said = acting.done(lambda: _propose(standing, form, by=person_of(request)))
            if not isinstance(said, Refusal):
                messages.success(request, "The change is proposed; others decide on it.")
                return redirect(review_url(said.pk))
            refusal = said
        return acting.page(
            request,
            ACT,
            form,
            refusal,
            title=f"Propose who approves {standing.action} at {standing.risk} risk",
            effect=EFFECT,
            opts=self.opts,
            back=reverse("admin:audit_approvalpolicy_change", args=[standing.pk]),
        )

    @admin.display(description="risk")
    def risk_badge(self, row: ApprovalPolicy) -> SafeString:
        """At which risk."""
        return words.badge(row.risk, "risk")

    @admin.display(description="roles")
    def roles(self, row: ApprovalPolicy) -> str:
        """How many of which role."""
        return ", ".join(f"{count} {role}" for role, count in row.required_roles.items())

    @admin.display(description="approved")
    def approved(self, row: ApprovalPolicy) -> SafeString | str:
        """By whose approval it says so."""
        if row.set_by_audit_id is None:
            return "set with the service"
        if row.set_by_audit is None:
            # the wall hides what the platform decided from everybody else
            return f"by {words.PLATFORM}"
        return format_html(
            '<a href="{}">what people decided</a>',
            reverse("admin:audit_receipt", args=[row.set_by_audit.request_id]),
        )


def _may_propose(request: HttpRequest) -> bool:
    return holds(request, policies.PROPOSE) and person_of(request).tenant_id == PLATFORM_TENANT_ID


def _as_it_is(standing: ApprovalPolicy) -> dict[str, Any]:
    return {
        "admins": standing.required_roles.get("admin", 0),
        "super_admins": standing.required_roles.get("super-admin", 0),
        "request_hours": standing.request_lifetime / HOUR,
        "due_hours": standing.due_after / HOUR,
        "grant_hours": standing.grant_lifetime / HOUR,
        "needs_reauthentication": standing.needs_reauthentication,
        "publishes_by_itself": standing.publishes_by_itself,
    }


def _propose(standing: ApprovalPolicy, form: PolicyForm, *, by: User) -> ApprovalRequest:
    refuse_elsewhere(PLATFORM_TENANT_ID)
    change = policies.propose_change(form.wanted(standing), by=by, reason=form.cleaned_data["reason"])
    return ApprovalRequest.objects.get(action=policies.CHANGE, subject_id=change.pk)
