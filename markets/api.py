"""Markets through the API: agents and editors propose, everybody of the tenant reads, nobody decides."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Case, F, OuterRef, Prefetch, QuerySet, Subquery, UUIDField, When
from django.db.models.functions import Coalesce
from django.urls import URLPattern, path, reverse
from drf_spectacular.utils import (
    OpenApiExample,
    PolymorphicProxySerializer,
    extend_schema,
    extend_schema_view,
)
from rest_framework.request import Request
from rest_framework.response import Response

from audit.api import decisions
from audit.models import ApprovalGrant, ApprovalRequest
from core.access.entitlements import PROPOSALS, WRITES
from core.web.etags import Representation, unchanged
from core.web.forms import principal, read
from core.web.hot import HotDetail, HotList
from core.web.views import ApiView, ListView, find, in_tenant, only
from markets import asking, proposals
from markets.bodies import content_of, provenance_of
from markets.content import MarketContent
from markets.filters import MarketFilters, ProposalFilters
from markets.life.bodies import FORMS, revised
from markets.models import Amendment, Market, Proposal, Revision
from markets.serializers import (
    MARS,
    MarketShape,
    ProofShape,
    ProposalDetailShape,
    ProposalForm,
    ProposalShape,
    ResubmissionForm,
    WithdrawalForm,
)

show_proposal = ProposalShape().to_representation
show_market = MarketShape().to_representation


class Proposals(ListView):
    """Proposals of the tenant, newest first."""

    permission = {"GET": "proposals:read", "POST": "proposals:propose"}
    quotas = (WRITES, PROPOSALS)
    serializer_class = ProposalShape
    filters = ProposalFilters

    def queryset(self, request: Request) -> QuerySet[Proposal]:
        """Every proposal with its latest wording."""
        return proposed()

    def shape(self, row: Proposal) -> dict[str, Any]:
        """One proposal."""
        return show_proposal(row)

    @extend_schema(request=ProposalForm, responses={201: ProposalDetailShape})
    def post(self, request: Request) -> Response:
        """Put a market before the people who may approve it.

        An agent also sends producer, schema_version and at least two safety_assertions.
        """
        given = read(ProposalForm, request)
        made = proposals.propose(
            content_of(MarketContent, given),
            by=principal(request),
            reason=given.get("reason", ""),
            provenance=provenance_of(given),
        )
        where = request.build_absolute_uri(reverse("proposal", args=[made.pk]))
        return Representation(in_detail(made.pk), status=201, headers={"Location": where})


class ProposalDetail(ApiView):
    """One proposal, with all its wordings and all that was asked about them."""

    permission = {"GET": "proposals:read"}
    is_tagged = True

    @extend_schema(responses=ProposalDetailShape)
    def get(self, request: Request, proposal_id: str) -> Response:
        return Representation(in_detail(named(proposal_id)))


class Revisions(ApiView):
    """The wordings of one's own proposal."""

    permission = {"POST": "proposals:revise"}
    needs_if_match = True

    @extend_schema(
        request=PolymorphicProxySerializer(
            component_name="RevisionForm", serializers=list(FORMS.values()), resource_type_field_name=None
        ),
        responses=ProposalDetailShape,
        examples=[OpenApiExample("A market of an agent", MARS, request_only=True)],
    )
    def post(self, request: Request, proposal_id: str) -> Response:
        """Put another wording in the place of the one under review, whole; kind, market and symbol stay.

        The body is that by which such a proposal is made. The same wording again changes nothing.
        """
        proposal = find(Proposal.objects.only("pk", "kind", "market_id", "symbol"), proposal_id)
        given = read(FORMS[proposal.kind], request)
        now = proposals.revise(
            proposal.pk,
            revised(proposal, given),
            by=principal(request),
            reason=given.get("reason", ""),
            provenance=provenance_of(given),
            check=unchanged(request, lambda: in_detail(proposal.pk)),
        )
        return Representation(in_detail(now.pk))


class Withdrawal(ApiView):
    """The end of one's own proposal."""

    permission = {"POST": "proposals:withdraw"}
    needs_if_match = True

    @extend_schema(request=WithdrawalForm, responses=ProposalDetailShape)
    def post(self, request: Request, proposal_id: str) -> Response:
        """Take a proposal back before it is decided: for its proposer, and whoever operates that agent."""
        return asking.acted(request, named(proposal_id), WithdrawalForm, proposals.withdraw, in_detail)


class Resubmission(ApiView):
    """Another chance for a proposal that nobody decided on in time."""

    permission = {"POST": "proposals:revise"}
    needs_if_match = True

    @extend_schema(request=ResubmissionForm, responses=ProposalDetailShape)
    def post(self, request: Request, proposal_id: str) -> Response:
        """Ask people again about the same wording, once the time to decide ran out."""
        return asking.acted(request, named(proposal_id), ResubmissionForm, proposals.resubmit, in_detail)


