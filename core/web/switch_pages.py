"""The switches that stop agents and jobs, in the admin: on the first page where they stand, and a form."""

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
from core.access.switches import AGENTS_MODE, JOBS_MODE, MODES, Switch
from core.refusals import Refusal
from core.web import acting
from core.web.admin import holds, person_of
from core.web.tenants import works_in

PERMISSION = "switches:turn"
HERE, EVERYWHERE = "here", "everywhere"
EFFECT = "People go on working, and everybody reads. Jobs are asked for as before, and wait."
WHAT = {AGENTS_MODE: "Agents", JOBS_MODE: "Jobs"}


class SwitchForm(acting.ReasonForm):
    """What, whose, and whether it goes on."""

    name = forms.ChoiceField(
        label="What",
        choices=[
            (AGENTS_MODE, "Agents and services: they write nothing"),
            (JOBS_MODE, "Jobs: workers begin none, and end what they have begun"),
        ],
    )
    whose = forms.ChoiceField(label="Whose")
    mode = forms.ChoiceField(choices=[("paused", "Pause"), ("enabled", "Let them go on")])
    field_order = ("name", "whose", "mode", "reason")

    def __init__(self, here: Tenant, *args: Any, is_of_the_platform: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["whose"]
        field.choices = [(HERE, f"Of {here.name}")] + [(EVERYWHERE, "Of everybody")] * is_of_the_platform


def standing(request: HttpRequest) -> SafeString | None:
    """Say on the first page what is stopped, to everybody; else offer to stop it, to who may."""
    here = _here(request)
    where: dict[str, set[UUID | None]] = {name: set() for name in WHAT}
    for name, tenant in Switch.objects.filter(value=MODES[1]).values_list("name", "for_tenant_id"):
        where[name] |= {tenant} & {None, here.pk}
    may_turn = holds(request, PERMISSION)
    if not any(where.values()) and not may_turn:
        return None
    stopped = [(WHAT[name], None in tenants) for name, tenants in where.items() if tenants]
    return render_to_string(
        "admin/agents_panel.html", {"stopped": stopped, "here": here, "may_turn": may_turn}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def turn(request: HttpRequest) -> HttpResponse:
    """Stop or release agents or jobs of the tenant one works in; people of the platform, also everybody's."""
    if not holds(request, PERMISSION):
        raise PermissionDenied
    person, here = person_of(request), _here(request)
    form = SwitchForm(
        here,
        request.POST or None,
        is_of_the_platform=person.tenant_id == PLATFORM_TENANT_ID,
        initial=request.GET.dict(),
    )
    refusal = None
    if form.is_valid():
        given = form.cleaned_data
        tenant = here if given["whose"] == HERE else None
        said = acting.done(
            lambda: switches.turn(
                given["mode"], tenant=tenant, by=person, reason=given["reason"], name=given["name"]
            )
        )
        if not isinstance(said, Refusal):
            whose = f"of {here.name}" if tenant else "everywhere"
            messages.success(request, f"{WHAT[said.name]} {whose} are {said.value}.")
            return redirect("admin:index")
        refusal = said
    shown = {"title": "Stop or release agents and jobs", "effect": EFFECT}
    return acting.page(request, "admin/agents.html", form, refusal, **shown)


def _here(request: HttpRequest) -> Tenant:
    where: UUID = works_in(request, person_of(request))
    return Tenant.objects.get(pk=where)
