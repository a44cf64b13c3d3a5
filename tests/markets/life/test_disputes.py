"""A resolution is disputed with evidence while there is time, and settled by the one that follows."""

from __future__ import annotations

from typing import Any

import pytest

from core.access import switches
from core.access.models import User
from core.messaging.models import OutboxEvent
from core.refusals import NotAllowed
from markets.life import disputes
from markets.models import Dispute, Market, Resolution
from tests.factories import (
    REASON,
    World,
    acting,
    as_staff,
    make_content,
    make_proposal,
    open_market,
)
from tests.markets.life.changing import carry, put, resolved, voided
from tests.raw import denied, refused, run, untriggered, walled

pytestmark = pytest.mark.django_db

RAW = "INSERT INTO market_disputes (tenant_id, market_id, raised_by, reason, snapshot_ids) VALUES (%s, %s, %s, %s, %s)"


@pytest.fixture
def market(world: World) -> Market:
    return carry(resolved(open_market(world.proposal, world.grace), world), world)


def dispute(world: World, market: Market, by: User) -> Dispute:
    with acting(by):
        return disputes.dispute(market.pk, by=by, reason=REASON, snapshot_ids=[world.evidence.snapshot_id])


def raw(world: World, market: Market, by: User, role: str = "api", **changes: Any) -> None:
    said = {"tenant": world.acme.pk, "reason": REASON, "evidence": [world.evidence.snapshot_id], **changes}
    with acting(by, role):
        run(RAW, said["tenant"], market.pk, said.get("raised_by", by.pk), said["reason"], said["evidence"])


def status(market: Market) -> str:
    return Market.objects.get(pk=market.pk).status


class TestADispute:
    @pytest.mark.parametrize("name", ["scout", "edith", "grace"])
    def test_of_an_agent_an_editor_or_an_admin_is_taken(
        self, world: World, market: Market, name: str
    ) -> None:
        raised = dispute(world, market, getattr(world, name))

        assert (status(market), raised.resolution_id) == ("disputed", Resolution.objects.get().pk)

    def test_leaves_the_outcome_to_be_read(self, world: World, market: Market) -> None:
        dispute(world, market, world.edith)

        assert Market.objects.get().outcome == "yes"

    def test_is_told(self, world: World, market: Market) -> None:
        raised = dispute(world, market, world.edith)

        told = OutboxEvent.objects.get(event_type="market.disputed")
        assert told.payload == {"symbol": market.symbol, "resolution_id": str(raised.resolution_id)}

    def test_of_a_viewer_is_not(self, world: World, market: Market) -> None:
        with pytest.raises(NotAllowed):
            dispute(world, market, world.vera)

    def test_is_raised_once_by_each(self, world: World, market: Market) -> None:
        dispute(world, market, world.edith)
        dispute(world, market, world.scout)

        with refused("dispute_is_raised_once"):
            dispute(world, market, world.edith)

    def test_is_ones_own(self, world: World, market: Market) -> None:
        with refused("dispute_is_ones_own"):
            raw(world, market, world.edith, raised_by=world.scout.pk)

    def test_is_raised_in_ones_own_tenant(self, world: World, market: Market) -> None:
        with refused("dispute_is_ones_own"):
            raw(world, market, world.boris)

        evidence = [world.evidence.snapshot_id]
        with acting(world.root, tenant=world.beta.pk), walled("market_disputes"):
            run(RAW, world.acme.pk, market.pk, world.root.pk, REASON, evidence)

    def test_of_another_tenants_market_finds_none(self, world: World, market: Market) -> None:
        with refused("dispute_is_about_a_resolution"):
            raw(world, market, world.boris, tenant=world.beta.pk)

    @pytest.mark.parametrize(
        ("changes", "name"),
        [
            ({"reason": "no"}, "dispute_says_why"),
            ({"evidence": []}, "dispute_shows_evidence"),
            ({"evidence": ["0" * 64]}, "evidence_is_a_known_snapshot"),
        ],
    )
    def test_says_why_and_shows_it(
        self, world: World, market: Market, changes: dict[str, Any], name: str
    ) -> None:
        with refused(name):
            raw(world, market, world.edith, **changes)

        assert status(market) == "resolved"

    def test_is_about_a_market_that_is_resolved(self, world: World) -> None:
        trading = open_market(world.proposal, world.grace)

        with refused("dispute_is_about_a_resolution"):
            dispute(world, trading, world.edith)

    @pytest.mark.parametrize("by", [dispute, raw], ids=["by the verb", "by raw SQL"])
    def test_comes_in_time(self, world: World, market: Market, by: object) -> None:
        with untriggered("markets"):
            run("UPDATE markets SET challenge_until = clock_timestamp()")

        with refused("resolution_is_final"):
            by(world, market, world.edith)  # type: ignore[operator]

    def test_of_an_agent_waits_while_agents_are_paused(self, world: World, market: Market) -> None:
        with as_staff(world.alan):
            switches.turn("paused", tenant=world.acme, by=world.alan, reason=REASON)

        with refused("agents_are_paused"):
            dispute(world, market, world.scout)

    @pytest.mark.parametrize("role", ["worker", "auditor", "backup"])
    def test_is_raised_by_no_machine_of_ours(self, world: World, market: Market, role: str) -> None:
        with denied("market_disputes"):
            raw(world, market, world.edith, role)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE market_disputes SET reason = 'Something else.'",
            "UPDATE market_disputes SET settled_by = resolution_id",
            "DELETE FROM market_disputes",
            "TRUNCATE market_disputes CASCADE",
        ],
    )
    def test_stays_what_it_was(self, world: World, market: Market, statement: str) -> None:
        dispute(world, market, world.edith)

        with refused("dispute_never_changes"):
            run(statement)
        with as_staff(world.grace), denied("market_disputes"):
            run(statement)


class TestADisputedMarket:
    @pytest.fixture
    def disputed(self, world: World, market: Market) -> Market:
        dispute(world, market, world.edith)
        return Market.objects.get()

    @pytest.mark.parametrize("role", ["staff", "platform", "owner"])
    def test_is_settled_by_no_hand(self, world: World, disputed: Market, role: str) -> None:
        with acting(world.grace, role), refused("market_moves_as_it_may"):
            run("UPDATE markets SET status = 'resolved'")

    def test_is_settled_by_the_resolution_that_follows(self, world: World, disputed: Market) -> None:
        settled = carry(resolved(disputed, world, "no"), world)

        first, second = Resolution.objects.order_by("number")
        assert (settled.status, settled.outcome, settled.resolved_at) == (
            "resolved",
            "no",
            second.recorded_at,
        )
        assert (second.supersedes_id, Dispute.objects.get().settled_by_id) == (first.pk, second.pk)

    def test_is_settled_by_a_void(self, world: World, disputed: Market) -> None:
        assert carry(voided(disputed, world), world).status == "voided"
        assert Dispute.objects.get().settled_by is not None

    def test_can_be_disputed_again_once_it_is_settled(self, world: World, disputed: Market) -> None:
        carry(resolved(disputed, world, "no"), world)

        dispute(world, disputed, world.edith)

        assert status(disputed) == "disputed"

    def test_is_settled_only_with_people(self, world: World, disputed: Market) -> None:
        put(resolved(disputed, world, "no"), world.scout)

        assert status(disputed) == "disputed"

    def test_of_another_symbol_is_left_alone(self, world: World, disputed: Market) -> None:
        other = open_market(
            make_proposal(world.scout, make_content(world.evidence, symbol="OTHER")), world.grace
        )

        carry(resolved(other, world), world)

        assert (status(disputed), Dispute.objects.get().settled_by) == ("disputed", None)
