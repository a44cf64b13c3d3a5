"""Delegations in the admin: who decides in whose role, a form to give one, and a form to end it early."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from audit import reauthentications
from audit.approving import delegations
from audit.deciding import ProvedForm
from audit.governed import Governed
from audit.models import Delegation
from core.access.models import User
from core.access.permissions import ROLES
from core.refusals import Refusal
from core.web import acting, words
from core.web.admin import holds, person_of, role_of
from core.web.tenants import refuse_elsewhere

ACT = "admin/audit/act.html"
LOWEST = ROLES.index("admin")
EFFECT = "They decide in your role, in their own name; the two of you give one word."


class DelegationForm(ProvedForm):
    """To whom, in which role, from when to when."""

    to_person = forms.ModelChoiceField(User.objects.none(), label="To")
    role = forms.ChoiceField()
    starts_at = forms.DateTimeField(label="From", help_text="In UTC, such as 2027-01-31 09:00.")
    ends_at = forms.DateTimeField(label="Until", help_text="In UTC.")
    field_order = ("to_person", "role", "starts_at", "ends_at", "reason", "password")

    def __init__(self, person: User, role: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues: Any = self.fields["to_person"]
        staff = User.objects.filter(tenant_id=person.tenant_id, kind="person", status="active", is_staff=True)
        colleagues.queryset = staff.exclude(pk=person.pk).order_by("email")
        offered: Any = self.fields["role"]
        offered.choices = [(name, name) for name in ROLES[LOWEST : ROLES.index(role) + 1]]


class Delegations(Governed):
    """Who decides in whose role."""

    permission = "approvals:read"
    title = "Delegations"
    place = 45
    people = ("from_person", "to_person")
    exactly = ("id", "from_person_id", "to_person_id")
    list_display = ("giver", "holder", "role", "begins", "ends", "state")
    ordering = ("-id",)
    fields = ("giver", "holder", "role", "begins", "ends", "reason", "created_at", "revoked_at", "state")
    search_help_text = "A whole id, of the delegation or of one of its people."
    change_list_template = "admin/audit/delegations.html"
    change_form_template = "admin/audit/delegation.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the pages on which one is given and ended."""
        wrap = self.admin_site.admin_view
        return [
            path("give/", wrap(self.give_view), name="audit_delegation_give"),
            path("<uuid:delegation_id>/end/", wrap(self.end_view), name="audit_delegation_end"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Offer the form to whoever has a role to lend."""
        may = holds(request, "approvals:decide")
        shown: HttpResponse = super().changelist_view(request, {"may_delegate": may, **(extra_context or {})})
        return shown

    def give_view(self, request: HttpRequest) -> HttpResponse:
        """Ask to whom, for how long and why, then delegate."""
        if not holds(request, "approvals:decide"):
            raise PermissionDenied
        person, role = person_of(request), role_of(request) or ""
        initial = {"starts_at": timezone.now().replace(second=0, microsecond=0)}
        form = DelegationForm(person, role, request.POST or None, initial=initial)
        refusal = None
        if form.is_valid():
            said = acting.done(lambda: _give(form, by=person))
            if not isinstance(said, Refusal):
                messages.success(request, f"{said.to_person} may decide in your role.")
                return redirect("admin:audit_delegation_changelist")
            refusal = said
        return self._page(request, form, refusal, title="Delegate", effect=EFFECT)

    def end_view(self, request: HttpRequest, delegation_id: UUID) -> HttpResponse:
        """Ask for the reason, then end it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_object(request, str(delegation_id))
        form = acting.ReasonForm(request.POST or None)
        refusal = None
        if form.is_valid():
            said = acting.done(lambda: _end(found, form.cleaned_data["reason"], by=person_of(request)))
            if not isinstance(said, Refusal):
                messages.success(request, "The delegation has ended.")
                return redirect("admin:audit_delegation_changelist")
            refusal = said
        shown = "Nothing is decided by it from now on; what was decided stays decided."
        return self._page(request, form, refusal, title="End this delegation", effect=shown)

    def _page(
        self, request: HttpRequest, form: forms.Form, refusal: Refusal | None, **shown: str
    ) -> HttpResponse:
        back = reverse("admin:audit_delegation_changelist")
        return acting.page(request, ACT, form, refusal, opts=self.opts, back=back, **shown)

    @staticmethod
    def giver(row: Delegation) -> str:
        """Whose role it is."""
        return words.who(row, "from_person")

    @staticmethod
    def holder(row: Delegation) -> str:
        """Who decides in it."""
        return words.who(row, "to_person")

    @staticmethod
    def begins(row: Delegation) -> SafeString:
        """From when."""
        return words.instant(row.starts_at)

    @staticmethod
    def ends(row: Delegation) -> SafeString:
        """Until when."""
        return words.instant(row.ends_at)

    @staticmethod
    def state(row: Delegation) -> str:
        """Whether anybody decides by it now."""
        now = timezone.now()
        if row.revoked_at:
            return "ended early"
        if row.ends_at <= now:
            return "over"
        return "in force" if row.starts_at <= now else "not begun"


def _give(form: DelegationForm, *, by: User) -> Delegation:
    said = form.cleaned_data
    # a delegation is given at home, wherever the person works at the moment
    refuse_elsewhere(by.tenant_id)
    proof = reauthentications.confirm(said["password"], by=by)
    return delegations.give(
        said["to_person"],
        said["role"],
        starts_at=said["starts_at"],
        ends_at=said["ends_at"],
        reauthentication=proof,
        by=by,
        reason=said["reason"],
    )


def _end(delegation: Delegation, reason: str, *, by: User) -> Delegation:
    refuse_elsewhere(delegation.tenant_id)
    return delegations.end(delegation.pk, by=by, reason=reason)
