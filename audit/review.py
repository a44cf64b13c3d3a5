"""Where a person reads what is asked, decides on it, and sees what came of the decision.

One page for every action: the room that owns the subject gives a `Reading`, and this shows it.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import Error as DatabaseFailure
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from audit import background, eligibility, subjects, trial
from audit.approving import claims, comments, delegations, overrides
from audit.deciding import DecisionForm, decide, opened_now
from audit.models import (
    ApprovalDecision,
    ApprovalGrant,
    ApprovalRequest,
    AuditEvent,
    Delegation,
    Revocation,
)
from audit.queue_filters import mine
from audit.reading import Check, Reading
from audit.thread import thread
from core.access.models import User
from core.access.refusals import WorksInAnotherTenant
from core.database.unit import current
from core.refusals import NotAllowed, Refusal, translate
from core.web import words
from core.web.admin import holds, person_of, role_of
from core.web.tenants import refuse_elsewhere

NUMBERS = {1: "One approval is", 2: "Two approvals are", 3: "Three approvals are"}
DONE = {
    "approve": "You approved this digest.",
    "request_changes": "You sent it back to the proposer.",
    "reject": "You rejected it.",
    "abstain": "You abstained.",
    "break_glass": "You approved it for everybody; somebody else reviews that within 24 hours.",
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
        if not holds(request, "approvals:decide") and form.cleaned_data["delegation"] is None:
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
    reading, _ = _read(request, asked)
    decisions = list(asked.decisions.all())
    recorded = dict(
        AuditEvent.objects.filter(
            entity_type="approval_decisions", entity_id__in=[str(decision.pk) for decision in decisions]
        ).values_list("entity_id", "audit_id")
    )
    context = {
        "title": f"Receipt: {reading.title}",
        "asked": asked,
        "reading": reading,
        "digest": bytes(asked.digest).hex(),
        "decided": [(decision, recorded.get(str(decision.pk))) for decision in decisions],
        "grant": ApprovalGrant.objects.filter(request_id=asked.pk).first(),
        "given": eligibility.approvals_given(decisions),
        "revoked": _revocation(asked),
        "following": _following(request),
    }
    return _rendered(request, "admin/audit/decided.html", context)


def _page(
    request: HttpRequest,
    asked: ApprovalRequest,
    *,
    form: DecisionForm | None = None,
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    reading, about = _read(request, asked)
    bar = _bar(request, asked, reading)
    may_approve = bar["is_open"] and bar["can_approve"] and not bar["why_not"]
    context = {
        **bar,
        **_at_a_glance(reading),
        "title": reading.title,
        "asked": asked,
        "reading": reading,
        "digest": bytes(asked.digest).hex(),
        "changed": [row for row in reading.rows if row.is_changed],
        "unchanged": [row for row in reading.rows if not row.is_changed],
        "checks": [*reading.checks, *_slots(asked)],
        "thread": thread(about, reading.wordings, timezone.now()),
        "precedents": background.precedents(asked, reading),
        "record": background.record(asked),
        "days": background.DAYS,
        "trial": _tried(request, asked, bar["lent"]) if may_approve else None,
        "form": form or _empty_form(request, asked, bar["lent"]),
        "refusal": refusal,
        "newest": about[-1],
        "revoked": _revocation(asked),
        "claim": next(iter(claims.standing([asked.pk]).values()), None),
        "is_here": current().tenant == asked.tenant_id,
        "may_comment": holds(request, "approvals:comment"),
        "longest_comment": comments.LONGEST,
    }
    return _rendered(request, "admin/audit/review.html", context, status)


def _revocation(asked: ApprovalRequest) -> Revocation | None:
    return Revocation.objects.filter(grant__request=asked.pk).prefetch_related("revoked_by").first()


def _following(request: HttpRequest) -> tuple[ApprovalRequest, subjects.Description] | None:
    """What this person can decide next, the nearest deadline first."""
    found = ApprovalRequest.objects.filter(mine(request)).order_by("expires_at", "id").first()
    return (found, subjects.describe([found])[found.pk]) if found else None


def _tried(request: HttpRequest, asked: ApprovalRequest, lent: list[Delegation]) -> trial.Trial:
    return trial.attempt(asked, by=person_of(request), delegation=_first_choice(request, asked, lent))


def _empty_form(request: HttpRequest, asked: ApprovalRequest, lent: list[Delegation]) -> DecisionForm:
    chosen = _first_choice(request, asked, lent)
    seen = {
        "digest": bytes(asked.digest).hex(),
        "opened": opened_now([asked.pk], by=person_of(request)),
        "delegation": chosen.pk if chosen else None,
    }
    return DecisionForm(initial=seen)


def _first_choice(request: HttpRequest, asked: ApprovalRequest, lent: list[Delegation]) -> Delegation | None:
    return eligibility.first_choice(
        asked, asked.decisions.all(), by=person_of(request), role=role_of(request), lent=lent
    )


def _at_a_glance(reading: Reading) -> dict[str, Any]:
    """What it is based on, in numbers."""
    return {
        "sound": sum(item.is_verified for item in reading.evidence),
        "moved_on": sum(item.since is not None and item.since.is_other for item in reading.evidence),
        "passed": sum(check.passed is True for check in reading.checks),
        "failed": [check for check in reading.checks if check.passed is False],
    }


def _read(request: HttpRequest, asked: ApprovalRequest) -> tuple[Reading, list[ApprovalRequest]]:
    presentation = subjects.presented(asked.action)
    if presentation is None:
        raise Http404
    about = list(
        ApprovalRequest.objects.filter(action=asked.action, subject_id=asked.subject_id)
        .order_by("requested_at", "id")
        .prefetch_related("proposed_by", "decisions__reviewer", "comments__author")
    )
    return presentation.read(asked, about, by=person_of(request)), about


def _bar(request: HttpRequest, asked: ApprovalRequest, reading: Reading) -> dict[str, Any]:
    decisions = list(asked.decisions.all())
    missing = eligibility.open_slots(asked, decisions)
    person, role, now = person_of(request), role_of(request), timezone.now()
    lent = eligibility.usable(delegations.held_by(person), asked, decisions)
    why_not = eligibility.why_not(
        asked, decisions, by=person, role=role, works_in=current().tenant, now=now, lent=lent
    )
    return {
        "why_not": why_not,
        "works_elsewhere": isinstance(why_not, WorksInAnotherTenant),
        "is_open": asked.status == "open" and asked.expires_at > now,
        "lent": lent,
        "role": role if holds(request, "approvals:decide") else None,
        "can_approve": any(
            eligibility.reaches(each, missing) for each in (role, *(one.role for one in lent))
        ),
        "next_approval": eligibility.approvals_given(decisions) + 1,
        "missing": ", ".join(f"{count} {role}" for role, count in missing.items()),
        "effect": _effect(missing.total(), reading),
        "glass": _glass(asked, person, role, missing.total()),
    }


def _glass(asked: ApprovalRequest, person: User, role: str | None, missing: int) -> str:
    """Whether a super-admin may approve for all who are missing: `may`, `owes` a review first, or nothing."""
    is_first = not any(decision.verdict == "approve" for decision in asked.decisions.all())
    if role != "super-admin" or missing <= 1 or (asked.risk == "high" and is_first):
        return ""
    return "owes" if overrides.unreviewed().filter(person=person, kind="break_glass").exists() else "may"


def _effect(missing: int, reading: Reading) -> str:
    lead = f"{NUMBERS.get(missing, f'{missing} approvals are')} missing"
    which = "It" if missing == 1 else "The last of them"
    return f"{lead}. {which} {reading.effect}."


def _slots(asked: ApprovalRequest) -> list[Check]:
    decisions: list[ApprovalDecision] = list(asked.decisions.all())
    filled = [
        Check(passed=True, subject="approval", said=f"{decision.slot}: {words.who(decision, 'reviewer')}")
        for decision in decisions
        if decision.slot
    ]
    missing = eligibility.open_slots(asked, decisions)
    return filled + [
        Check(passed=None, subject="approval", said=f"{role}: nobody yet")
        for role, count in missing.items()
        for _ in range(count)
    ]


def _rendered(
    request: HttpRequest, template: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    everywhere = {**admin.site.each_context(request), "opts": ApprovalRequest._meta}
    return TemplateResponse(request, template, {**everywhere, **context}, status=status)
