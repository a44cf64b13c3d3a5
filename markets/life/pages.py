"""What became of a market, on its page in the admin, and the page on which staff clarify it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from audit.governed import Governed
from core.refusals import Refusal
from core.web import acting, words
from core.web.admin import holds, person_of
from core.web.tenants import refuse_elsewhere
from markets.life.clarifications import clarify
from markets.life.models import Amendment, Change, Clarification, Dispute, Reopening, Resolution
from markets.models import Market

LONGEST = 4000
EVERY = ("market", "number", "proposal", "human_approval_audit", "recorded_at")
EFFECT = "It is added to the public history of the market for ever, and changes no word of it."


class ClarificationForm(forms.Form):
    """How the market is to be read, and since when that is so."""

    text = forms.CharField(max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))
    known_at = forms.DateTimeField(
        label="Known at",
        initial=timezone.now,
        help_text="In UTC, such as 2026-11-02 08:00. Not later than now.",
    )


def clarify_page(pages: Governed, request: HttpRequest, market: Market) -> HttpResponse:
    """Ask for the text, then add it."""
    if not pages.has_view_permission(request) or not holds(request, "markets:operate"):
        raise PermissionDenied
    form = ClarificationForm(request.POST or None)
    refusal = None
    if form.is_valid():
        said = acting.done(lambda: _clarified(request, market, form.cleaned_data))
        if not isinstance(said, Refusal):
            messages.success(request, f"{market.symbol} is clarified.")
            return redirect("admin:markets_market_change", market.pk)
        refusal = said
    back = reverse("admin:markets_market_change", args=[market.pk])
    title = f"Clarify {market.symbol}"
    return acting.page(
        request,
        "admin/audit/act.html",
        form,
        refusal,
        title=title,
        effect=EFFECT,
        opts=pages.opts,
        back=back,
    )


def _clarified(request: HttpRequest, market: Market, said: dict[str, Any]) -> object:
    refuse_elsewhere(market.tenant_id)
    return clarify(market.pk, said["text"], known_at=said["known_at"], by=person_of(request))


class ChangePages(Governed):
    """Changes that people approved, with the approval each came by."""

    permission = "markets:read"
    exactly = ("id", "market_id", "proposal_id", "human_approval_audit_id")
    list_select_related = ("market",)
    ordering = ("-id",)
    search_help_text = "A whole id, of the change, its market, its proposal or its approval."

    @admin.display(description="digest")
    def digest_hex(self, row: Change) -> SafeString:
        """What was approved, exactly."""
        return words.digest(row.digest)


@admin.register(Amendment)
class Amendments(ChangePages):
    """Other contents in the place of those that stood."""

    title = "Amendments"
    place = 121
    list_display = ("market", "number", "recorded_at")
    fields = (*EVERY, "digest_hex")


@admin.register(Resolution)
class Resolutions(ChangePages):
    """How markets ended."""

    title = "Resolutions"
    place = 122
    list_display = ("market", "number", "outcome", "known_at", "recorded_at", "challenge_until")
    fields = (*EVERY, "digest_hex", "outcome", "known_at", "challenge_until", "supersedes")


@admin.register(Reopening)
class Reopenings(ChangePages):
    """Trading again, until another time."""

    title = "Reopenings"
    place = 123
    list_display = ("market", "number", "closes_at", "recorded_at")
    fields = (*EVERY, "digest_hex", "closes_at")


@admin.register(Dispute)
class Disputes(Governed):
    """Words against resolutions, and what settled them."""

    permission = "markets:read"
    title = "Disputes"
    place = 124
    people = ("raised_by",)
    exactly = ("id", "market_id", "resolution_id")
    list_display = ("market", "__str__", "raised_by", "created_at", "settlement")
    list_select_related = ("market", "settled_by")
    ordering = ("-id",)
    fields = ("market", "resolution", "raised_by", "reason", "snapshot_ids", "created_at", "settlement")
    search_help_text = "A whole id, of the dispute, its market or its resolution."

    @admin.display(description="settled")
    def settlement(self, row: Dispute) -> str:
        """How it was settled."""
        return f"by {row.settled_by.outcome}" if row.settled_by else "not yet"


@admin.register(Clarification)
class Clarifications(Governed):
    """How markets are to be read."""

    permission = "markets:read"
    title = "Clarifications"
    place = 125
    people = ("written_by",)
    exactly = ("id", "market_id")
    list_display = ("market", "__str__", "written_by", "known_at", "created_at")
    list_select_related = ("market",)
    ordering = ("-id",)
    fields = ("market", "text", "written_by", "known_at", "created_at")
    search_help_text = "A whole id, of the clarification or of its market."
