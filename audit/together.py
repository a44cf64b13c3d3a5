"""Approving several requests of low risk together: one list, one password, one decision for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from audit import eligibility, subjects
from audit.approving import bulk, delegations
from audit.approving.bulk import Outcome
from audit.approving.refusals import BulkIsForLowRisk, DelegationIsNotInForce
from audit.deciding import DIGEST_BYTES, ProvedForm, opened_now, read_for
from audit.models import ApprovalRequest, Delegation
from core.access.refusals import WorksInAnotherTenant
from core.database.unit import current
from core.refusals import Refusal
from core.web import acting
from core.web.admin import person_of, role_of

UNPROCESSABLE = 422


@dataclass(frozen=True)
class Line:
    """One request of the list.

    :ivar lent: by which delegation it is approved; None in the person's own role.
    :ivar why_not: why it cannot be approved with the others; None where it can.
    :ivar outcome: what came of approving it; None before.
    """

    asked: ApprovalRequest
    about: subjects.Description
    noun: str
    digest: str
    lent: Delegation | None
    why_not: Refusal | None
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Seen:
    """What the person saw of a request: its digest, and by which delegation they decide, where by one."""

    digest: bytes
    lent: Delegation | None


class TogetherForm(ProvedForm):
    """The requests the person saw, each with its digest, and with the delegation where there is one."""

    line = forms.Field(widget=forms.MultipleHiddenInput)
    opened = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)
    field_order = ("line", "reason", "password")

    def clean_line(self) -> dict[UUID, Seen]:
        """Read each `<request id> <digest>` or `<request id> <digest> <delegation id>`."""
        try:
            parted = [_parted(str(line)) for line in self.cleaned_data["line"]]
        except ValueError:
            parted = []
        if not parted or any(len(digest) != DIGEST_BYTES for _, digest, _ in parted):
            raise forms.ValidationError("Choose the requests in the queue again.")
        named = {lent for _, _, lent in parted if lent}
        found = Delegation.objects.prefetch_related("from_person").in_bulk(named)
        if found.keys() != named:
            refusal = DelegationIsNotInForce()
            raise forms.ValidationError(f"{refusal.message} {refusal.hint}")
        return {
            request_id: Seen(digest, found[lent] if lent else None) for request_id, digest, lent in parted
        }


def _parted(line: str) -> tuple[UUID, bytes, UUID | None]:
    request_id, digest, *rest = line.split(" ")
    (lent,) = rest or [""]
    return UUID(request_id), bytes.fromhex(digest), UUID(lent) if lent else None


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
    if request.method != "POST":
        lines = _lines(request, rows, _asked_for(request))
        return _page(request, lines, _empty_form(request, lines))
    form = TogetherForm(request.POST)
    if not form.is_valid():
        return _page(request, _lines(request, rows, _sent(request)), form, status=UNPROCESSABLE)
    seen: dict[UUID, Seen] = form.cleaned_data["line"]
    said = acting.done(lambda: _approve(seen, form, request))
    if isinstance(said, Refusal):
        return _page(request, _lines(request, rows, seen), form, refusal=said, status=said.status)
    outcomes = {outcome.request_id: outcome for outcome in said}
    over = [
        replace(line, lent=seen[line.asked.pk].lent, outcome=outcomes[line.asked.pk])
        for line in _lines(request, rows, seen)
    ]
    return _page(request, over, form, is_over=True)


def _approve(seen: Mapping[UUID, Seen], form: TogetherForm, request: HttpRequest) -> list[Outcome]:
    said, person = form.cleaned_data, person_of(request)
    read = read_for(said["opened"], seen, by=person)
    return bulk.approve(
        {request_id: each.digest for request_id, each in seen.items()},
        said["password"],
        by=person,
        reason=said["reason"],
        lent={request_id: each.lent for request_id, each in seen.items() if each.lent},
        read_for=read,
    )


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


def _lines(request: HttpRequest, rows: QuerySet[ApprovalRequest], ids: Iterable[UUID]) -> list[Line]:
    found = list(rows.filter(pk__in=list(ids)).order_by("expires_at", "id"))
    described = subjects.describe(found)
    held = delegations.held_by(person_of(request))
    return [
        Line(
            row,
            described[row.pk],
            subjects.noun(row.action),
            bytes(row.digest).hex(),
            eligibility.first_choice(
                row, row.decisions.all(), by=person_of(request), role=role_of(request), lent=held
            ),
            _why_not(request, row, held),
        )
        for row in found
    ]


def _why_not(request: HttpRequest, row: ApprovalRequest, held: list[Delegation]) -> Refusal | None:
    if row.risk != "low":
        return BulkIsForLowRisk()
    decisions, person, role = row.decisions.all(), person_of(request), role_of(request)
    return eligibility.why_not(
        row, decisions, by=person, role=role, works_in=current().tenant, now=timezone.now(), lent=held
    ) or eligibility.why_not_approve(row, decisions, by=person, role=role, lent=held)


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
