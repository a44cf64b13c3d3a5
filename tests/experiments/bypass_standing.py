"""E12, the fourth part: ways to write what a market says and where it stands by hand, and to end what one let in."""

from __future__ import annotations

from audit import approvals
from audit.models import ApprovalGrant, ApprovalRequest, Delegation, Reauthentication
from core.access.models import User
from markets import trading
from markets.models import Market
from tests.audit import traces
from tests.audit.test_revocations import by_verb as revoke
from tests.audit.voting import DECIDE_FOR, lend, proof_of
from tests.events import open_political
from tests.experiments.bypass import NO_GRANT, attack, vote, way
from tests.factories import REASON, World, as_staff, decide, open_market, request_for
from tests.markets.life.changing import (
    amended,
    carry,
    granted,
    move,
    open_by_a_delegate,
    put,
    reopened,
    resolved,
    use,
)
from tests.markets.life.test_disputes import dispute
from tests.markets.life.test_overdue import look, run_out
from tests.raw import run


def _market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def _use(kind: str, grant: ApprovalGrant) -> None:
    use(kind, grant.pk, grant.subject_id, bytes(grant.digest))


def _decide_for(asked: ApprovalRequest, by: User, lent: Delegation, proof: Reauthentication) -> None:
    said = (asked.pk, bytes(asked.digest), by.pk, "approve", REASON)
    run(DECIDE_FOR, *said, proof.pk, lent.pk)


@way
def staff_resolves_a_market_by_hand(world: World) -> None:
    _market(world)
    with attack("staff", world.grace, "market_moves_as_it_may"):
        run("UPDATE markets SET status = 'resolved'")


@way
def staff_ends_a_dispute_by_hand(world: World) -> None:
    dispute(world, carry(resolved(_market(world), world), world), world.edith)
    with attack("staff", world.grace, "market_moves_as_it_may"):
        run("UPDATE markets SET status = 'resolved'")


@way
def the_platform_opens_a_closed_market_by_hand(world: World) -> None:
    move(_market(world), trading.close, world.grace)
    with attack("platform", world.root, "market_moves_as_it_may"):
        run("UPDATE markets SET status = 'active'")


@way
def staff_moves_the_end_of_a_market(world: World) -> None:
    _market(world)
    with attack("staff", world.grace, NO_GRANT):
        run("UPDATE markets SET closes_at = closes_at + interval '1 year'")


@way
def the_owner_writes_an_outcome(world: World) -> None:
    carry(resolved(_market(world), world), world)
    with attack("owner", world.grace, "market_content_never_changes"):
        run("UPDATE markets SET outcome = 'no'")


@way
def the_owner_makes_a_resolution_final_at_once(world: World) -> None:
    carry(resolved(_market(world), world), world)
    with attack("owner", world.grace, "market_content_never_changes"):
        run("UPDATE markets SET challenge_until = clock_timestamp()")


@way
def the_owner_counts_an_amendment_that_nobody_approved(world: World) -> None:
    _market(world)
    with attack("owner", world.grace, "market_content_never_changes"):
        run("UPDATE markets SET version = version + 1")


@way
def the_owner_counts_a_reopening_that_nobody_approved(world: World) -> None:
    move(_market(world), trading.close, world.grace)
    with attack("owner", world.grace, "market_content_never_changes"):
        run("UPDATE markets SET reopened = reopened + 1, status = 'active'")


@way
def the_owner_removes_a_market(world: World) -> None:
    _market(world)
    with attack("owner", world.grace, "market_is_never_deleted"):
        run("DELETE FROM markets")


@way
def staff_resumes_a_market_whose_approval_was_revoked(world: World) -> None:
    revoke(_market(world).human_approval_audit_id, world.alan)
    with attack("staff", world.grace, "market_waits_for_reopening"):
        run("UPDATE markets SET status = 'active'")


@way
def staff_resumes_a_market_that_was_amended_since_its_approval_was_revoked(world: World) -> None:
    once = carry(amended(_market(world), world), world)
    first = ApprovalGrant.objects.get(action="market:amend")
    second = granted("amend", once, world)
    revoke(first.pk, world.alan)
    with as_staff(world.grace):
        _use("amend", second)
    with attack("staff", world.grace, "market_waits_for_reopening"):
        run("UPDATE markets SET status = 'active'")


@way
def staff_opens_a_market_by_a_reopening_from_before_the_last_was_revoked(world: World) -> None:
    opened = carry(reopened(move(_market(world), trading.close, world.grace), world), world)
    first = ApprovalGrant.objects.get(action="market:reopen")
    second = granted("reopen", opened, world)
    revoke(first.pk, world.alan)
    with attack("staff", world.grace, "market_waits_for_reopening"):
        _use("reopen", second)


@way
def staff_resumes_a_market_that_one_person_let_in_and_nobody_reviewed(world: World) -> None:
    traces.break_glass(world)
    run_out()
    look()
    with attack("staff", world.grace, "market_waits_for_review"):
        run("UPDATE markets SET status = 'active'")


@way
def staff_resumes_a_market_that_was_amended_while_nobody_reviewed_it(world: World) -> None:
    market = _market(world)
    decide(approvals.break_glass, request_for(put(amended(market, world), world.scout)), world.alan)
    run_out()
    look()
    carry(amended(Market.objects.get(), world, title="Will a crew orbit the Moon in 2027 at all?"), world)
    with attack("staff", world.grace, "market_waits_for_review"):
        run("UPDATE markets SET status = 'active'")


@way
def whoever_let_a_political_market_in_resolves_it(world: World) -> None:
    asked = request_for(put(resolved(open_political(world), world), world.scout))
    with attack("staff", world.grace, "reviewer_is_barred"):
        vote(world, world.grace, asked=asked)


@way
def the_delegate_of_whoever_let_it_in_resolves_it(world: World) -> None:
    asked = request_for(put(resolved(open_political(world), world), world.scout))
    lent, proof = lend(world.grace, world.edith), proof_of(world.edith)
    with attack("staff", world.edith, "delegator_cannot_decide"):
        _decide_for(asked, world.edith, lent, proof)


@way
def whoever_lent_the_role_that_let_a_political_market_in_resolves_it(world: World) -> None:
    asked = request_for(put(resolved(open_by_a_delegate(world), world), world.scout))
    with attack("staff", world.grace, "reviewer_is_barred"):
        vote(world, world.grace, asked=asked)


@way
def another_delegate_of_whoever_lent_it_resolves_it(world: World) -> None:
    asked = request_for(put(resolved(open_by_a_delegate(world), world), world.scout))
    lent, proof = lend(world.grace, world.vera), proof_of(world.vera)
    with attack("staff", world.vera, "delegator_cannot_decide"):
        _decide_for(asked, world.vera, lent, proof)


@way
def the_owner_strikes_a_name_off_those_who_are_barred(world: World) -> None:
    asked = request_for(put(resolved(open_political(world), world), world.scout))
    with attack("owner", world.grace, "request_never_changes"):
        run("UPDATE approval_requests SET barred = '{}' WHERE id = %s", asked.pk)
