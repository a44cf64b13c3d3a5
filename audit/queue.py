"""The review queue: what waits for people, and whether the one who looks can decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from audit import eligibility, overview, refusals, review, subjects
from audit.approving import claims, delegations, thread_pages
from audit.governed import Governed
from audit.models import RISKS, ApprovalDecision, ApprovalRequest, Claim
from audit.queue_filters import CLOSED, Claimed, ForYou, Kind, State, Type, mine
from audit.together import approve_together, together
from core.access.refusals import WorksInAnotherTenant
from core.database.expressions import ClockNow
from core.database.unit import current
from core.refusals import Refusal
from core.web import words
from core.web.admin import holds, one_of, person_of, role_of, tenant_of

SOON = timedelta(hours=3)


@dataclass(frozen=True)
class Line:
    """What a row of the queue says beyond its own columns."""

    subject: subjects.Description
    decisions: list[ApprovalDecision]
    why_not: Refusal | None
    now: datetime
    claim: Claim | None


class Queue(ChangeList):
    """The page of rows, described at once instead of row by row."""

    def get_results(self, request: HttpRequest) -> None:
        """Fetch the page, then what all of its rows are about."""
        super().get_results(request)
        rows: list[Any] = list(self.result_list)
        described = subjects.describe(rows)
        person, role, now = person_of(request), role_of(request), timezone.now()
        lent, claimed = delegations.held_by(person), claims.standing(row.pk for row in rows)
        for row in rows:
            decisions = list(row.decisions.all())
            refusal = eligibility.why_not(
                row, decisions, by=person, role=role, works_in=current().tenant, now=now, lent=lent
            )
            row.line = Line(described[row.pk], decisions, refusal, now, claimed.get(row.pk))
        self.result_list = rows


class ReviewQueue(Governed):
    """What waits for a decision, the nearest deadline first."""

    permission = "approvals:read"
    title = "Review queue"
    place = 10
    people = ("proposed_by", "operated_by")
    exactly = ("id", "subject_id")
    list_display = ("proposal", "risk_badge", "proposer", "quorum_met", "age", "time_left", "for_you")
    list_display_links = None
    list_filter = (State, ForYou, Claimed, one_of("risk", RISKS), Kind, Type)
    ordering = ("expires_at", "id")
    actions = (approve_together,)
    search_help_text = "The beginning of a symbol, or a whole id."
    WHY: ClassVar[dict[type[Refusal], str]] = {
        refusals.ProposerCannotDecide: "No: you proposed it",
        refusals.OperatorCannotDecide: "No: you operate the agent",
        refusals.ReviewerIsBarred: "No: you decided on an earlier step",
        refusals.ReviewerLacksTheRole: "No: it takes a higher role",
        refusals.ReviewerOfAnotherTenant: "No: you are of another tenant",
        refusals.AlreadyDecided: "You have decided",
        WorksInAnotherTenant: "Once you work in this tenant",
        refusals.RequestIsClosed: "It is closed",
        refusals.RequestHasExpired: "It has expired",
    }

    def get_urls(self) -> list[URLPattern]:
        """Add the pages on which people decide."""
        wrap = self.admin_site.admin_view
        return [
            path("overview/", wrap(self.overview_view), name="audit_overview"),
            path("together/", wrap(self.together_view), name="audit_together"),
            path("<uuid:request_id>/review/", wrap(self.review_view), name="audit_review"),
            path("<uuid:request_id>/receipt/", wrap(self.receipt_view), name="audit_receipt"),
            *(
                path(f"<uuid:request_id>/{deed}/", wrap(self.deed_view), {"deed": deed}, f"audit_{deed}")
                for deed in thread_pages.DEEDS
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the decisions along."""
        return super().get_queryset(request).prefetch_related("decisions", "tenant")

    def get_list_display(self, request: HttpRequest) -> Any:
        """Say whose it is to people who see every tenant, and how it ended where it did."""
        shown = list(self.list_display)
        if tenant_of(request) is None:
            shown.insert(1, "tenant")
        if request.GET.get("state", "") in {"all", "expired", *CLOSED}:
            shown.insert(2, "state")
        return shown

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        """Describe the rows of a page together."""
        return Queue

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Offer the search."""
        return ("symbol",)

    def found_by(self, wanted: str) -> Q:
        """Find by symbol or id."""
        return super().found_by(wanted) | subjects.named(wanted)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Go to where it is reviewed."""
        return redirect(subjects.review_url(self.get_object(request, object_id).pk))

    def overview_view(self, request: HttpRequest) -> HttpResponse:
        """Show how deciding goes."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return overview.overview(request)

    def has_decide_permission(self, request: HttpRequest) -> bool:
        """Offer what decides on several at once to those who decide, in a role of their own or a lent one."""
        return holds(request, "approvals:decide") or bool(delegations.held_by(person_of(request)))

    def together_view(self, request: HttpRequest) -> HttpResponse:
        """Show the list of what was chosen, and approve it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return together(request, self.get_queryset(request))

    def review_view(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        """Show what is asked, and take the decision."""
        return review.review(request, self._asked(request, request_id))

    def receipt_view(self, request: HttpRequest, request_id: UUID) -> HttpResponse:
        """Show what was decided."""
        return review.receipt(request, self._asked(request, request_id))

    def deed_view(self, request: HttpRequest, request_id: UUID, deed: str) -> HttpResponse:
        """Claim, release or comment."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        return thread_pages.do(request, self.get_object(request, str(request_id)), deed)

    def _asked(self, request: HttpRequest, request_id: UUID) -> ApprovalRequest:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = self.get_queryset(request).prefetch_related(
            "decisions__reviewer", "decisions__delegation__from_person"
        )
        asked: ApprovalRequest | None = rows.filter(pk=request_id).first()
        if asked is None or subjects.presented(asked.action) is None:
            raise Http404
        return asked

    @admin.display(description="proposal")
    def proposal(self, row: Any) -> SafeString:
        """Title, and beneath it symbol and type."""
        subject: subjects.Description = row.line.subject
        return format_html(
            '<a class="subject" href="{}">{}</a><small class="beneath"><code>{}</code> {} {}</small>',
            subjects.review_url(row.pk),
            subject.title,
            subject.name,
            subject.type,
            subjects.noun(row.action),
        )

    @admin.display(description="risk")
    def risk_badge(self, row: ApprovalRequest) -> SafeString:
        """How risky it is."""
        return words.badge(row.risk, "risk")

    @admin.display(description="state")
    def state(self, row: Any) -> str:
        """What became of it."""
        is_late = row.status == "open" and row.expires_at <= row.line.now
        return "expired" if is_late else row.status.replace("_", " ")

    @admin.display(description="proposer")
    def proposer(self, row: ApprovalRequest) -> SafeString:
        """Who proposed it, and who answers for an agent."""
        beneath = f"operated by {words.who(row, 'operated_by')}" if row.operated_by_id else "person"
        return format_html('{}<small class="beneath">{}</small>', words.who(row, "proposed_by"), beneath)

    @admin.display(description="quorum")
    def quorum_met(self, row: Any) -> SafeString:
        """How many approved of how many, and whose approval is missing."""
        missing = eligibility.open_slots(row, row.line.decisions)
        said = ", ".join(f"{count} {role}" for role, count in missing.items())
        return format_html(
            '<span class="figures">{} / {}</span><small class="beneath">{}</small>',
            eligibility.approvals_given(row.line.decisions),
            row.quorum,
            f"missing: {said}" if said else "complete",
        )

    @admin.display(description="age")
    def age(self, row: Any) -> SafeString:
        """For how long it has waited."""
        return format_html(
            '<time datetime="{}">{}</time>',
            row.requested_at.isoformat(),
            words.span(row.line.now - row.requested_at),
        )

    @admin.display(description="time left")
    def time_left(self, row: Any) -> SafeString:
        """Until when it can be decided."""
        left = row.expires_at - row.line.now
        if row.status != "open" or left <= timedelta(0):
            ended = words.instant(row.closed_at or row.expires_at)
            return format_html('over<small class="beneath">{}</small>', ended)
        shown = format_html('<time datetime="{}">{}</time>', row.expires_at.isoformat(), words.span(left))
        if left < SOON:
            shown = format_html('<strong class="soon">{}</strong>', shown)
        return format_html('{}<small class="beneath">{}</small>', shown, _due(row))

    @admin.display(description="you decide?")
    def for_you(self, row: Any) -> SafeString:
        """Whether the person who looks can decide, and if not, why."""
        refusal: Refusal | None = row.line.why_not
        if refusal is None:
            return format_html('<span class="yours">Yes</span>{}', _looked_at(row.line))
        said = self.WHY.get(type(refusal), refusal.message)
        mine = refusal.facts.get("verdict")
        verdict = f": {mine.replace('_', ' ')}" if mine else ""
        return format_html("{}{}{}", said, verdict, _looked_at(row.line))


def _looked_at(line: Line) -> SafeString:
    if line.claim is None:
        return SafeString("")
    whose, since = words.who(line.claim, "person"), words.span(line.now - line.claim.claimed_at)
    return format_html('<small class="beneath">{} is looking, {}</small>', whose, since)


def _due(row: Any) -> SafeString:
    left = row.due_at - row.line.now
    if left > timedelta(0):
        return format_html("due in {}", words.span(left))
    said = "overdue, escalated" if row.escalated_at else "overdue"
    return format_html('<strong class="overdue">{}</strong>', said)


def waiting(request: HttpRequest) -> SafeString | None:
    """Say on the first page how much waits, how risky it is and until when."""
    if not holds(request, "approvals:read"):
        return None
    rows = ApprovalRequest.objects.filter(status="open", expires_at__gt=ClockNow())
    tenant = tenant_of(request)
    if tenant is not None:
        rows = rows.filter(tenant_id=tenant)
    found = {
        row["risk"]: row
        for row in rows.order_by()
        .values("risk")
        .annotate(
            waiting=Count("id"),
            nearest=Min("expires_at"),
            overdue=Count("id", filter=Q(due_at__lte=ClockNow())),
        )
    }
    nearest = min((row["nearest"] for row in found.values()), default=None)
    by_risk = [(risk, found[risk]["waiting"] if risk in found else 0) for risk in reversed(RISKS)]
    context = {
        "by_risk": [(words.badge(risk, "risk"), count, risk) for risk, count in by_risk],
        "waiting": sum(count for _, count in by_risk),
        "nearest": nearest,
        "time_left": words.span(nearest - timezone.now()) if nearest else "",
        "overdue": sum(row["overdue"] for row in found.values()),
        "mine": ApprovalRequest.objects.filter(mine(request)).count(),
    }
    return render_to_string("admin/audit/waiting.html", context, request)
