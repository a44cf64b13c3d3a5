"""The admin site: rooms in the order people need them, panels on the first page, and a password form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString

from core.access import people
from core.access.models import User
from core.web import second_factor, switch_pages, tenants
from core.web.admin import ReadOnlyAdmin, go_on_as

Panel = Callable[[HttpRequest], SafeString | None]
_panels: list[Panel] = []

LAST = 1000


def register_panel(panel: Panel) -> None:
    """Show something on the first page; a panel answers None to whom it is none of their business."""
    _panels.append(panel)


class Login(AdminAuthenticationForm):
    """Django's form to log in, and the code of those who have a second factor."""

    error_messages = {
        **AdminAuthenticationForm.error_messages,
        # one sentence for whatever was wrong, so that a right password is not told from a wrong one
        "invalid_login": "Please enter the correct email and password for a staff account, and the code if "
        "you have set up a second factor. Both fields may be case-sensitive.",
    }
    code = forms.CharField(
        required=False,
        max_length=40,
        label="Code (if you have set up a second factor)",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code"}),
    )

    def confirm_login_allowed(self, user: Any) -> None:
        """Let the unit go on as the person, whose row only their own tenant may change."""
        super().confirm_login_allowed(user)
        if second_factor.is_enrolled(user):
            user.otp_device = second_factor.device_that_accepts(user, self.cleaned_data.get("code", ""))
            if user.otp_device is None:
                tried = {"username": self.cleaned_data["username"]}
                user_login_failed.send(Login, credentials=tried, request=self.request)
                raise self.get_invalid_login_error()
        go_on_as(user, user.tenant_id)


class Site(AdminSite):
    """Django's admin, ordered by what people come for."""

    site_header = "Xmarket"
    site_title = "Xmarket"
    index_title = "Agents propose. People decide. The database proves it."
    site_url = None
    login_form = Login
    login_template = "admin/staff_login.html"

    def register(
        self, model_or_iterable: Any, admin_class: type[ModelAdmin[Any]] | None = None, **options: Any
    ) -> None:
        """Take pages that only read; what else an app brings along, such as Django's groups, stays out."""
        if admin_class is not None and issubclass(admin_class, ReadOnlyAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list[Any]:
        """Add the pages that belong to no model."""
        return [
            path("tenant/", self.admin_view(self.tenant_view), name="tenant"),
            path("agents/", self.admin_view(switch_pages.turn), name="agents"),
            # outside admin_view, which lets nobody in who has not been here
            path("second-factor/", self.second_factor_view, name="second_factor"),
            *super().get_urls(),
        ]

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in who gave the second factor, where it is required."""
        return super().has_permission(request) and second_factor.is_given(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to setting up a second factor who lacks the required one, else ask who it is."""
        person = request.user
        may_enrol = super().has_permission(request) and not second_factor.is_given(request)
        if request.method == "GET" and may_enrol and not second_factor.is_enrolled(cast(User, person)):
            return redirect("admin:second_factor")
        return super().login(request, extra_context)

    def second_factor_view(self, request: HttpRequest) -> HttpResponse:
        """Set up a second factor."""
        return second_factor.enrol(request, self.each_context(request))

    def tenant_view(self, request: HttpRequest) -> HttpResponse:
        """Pick the tenant to work in."""
        return tenants.pick(request, self.each_context(request))

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """Say on every page where a person of the platform works."""
        return {**super().each_context(request), **tenants.shown(request)}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Open with what waits."""
        shown = [panel(request) for panel in (switch_pages.standing, *_panels)]
        return super().index(
            request, {"panels": [panel for panel in shown if panel], **(extra_context or {})}
        )

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """List the pages by their `place`, under the titles they give themselves."""
        rooms = super().get_app_list(request, app_label)
        for room in rooms:
            for page in room["models"]:
                page_admin = self._registry[page["model"]]
                page["place"] = getattr(page_admin, "place", LAST)
                page["name"] = getattr(page_admin, "title", None) or page["name"]
            room["models"].sort(key=lambda page: (page["place"], page["name"]))
        return sorted(rooms, key=lambda room: (room["models"][0]["place"], room["name"]))

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        """Change one's own password by the verb; every other session of this person ends."""
        view = PasswordChangeView.as_view(
            form_class=OwnPassword,
            template_name="registration/password_change_form.html",
            success_url=reverse("admin:password_change_done", current_app=self.name),
            extra_context={**self.each_context(request), **(extra_context or {})},
        )
        # Django's stubs know only its form; the redirect after it is no TemplateResponse either
        return cast(TemplateResponse, view(request))


class OwnPassword(AdminPasswordChangeForm):
    """Django's form for one's own password, which Django itself would save with every column."""

    def save(self, commit: bool = True) -> User:
        """Set the password, and nothing else."""
        person = self.user
        if not isinstance(person, User):
            raise PermissionError
        people.change_password(
            person, self.cleaned_data["new_password1"], by=person, reason="Changed by its owner in the admin."
        )
        return person
