"""Proposals, the markets they became, and the pages on which people decide about both."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from rest_framework.request import Request

from audit.governed import Governed, reviews
from audit.models import RISKS, ApprovalDecision, ApprovalGrant
from core.web import words
from core.web.admin import holds, one_of, person_of
from markets import reasons, trading
from markets.event_admin import Candidates, EventEvidence, Events
from markets.life import pages
from markets.life.history import page_of
from markets.models import (
    KINDS,
    MARKET_STATUSES,
    MARKET_TYPES,
    PROPOSAL_STATUSES,
    Market,
    Proposal,
    Revision,
)
from markets.presentation import present
from markets.proposals import ACTIONS
from markets.reasons import Deed

__all__ = ["Candidates", "EventEvidence", "Events", "Markets", "Proposals", "Revisions"]
MOVES: dict[str, tuple[Callable[..., Market], str, str, str]] = {
    "pause": (trading.pause, "paused", "Pause", "Trading stops until somebody resumes it."),
    "resume": (trading.resume, "active", "Resume", "Trading goes on."),
    "close": (
        trading.close,
        "closed",
        "Close",
        "Trading ends; it is opened again only by an approved proposal.",
    ),
}


present()


class BySymbol(Governed):
    """Pages that a symbol finds."""

    search_help_text = "The beginning of a symbol, or a whole id."

    def found_by(self, wanted: str) -> Q:
        """Find a symbol by its beginning as well, whatever its case."""
        return super().found_by(wanted) | Q(symbol__istartswith=wanted)


@admin.register(Proposal)
class Proposals(BySymbol):
    """What was proposed, and what became of it."""

    permission = "proposals:read"
    title = "Proposals"
    place = 100
    people = ("proposed_by",)
    exactly = ("id",)
    list_display = ("symbol", "kind", "title_now", "status_badge", "proposer", "proposed_at")
    list_filter = (one_of("status", PROPOSAL_STATUSES), one_of("kind", KINDS))
    ordering = ("-id",)
    fields = (
        "symbol", "kind", "market", "title_now", "status_badge", "proposer", "operated_by", "wordings",
        "requests", "created_at", "updated_at",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Bring the newest title along."""
        newest = Revision.objects.filter(proposal=OuterRef("pk")).order_by("-revision_no")
        title = Subquery(newest.values("title")[:1])
        rows: QuerySet[Any] = super().get_queryset(request).annotate(title_found=title)
        return rows

    @admin.display(description="title")
    def title_now(self, row: Any) -> str:
        """The title of the newest wording."""
        return str(row.title_found or "")

    @admin.display(description="status")
    def status_badge(self, row: Proposal) -> SafeString:
        """What became of it."""
        return words.badge(row.status, "state")

    @admin.display(description="proposer")
    def proposer(self, row: Proposal) -> str:
        """Who proposed it."""
        return words.who(row, "proposed_by")

    @admin.display(description="proposed at")
    def proposed_at(self, row: Proposal) -> SafeString:
        """The database's clock."""
        return words.instant(row.created_at)

    @admin.display(description="revisions")
    def wordings(self, row: Proposal) -> SafeString:
        """Every wording, newest first."""
        return format_html_join(
            "",
            '<p><a href="{}">Revision {}</a>, {}<br>{}</p>',
            (
                (
                    reverse("admin:markets_revision_change", args=[revision.pk]),
                    revision.revision_no,
                    words.instant(revision.created_at),
                    words.digest(revision.digest),
                )
                for revision in row.revisions.order_by("-revision_no")
            ),
        )

    @admin.display(description="reviews")
    def requests(self, row: Proposal) -> SafeString:
        """Every request about it, newest first."""
        return reviews(ACTIONS, row.pk)


@admin.register(Revision)
class Revisions(Governed):
    """The wordings of proposals, for ever."""

    permission = "proposals:read"
    title = "Revisions"
    place = 110
    people = ("proposed_by",)
    exactly = ("id", "proposal_id")
    list_display = ("title_shown", "revision_no", "type", "risk_badge", "written_at")
    list_filter = (one_of("type", MARKET_TYPES), one_of("risk", RISKS))
    ordering = ("-id",)
    fields = (
        "title_shown", "proposal", "revision_no", "type", "risk_badge", "proposer", "digest_hex",
        "canonical_text", "snapshot_ids", "producer", "schema_version", "safety_assertions", "created_at",
    )  # fmt: skip
    search_help_text = "A whole id, of the revision or of its proposal."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the text where it is until a row's own page asks for it."""
        return super().get_queryset(request).defer("canonical")

    @admin.display(description="title")
    def title_shown(self, row: Revision) -> str:
        """What it asks."""
        return row.title

    @admin.display(description="risk")
    def risk_badge(self, row: Revision) -> SafeString:
        """How risky it is."""
        return words.badge(row.risk, "risk")

    @admin.display(description="proposer")
    def proposer(self, row: Revision) -> str:
        """Who wrote it."""
        return words.who(row, "proposed_by")

    @admin.display(description="written at")
    def written_at(self, row: Revision) -> SafeString:
        """The database's clock."""
        return words.instant(row.created_at)

    @admin.display(description="digest")
    def digest_hex(self, row: Revision) -> SafeString:
        """What people approve."""
        return words.digest(row.digest)

    @admin.display(description="content")
    def canonical_text(self, row: Revision) -> SafeString:
        """The content, spread out for reading; the digest is of its RFC 8785 form."""
        return words.pretty(json.loads(bytes(row.canonical)))


