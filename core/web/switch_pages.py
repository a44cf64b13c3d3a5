"""The switch that stops agents, in the admin: on the first page where it stands, and a form that turns it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods

from core.access import switches
from core.access.models import PLATFORM_TENANT_ID, Tenant
from core.access.switches import AGENTS_MODE, MODES, Switch
from core.refusals import Refusal
from core.web import acting
from core.web.admin import holds, person_of
from core.web.tenants import works_in

PERMISSION = "switches:turn"
HERE, EVERYWHERE = "here", "everywhere"


class SwitchForm(acting.ReasonForm):
    """Whose agents, and whether they write."""

    whose = forms.ChoiceField(label="Whose agents")
    mode = forms.ChoiceField(choices=[("paused", "Pause: they write nothing"), ("enabled", "Let them write")])
    field_order = ("whose", "mode", "reason")

    def __init__(self, here: Tenant, *args: Any, is_of_the_platform: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["whose"]
        field.choices = [(HERE, f"Of {here.name}")] + [(EVERYWHERE, "Of everybody")] * is_of_the_platform


def standing(request: HttpRequest) -> SafeString | None:
    """Say on the first page that agents are stopped, to everybody; else offer to stop them, to who may."""
    here = _here(request)
    rows = Switch.objects.filter(name=AGENTS_MODE, value=MODES[1])
    paused = set(rows.values_list("for_tenant_id", flat=True)) & {None, here.pk}
    may_turn = holds(request, PERMISSION)
    if not paused and not may_turn:
        return None
    shown = {"everywhere": None in paused, "paused": bool(paused), "here": here, "may_turn": may_turn}
    return render_to_string("admin/agents_panel.html", shown)


@require_http_methods(["GET", "HEAD", "POST"])
def turn(request: HttpRequest) -> HttpResponse:
    """Stop or release the agents of the tenant one works in; people of the platform, everybody's as well."""
    if not holds(request, PERMISSION):
        raise PermissionDenied
    person, here = person_of(request), _here(request)
    form = SwitchForm(here, request.POST or None, is_of_the_platform=person.tenant_id == PLATFORM_TENANT_ID)
    refusal = None
    if form.is_valid():
        given = form.cleaned_data
        tenant = here if given["whose"] == HERE else None
        said = acting.done(
            lambda: switches.turn(given["mode"], tenant=tenant, by=person, reason=given["reason"])
        )
        if not isinstance(said, Refusal):
            whose = f"of {here.name}" if tenant else "everywhere"
            messages.success(request, f"Agents {whose} are {said.value}.")
            return redirect("admin:index")
        refusal = said
    shown = {"title": "Stop or release agents", "effect": "People go on working, and everybody reads."}
    return acting.page(request, "admin/agents.html", form, refusal, **shown)


def _here(request: HttpRequest) -> Tenant:
    where: UUID = works_in(request, person_of(request))
    return Tenant.objects.get(pk=where)
