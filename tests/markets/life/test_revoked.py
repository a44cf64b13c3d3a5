"""Revoking an approval stops its market in the same transaction; only a later approval opens it again."""

from __future__ import annotations

import pytest

from audit import approvals
from audit.models import ApprovalGrant, Revocation
from core.messaging.models import OutboxEvent
from markets import trading
from markets.models import Market
from tests.audit.voting import by_sql, proof_of
from tests.factories import REASON, World, acting, as_staff, open_market, request_for
from tests.markets.life.changing import (
    KINDS_OF_CHANGE,
    amended,
    carry,
    granted,
    move,
    put,
    reopened,
    resolved,
    use,
)
from tests.raw import refused, run, untriggered

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def revoke(world: World, audit_id: object) -> None:
    proof = proof_of(world.alan)
    with as_staff(world.alan):
        approvals.revoke(audit_id, reauthentication=proof, by=world.alan, reason=REASON)  # type: ignore[arg-type]


def status(market: Market) -> str:
    return Market.objects.get(pk=market.pk).status


class TestRevoking:
    def test_the_approval_of_a_market_pauses_it(self, world: World, market: Market) -> None:
        revoke(world, market.human_approval_audit_id)

        assert status(market) == "paused"
        assert OutboxEvent.objects.get(event_type="market.paused").payload == {
            "symbol": market.symbol,
            "status": "paused",
        }

    def test_the_approval_by_raw_sql_pauses_it(self, world: World, market: Market) -> None:
        proof = proof_of(world.alan)

        with as_staff(world.alan):
            run(
                "INSERT INTO approval_revocations (audit_id, revoked_by, reason, reauthentication_id) VALUES (%s, %s, %s, %s)",
                market.human_approval_audit_id,
                world.alan.pk,
                REASON,
                proof.pk,
            )

        assert status(market) == "paused"

    def test_the_approval_of_what_it_says_pauses_it(self, world: World, market: Market) -> None:
        carry(amended(market, world), world)

        revoke(world, ApprovalGrant.objects.get(action="market:amend").pk)

        assert status(market) == "paused"

    def test_the_approval_of_what_it_said_before_does_not(self, world: World, market: Market) -> None:
        once = carry(amended(market, world), world)
        carry(amended(once, world, title="Will anybody orbit the Moon?"), world)
        first = ApprovalGrant.objects.filter(action="market:amend").order_by("granted_at")[0]

        revoke(world, first.pk)

        assert status(market) == "active"

    def test_the_approval_of_its_reopening_pauses_it(self, world: World, market: Market) -> None:
        carry(reopened(move(market, trading.close, world.grace), world), world)

        revoke(world, ApprovalGrant.objects.get(action="market:reopen").pk)

        assert status(market) == "paused"

    def test_the_approval_of_its_resolution_disputes_it(self, world: World, market: Market) -> None:
        carry(resolved(market, world), world)

        revoke(world, ApprovalGrant.objects.get(action="market:resolve").pk)

        assert status(market) == "disputed"
        assert carry(resolved(Market.objects.get(), world, "no"), world).outcome == "no"

    def test_that_approval_when_it_is_final_changes_nothing(self, world: World, market: Market) -> None:
        carry(resolved(market, world), world)
        with untriggered("markets"):
            run("UPDATE markets SET challenge_until = clock_timestamp()")

        revoke(world, ApprovalGrant.objects.get(action="market:resolve").pk)

        assert status(market) == "resolved"

    def test_leaves_a_closed_market_closed(self, world: World, market: Market) -> None:
        move(market, trading.close, world.grace)

        revoke(world, market.human_approval_audit_id)

        assert status(market) == "closed"


class TestAMarketWhoseApprovalIsRevoked:
    @pytest.fixture
    def stopped(self, world: World, market: Market) -> Market:
        revoke(world, market.human_approval_audit_id)
        return Market.objects.get()

    def test_is_not_resumed_by_staff(self, world: World, stopped: Market) -> None:
        with refused("market_waits_for_reopening"):
            move(stopped, trading.resume, world.grace)

    @pytest.mark.parametrize("role", ["staff", "platform", "owner"])
    def test_is_not_resumed_by_raw_sql(self, world: World, stopped: Market, role: str) -> None:
        with acting(world.grace, role), refused("market_waits_for_reopening"):
            run("UPDATE markets SET status = 'active'")

    def test_trades_again_by_a_later_approval(self, world: World, stopped: Market) -> None:
        opened = carry(reopened(stopped, world), world)

        assert opened.status == "active"
        assert move(move(opened, trading.pause, world.grace), trading.resume, world.grace).status == "active"

    def test_does_not_by_one_that_was_granted_before(self, world: World, market: Market) -> None:
        move(market, trading.pause, world.grace)
        proposal = put(reopened(market, world), world.scout)
        by_sql(request_for(proposal), world.grace)
        grant = ApprovalGrant.objects.get(action="market:reopen")
        revoke(world, market.human_approval_audit_id)

        with as_staff(world.grace), refused("market_waits_for_reopening"):
            use("reopen", grant.pk, grant.subject_id, bytes(grant.digest))

    def test_is_stopped_again_by_another_revocation(self, world: World, stopped: Market) -> None:
        carry(reopened(stopped, world), world)

        revoke(world, ApprovalGrant.objects.get(action="market:reopen").pk)

        assert status(stopped) == "paused"
        with refused("market_waits_for_reopening"):
            move(stopped, trading.resume, world.grace)


