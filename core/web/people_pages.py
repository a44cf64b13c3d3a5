"""The pages about people, agents and services: their roles, their standing, their entitlements."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.safestring import SafeString

from core.access import entitlements, people, signing_keys
from core.access.entitlements import UserEntitlement
from core.access.models import User
from core.access.permissions import ROLES
from core.refusals import Refusal
from core.web import acting, words
from core.web.admin import ReadOnlyAdmin, holds, one_of, person_of
from core.web.tenants import refuse_elsewhere

STATES = ("active", "disabled")
LIMITS = {
    "asset_classes": "Types, parted by spaces; * for all",
    "instruments": "Symbols, parted by spaces; * for all, FRED-* for all that begin so",
    "venues": "Regions, parted by spaces; * for all",
}


class RoleForm(acting.ReasonForm):
    """Which role."""

    role = forms.ChoiceField(choices=[(role, role) for role in ROLES])
    field_order = ("role", "reason")


class EntitlementForm(acting.ReasonForm):
    """Everything that somebody is entitled to, whole; what is left empty is not granted."""

    asset_classes = forms.CharField(required=False, label=LIMITS["asset_classes"])
    instruments = forms.CharField(required=False, label=LIMITS["instruments"])
    venues = forms.CharField(required=False, label=LIMITS["venues"])
    max_notional = forms.DecimalField(
        min_value=0, max_digits=20, decimal_places=4, initial=0, label="Highest exposure of one proposal"
    )
    proposals_per_minute = forms.IntegerField(min_value=0, max_value=10**9, initial=10)
    writes_per_minute = forms.IntegerField(min_value=0, max_value=10**9, initial=100)
    open_proposals = forms.IntegerField(
        min_value=0, max_value=10**9, initial=100, label="Undecided proposals"
    )
    field_order = (*LIMITS, "max_notional", "proposals_per_minute", "writes_per_minute", "open_proposals")

    def given(self) -> dict[str, Any]:
        """As the verb takes it."""
        return {**self.cleaned_data, **{name: self.cleaned_data[name].split() for name in LIMITS}}


class SignatureForm(acting.ReasonForm):
    """What requests must be signed with."""

    policy = forms.ChoiceField(
        choices=[("none", "any key"), ("hmac", "HMAC or Ed25519"), ("ed25519", "Ed25519")],
        label="Requests are signed with",
    )
    field_order = ("policy", "reason")


MOVES: dict[str, tuple[type[forms.Form], str, str]] = {
    "grant": (RoleForm, "access:manage", "They hold the role in addition to those they hold."),
    "revoke": (RoleForm, "access:manage", "They hold the role no more, within five seconds."),
    "disable": (acting.ReasonForm, "access:manage", "They do nothing any more, from the next request on."),
    "enable": (acting.ReasonForm, "access:manage", "They act again."),
    "sign": (SignatureForm, "keys:manage", "Other requests are refused, within five seconds."),
    "entitle": (EntitlementForm, "entitlements:manage", "They may propose this, and nothing else."),
}


class PeoplePages(ReadOnlyAdmin):
    """People, agents and services."""

    permission = "access:read"
    people = ("operated_by", "roles")
    list_display = ("username", "kind", "email", "highest_role", "status", "operated_by")
    list_filter = (one_of("kind", ("person", "agent", "service")), one_of("status", STATES))
    exactly = ("id",)
    beginning = ("username", "email")
    search_help_text = "The beginning of a username or an e-mail address, or a whole id."
    fields = (
        "id", "kind", "email", "username", "display_name", "status", "is_staff", "roles_held", "operated_by",
        "signature_policy", "entitled_to", "last_login",
    )  # fmt: skip
    change_form_template = "admin/core/person.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the pages on which something is done about somebody."""
        move = path(
            "<uuid:user_id>/move/<str:move>/", self.admin_site.admin_view(self.move_view), name="person_move"
        )
        return [move, *super().get_urls()]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Offer what can be done about this user."""
        user = self.get_object(request, object_id)
        useless = {"enable" if user.status == "active" else "disable"}
        if user.kind != "person":
            useless |= {"grant", "revoke"}
        moves = [name for name, move in MOVES.items() if name not in useless and holds(request, move[1])]
        return super().change_view(request, object_id, form_url, {"moves": moves, **(extra_context or {})})

    def move_view(self, request: HttpRequest, user_id: UUID, move: str) -> HttpResponse:
        """Do it, for a reason."""
        if move not in MOVES:
            raise Http404
        kind, permission, effect = MOVES[move]
        if not self.has_view_permission(request) or not holds(request, permission):
            raise PermissionDenied
        user = self.get_object(request, str(user_id))
        form = kind(request.POST or None)
        said = acting.done(lambda: _done(request, user, move, form)) if form.is_valid() else None
        if form.is_valid() and not isinstance(said, Refusal):
            messages.success(request, f"Done: {move} {user}.")
            return redirect("admin:core_user_change", user.pk)
        shown = {
            "title": f"{move.capitalize()} {user}",
            "opts": self.opts,
            "effect": effect,
            "user_shown": user,
        }
        refusal = said if isinstance(said, Refusal) else None
        return acting.page(request, "admin/core/person_form.html", form, refusal, **shown)

    @admin.display(description="role")
    def highest_role(self, user: User) -> str:
        """The role that counts."""
        held = {row.role for row in user.roles.all()}
        return next((role for role in reversed(ROLES) if role in held), "none")

    @admin.display(description="roles")
    def roles_held(self, user: User) -> str:
        """Every role, the highest first."""
        held = {row.role for row in user.roles.all()}
        return ", ".join(role for role in reversed(ROLES) if role in held) or "none"

    @admin.display(description="entitled to")
    def entitled_to(self, user: User) -> SafeString:
        """What they may propose."""
        rows = UserEntitlement.objects.filter(user_id=user.pk)
        names = (*LIMITS, "max_notional", "rfq_rate_limit", "order_rate_limit", "max_open_orders")
        found = rows.values(*names).first()
        return words.pretty({name: str(found[name]) for name in names} if found else None)


def _done(request: HttpRequest, user: User, move: str, form: Any) -> None:
    refuse_elsewhere(user.tenant_id)
    known = {"by": person_of(request), "reason": form.cleaned_data["reason"]}
    if move == "grant":
        people.grant_role(user, form.cleaned_data["role"], **known)
    elif move == "revoke":
        people.revoke_role(user, form.cleaned_data["role"], **known)
    elif move == "disable":
        people.disable(user, **known)
    elif move == "enable":
        people.enable(user, **known)
    elif move == "sign":
        signing_keys.require(user, form.cleaned_data["policy"], **known)
    else:
        entitlements.entitle(user, by=person_of(request), **form.given())
