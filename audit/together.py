"""Approving several requests of low risk together: one list, one password, one decision for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from audit import eligibility, subjects
from audit.approving import bulk
from audit.approving.bulk import Outcome
from audit.approving.refusals import BulkIsForLowRisk
from audit.deciding import DIGEST_BYTES, ProvedForm, opened_now, read_for
from audit.models import ApprovalRequest
from core.access.refusals import WorksInAnotherTenant
from core.database.unit import current
from core.refusals import Refusal
from core.web import acting
from core.web.admin import holds, person_of, role_of

UNPROCESSABLE = 422


@dataclass(frozen=True)
class Line:
    """One request of the list.

    :ivar why_not: why it cannot be approved with the others; None where it can.
    :ivar outcome: what came of approving it; None before.
    """

    asked: ApprovalRequest
    about: subjects.Description
    noun: str
    digest: str
    why_not: Refusal | None
    outcome: Outcome | None = None


class TogetherForm(ProvedForm):
    """The requests the person saw, each with its digest."""

    line = forms.Field(widget=forms.MultipleHiddenInput)
    opened = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    field_order = ("line", "reason", "password")

    def clean_line(self) -> dict[UUID, bytes]:
        """Read each `<request id> <digest>`."""
        try:
            parted = [str(line).split(" ") for line in self.cleaned_data["line"]]
            seen = {UUID(request_id): bytes.fromhex(digest) for request_id, digest in parted}
        except ValueError:
            seen = {}
        if not seen or any(len(digest) != DIGEST_BYTES for digest in seen.values()):
            raise forms.ValidationError("Choose the requests in the queue again.")
        return seen


@admin.action(description="Approve those of low risk together", permissions=["decide"])
def approve_together(
    model_admin: Any, request: HttpRequest, chosen: QuerySet[ApprovalRequest]
) -> HttpResponse:
    """Lead to the list of what was chosen in the queue."""
    ids = chosen.order_by("expires_at", "id").values_list("pk", flat=True)[: bulk.LONGEST]
    return redirect(f"{reverse('admin:audit_together')}?ids={','.join(map(str, ids))}")


def together(request: HttpRequest, rows: QuerySet[ApprovalRequest]) -> HttpResponse:
    """Show the list with each digest, and approve it by one password.

    :param rows: what the person may see.
    """
    if not holds(request, "approvals:decide"):
        raise PermissionDenied
    if request.method != "POST":
        lines = _lines(request, rows, _asked_for(request))
        return _page(request, lines, _empty_form(request, lines))
    form = TogetherForm(request.POST)
    if not form.is_valid():
        return _page(request, _lines(request, rows, _sent(request)), form, status=UNPROCESSABLE)
    seen: dict[UUID, bytes] = form.cleaned_data["line"]
    said = acting.done(lambda: _approve(seen, form, request))
    if isinstance(said, Refusal):
        return _page(request, _lines(request, rows, seen), form, refusal=said, status=said.status)
    outcomes = {outcome.request_id: outcome for outcome in said}
    return _page(request, _lines(request, rows, seen, outcomes), form, is_over=True)


def _approve(seen: Mapping[UUID, bytes], form: TogetherForm, request: HttpRequest) -> list[Outcome]:
    said, person = form.cleaned_data, person_of(request)
    read = read_for(said["opened"], seen, by=person)
    return bulk.approve(seen, said["password"], by=person, reason=said["reason"], read_for=read)


def _empty_form(request: HttpRequest, lines: list[Line]) -> TogetherForm:
    shown = [line.asked.pk for line in lines if line.why_not is None]
    return TogetherForm(initial={"opened": opened_now(shown, by=person_of(request))})


def _asked_for(request: HttpRequest) -> list[UUID]:
    return _ids(request.GET.get("ids", "").split(","))


def _sent(request: HttpRequest) -> list[UUID]:
    return _ids(line.split(" ")[0] for line in request.POST.getlist("line"))


def _ids(written: Iterable[str]) -> list[UUID]:
    found = []
    for word in written:
        try:
            found.append(UUID(word))
        except ValueError:
            continue
    return found[: bulk.LONGEST]


def _lines(
    request: HttpRequest,
    rows: QuerySet[ApprovalRequest],
    ids: Iterable[UUID],
    outcomes: Mapping[UUID, Outcome] | None = None,
) -> list[Line]:
    found = list(rows.filter(pk__in=list(ids)).order_by("expires_at", "id"))
    described = subjects.describe(found)
    return [
        Line(
            row,
            described[row.pk],
            subjects.noun(row.action),
            bytes(row.digest).hex(),
            _why_not(request, row),
            (outcomes or {}).get(row.pk),
        )
        for row in found
    ]


def _why_not(request: HttpRequest, row: ApprovalRequest) -> Refusal | None:
    if row.risk != "low":
        return BulkIsForLowRisk()
    return eligibility.why_not(
        row,
        row.decisions.all(),
        by=person_of(request),
        role=role_of(request),
        works_in=current().tenant,
        now=timezone.now(),
    )


def _page(
    request: HttpRequest,
    lines: list[Line],
    form: TogetherForm,
    *,
    refusal: Refusal | None = None,
    is_over: bool = False,
    status: int = 200,
) -> HttpResponse:
    chosen = [line for line in lines if line.why_not is None]
    context = {
        **admin.site.each_context(request),
        "title": "What came of it" if is_over else "Approve together",
        "opts": ApprovalRequest._meta,
        "lines": lines if is_over else chosen,
        "left_out": [] if is_over else [line for line in lines if line.why_not],
        "approved": sum(line.outcome is not None and line.outcome.decision is not None for line in lines),
        "elsewhere": any(isinstance(line.why_not, WorksInAnotherTenant) for line in lines),
        "form": form,
        "refusal": refusal,
        "is_over": is_over,
    }
    return TemplateResponse(request, "admin/audit/together.html", context, status=status)
