"""Reading the log and the approvals; people decide in the admin, so nothing here is written."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from audit.approving import api as approving
from audit.filters import ApprovalFilters, AuditEventFilters
from audit.models import ApprovalDecision, ApprovalGrant, ApprovalRequest, AuditEvent, Revocation
from audit.sealing import api as sealing
from audit.serializers import ApprovalShape, AuditEventShape
from core.access.models import User
from core.database.expressions import ClockNow
from core.web import words
from core.web.etags import Representation
from core.web.hot import HotDetail, HotList
from core.web.views import ApiView, ListView, find, in_tenant
from core.web.waiting import Found, WaitView, described

show_event = AuditEventShape().to_representation
show_approval = ApprovalShape().to_representation


class AuditEvents(HotList):
    """The tenant's audit log, newest first."""

    permission = {"GET": "audit:read"}
    serializer_class = AuditEventShape
    filters = AuditEventFilters
    shown = "audit_events_shown"

    def queryset(self, request: Request) -> QuerySet[AuditEvent]:
        """Every fact of the log."""
        return AuditEvent.objects.all()

    def shape(self, row: AuditEvent) -> dict[str, Any]:
        """One fact."""
        return show_event(row)


@extend_schema_view(get=extend_schema(responses=AuditEventShape))
class AuditEventDetail(HotDetail):
    """One fact of the tenant's audit log."""

    permission = {"GET": "audit:read"}
    is_tagged = True
    shown = "audit_events_shown"


class Approvals(ListView):
    """What people were asked, and what they said, newest first."""

    permission = {"GET": "approvals:read"}
    serializer_class = ApprovalShape
    filters = ApprovalFilters

    def queryset(self, request: Request) -> QuerySet[ApprovalRequest]:
        """Every request with its decisions."""
        return requests()

    def shape(self, row: ApprovalRequest) -> dict[str, Any]:
        """One request."""
        return show_approval(row)


class ApprovalDetail(ApiView):
    """One request, with its policy, its slots and its decisions."""

    permission = {"GET": "approvals:read"}
    is_tagged = True

    @extend_schema(responses=ApprovalShape)
    def get(self, request: Request, request_id: str) -> Response:
        return Representation(show_approval(find(requests(), request_id)))


@extend_schema_view(get=described(ApprovalShape))
class ApprovalWait(WaitView):
    """What people said, as soon as they said it; an answer that is still `open` means no."""

    permission = {"GET": "approvals:read"}
    channel = "xm_approval"
    tells_changes = True

    def look(self, wanted: str) -> Found:
        """The request as it is now."""
        shown = show_approval(find(requests(), wanted))
        return Found(shown, has_ended=shown["status"] != "open" or shown["has_expired"])

    @staticmethod
    def ended(among: Collection[str]) -> set[str]:
        """Those of these requests that are closed, or that nobody can answer any more."""
        asked = ApprovalRequest.objects.filter(pk__in=among)
        found = asked.exclude(status="open", expires_at__gt=ClockNow())
        return {str(request_id) for request_id in found.values_list("pk", flat=True)}


def requests() -> QuerySet[ApprovalRequest]:
    """Requests with everything that is shown of them, in two queries however many they are."""
    granted = in_tenant(ApprovalGrant.objects.filter(request_id=OuterRef("pk")))
    revoked = in_tenant(Revocation.objects.filter(grant__request_id=OuterRef("pk")))
    return ApprovalRequest.objects.annotate(
        has_expired=Q(status="open", expires_at__lte=ClockNow()),
        grant_audit_id=Subquery(granted.values("audit_id")),
        revoked_at=Subquery(revoked.values("revoked_at")),
    ).prefetch_related(Prefetch("decisions", decisions()))


def decisions() -> QuerySet[ApprovalDecision]:
    """The tenant's decisions, as they were taken, with the reviewers' names and their rows of the log."""
    # looked up and not joined: the wall hides people of the platform, and never the decision
    reviewer = User.objects.filter(pk=OuterRef("reviewer_id")).values(
        name=Coalesce("display_name", "username")
    )
    fact = AuditEvent.objects.filter(
        entity_type=ApprovalDecision._meta.db_table, entity_id=Cast(OuterRef("pk"), TextField())
    )
    named = ApprovalDecision.objects.annotate(
        reviewer_name=Coalesce(Subquery(reviewer), Value(words.PLATFORM)),
        audit_id=Subquery(in_tenant(fact).order_by("audit_id").values("audit_id")[:1]),
    )
    return in_tenant(named).order_by("decided_at", "id")


urlpatterns: list[URLPattern] = [
    path("audit-events", AuditEvents.as_view(), name="audit-events"),
    path("audit-events/<str:audit_id>", AuditEventDetail.as_view(), name="audit-event"),
    *sealing.urlpatterns,
    path("approvals", Approvals.as_view(), name="approvals"),
    *approving.urlpatterns,
    path("approvals/<str:request_id>", ApprovalDetail.as_view(), name="approval"),
    path("wait/approvals/<str:request_id>", ApprovalWait.as_view(), name="wait-approval"),
]