class TestAMarketThatIsChangedAfterARevocation:
    @pytest.fixture
    def stopped(self, world: World, market: Market) -> Market:
        """Its first amendment is revoked, and the second, which was approved before, is used."""
        once = carry(amended(market, world), world)
        first = ApprovalGrant.objects.get(action="market:amend")
        second = granted("amend", once, world)
        revoke(world, first.pk)
        with as_staff(world.grace):
            use("amend", second.pk, second.subject_id, bytes(second.digest))
        return Market.objects.get()

    def test_says_what_was_approved_and_waits(self, world: World, stopped: Market) -> None:
        assert (stopped.status, stopped.version) == ("paused", 3)
        with refused("market_waits_for_reopening"):
            move(stopped, trading.resume, world.grace)

    def test_waits_also_when_that_was_approved_afterwards(self, world: World, market: Market) -> None:
        once = carry(amended(market, world), world)
        revoke(world, ApprovalGrant.objects.get(action="market:amend").pk)

        now = carry(amended(once, world, title="Will anybody orbit the Moon?"), world)

        with refused("market_waits_for_reopening"):
            move(now, trading.resume, world.grace)

    @pytest.mark.parametrize("role", ["staff", "platform", "owner"])
    def test_is_not_resumed_by_raw_sql(self, world: World, stopped: Market, role: str) -> None:
        with acting(world.grace, role), refused("market_waits_for_reopening"):
            run("UPDATE markets SET status = 'active'")

    def test_trades_again_by_a_later_approval(self, world: World, stopped: Market) -> None:
        opened = carry(reopened(stopped, world), world)

        assert opened.status == "active"
        assert move(move(opened, trading.pause, world.grace), trading.resume, world.grace).status == "active"

    def test_is_resumed_where_it_rested_on_what_was_revoked_no_more(
        self, world: World, market: Market
    ) -> None:
        once = carry(amended(market, world), world)
        now = carry(amended(once, world, title="Will anybody orbit the Moon?"), world)
        revoke(world, ApprovalGrant.objects.filter(action="market:amend").order_by("granted_at")[0].pk)

        assert move(move(now, trading.pause, world.grace), trading.resume, world.grace).status == "active"

    def test_is_not_opened_by_a_reopening_from_before_the_last_one_was_revoked(
        self, world: World, market: Market
    ) -> None:
        opened = carry(reopened(move(market, trading.close, world.grace), world), world)
        first = ApprovalGrant.objects.get(action="market:reopen")
        second = granted("reopen", opened, world)
        revoke(world, first.pk)

        with as_staff(world.grace), refused("market_waits_for_reopening"):
            use("reopen", second.pk, second.subject_id, bytes(second.digest))

        assert carry(reopened(Market.objects.get(), world), world).status == "active"


class TestARevokedGrant:
    @pytest.mark.parametrize("kind", KINDS_OF_CHANGE)
    def test_changes_nothing(self, world: World, market: Market, kind: str) -> None:
        grant = granted(kind, market, world)
        revoke(world, grant.pk)

        with as_staff(world.grace), refused("approval_is_revoked"):
            use(kind, grant.pk, grant.subject_id, bytes(grant.digest))

    def test_opens_nothing(self, world: World) -> None:
        by_sql(world.request, world.grace)
        grant = ApprovalGrant.objects.get()
        revoke(world, grant.pk)

        with as_staff(world.grace), refused("approval_is_revoked"):
            run(
                "INSERT INTO markets (human_approval_audit_id, proposal_id, digest) VALUES (%s, %s, %s)",
                grant.pk,
                grant.subject_id,
                bytes(grant.digest),
            )

        assert (Revocation.objects.count(), Market.objects.count()) == (1, 0)
