"""A market that exists, changes of it, and people who approve them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from audit import approvals
from audit.models import ApprovalGrant
from core.access.models import User
from markets import proposals, trading
from markets.content import MarketContent
from markets.life import disputes
from markets.life.clarifications import clarify
from markets.life.content import (
    AmendedContent,
    ChangeContent,
    ReopeningContent,
    ResolutionContent,
    VoidContent,
)
from markets.models import KINDS, Market, Proposal
from tests.audit.voting import ask, by_sql, by_verb, lend
from tests.factories import PROVENANCE, World, acting, as_staff, decide, make_content, request_for
from tests.raw import run

KNOWN = datetime(2026, 11, 2, 8, tzinfo=UTC)
LATER = datetime(2028, 6, 30, 12, tzinfo=UTC)
SAID = "NASA's own page says so."

TABLE = {
    "amend": "market_amendments",
    "resolve": "market_resolutions",
    "void": "market_resolutions",
    "reopen": "market_reopenings",
}
PROMISE = {
    "amend": "amendment_needs_human_approval",
    "resolve": "resolution_needs_human_approval",
    "void": "resolution_needs_human_approval",
    "reopen": "reopening_needs_human_approval",
}
KINDS_OF_CHANGE = tuple(kind for kind in KINDS if kind != "create")


def amended(market: Market, world: World, **changes: Any) -> AmendedContent:
    """The market's content with another title, unless `changes` say otherwise."""
    content: MarketContent = make_content(world.evidence, title="Will a crewed craft orbit the Moon in 2027?")
    return AmendedContent(*_of(market), replace(content, symbol=market.symbol, **changes))


def resolved(market: Market, world: World, outcome: str = "yes", **changes: Any) -> ResolutionContent:
    """That the market ended with yes."""
    said = {"known_at": KNOWN, "explanation": SAID, **changes}
    return ResolutionContent(*_of(market), outcome, snapshot_ids=(world.evidence.snapshot_id,), **said)


def voided(market: Market, world: World) -> VoidContent:
    """That the market can end neither way."""
    return VoidContent(*_of(market), SAID, (world.evidence.snapshot_id,))


def reopened(market: Market, world: World, closes_at: datetime = LATER) -> ReopeningContent:
    """That the market goes on."""
    return ReopeningContent(*_of(market), SAID, closes_at, (world.evidence.snapshot_id,))


CHANGES: dict[str, Callable[[Market, World], ChangeContent]] = {
    "amend": amended,
    "resolve": resolved,
    "void": voided,
    "reopen": reopened,
}


def change(kind: str, market: Market, world: World) -> ChangeContent:
    """A change of this kind."""
    return CHANGES[kind](market, world)


def put(content: ChangeContent, by: User) -> Proposal:
    """Propose a change as the API does."""
    with acting(by):
        return proposals.propose(content, by=by, provenance=PROVENANCE)


def approve(proposal: Proposal, *by: User) -> None:
    """Let people approve it."""
    for person in by:
        decide(approvals.approve, request_for(proposal), person)


def carry(content: ChangeContent, world: World) -> Market:
    """Propose and approve a change, and look at the market that came of it."""
    approve(put(content, world.scout), world.grace)
    return Market.objects.get(pk=content.market_id)


def move(market: Market, verb: Any, by: User) -> Market:
    """Let staff move it."""
    with as_staff(by, market.tenant_id):
        moved: Market = verb(market.pk, by=by, reason="It is time to do this.")
    return moved


def open_by_a_delegate(world: World) -> Market:
    """A market of high risk that edith let in, in grace's role, and alan in his own."""
    proposal = ask(world)
    by_verb(request_for(proposal), world.edith, delegation=lend(world.grace, world.edith))
    by_verb(request_for(proposal), world.alan)
    return Market.objects.get(proposal=proposal)


def _of(market: Market) -> tuple[Any, str, bytes]:
    return market.pk, market.symbol, bytes(market.content_digest)


def ready(kind: str, market: Market, world: World) -> Market:
    """The market where this kind of change can happen."""
    return move(market, trading.close, world.grace) if kind == "reopen" else market


def granted(kind: str, market: Market, world: World) -> ApprovalGrant:
    """A grant that nobody used yet: the vote came past the verb."""
    proposal = put(change(kind, ready(kind, market, world), world), world.scout)
    by_sql(request_for(proposal), world.grace)
    return ApprovalGrant.objects.get(subject_id=proposal.pk)


def use(kind: str, audit_id: object, subject_id: object, digest: bytes) -> None:
    """Use a grant as raw SQL of a database role would."""
    run(
        f"INSERT INTO {TABLE[kind]} (human_approval_audit_id, proposal_id, digest) VALUES (%s, %s, %s)",
        audit_id,
        subject_id,
        digest,
    )


def live_through(market: Market, world: World) -> Market:
    """Everything that can become of a market, one after the other."""
    opened = carry(reopened(move(market, trading.close, world.grace), world), world)
    now = carry(amended(opened, world), world)
    with as_staff(world.grace):
        clarify(now.pk, "An orbit is one orbit.", known_at=KNOWN, by=world.grace)
    ended = carry(resolved(now, world), world)
    with acting(world.edith):
        evidence = [world.evidence.snapshot_id]
        disputes.dispute(ended.pk, by=world.edith, reason=SAID, snapshot_ids=evidence)
    return Market.objects.get(pk=market.pk)