class Markets(HotList):
    """Markets of the tenant, newest first."""

    permission = {"GET": "markets:read"}
    serializer_class = MarketShape
    filters = MarketFilters
    shown = "markets_shown"

    def queryset(self, request: Request) -> QuerySet[Market]:
        """Every market with its evidence."""
        return approved()

    def shape(self, row: Market) -> dict[str, Any]:
        """One market."""
        return show_market(row)


@extend_schema_view(get=extend_schema(responses=MarketShape))
class MarketDetail(HotDetail):
    """One market."""

    permission = {"GET": "markets:read"}
    is_tagged = True
    shown = "markets_shown"


class Proof(ApiView):
    """The proof of a market's approval."""

    permission = {"GET": "markets:read"}

    @extend_schema(responses=ProofShape)
    def get(self, request: Request, market_id: str) -> Response:
        """Show what was approved, by whom, why and when, for anybody to check.

        `digest` is the sha256 of `canonical`; grant and decisions are over that digest, and the grant's
        audit_id is the market's human_approval_audit_id and the row of the audit log shown with it.
        """
        market = find(Market.objects.select_related("human_approval_audit"), market_id)
        grant = only(
            ApprovalGrant.objects.filter(pk=market.human_approval_audit_id).select_related("request")
        )
        proof = {
            "market_id": market.pk,
            "symbol": market.symbol,
            "canonical": _approved_text(market),
            "digest": market.digest,
            "grant": grant,
            "policy": grant.request,
            "decisions": decisions().filter(request_id=grant.request_id),
            "audit_event": market.human_approval_audit,
        }
        return Response(ProofShape(proof).data)


def _approved_text(market: Market) -> bytes:
    # a wording may have come twice: the same digest is the same text
    wordings = Revision.objects.filter(proposal_id=market.proposal_id, digest=bytes(market.digest))
    return bytes(in_tenant(wordings).order_by("-revision_no")[0].canonical)


def named(proposal_id: str) -> UUID:
    """The id of a proposal of the tenant.

    :raises NotFound: for an unknown, a foreign and an ill-formed id alike.
    """
    return find(Proposal.objects.only("pk"), proposal_id).pk


def proposed() -> QuerySet[Proposal]:
    """Proposals with their latest wording and the open question, in two queries however many they are."""
    became = in_tenant(Market.objects.filter(proposal_id=OuterRef("pk")))
    latest = in_tenant(Revision.objects.order_by("proposal_id", "-revision_no").distinct("proposal_id"))
    rows = Proposal.objects.annotate(its_market_id=Coalesce("market_id", Subquery(became.values("pk"))))
    return asking.with_open_request(rows, proposals.ACTIONS).prefetch_related(
        Prefetch("revisions", latest, to_attr="latest")
    )


def in_detail(proposal_id: UUID) -> dict[str, Any]:
    """One proposal of the tenant with everything that is shown of it."""
    wordings = in_tenant(Revision.objects.defer("canonical")).order_by("-revision_no")
    found = only(proposed().filter(pk=proposal_id).prefetch_related(Prefetch("revisions", wordings)))
    asked = in_tenant(ApprovalRequest.objects.filter(action__in=proposals.ACTIONS, subject_id=proposal_id))
    return ProposalDetailShape(found, context={"requests": asked.order_by("-pk")}).data


def approved() -> QuerySet[Market]:
    """Markets with the evidence of the wording that stands."""
    standing = Amendment.objects.filter(market_id=OuterRef("pk"), number=OuterRef("version") - 1)
    said_in = Case(
        When(version=1, then=F("proposal_id")),
        default=Subquery(in_tenant(standing).values("proposal_id")[:1]),
        output_field=UUIDField(),
    )
    evidence = Revision.objects.filter(proposal_id=OuterRef("said_in"), digest=OuterRef("content_digest"))
    return Market.objects.annotate(said_in=said_in).annotate(
        snapshot_ids=Subquery(in_tenant(evidence).order_by("-revision_no").values("snapshot_ids")[:1])
    )


urlpatterns: list[URLPattern] = [
    path("proposals", Proposals.as_view(), name="proposals"),
    path("proposals/<str:proposal_id>", ProposalDetail.as_view(), name="proposal"),
    path("proposals/<str:proposal_id>/revisions", Revisions.as_view(), name="proposal-revisions"),
    path("proposals/<str:proposal_id>/withdraw", Withdrawal.as_view(), name="proposal-withdraw"),
    path("proposals/<str:proposal_id>/resubmit", Resubmission.as_view(), name="proposal-resubmit"),
    path("markets", Markets.as_view(), name="markets"),
    path("markets/<str:market_id>", MarketDetail.as_view(), name="market"),
    path("markets/<str:market_id>/proof", Proof.as_view(), name="market-proof"),
]
