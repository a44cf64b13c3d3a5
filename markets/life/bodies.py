"""How the body of a request becomes a change of a market."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from core.web.forms import Form
from markets.bodies import content_of
from markets.content import MarketContent, Proposed
from markets.life.content import (
    AmendedContent,
    ChangeContent,
    ReopeningContent,
    ResolutionContent,
    VoidContent,
)
from markets.life.serializers import AmendmentForm, ReopeningForm, ResolutionForm, VoidForm
from markets.models import Proposal
from markets.serializers import ProposalForm

FORMS: dict[str, type[Form]] = {
    "create": ProposalForm,
    "amend": AmendmentForm,
    "resolve": ResolutionForm,
    "void": VoidForm,
    "reopen": ReopeningForm,
}


def revised(proposal: Proposal, given: dict[str, Any]) -> Proposed:
    """The content that a body proposes in the place of an earlier one."""
    if proposal.market_id is None:
        return content_of(MarketContent, given)
    return change_of(proposal.kind, given, proposal.market_id, proposal.symbol)


def change_of(kind: str, given: dict[str, Any], market_id: UUID, symbol: str) -> ChangeContent:
    """The change of this market that a body proposes."""
    about = {"market_id": market_id, "symbol": symbol, "base_digest": bytes.fromhex(given["base_digest"])}
    return CHANGES[kind](about, given)


def _amendment(about: dict[str, Any], given: dict[str, Any]) -> ChangeContent:
    return AmendedContent(**about, content=content_of(MarketContent, {**given, "symbol": about["symbol"]}))


def _resolution(about: dict[str, Any], given: dict[str, Any]) -> ChangeContent:
    return ResolutionContent(
        **about,
        outcome=given["outcome"],
        known_at=given["known_at"],
        explanation=given["explanation"],
        snapshot_ids=tuple(given["snapshot_ids"]),
    )


def _void(about: dict[str, Any], given: dict[str, Any]) -> ChangeContent:
    return VoidContent(**about, explanation=given["explanation"], snapshot_ids=tuple(given["snapshot_ids"]))


def _reopening(about: dict[str, Any], given: dict[str, Any]) -> ChangeContent:
    return ReopeningContent(
        **about,
        explanation=given["explanation"],
        closes_at=given["closes_at"],
        snapshot_ids=tuple(given["snapshot_ids"]),
    )


CHANGES: dict[str, Callable[[dict[str, Any], dict[str, Any]], ChangeContent]] = {
    "amend": _amendment,
    "resolve": _resolution,
    "void": _void,
    "reopen": _reopening,
}
