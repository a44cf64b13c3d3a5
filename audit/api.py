"""Reading the log and the approvals; people decide in the admin, so nothing here is written."""

from __future__ import annotations

from typing import Any

from django.db.models import OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from audit.models import ApprovalDecision, ApprovalGrant, ApprovalRequest, AuditEvent
from audit.serializers import ApprovalFilters, ApprovalShape, AuditEventFilters, AuditEventShape
from core.access.models import User
from core.database.expressions import ClockNow
from core.refusals import NotAuthenticated
from core.web.hot import HotDetail, HotList
from core.web.views import ApiView, ListView, find, in_tenant

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


class AuditEventDetail(HotDetail):
    """One fact of the tenant's audit log."""

    permission = {"GET": "audit:read"}
    shown = "audit_events_shown"

    @extend_schema(responses=AuditEventShape)
    def get(self, request: Request, audit_id: str) -> Response:
        return Response(show_event(find(AuditEvent.objects.all(), audit_id)))


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

    @extend_schema(responses=ApprovalShape)
    def get(self, request: Request, request_id: str) -> Response:
        return Response(show_approval(find(requests(), request_id)))


def principal(request: Request) -> User:
    """Who asks; a view that is not public is reached by nobody else."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


def requests() -> QuerySet[ApprovalRequest]:
    """Requests with everything that is shown of them, in two queries however many they are."""
    granted = in_tenant(ApprovalGrant.objects.filter(request_id=OuterRef("pk")))
    return ApprovalRequest.objects.annotate(
        has_expired=Q(status="open", expires_at__lte=ClockNow()),
        grant_audit_id=Subquery(granted.values("audit_id")),
    ).prefetch_related(Prefetch("decisions", decisions()))


def decisions() -> QuerySet[ApprovalDecision]:
    """The tenant's decisions with the reviewers' names, in the order they were taken."""
    # a name is looked up and not joined: a reviewer of the platform may be invisible, the decision may not
    reviewer = User.objects.filter(pk=OuterRef("reviewer_id"))
    named = ApprovalDecision.objects.annotate(
        reviewer_name=Subquery(reviewer.values(name=Coalesce("display_name", "username")))
    )
    return in_tenant(named).order_by("decided_at", "id")


urlpatterns: list[URLPattern] = [
    path("audit-events", AuditEvents.as_view(), name="audit-events"),
    path("audit-events/<str:audit_id>", AuditEventDetail.as_view(), name="audit-event"),
    path("approvals", Approvals.as_view(), name="approvals"),
    path("approvals/<str:request_id>", ApprovalDetail.as_view(), name="approval"),
]
