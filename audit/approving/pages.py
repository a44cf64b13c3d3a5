"""What became of decisions, and the pages on which people act on it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from audit import approvals, reauthentications
from audit.deciding import ProvedForm
from audit.governed import Governed
from audit.models import ApprovalGrant, Revocation
from core.access.models import User
from core.refusals import Refusal
from core.web import acting, words
from core.web.admin import holds, person_of
from core.web.tenants import refuse_elsewhere

ACT = "admin/audit/act.html"
EFFECT = "It allows nothing more, for good; what it opened is stopped at once."


class Grants(Governed):
    """The proof that a quorum was met."""

    permission = "approvals:read"
    title = "Grants"
    place = 30
    exactly = ("audit", "subject_id")
    list_display = ("when", "action", "subject_id", "digest_hex", "standing")
    ordering = ("-audit_id",)
    fields = (
        "audit",
        "action",
        "subject_id",
        "digest_hex",
        "request",
        "granted_at",
        "expires_at",
        "standing",
    )
    search_help_text = "A whole id, of the audit event or of the subject."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring along who revoked it."""
        return super().get_queryset(request).prefetch_related("revocations__revoked_by")

    def get_urls(self) -> list[URLPattern]:
        """Add the page on which a grant is revoked."""
        view = self.admin_site.admin_view(self.revoke_view)
        return [path("<uuid:audit_id>/revoke/", view, name="audit_grant_revoke"), *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Offer the revocation of what still stands to those who may revoke."""
        stands = not self.get_object(request, object_id).revocations.all()
        may = stands and holds(request, "approvals:decide")
        return super().change_view(request, object_id, form_url, {"may_revoke": may, **(extra_context or {})})

    def revoke_view(self, request: HttpRequest, audit_id: UUID) -> HttpResponse:
        """Ask for the reason and the password, then revoke."""
        if not self.has_view_permission(request) or not holds(request, "approvals:decide"):
            raise PermissionDenied
        grant = self.get_object(request, str(audit_id))
        form = ProvedForm(request.POST or None)
        refusal = None
        if form.is_valid():
            said = acting.done(lambda: _revoke(grant, form, by=person_of(request)))
            if not isinstance(said, Refusal):
                messages.success(request, "The approval is revoked.")
                return redirect("admin:audit_approvalgrant_change", grant.pk)
            refusal = said
        back = reverse("admin:audit_approvalgrant_change", args=[grant.pk])
        return acting.page(
            request,
            ACT,
            form,
            refusal,
            title="Revoke this approval",
            effect=EFFECT,
            opts=self.opts,
            back=back,
        )

    @admin.display(description="granted at")
    def when(self, row: ApprovalGrant) -> SafeString:
        """The database's clock."""
        return words.instant(row.granted_at)

    @admin.display(description="digest")
    def digest_hex(self, row: ApprovalGrant) -> SafeString:
        """What was granted, exactly."""
        return words.digest(row.digest)

    @admin.display(description="stands")
    def standing(self, row: ApprovalGrant) -> str:
        """Whether it still allows anything, and if not, who revoked it and why."""
        for revocation in row.revocations.all():
            return f"Revoked by {words.who(revocation, 'revoked_by')}: {revocation.reason}"
        return "yes"


def _revoke(grant: ApprovalGrant, form: ProvedForm, *, by: User) -> Revocation:
    refuse_elsewhere(grant.tenant_id)
    proof = reauthentications.confirm(form.cleaned_data["password"], by=by)
    return approvals.revoke(grant.pk, reauthentication=proof, by=by, reason=form.cleaned_data["reason"])
