"""Events as tests propose and publish them, on a market that people opened."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from audit import approvals
from audit.models import ApprovalRequest
from core.access.models import User
from core.database.unit import unit
from markets import candidates, publishing
from markets.event_content import EventContent
from markets.event_models import PUBLISH
from markets.models import Candidate, Event, Market
from tests.factories import (
    PROVENANCE,
    REASON,
    World,
    acting,
    as_staff,
    decide,
    make_content,
    make_proposal,
    open_market,
    request_for,
)
from tests.raw import run, untriggered

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
RAW = (
    "INSERT INTO candidate_events (tenant_id, canonical, proposed_by, producer, schema_version, safety_assertions) "
    "VALUES (%s, %s, %s, 'scout', 'v1', '{no-seed-data,requires-human-approval}')"
)
ASK = "INSERT INTO approval_requests (action, subject_id, digest) VALUES ('event:publish', %s, %s)"
LAUNCH = "The capsule has launched."


def event_content(world: World, market: Market, **changes: Any) -> EventContent:
    """What happened, unless `changes` say otherwise."""
    content = EventContent(
        market_id=market.pk,
        summary=LAUNCH,
        snapshot_ids=(world.evidence.snapshot_id,),
        event_type="launch",
        confidence=Decimal("0.90"),
    )
    return replace(content, **changes)


def propose_event(world: World, market: Market, by: User | None = None, **changes: Any) -> Candidate:
    """Propose an event as scout, or as somebody else."""
    proposer = by or world.scout
    with acting(proposer):
        content = event_content(world, market, **changes)
        return candidates.propose(content, by=proposer, provenance=PROVENANCE)


def asked_about(candidate: Candidate) -> ApprovalRequest:
    """The newest question put to people about this event."""
    return ApprovalRequest.objects.filter(action=PUBLISH, subject_id=candidate.pk).order_by("-requested_at")[
        0
    ]


def publish_event(world: World, market: Market, **changes: Any) -> Event:
    """Propose an event and have it approved."""
    candidate = propose_event(world, market, **changes)
    decide(approvals.approve, asked_about(candidate), world.grace)
    return Event.objects.get(candidate_id=candidate.pk)


def leave_events(world: World, market: Market) -> None:
    """Something of acme's in every table of events."""
    event = publish_event(world, market)
    with as_staff(world.grace):
        publishing.retract(event.pk, by=world.grace, reason=REASON)


def let_out_by_itself(risk: str = "low") -> None:
    """Let a policy publish events of this risk without asking people."""
    with untriggered("approval_policies"):
        run(
            "UPDATE approval_policies SET publishes_by_itself = true WHERE action = %s AND risk = %s",
            PUBLISH,
            risk,
        )


def open_political(world: World) -> Market:
    """A market of high risk, opened by two people."""
    proposal = make_proposal(world.scout, make_content(world.evidence, symbol="VOTE-2027", type="political"))
    for person in (world.grace, world.alan):
        decide(approvals.approve, request_for(proposal), person)
    return Market.objects.get(proposal_id=proposal.pk)


def open_another(world: World) -> Market:
    """A market beside the usual one, which still waits."""
    return open_market(
        make_proposal(world.scout, make_content(world.evidence, symbol="OTHER-2027")), world.grace
    )


def void(market: Market) -> None:
    """Let a market be void, past everything that would ask how."""
    run("ALTER TABLE markets DROP CONSTRAINT market_status_is_known")
    with untriggered("markets"):
        run("UPDATE markets SET status = 'voided' WHERE market_id = %s", market.pk)


def raw_event(candidate: Candidate, by: User, role: str = "api", **more: Any) -> None:
    """Publish by one INSERT as a database role, past every verb."""
    named = {"candidate_id": candidate.pk, **more}
    with unit(role, tenant=candidate.tenant_id, actor=by.pk):
        run(
            f"INSERT INTO events ({', '.join(named)}) VALUES ({', '.join(['%s'] * len(named))})",
            *named.values(),
        )


def written_event(world: World, market: Market, **changes: Any) -> bytes:
    """A canonical text with these changes; a change to None leaves the name out."""
    content = json.loads(event_content(world, market).canonical(market.symbol))
    content.update(changes)
    return json.dumps({name: value for name, value in content.items() if value is not None}).encode()


def propose_raw(world: World, canonical: bytes) -> None:
    """Propose by one INSERT, past the verb."""
    with acting(world.scout):
        run(RAW, world.acme.pk, canonical, world.scout.pk)