@admin.register(Market)
class Markets(BySymbol):
    """What people approved, with the proof."""

    permission = "markets:read"
    title = "Markets"
    place = 120
    exactly = ("market_id", "proposal_id")
    list_display = ("symbol", "title_shown", "type", "risk_badge", "status_badge", "closes")
    list_filter = (one_of("status", MARKET_STATUSES), one_of("type", MARKET_TYPES))
    ordering = ("-market_id",)
    fields = (
        "proof", "symbol", "title_shown", "status_badge", "type", "subtype", "region", "risk_badge",
        "outcome", "known_at", "challenge_until", "resolution_criteria", "description",
        "closes_at", "exposure", "metadata", "version", "created_by", "created_at", "updated_at",
    )  # fmt: skip
    change_form_template = "admin/markets/market.html"

    def get_urls(self) -> list[URLPattern]:
        """Add the pages on which staff pause, resume, close and clarify."""
        view = self.admin_site.admin_view(self.move_view)
        clarify = self.admin_site.admin_view(self.clarify_view)
        return [
            path("<uuid:market_id>/move/<slug:move>/", view, name="markets_market_move"),
            path("<uuid:market_id>/clarify/", clarify, name="markets_market_clarify"),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show a page of its history, and offer the moves it can make to those who may make them."""
        market, may_operate = self.get_object(request, object_id), holds(request, "markets:operate")
        possible = trading.MOVES.get(market.status, ()) if may_operate else ()
        shown = {
            "moves": [(name, move[2]) for name, move in MOVES.items() if move[1] in possible],
            "may_clarify": may_operate,
            "history": page_of(market, Request(request)),
            **(extra_context or {}),
        }
        return super().change_view(request, object_id, form_url, shown)

    def clarify_view(self, request: HttpRequest, market_id: UUID) -> HttpResponse:
        """Ask how the market is to be read, then add it to its history."""
        return pages.clarify_page(self, request, self.get_object(request, str(market_id)))

    def move_view(self, request: HttpRequest, market_id: UUID, move: str) -> HttpResponse:
        """Ask for the reason, then move the market."""
        if not self.has_view_permission(request) or not holds(request, "markets:operate"):
            raise PermissionDenied
        if move not in MOVES:
            raise Http404
        market = self.get_object(request, str(market_id))
        verb, becomes, action, effect = MOVES[move]
        deed = Deed(
            title=f"{action} {market.symbol}",
            action=action,
            named=market.symbol,
            says=market.title,
            effect=f"It is {market.status}. {effect}",
            done=f"{market.symbol} is {becomes}.",
            does=lambda reason: verb(market.pk, by=person_of(request), reason=reason),
        )
        return reasons.ask(self, request, market, deed)

    @admin.display(description="proof of approval")
    def proof(self, row: Market) -> SafeString:
        """Who approved exactly this, why, and how to check it."""
        grant = ApprovalGrant.objects.get(pk=row.human_approval_audit_id)
        decisions = ApprovalDecision.objects.filter(request_id=grant.request_id).prefetch_related("reviewer")
        context = {
            "market": row,
            "grant": grant,
            "digest": bytes(row.digest).hex(),
            "decisions": decisions.order_by("decided_at"),
        }
        return render_to_string("admin/markets/proof.html", context)

    @admin.display(description="title")
    def title_shown(self, row: Market) -> str:
        """What it asks."""
        return row.title

    @admin.display(description="risk")
    def risk_badge(self, row: Market) -> SafeString:
        """How risky it is."""
        return words.badge(row.risk_level or "low", "risk")

    @admin.display(description="status")
    def status_badge(self, row: Market) -> SafeString:
        """Whether it trades."""
        return words.badge(row.status, "state")

    @admin.display(description="closes at")
    def closes(self, row: Market) -> SafeString:
        """When trading ends."""
        return words.instant(row.closes_at)
