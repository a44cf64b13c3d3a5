"""The admin's pages about API keys: the one place of the admin where a key is seen, once, when it is made."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.safestring import SafeString

from core.access import keys
from core.access.models import PLATFORM_TENANT_ID, ApiKey, User
from core.access.permissions import PERMISSIONS
from core.access.principals import EVERYTHING
from core.database.unit import current
from core.refusals import Refusal
from core.web import acting, words
from core.web.admin import ReadOnlyAdmin, holds, person_of
from core.web.tenants import refuse_elsewhere

Written = tuple[ApiKey, str]


class NewKeyForm(acting.ReasonForm):
    """Whose key it is to be, and what it is good for."""

    user = forms.ModelChoiceField(User.objects.none())
    label = forms.CharField(max_length=100, help_text="What it is for, such as the machine it lives on.")
    scopes = forms.MultipleChoiceField(
        choices=[(EVERYTHING, "everything its holder may do"), *((name, name) for name in PERMISSIONS)],
        widget=forms.CheckboxSelectMultiple,
    )
    expires_at = forms.DateTimeField(
        required=False, label="Expires at", help_text="In UTC, such as 2027-01-31; empty for never."
    )
    field_order = ("user", "label", "scopes", "expires_at", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["user"]
        here = User.objects.filter(tenant_id=current().tenant or PLATFORM_TENANT_ID, status="active")
        field.queryset = here.order_by("username")


class KeyPages(ReadOnlyAdmin):
    """Keys by their prefix; the keys themselves are nowhere."""

    title = "API keys"
    permission = "access:read"
    people = ("user",)
    list_display = ("prefix", "label", "user", "state", "scopes", "created_at", "expires_at", "last_used_at")
    exactly = ("id", "user_id")
    beginning = ("prefix",)
    search_help_text = "The beginning of a prefix, or a whole id, of the key or of its user."
    fields = (
        "prefix", "label", "user", "state", "scopes", "created_at", "expires_at", "revoked_at",
        "last_used_at",
    )  # fmt: skip
    change_list_template = "admin/core/keys.html"
    change_form_template = "admin/core/key.html"
    ENDS: ClassVar[dict[str, tuple[Callable[..., Written | None], str]]] = {
        "rotate": (keys.rotate, "A second key is made, and this one ends within 24 hours."),
        "revoke": (keys.revoke, "Whoever still uses it is refused from the next request on."),
    }

    def get_urls(self) -> list[URLPattern]:
        """Add the pages on which keys are made and ended."""
        wrap = self.admin_site.admin_view
        return [
            path("issue/", wrap(self.issue_view), name="key_issue"),
            path("<uuid:key_id>/end/<str:move>/", wrap(self.end_view), name="key_end"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Lead to a new key whoever may make one."""
        shown = {"may_issue": holds(request, "keys:manage"), **(extra_context or {})}
        return super().changelist_view(request, shown)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Offer what can be done with a live key."""
        key = self.get_object(request, object_id)
        is_live = key.state(timezone.now()) == "live"
        moves = list(self.ENDS) if is_live and holds(request, "keys:manage") else []
        return super().change_view(request, object_id, form_url, {"moves": moves, **(extra_context or {})})

    def issue_view(self, request: HttpRequest) -> HttpResponse:
        """Make a key, and show it."""
        self._refuse_unless_allowed(request)
        form = NewKeyForm(request.POST or None)
        said: Written | Refusal | None = None
        if form.is_valid():
            given = form.cleaned_data
            said = acting.done(lambda: keys.issue(given.pop("user"), by=person_of(request), **given))
        return self._answer(request, form, said, "Issue a key", "The key is shown once, on the next page.")

    def end_view(self, request: HttpRequest, key_id: UUID, move: str) -> HttpResponse:
        """Rotate or revoke a key."""
        self._refuse_unless_allowed(request)
        key = self.get_object(request, str(key_id))
        if move not in self.ENDS:
            raise Http404
        verb, effect = self.ENDS[move]
        form = acting.ReasonForm(request.POST or None)
        said: Any = None
        if form.is_valid():

            def end() -> Written | None:
                refuse_elsewhere(key.tenant_id)
                return verb(key, by=person_of(request), reason=form.cleaned_data["reason"])

            said = acting.done(end)
            if said is None:
                return redirect("admin:core_apikey_change", key.pk)
        return self._answer(request, form, said, f"{move.capitalize()} {key}", effect)

    @admin.display(description="state")
    def state(self, row: ApiKey) -> SafeString:
        """Whether it opens anything."""
        return words.badge(row.state(timezone.now()), "state")

    def _refuse_unless_allowed(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request) or not holds(request, "keys:manage"):
            raise PermissionDenied

    def _answer(
        self, request: HttpRequest, form: forms.Form, said: Any, title: str, effect: str
    ) -> HttpResponse:
        refusal = said if isinstance(said, Refusal) else None
        key, written = said if isinstance(said, tuple) else (None, "")
        shown = {"title": title, "opts": self.opts, "effect": effect, "key": key, "written": written}
        return acting.page(request, "admin/core/key_form.html", form, refusal, **shown)
