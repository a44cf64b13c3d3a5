"""E22: who votes, withdraws, revokes, moves and amends at the same moment leaves no hole and waits for nobody for ever."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import Error as DatabaseFailure
from django.db import connection

from audit import approvals
from audit.models import ApprovalDecision, ApprovalGrant, Revocation
from core.refusals import Refusal, translate
from markets import proposals, trading
from markets.models import Amendment, Market, Proposal
from tests.audit.voting import proof_of
from tests.factories import (
    PROVENANCE,
    REASON,
    World,
    acting,
    as_staff,
    decide,
    make_content,
    make_proposal,
    make_world,
    open_market,
    request_for,
)
from tests.markets.life import changing

pytestmark = pytest.mark.experiment("E22")

ROUNDS = 300 if os.environ.get("FULL_SIZE") else 6
AT_ONCE = 5
Call = Callable[[], Any]


@pytest.fixture(autouse=True)
def _quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Argon2PasswordHasher, "time_cost", 1)
    monkeypatch.setattr(Argon2PasswordHasher, "memory_cost", 64)


class Together:
    """Lets calls begin at the same moment, each on a connection of its own, and counts what they met."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.pool = pool
        self.met: Counter[str] = Counter()

    def run(self, calls: list[Call]) -> None:
        """Run them all; anything but a refusal that has a name is raised here."""
        start = threading.Barrier(len(calls))
        for said in [self.pool.submit(self._one, call, start) for call in calls]:
            self.met[said.result()] += 1

    def _one(self, call: Call, start: threading.Barrier) -> str:
        start.wait()
        try:
            call()
        except (Refusal, DatabaseFailure) as error:
            refusal = translate(error)
            if refusal is None:
                raise
            return refusal.code
        return "done"


@contextmanager
def together() -> Iterator[Together]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield Together(pool)
        start = threading.Barrier(AT_ONCE)
        for closed in [pool.submit(close_own, start) for _ in range(AT_ONCE)]:
            closed.result()


def close_own(start: threading.Barrier) -> None:
    """Close the connection that this thread opened; each thread comes here once."""
    start.wait()
    connection.close()


def test_votes_withdrawals_and_revisions_at_once_grant_once_or_never(
    committing_db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world, opened = make_world(), 0
    with together() as racing:
        for number in range(ROUNDS):
            proposal = make_proposal(world.scout, election(world, number))
            racing.run(votes(world, proposal, number))
            opened += granted_as_it_should_be(proposal)

    assert opened
    tell(capsys, f"votes: {ROUNDS} rounds, {opened} markets opened", racing.met)


def test_a_revoked_market_is_never_active_whoever_moves_it_at_once(
    committing_db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world, amendments = make_world(), 0
    with together() as racing:
        for number in range(ROUNDS):
            content = make_content(world.evidence, symbol=f"RACE-{number}")
            market = open_market(make_proposal(world.scout, content), world.grace)
            amendment = changing.put(changing.amended(market, world), world.scout)
            racing.run(moves(world, market, amendment))
            market.refresh_from_db()
            assert Revocation.objects.filter(grant_id=market.human_approval_audit_id).exists()
            assert market.status != "active"
            amendments += amended_as_it_should_be(market, amendment)

    assert amendments
    tell(capsys, f"revocations: {ROUNDS} rounds, {amendments} amended besides", racing.met)


def election(world: World, number: int, **changes: Any) -> Any:
    return make_content(world.evidence, symbol=f"VOTE-{number}", type="political", **changes)


def votes(world: World, proposal: Proposal, number: int) -> list[Call]:
    asked = request_for(proposal)
    said: list[Call] = [partial(decide, approvals.approve, asked, by) for by in (world.grace, world.alan)]
    said.append(lambda: decide(approvals.reject if number % 3 == 0 else approvals.approve, asked, world.root))
    if number % 4 == 1:
        said.append(lambda: end(world, proposal))
    if number % 4 == 3:
        said.append(lambda: reword(world, proposal, number))
    return said


def end(world: World, proposal: Proposal) -> None:
    with acting(world.scout):
        proposals.withdraw(proposal.pk, by=world.scout, reason=REASON)


def reword(world: World, proposal: Proposal, number: int) -> None:
    with acting(world.scout):
        again = election(world, number, title="Will it be as it was said before?")
        proposals.revise(proposal.pk, again, by=world.scout, provenance=PROVENANCE)


def moves(world: World, market: Market, amendment: Proposal) -> list[Call]:
    def revoke() -> None:
        proof = proof_of(world.alan)
        with as_staff(world.alan):
            approvals.revoke(
                market.human_approval_audit_id, reauthentication=proof, by=world.alan, reason=REASON
            )

    return [
        revoke,
        lambda: changing.move(market, trading.pause, world.grace),
        lambda: changing.move(market, trading.resume, world.grace),
        lambda: changing.move(market, trading.resume, world.alan),
        lambda: decide(approvals.approve, request_for(amendment), world.grace),
    ]


def granted_as_it_should_be(proposal: Proposal) -> bool:
    """One grant, one market and two approvals of one content; or none of them."""
    proposal.refresh_from_db()
    grants = list(ApprovalGrant.objects.filter(subject_id=proposal.pk))
    markets = list(Market.objects.filter(proposal_id=proposal.pk))
    assert len(grants) == len(markets) == (proposal.status == "approved")
    for grant, market in zip(grants, markets, strict=True):
        said = ApprovalDecision.objects.filter(request_id=grant.request_id, slot__isnull=False)
        assert bytes(grant.digest) == bytes(market.digest)
        assert {bytes(vote.digest) for vote in said} == {bytes(grant.digest)}
        assert len({vote.reviewer_id for vote in said}) == len(said) == 2
    return bool(grants)


def amended_as_it_should_be(market: Market, amendment: Proposal) -> bool:
    """An approved amendment stands in the market, and no other does."""
    rows = list(Amendment.objects.filter(market_id=market.pk))
    grants = ApprovalGrant.objects.filter(subject_id=amendment.pk).count()
    assert (len(rows), market.version) == (grants, 1 + grants)
    return bool(rows)


def tell(capsys: pytest.CaptureFixture[str], said: str, met: Counter[str]) -> None:
    ways = ", ".join(f"{count} {name}" for name, count in met.most_common())
    with capsys.disabled():
        print(f"\nE22 {said}: {ways}; 0 holes, 0 deadlocks PASS")  # noqa: T201 - an experiment prints its line
