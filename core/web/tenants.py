"""The tenant a person of the platform works in: picked in the admin, kept in the session.

People of the platform read every tenant and write in one at a time, so that nothing is written where nobody
meant to. Everybody else works in their own tenant, always.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from core.access.models import PLATFORM_TENANT_ID, Tenant, User
from core.access.refusals import WorksInAnotherTenant
from core.database.unit import current

KEPT = "works_in"
UNPROCESSABLE = 422


class TenantForm(forms.Form):
    """One of the tenants that are active."""

    tenant = forms.ModelChoiceField(Tenant.objects.none(), empty_label=None, to_field_name="id")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["tenant"]
        field.queryset = Tenant.objects.filter(status="active").order_by("name")


def works_in(request: HttpRequest, person: User) -> UUID:
    """The tenant in which this person's writes belong."""
    if person.tenant_id != PLATFORM_TENANT_ID:
        return person.tenant_id
    kept = request.session.get(KEPT)
    return UUID(kept["id"]) if kept else PLATFORM_TENANT_ID


def shown(request: HttpRequest) -> dict[str, Any]:
    """What the head of every page says to a person of the platform."""
    person = request.user
    if not isinstance(person, User) or person.tenant_id != PLATFORM_TENANT_ID:
        return {}
    kept = request.session.get(KEPT)
    return {"works_in": kept["name"] if kept else "platform"}


def refuse_elsewhere(tenant_id: UUID) -> None:
    """Let nobody write in a tenant in which they do not work at the moment.

    :raises WorksInAnotherTenant: naming the tenant that has to be picked.
    """
    if current().tenant != tenant_id:
        raise WorksInAnotherTenant(tenant_id=tenant_id)


@require_http_methods(["GET", "HEAD", "POST"])
def pick(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Let a person of the platform pick the tenant they work in.

    :param context: what every page of the admin shows.
    """
    person = request.user
    if not isinstance(person, User) or person.tenant_id != PLATFORM_TENANT_ID:
        raise PermissionDenied
    form = TenantForm(request.POST or None, initial={"tenant": works_in(request, person)})
    back = _back(request)
    if form.is_valid():
        tenant = form.cleaned_data["tenant"]
        request.session[KEPT] = {"id": str(tenant.pk), "name": tenant.name}
        return redirect(back or "admin:index")
    page = {**context, "title": "Where you work", "form": form, "back": back}
    status = UNPROCESSABLE if form.errors else 200
    return TemplateResponse(request, "admin/tenant.html", page, status=status)


def _back(request: HttpRequest) -> str:
    wanted = str(request.POST.get("next") or request.GET.get("next") or "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else ""
