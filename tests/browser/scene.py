"""A queue as it looks on a working day: every type and risk, near and far deadlines, one revised proposal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from artifacts import snapshots
from artifacts.models import Snapshot
from audit import approvals
from audit.approving import claims, comments
from audit.models import ApprovalRequest
from core.access.models import User
from core.jobs.models import STATUSES, Job
from core.web.filters import first_id
from markets import proposals
from markets.content import MarketContent
from markets.models import Proposal
from tests.factories import (
    PROVENANCE,
    World,
    acting,
    as_staff,
    decide,
    make_agent,
    make_content,
    make_proposal,
    make_world,
    request_for,
)
from tests.raw import run, untriggered

DAY = 24
FETCHED = datetime(2026, 11, 20, 21, 4, 5, tzinfo=UTC)
RATES = "https://www.ecb.europa.eu/stats/policy_and_exchange_rates/key_ecb_interest_rates"
RATES_PAGE = """
<html><head><title>Key ECB interest rates</title><style>p {color: red}</style></head><body>
<h1>Key ECB interest rates</h1>
<p>The interest rate on the deposit facility stands at 2.00&nbsp;%, with effect from 11 June 2025.</p>
<p>The Governing Council sets the rates for the main refinancing operations, the deposit facility and the
marginal lending facility.</p><script>alert('never shown')</script></body></html>"""
CALENDAR = "https://www.ecb.europa.eu/press/calendars/mgcgc"
CALENDAR_PAGE = """
<html><body><h1>Governing Council calendar</h1><ul><li>29 October 2026: monetary policy meeting</li>
<li>17 December 2026: monetary policy meeting, followed by a press conference</li></ul></body></html>"""
DRAFT: dict[str, Any] = {
    "symbol": "ECB-DFR-2026",
    "type": "economic",
    "title": "Will the ECB cut its deposit rate by 31 December 2026?",
    "resolution_criteria": "Resolves YES if the deposit facility rate is lower.",
    "closes_at": datetime(2026, 12, 31, 12, tzinfo=UTC),
    "region": "EU",
    "description": "The deposit facility rate is the lower bound of the corridor of policy rates.",
    "metadata": {"unit": "percent"},
}
CRITERIA = (
    "Resolves YES if the deposit facility rate published on the ECB's site is lower than 2.00 % "
    "on 31 December 2026, 23:59 CET."
)
REVISED: dict[str, Any] = {
    "resolution_criteria": CRITERIA,
    "closes_at": datetime(2026, 12, 31, 22, 59, tzinfo=UTC),
    "metadata": {"unit": "percent", "void_rule": "Voids if the source is not published for 7 days."},
}


@dataclass(frozen=True)
class Waiting:
    """A proposal in the queue: by which of the agents, for how many hours, until in how many minutes."""

    symbol: str
    type: str
    title: str
    agent: int
    hours: int
    minutes_left: int
    stated: str | None = None


OTHERS = (
    Waiting("UK-GE-2027", "political", "Will a United Kingdom general election be held in 2027?", 1, 21, 165),
    Waiting("BTC-150K", "finance", "Will Bitcoin close above 150,000 US dollars before 2027?", 2, 19, 300),
    Waiting("UNEMP-DE", "economic", "Will unemployment in Germany pass 3 million in 2027?", 0, 18, 366),
    Waiting("WC-2026-FRA", "sports", "Will France win the 2026 World Cup?", 2, 17, 425),
    Waiting("GTA6-2026", "culture", "Will Grand Theft Auto VI be released before 2027?", 1, 15, 551),
    Waiting("MEASLES-EU", "social", "Will the EU report more than 20,000 measles cases in 2026?", 0, 12, 700),
    Waiting("FUSION-NET", "technology", "Will fusion feed a power grid before 2030?", 0, 9, 900, "medium"),
    Waiting("FR-PRES-R1", "political", "Will the first round elect a French president?", 2, 7, 1010),
    Waiting("GOLD-5000", "finance", "Will gold trade above 5,000 US dollars in 2027?", 1, 5, 1139, "high"),
    Waiting("OSCARS-99", "culture", "Will a film not in English win Best Picture in 2027?", 2, 3, 1260),
)


@dataclass
class Scene:
    """The usual cast, the two requests that are looked at, and a job that ran out of attempts."""

    world: World
    revised: ApprovalRequest
    simple: ApprovalRequest
    stranded: UUID


def make_scene() -> Scene:
    """Fill the current database, each step in a transaction of its own as in life."""
    world = make_world()
    agents = [world.scout, make_agent("scout-2", world.olga), make_agent("herald", world.edith)]
    revised = _revised(world)
    for waiting in OTHERS:
        _propose(waiting, by=agents[waiting.agent])
    half = request_for(Proposal.objects.get(symbol="FR-PRES-R1"))
    decide(approvals.approve, half, world.alan, reason="The criteria follow the council's rules.")
    own = {"symbol": "EUROVISION", "type": "culture", "title": "Will Sweden win Eurovision 2027?"}
    make_proposal(world.grace, make_content(world.evidence, **own))
    with as_staff(world.alan):
        claims.claim(half.pk, by=world.alan)
    with acting(world.scout):
        comments.comment(
            revised.pk, "The threshold is the rate of today, from the page beside.", by=world.scout
        )
    return Scene(world, revised, request_for(world.proposal), _jobs(world))


def _jobs(world: World) -> UUID:
    """Jobs in every state, with a day behind them; the id of one that ran out of attempts."""
    why = "ConnectionError: https://prices.example.org/v1/series/FRED-GDP?page=2 did not answer in 30 s."
    for place, status in enumerate(STATUSES):
        run(
            "INSERT INTO jobs (tenant_id, owner_id, job_type, idempotency_key, status, attempts, payload, error_message, "
            "lane, created_at) VALUES (%s, %s, 'snapshot:fetch', %s, %s, %s, %s, %s, 'fetching', "
            "now() - %s * interval '1 hour')",
            world.acme.pk,
            world.edith.pk if place % 2 else None,
            f"fred-gdp-{place}",
            status,
            place,
            '{"url": "https://prices.example.org/v1/series/FRED-GDP", "headers": {"X-Api-Key": "secret"}}',
            None if status == "completed" else why,
            5 * place,
        )
    stranded = Job.objects.get(status="dlq")
    for hour in range(DAY):
        moment = datetime.now(tz=UTC) - timedelta(hours=hour)
        for number in range(1 + hour * 7 % 11):
            is_bad = number == 0 and hour % 3 == 0
            _happened(stranded, "dlq" if is_bad else "completed", moment - timedelta(milliseconds=number))
    return stranded.pk


def _happened(job: Job, event_type: str, when: datetime) -> None:
    run(
        "INSERT INTO job_events (id, tenant_id, job_id, event_type, payload, created_at) VALUES (%s, %s, %s, %s, %s, %s)",
        first_id(when),
        job.tenant_id,
        job.pk,
        event_type,
        '{"attempt": 3, "error": "ConnectionError: no answer."}' if event_type == "dlq" else '{"rows": 12}',
        when,
    )


def _propose(waiting: Waiting, *, by: User) -> None:
    url = f"https://example.org/{waiting.symbol.lower()}"
    page = _page(url, f"<h1>{waiting.title}</h1><p>What is known so far.</p>", by=by)
    content = make_content(
        page, symbol=waiting.symbol, type=waiting.type, title=waiting.title, risk_level=waiting.stated
    )
    _age(make_proposal(by, content), hours=waiting.hours, minutes_left=waiting.minutes_left)


def _revised(world: World) -> ApprovalRequest:
    rates = _page(RATES, RATES_PAGE, by=world.scout)
    calendar = _page(CALENDAR, CALENDAR_PAGE, by=world.scout)
    draft = make_content(rates, **DRAFT)
    proposal = make_proposal(world.scout, draft)
    lacking = "Lower than what, and by which source? It also needs a rule for a source that falls silent."
    decide(approvals.request_changes, request_for(proposal), world.grace, reason=lacking)
    _age(proposal, hours=22, minutes_left=120, decided=16)
    both = tuple(sorted((rates.snapshot_id, calendar.snapshot_id)))
    _revise(proposal, replace(draft, snapshot_ids=both, **REVISED), by=world.scout)
    _age(proposal, hours=14, minutes_left=205)
    decide(approvals.approve, request_for(proposal), world.alan, reason="Source and threshold are exact now.")
    return request_for(proposal)


def _revise(proposal: Proposal, content: MarketContent, *, by: User) -> None:
    why = "Named source and threshold, added a void rule."
    with acting(by):
        proposals.revise(proposal.pk, content, by=by, reason=why, provenance=PROVENANCE)


def _page(url: str, html: str, *, by: User) -> Snapshot:
    with acting(by):
        return snapshots.ingest(
            url, html.encode(), content_type="text/html; charset=utf-8", by=by, fetched_at=FETCHED
        )[0]


def _age(proposal: Proposal, *, hours: int, minutes_left: int, decided: int = 0) -> None:
    """Let the newest request of a proposal be older than it is."""
    request = request_for(proposal)
    with _unguarded("approval_requests", "approval_decisions", "market_revisions"):
        run(
            "UPDATE approval_requests SET requested_at = clock_timestamp() - %s * interval '1 hour', "
            "due_at = clock_timestamp() + (12 - %s) * interval '1 hour', "
            "expires_at = clock_timestamp() + %s * interval '1 minute' WHERE id = %s",
            hours,
            hours,
            minutes_left,
            request.pk,
        )
        run(
            "UPDATE approval_decisions SET decided_at = clock_timestamp() - %s * interval '1 hour' "
            "WHERE request_id = %s",
            decided,
            request.pk,
        )
        run(
            "UPDATE market_revisions SET created_at = clock_timestamp() - %s * interval '1 hour' "
            "WHERE proposal_id = %s AND digest = %s",
            hours,
            proposal.pk,
            bytes(request.digest),
        )


@contextmanager
def _unguarded(*tables: str) -> Iterator[None]:
    # only its owner can let the guards look away, and only in a database that is thrown away
    if not tables:
        yield
        return
    with transaction.atomic(), untriggered(tables[0]), _unguarded(*tables[1:]):
        yield
