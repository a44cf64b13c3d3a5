"""Where a person reads a proposed market, decides on it, and sees what came of the decision."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.db import Error as DatabaseFailure
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from artifacts import evidence
from audit import eligibility
from audit.deciding import DecisionForm, decide
from audit.models import ApprovalGrant, ApprovalRequest, AuditEvent
from core.access.refusals import WorksInAnotherTenant
from core.database.unit import current
from core.refusals import NotAllowed, Refusal, translate
from core.web.admin import holds, person_of, role_of
from core.web.tenants import refuse_elsewhere
from markets.checks import checks
from markets.comparison import compare
from markets.models import Market, Revision
from markets.proposals import CREATE
from markets.thread import revision_of, thread

NUMBERS = {1: "One approval is", 2: "Two approvals are", 3: "Three approvals are"}
DONE = {
    "approve": "You approved this digest.",
    "request_changes": "You sent it back to the proposer.",
    "reject": "You rejected it.",
    "abstain": "You abstained.",
}
UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, asked: ApprovalRequest) -> HttpResponse:
    """Show everything that a decision needs on one page, and take the decision."""
    if request.method != "POST":
        return _page(request, asked)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _page(request, asked, form=form, status=UNPROCESSABLE)
    try:
        if not holds(request, "approvals:decide"):
            raise NotAllowed(permission="approvals:decide")
        refuse_elsewhere(asked.tenant_id)
        decision = decide(asked.pk, form, by=person_of(request))
    except (Refusal, DatabaseFailure) as error:
        refusal = translate(error)
        if refusal is None:
            raise
        # somebody else's decision may be what refused this one
        asked.refresh_from_db()
        return _page(request, asked, form=form, refusal=refusal, status=refusal.status)
    messages.success(request, DONE[decision.verdict])
    return redirect("admin:audit_receipt", asked.pk)


@require_safe
def receipt(request: HttpRequest, asked: ApprovalRequest) -> HttpResponse:
    """Show what was decided, by whom, and how anybody can check it."""
    revision = revision_of(asked, revisions_about([asked]))
    decisions = list(asked.decisions.all())
    grant = ApprovalGrant.objects.filter(request_id=asked.pk).first()
    recorded = dict(
        AuditEvent.objects.filter(
            entity_type="approval_decisions", entity_id__in=[str(decision.pk) for decision in decisions]
        ).values_list("entity_id", "audit_id")
    )
    context = {
        "title": f"Receipt: {revision.title}",
        "asked": asked,
        "revision": revision,
        "digest": bytes(asked.digest).hex(),
        "decided": [(decision, recorded.get(str(decision.pk))) for decision in decisions],
        "grant": grant,
        "market": market_of(asked),
        "given": eligibility.approvals_given(decisions),
    }
    return _rendered(request, "admin/markets/receipt.html", context)


def revisions_about(requests: Sequence[ApprovalRequest]) -> list[Revision]:
    """Every wording of the proposals these requests are about."""
    return list(Revision.objects.filter(proposal_id__in={row.subject_id for row in requests}))


def market_of(asked: ApprovalRequest) -> Market | None:
    """The market that the request's approval opened."""
    return Market.objects.filter(
        tenant_id=asked.tenant_id, proposal_id=asked.subject_id, digest=asked.digest
    ).first()


def _page(
    request: HttpRequest,
    asked: ApprovalRequest,
    *,
    form: DecisionForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    about = list(
        ApprovalRequest.objects.filter(action=CREATE, subject_id=asked.subject_id)
        .order_by("requested_at", "id")
        .prefetch_related("proposed_by", "decisions__reviewer")
    )
    context = {
        **_read(request, asked, about),
        **_bar(request, asked),
        "asked": asked,
        "form": form or DecisionForm(initial={"digest": bytes(asked.digest).hex()}),
        "refusal": refusal,
        "newest": about[-1],
        "market": market_of(asked),
    }
    return _rendered(request, "admin/markets/review.html", context, status)


def _read(request: HttpRequest, asked: ApprovalRequest, about: list[ApprovalRequest]) -> dict[str, Any]:
    now = timezone.now()
    revisions = revisions_about([asked])
    revision = revision_of(asked, revisions)
    earlier = next((row for row in revisions if row.revision_no == revision.revision_no - 1), None)
    content = _content(revision)
    rows = compare(_content(earlier) if earlier else None, content)
    shown = evidence.examine(revision.snapshot_ids, tenant_id=asked.tenant_id, by=person_of(request))
    return {
        "title": revision.title,
        "content": content,
        "revision": revision,
        "earlier": earlier,
        "digest": bytes(asked.digest).hex(),
        "changed": [row for row in rows if row.is_changed],
        "unchanged": [row for row in rows if not row.is_changed],
        "evidence": shown,
        "checks": checks(asked, revision, content, shown, now),
        "thread": thread(about, revisions, now),
    }


def _bar(request: HttpRequest, asked: ApprovalRequest) -> dict[str, Any]:
    decisions = list(asked.decisions.all())
    missing = eligibility.open_slots(asked, decisions)
    now = timezone.now()
    why_not = eligibility.why_not(
        asked,
        decisions,
        by=person_of(request),
        role=role_of(request),
        works_in=current().tenant,
        now=now,
    )
    return {
        "why_not": why_not,
        "works_elsewhere": isinstance(why_not, WorksInAnotherTenant),
        "is_open": asked.status == "open" and asked.expires_at > now,
        "can_approve": eligibility.reaches(role_of(request), missing),
        "given": eligibility.approvals_given(decisions),
        "next_approval": eligibility.approvals_given(decisions) + 1,
        "missing": ", ".join(f"{count} {role}" for role, count in missing.items()),
        "effect": _effect(missing.total()),
        "time_left": asked.expires_at - now,
    }


def _effect(missing: int) -> str:
    lead = f"{NUMBERS.get(missing, f'{missing} approvals are')} missing"
    which = "It opens" if missing == 1 else "The last of them opens"
    return f"{lead}. {which} the market at once, with exactly this content; nobody can change it afterwards."


def _content(revision: Revision) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(bytes(revision.canonical))
    return content


def _rendered(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    everywhere = {**admin.site.each_context(request), "opts": ApprovalRequest._meta}
    return TemplateResponse(request, template, {**everywhere, **context}, status=status)
