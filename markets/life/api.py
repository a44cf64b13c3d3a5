"""What becomes of a market, through the API: changes are proposed, resolutions disputed, nothing decided."""

from __future__ import annotations

from typing import Any, ClassVar

from django.urls import URLPattern, path, reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.access.entitlements import PROPOSALS, WRITES
from core.web.etags import Representation
from core.web.forms import principal, read
from core.web.views import ApiView, ListView, find
from markets import proposals
from markets.api import in_detail
from markets.bodies import provenance_of
from markets.life import disputes
from markets.life.bodies import FORMS, change_of
from markets.life.history import page_of
from markets.life.serializers import (
    AmendmentForm,
    DisputeForm,
    DisputeShape,
    HistoryEntryShape,
    ReopeningForm,
    ResolutionForm,
    VoidForm,
)
from markets.models import Market
from markets.serializers import ProposalDetailShape

show_entry = HistoryEntryShape().to_representation


class Changes(ApiView, abstract=True):
    """Changes of a market, each a proposal that people decide on."""

    permission = {"POST": "proposals:propose"}
    quotas = (WRITES, PROPOSALS)
    kind: ClassVar[str]

    def proposed(self, request: Request, market_id: str) -> Response:
        """Put the change that the body says before people."""
        market = find(Market.objects.only("pk", "symbol"), market_id)
        given = read(FORMS[self.kind], request)
        made = proposals.propose(
            change_of(self.kind, given, market.pk, market.symbol),
            by=principal(request),
            reason=given.get("reason", ""),
            provenance=provenance_of(given),
        )
        where = request.build_absolute_uri(reverse("proposal", args=[made.pk]))
        return Representation(in_detail(made.pk), status=201, headers={"Location": where})


class Amendments(Changes):
    """Other contents for a market."""

    kind = "amend"

    @extend_schema(request=AmendmentForm, responses={201: ProposalDetailShape})
    def post(self, request: Request, market_id: str) -> Response:
        """Propose another content for a market that is not resolved, whole.

        Once approved, the market says exactly that; its history keeps what it said before.
        """
        return self.proposed(request, market_id)


class Resolutions(Changes):
    """Ends of a market."""

    kind = "resolve"

    @extend_schema(request=ResolutionForm, responses={201: ProposalDetailShape})
    def post(self, request: Request, market_id: str) -> Response:
        """Propose how a market ended, with evidence.

        Once approved, it can be disputed for 24 hours, at high risk for 72; then it is final.
        """
        return self.proposed(request, market_id)


class Voids(Changes):
    """Ends of a market that could end neither way."""

    kind = "void"

    @extend_schema(request=VoidForm, responses={201: ProposalDetailShape})
    def post(self, request: Request, market_id: str) -> Response:
        """Propose that a market is void; once approved, that is final."""
        return self.proposed(request, market_id)


class Reopenings(Changes):
    """New beginnings of a market."""

    kind = "reopen"

    @extend_schema(request=ReopeningForm, responses={201: ProposalDetailShape})
    def post(self, request: Request, market_id: str) -> Response:
        """Propose that a paused or closed market trades again, until a time to come."""
        return self.proposed(request, market_id)


class Disputes(ApiView):
    """Words against the resolution of a market."""

    permission = {"POST": "disputes:raise"}

    @extend_schema(request=DisputeForm, responses={201: DisputeShape})
    def post(self, request: Request, market_id: str) -> Response:
        """Dispute how a market was resolved, with evidence, while there is time.

        The market is disputed from this moment, until people approve the resolution that follows.
        """
        market = find(Market.objects.only("pk"), market_id)
        given = read(DisputeForm, request)
        raised = disputes.dispute(
            market.pk, by=principal(request), reason=given["reason"], snapshot_ids=given["snapshot_ids"]
        )
        return Response(DisputeShape(raised).data, status=201)


class History(ListView):
    """What became of a market."""

    permission = {"GET": "markets:read"}
    is_tagged = True
    serializer_class = HistoryEntryShape

    def get(self, request: Request, **_: Any) -> Response:
        """Show amendments, resolutions, reopenings, disputes, clarifications and moves, newest first.

        What was known when is `known_at`; when it was recorded here, `recorded_at`.
        """
        market = find(Market.objects.only("pk", "tenant_id"), self.kwargs["market_id"])
        page = page_of(market, request)
        told = [show_entry(entry) for entry in page.entries]
        return Representation({"next": page.next, "previous": page.previous, "results": told})


urlpatterns: list[URLPattern] = [
    path("markets/<str:market_id>/amendments", Amendments.as_view(), name="market-amendments"),
    path("markets/<str:market_id>/resolutions", Resolutions.as_view(), name="market-resolutions"),
    path("markets/<str:market_id>/voids", Voids.as_view(), name="market-voids"),
    path("markets/<str:market_id>/reopenings", Reopenings.as_view(), name="market-reopenings"),
    path("markets/<str:market_id>/disputes", Disputes.as_view(), name="market-disputes"),
    path("markets/<str:market_id>/history", History.as_view(), name="market-history"),
]
