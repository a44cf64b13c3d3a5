"""E13: whatever people, agents and staff try in whatever order, the database does what the model says."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

import pytest
from django.db import Error as DatabaseFailure
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from audit import approvals
from audit.models import ApprovalGrant
from core.access.models import User
from core.refusals import Refusal, translate
from markets import proposals, trading
from markets.life import disputes
from markets.models import Market, Proposal
from tests.audit.voting import by_sql, by_verb, proof_of
from tests.experiments.life_model import CHANGES, Life, Voter
from tests.factories import (
    PROVENANCE,
    REASON,
    World,
    acting,
    as_staff,
    make_content,
    make_person,
    make_proposal,
    request_for,
)
from tests.markets.life import changing

pytestmark = [pytest.mark.experiment("E13"), pytest.mark.django_db]

FULL = bool(os.environ.get("FULL_SIZE"))
RUNS, STEPS = (500, 50) if FULL else (6, 25)
TYPES = {1: "technology", 2: "political"}
VOTERS = [
    Voter("grace"),
    Voter("alan", "super-admin"),
    Voter("root", "super-admin"),
    Voter("vera", "viewer"),
    Voter("olga", is_operator=True),
    Voter("boris", is_foreign=True),
]
VERDICTS = ("approve", "approve", "approve", "reject", "request_changes", "abstain")


class Machine(RuleBasedStateMachine):
    """Does every move to the model and to the database, and compares what became of both."""

    world: ClassVar[World]
    others: ClassVar[dict[str, list[User]]]
    steps: ClassVar[int] = 0
    made: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.lives = 0

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @initialize(quorum=st.sampled_from(sorted(TYPES)))
    def propose(self, quorum: int) -> None:
        self.lives += 1
        self.life = Life(quorum)
        self.proposal: Proposal = make_proposal(self.world.scout, self._content())

    @precondition(lambda self: self.life.has_ended)
    @rule(quorum=st.sampled_from(sorted(TYPES)))
    def propose_anew(self, quorum: int) -> None:
        self.propose(quorum)

    @rule(
        voter=st.sampled_from(VOTERS),
        verdict=st.sampled_from(VERDICTS),
        saw_this=st.integers(0, 9),
        way=st.booleans(),
    )
    def vote(self, voter: Voter, verdict: str, saw_this: int, way: bool) -> None:
        asked = request_for(self.proposal)
        # once in ten votes the page shows something else
        seen = {} if saw_this else {"digest": b"x" * 32}
        # the verb makes the effect of the deciding vote happen
        say = by_verb if way or verdict == "approve" else by_sql
        expected = self.life.vote(voter, verdict, saw_this=bool(saw_this))
        self._try(lambda: say(asked, self._user(voter.name), verdict, **seen), expected)

    @precondition(lambda self: self.life.request == "open")
    @rule()
    def agree(self) -> None:
        for voter in VOTERS[: self.life.quorum]:
            self.vote(voter, "approve", 1, True)

    @rule(to_another=st.booleans())
    def revise(self, to_another: bool) -> None:
        expected = self.life.revise(to_another=to_another)
        wording = self.life.wording + (expected is not None and to_another)
        self._as_proposer(proposals.revise, self._content(wording), expected=expected, provenance=PROVENANCE)

    @rule()
    def resubmit(self) -> None:
        self._as_proposer(proposals.resubmit, expected=self.life.resubmit())

    @rule(name=st.sampled_from(["scout", "olga", "edith", "edith", "edith", "edith"]))
    def withdraw(self, name: str) -> None:
        by = self._user(name)
        expected = self.life.withdraw(own=name != "edith")

        def call() -> None:
            with acting(by):
                proposals.withdraw(self.proposal.pk, by=by, reason=REASON)

        self._try(call, expected)

    @rule(move=st.sampled_from(["pause", "resume", "close"]))
    def trade(self, move: str) -> None:
        verb = {"pause": trading.pause, "resume": trading.resume, "close": trading.close}[move]
        market = self._market()
        where = market.pk if market else self.proposal.pk

        def call() -> None:
            with as_staff(self.world.grace):
                verb(where, by=self.world.grace, reason=REASON)

        self._try(call, self.life.trade(move))

    @precondition(lambda self: self.life.market)
    @rule(kind=st.sampled_from(sorted(CHANGES)), is_stale=st.integers(0, 9))
    def change(self, kind: str, is_stale: int) -> None:
        market = self._market()
        assert market is not None
        wanted = changing.change(kind, market, self.world)
        # once in ten times somebody read the market before it changed
        if not is_stale:
            wanted = replace(wanted, base_digest=b"x" * 32)
        deciders = self.others["resolve" if kind == "resolve" else "change"][: self.life.quorum]

        def call() -> None:
            changing.approve(changing.put(wanted, self.world.scout), *deciders)

        self._try(call, self.life.change(kind, is_stale=not is_stale))

    @precondition(lambda self: self.life.market)
    @rule(chance=st.integers(0, 3))
    def revoke(self, chance: int) -> None:
        market, alan = self._market(), self.world.alan
        if chance or market is None:
            return

        def call() -> None:
            proof = proof_of(alan)
            with as_staff(alan):
                approvals.revoke(
                    market.human_approval_audit_id, reauthentication=proof, by=alan, reason=REASON
                )

        self._try(call, self.life.revoke())

    @precondition(lambda self: self.life.market)
    @rule(name=st.sampled_from(["edith", "scout"]))
    def dispute(self, name: str) -> None:
        market, by = self._market(), self._user(name)
        assert market is not None

        def call() -> None:
            with acting(by):
                disputes.dispute(
                    market.pk, by=by, reason=REASON, snapshot_ids=[self.world.evidence.snapshot_id]
                )

        self._try(call, self.life.dispute(name))

    @invariant()
    def both_are_the_same(self) -> None:
        if not hasattr(self, "life"):
            return
        self.proposal.refresh_from_db()
        asked, market = request_for(self.proposal), self._market()
        votes = {vote.reviewer_id: vote.verdict for vote in asked.decisions.all()}
        said = {self._user(name).pk: verdict for name, verdict in self.life.votes.items()}
        assert (self.proposal.status, asked.status, votes) == (self.life.proposal, self.life.request, said)
        assert (market.status if market else "") == self.life.market
        granted = ApprovalGrant.objects.filter(subject_id=self.proposal.pk).count()
        assert granted == bool(self.life.market)

    def _content(self, wording: int = 1) -> Any:
        title = f"Will it happen, in wording {wording}?"
        kind = TYPES[self.life.quorum]
        return make_content(self.world.evidence, symbol=f"LIFE-{self.lives}", type=kind, title=title)

    def _as_proposer(self, verb: Callable[..., Any], *said: Any, expected: str | None, **known: Any) -> None:
        scout = self.world.scout

        def call() -> None:
            with acting(scout):
                verb(self.proposal.pk, *said, by=scout, reason=REASON, **known)

        self._try(call, expected)

    def _try(self, call: Callable[[], Any], expected: str | None) -> None:
        type(self).steps += 1
        met = _met(call)
        type(self).made += met is None
        assert met == expected

    def _market(self) -> Market | None:
        return Market.objects.filter(proposal_id=self.proposal.pk).first()

    def _user(self, name: str) -> User:
        user: User = getattr(self.world, name)
        return user


def _met(call: Callable[[], Any]) -> str | None:
    """The name of the refusal that a call meets; None where it happens."""
    try:
        call()
    except (Refusal, DatabaseFailure) as error:
        refusal = translate(error)
        if refusal is None:
            raise
        return refusal.code
    return None


def test_the_database_does_what_the_model_says(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    Machine.world = world
    # whoever approved a market of high risk does not approve how it ended
    Machine.others = {
        which: [make_person(f"{which}-{number}@acme.example", world.acme) for number in (1, 2)]
        for which in ("change", "resolve")
    }
    sized = settings(
        max_examples=RUNS,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(Machine, settings=sized)

    with capsys.disabled():
        print(  # noqa: T201 - an experiment prints its line
            f"\nE13 life: {RUNS} runs, {Machine.steps} moves, {Machine.made} of them made; 0 other ends PASS"
        )
