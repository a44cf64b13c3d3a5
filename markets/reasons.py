"""The page on which staff say why they do something to a market or an event, and then have done it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from audit.deciding import LONGEST_REASON, SHORTEST_REASON
from audit.governed import Governed
from core.refusals import ReasonTooShort, Refusal
from core.web import acting
from core.web.tenants import refuse_elsewhere
from markets.models import Event, Market


class ReasonForm(forms.Form):
    """Why it is done."""

    reason = forms.CharField(
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": ReasonTooShort().message, "min_length": ReasonTooShort().message},
    )


@dataclass(frozen=True)
class Deed:
    """What is to be done to a row, as its page says it.

    :ivar named: what the row is called, in short; `says` is what stands in it.
    :ivar does: does it, for a reason; `done` is what is so afterwards.
    """

    title: str
    action: str
    named: str
    says: str
    effect: str
    done: str
    does: Callable[[str], object]


def ask(pages: Governed, request: HttpRequest, row: Market | Event, deed: Deed) -> HttpResponse:
    """Ask for the reason, then do it."""
    form, refusal = ReasonForm(request.POST or None), None
    place = f"admin:{pages.opts.app_label}_{pages.opts.model_name}_change"
    if form.is_valid():
        said = acting.done(lambda: _do(row, deed, form.cleaned_data["reason"]))
        if not isinstance(said, Refusal):
            messages.success(request, deed.done)
            return redirect(place, row.pk)
        refusal = said
    shown = {"title": deed.title, "deed": deed, "row": row, "list": pages.title, "opts": pages.opts}
    back = reverse(place, args=[row.pk])
    return acting.page(request, "admin/markets/reason.html", form, refusal, back=back, **shown)


def _do(row: Market | Event, deed: Deed, reason: str) -> object:
    refuse_elsewhere(row.tenant_id)
    return deed.does(reason)
