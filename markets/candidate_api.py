"""Events through the API: agents and editors propose, everybody of the tenant reads, nobody decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import URLPattern, path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from audit.models import ApprovalRequest
from core.access.entitlements import PROPOSALS, WRITES
from core.web.etags import Representation
from core.web.forms import principal, read
from core.web.views import ApiView, ListView, find, in_tenant, only
from markets import asking, candidates
from markets.bodies import content_of, provenance_of
from markets.event_content import EventContent
from markets.event_filters import CandidateFilters, EventFilters
from markets.event_serializers import CandidateDetailShape, CandidateForm, CandidateShape, EventShape
from markets.models import PUBLISH, Candidate, Event, Retraction
from markets.serializers import ResubmissionForm, WithdrawalForm

show_candidate = CandidateShape().to_representation
show_event = EventShape().to_representation


class Candidates(ListView):
    """Proposed events of the tenant, newest first."""

    permission = {"GET": "candidates:read", "POST": "candidates:propose"}
    quotas = (WRITES, PROPOSALS)
    serializer_class = CandidateShape
    filters = CandidateFilters

    def queryset(self, request: Request) -> QuerySet[Candidate]:
        """Every proposed event, and what is asked about it."""
        return proposed().defer("canonical")

    def shape(self, row: Candidate) -> dict[str, Any]:
        """One proposed event."""
        return show_candidate(row)

    @extend_schema(request=CandidateForm, responses={201: CandidateDetailShape})
    def post(self, request: Request) -> Response:
        """Put an event before the people who may approve it.

        Where a policy lets events of this risk out by themselves, it is published at once: `status` is then
        `processed`, and `event_id` names it. An agent also sends producer, schema_version and at least two
        safety_assertions.
        """
        given = read(CandidateForm, request)
        made = candidates.propose(
            content_of(EventContent, given),
            by=principal(request),
            reason=given.get("reason", ""),
            provenance=provenance_of(given),
        )
        where = request.build_absolute_uri(reverse("candidate-event", args=[made.pk]))
        return Representation(in_detail(made.pk), status=201, headers={"Location": where})


class CandidateDetail(ApiView):
    """One proposed event, with the text that people approve and all that was asked about it."""

    permission = {"GET": "candidates:read"}
    is_tagged = True

    @extend_schema(responses=CandidateDetailShape)
    def get(self, request: Request, candidate_id: str) -> Response:
        return Representation(in_detail(named(candidate_id)))


class CandidateWithdrawal(ApiView):
    """The end of one's own proposed event."""

    permission = {"POST": "candidates:withdraw"}
    needs_if_match = True

    @extend_schema(request=WithdrawalForm, responses=CandidateDetailShape)
    def post(self, request: Request, candidate_id: str) -> Response:
        """Take a proposed event back before it is decided: for its proposer, and that agent's operator."""
        return asking.acted(request, named(candidate_id), WithdrawalForm, candidates.withdraw, in_detail)


class CandidateResubmission(ApiView):
    """Another chance for a proposed event that nobody decided on in time."""

    permission = {"POST": "candidates:propose"}
    needs_if_match = True

    @extend_schema(request=ResubmissionForm, responses=CandidateDetailShape)
    def post(self, request: Request, candidate_id: str) -> Response:
        """Ask people again about the same event, once the time to decide ran out."""
        return asking.acted(request, named(candidate_id), ResubmissionForm, candidates.resubmit, in_detail)


class Events(ListView):
    """Published events of the tenant's markets, newest first."""

    permission = {"GET": "events:read"}
    serializer_class = EventShape
    filters = EventFilters

    def queryset(self, request: Request) -> QuerySet[Event]:
        """Every event, and whether it was taken back."""
        return published()

    def shape(self, row: Event) -> dict[str, Any]:
        """One event."""
        return show_event(row)


class EventDetail(ApiView):
    """One published event."""

    permission = {"GET": "events:read"}
    is_tagged = True

    @extend_schema(responses=EventShape)
    def get(self, request: Request, event_id: str) -> Response:
        return Representation(show_event(find(published(), event_id)))


def named(candidate_id: str) -> UUID:
    """The id of a proposed event of the tenant.

    :raises NotFound: for an unknown, a foreign and an ill-formed id alike.
    """
    return find(Candidate.objects.only("pk"), candidate_id).pk


def proposed() -> QuerySet[Candidate]:
    """Proposed events with the open question and the event they became, in one query."""
    became = in_tenant(Event.objects.filter(candidate_id=OuterRef("pk")))
    rows = Candidate.objects.annotate(event_id=Subquery(became.values("pk")))
    return asking.with_open_request(rows, (PUBLISH,))


def in_detail(candidate_id: UUID) -> dict[str, Any]:
    """One proposed event of the tenant with everything that is shown of it."""
    asked = in_tenant(ApprovalRequest.objects.filter(action=PUBLISH, subject_id=candidate_id))
    found = only(proposed().filter(pk=candidate_id))
    return CandidateDetailShape(found, context={"requests": asked.order_by("-pk")}).data


def published() -> QuerySet[Event]:
    """Events, and when and why they were taken back."""
    taken_back = in_tenant(Retraction.objects.filter(event_id=OuterRef("pk")))
    return Event.objects.annotate(
        retracted_at=Subquery(taken_back.values("created_at")),
        retraction_reason=Subquery(taken_back.values("reason")),
    )


urlpatterns: list[URLPattern] = [
    path("candidate-events", Candidates.as_view(), name="candidate-events"),
    path("candidate-events/<str:candidate_id>", CandidateDetail.as_view(), name="candidate-event"),
    path(
        "candidate-events/<str:candidate_id>/withdraw",
        CandidateWithdrawal.as_view(),
        name="candidate-event-withdraw",
    ),
    path(
        "candidate-events/<str:candidate_id>/resubmit",
        CandidateResubmission.as_view(),
        name="candidate-event-resubmit",
    ),
    path("events", Events.as_view(), name="events"),
    path("events/<str:event_id>", EventDetail.as_view(), name="event"),
]
