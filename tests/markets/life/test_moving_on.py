"""What is proposed about a market fits the market as it is, and people decide on it who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from core.refusals import NotAccepted, UnknownReference
from markets import proposals, trading
from markets.content import MarketContent
from markets.models import Market, Proposal, Resolution, Revision
from tests.audit.voting import Vote, by_sql, by_verb, lend
from tests.factories import PROVENANCE, World, acting, make_content, make_person, open_market, request_for
from tests.markets.life.changing import (
    KINDS_OF_CHANGE,
    amended,
    approve,
    carry,
    change,
    move,
    open_by_a_delegate,
    put,
    ready,
    reopened,
    resolved,
    voided,
)
from tests.raw import denied, every, refused, run, untriggered

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


class TestAMarketThatMovedOn:
    @pytest.mark.parametrize("kind", ["resolve", "void", "amend"])
    def test_is_changed_by_no_proposal_on_what_it_said_before(
        self, world: World, market: Market, kind: str
    ) -> None:
        carry(amended(market, world), world)

        with refused("market_has_moved_on"):
            put(change(kind, market, world), world.scout)

    def test_is_changed_by_no_approval_of_what_it_said_before(self, world: World, market: Market) -> None:
        late = put(resolved(market, world), world.scout)
        carry(amended(market, world), world)

        with refused("market_has_moved_on"):
            approve(late, world.grace)

        assert Market.objects.get().status == "active"

    def test_is_changed_by_no_approval_from_before_it_was_opened_again(
        self, world: World, market: Market
    ) -> None:
        closed = move(market, trading.close, world.grace)
        late = put(resolved(closed, world), world.scout)
        carry(reopened(closed, world), world)

        with refused("market_has_moved_on"):
            approve(late, world.grace)

    def test_is_changed_once_the_proposal_is_revised(self, world: World, market: Market) -> None:
        late = put(resolved(market, world), world.scout)
        now = carry(amended(market, world), world)

        with acting(world.scout):
            proposals.revise(late.pk, resolved(now, world), by=world.scout, provenance=PROVENANCE)
        approve(late, world.grace)

        assert Market.objects.get().status == "resolved"


class TestAMarket:
    @pytest.mark.parametrize("role", ["staff", "platform", "owner"])
    @pytest.mark.parametrize("status", ["resolved", "voided", "disputed"])
    def test_ends_by_no_hand(self, world: World, market: Market, role: str, status: str) -> None:
        with acting(world.grace, role), refused("market_moves_as_it_may"):
            run("UPDATE markets SET status = %s", status)

    @pytest.mark.parametrize("role", ["staff", "platform", "owner"])
    def test_opens_again_by_no_hand(self, world: World, market: Market, role: str) -> None:
        carry(reopened(move(market, trading.close, world.grace), world), world)
        move(market, trading.close, world.grace)

        with acting(world.grace, role), refused("market_moves_as_it_may"):
            run("UPDATE markets SET status = 'active'")

    @pytest.mark.parametrize(
        "changed",
        [
            "version = 2",
            "reopened = 1",
            "outcome = 'yes'",
            "known_at = now()",
            "challenge_until = now()",
            "resolved_at = now()",
            "content_digest = 'x'",
            "title = 'Other'",
            "closes_at = now()",
        ],
    )
    def test_says_nothing_that_nobody_approved(self, world: World, market: Market, changed: str) -> None:
        with acting(world.grace, "owner"), refused("market_content_never_changes"):
            run(f"UPDATE markets SET {changed}")
        with acting(world.grace, "staff"), denied("markets"):
            run(f"UPDATE markets SET {changed}")

    def test_does_not_go_back_to_what_it_said(self, world: World, market: Market) -> None:
        carry(amended(market, world), world)

        with acting(world.grace, "owner"), refused("market_content_never_changes"):
            run("UPDATE markets SET version = 1")

    @pytest.mark.parametrize("kind", KINDS_OF_CHANGE)
    def test_that_is_final_is_changed_by_nothing(self, world: World, market: Market, kind: str) -> None:
        final = carry(resolved(market, world), world)
        with untriggered("markets"):
            run("UPDATE markets SET challenge_until = now() - interval '1 hour'")

        with refused("resolution_is_final" if kind == "void" else "market_moves_as_it_may"):
            put(change(kind, final, world), world.scout)

    @pytest.mark.parametrize("kind", KINDS_OF_CHANGE)
    def test_that_is_void_is_changed_by_nothing(self, world: World, market: Market, kind: str) -> None:
        void = carry(voided(market, world), world)

        with refused("market_moves_as_it_may"):
            put(change(kind, void, world), world.scout)

    def test_that_is_resolved_is_voided_while_there_is_time(self, world: World, market: Market) -> None:
        ended = carry(resolved(market, world), world)

        void = carry(voided(ended, world), world)

        first, second = Resolution.objects.order_by("number")
        assert (void.status, void.outcome, second.supersedes_id) == ("voided", "void", first.pk)

    def test_that_trades_is_not_opened(self, world: World, market: Market) -> None:
        with refused("market_moves_as_it_may"):
            put(reopened(market, world), world.scout)

    def test_is_opened_until_a_time_to_come(self, world: World, market: Market) -> None:
        closed = move(market, trading.close, world.grace)

        with refused("reopening_ends_in_the_future"):
            put(reopened(closed, world, datetime(2026, 1, 1, tzinfo=UTC)), world.scout)


class TestAProposalOfAChange:
    @pytest.mark.parametrize("kind", KINDS_OF_CHANGE)
    def test_is_one_of_its_kind_at_a_time(self, world: World, market: Market, kind: str) -> None:
        place = ready(kind, market, world)
        put(change(kind, place, world), world.scout)

        with refused("change_is_proposed_already"):
            put(change(kind, place, world), world.scout)

    def test_is_free_for_another_once_it_is_withdrawn(self, world: World, market: Market) -> None:
        first = put(resolved(market, world), world.scout)
        with acting(world.scout):
            proposals.withdraw(first.pk, by=world.scout, reason="I was mistaken here.")

        assert put(resolved(market, world, "no"), world.scout).status == "proposed"

    def test_is_called_what_its_market_is_called(self, world: World, market: Market) -> None:
        with acting(world.scout):
            run(
                "INSERT INTO market_proposals (tenant_id, kind, market_id, symbol, proposed_by) VALUES (%s, 'void', %s, 'OTHER', %s)",
                world.acme.pk,
                market.pk,
                world.scout.pk,
            )

        assert Proposal.objects.get(kind="void").symbol == market.symbol

    @pytest.mark.parametrize(
        ("kind", "which", "name"),
        [
            ("void", "NULL", "change_names_its_market"),
            ("create", "market_id", "change_names_its_market"),
            ("rename", "market_id", "proposal_kind_is_known"),
            ("void", "gen_random_uuid()", "change_has_a_known_market"),
        ],
    )
    def test_names_a_market_that_is_there(
        self, world: World, market: Market, kind: str, which: str, name: str
    ) -> None:
        answer = UnknownReference if "known_market" in name else NotAccepted

        with acting(world.scout), refused(name, answer):
            run(
                "INSERT INTO market_proposals (tenant_id, kind, market_id, symbol, proposed_by) "
                f"SELECT tenant_id, %s, {which}, 'OTHER', created_by FROM markets",
                kind,
            )

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            ({"outcome": "maybe"}, "resolution_is_yes_or_no"),
            ({"explanation": " "}, "revision_is_well_formed"),
            ({"known_at": datetime(2099, 1, 1, tzinfo=UTC)}, "resolution_was_known_before"),
            ({"base_digest": b"\0" * 32}, "market_has_moved_on"),
            ({"market_id": UUID(int=9)}, "symbol_never_changes"),
            ({"snapshot_ids": ()}, "revision_shows_evidence"),
            ({"snapshot_ids": ("0" * 64,)}, "evidence_is_a_known_snapshot"),
        ],
    )
    def test_says_what_a_resolution_needs(
        self, world: World, market: Market, content: dict[str, object], name: str
    ) -> None:
        proposal = put(resolved(market, world), world.scout)

        with acting(world.scout), refused(name):
            run(
                "INSERT INTO market_revisions (tenant_id, proposal_id, canonical, proposed_by, producer, schema_version, safety_assertions) "
                "VALUES (%s, %s, %s, %s, 'scout', 'v1', %s)",
                world.acme.pk,
                proposal.pk,
                replace(resolved(market, world), **content).canonical(),  # type: ignore[arg-type]
                world.scout.pk,
                ["no-seed-data", "requires-human-approval"],
            )

    def test_is_at_least_as_risky_as_its_market(self, world: World) -> None:
        content: MarketContent = make_content(world.evidence, symbol="VOTE-2027", type="finance")
        with acting(world.scout):
            proposal = proposals.propose(content, by=world.scout, provenance=PROVENANCE)
        market = open_market(proposal, world.grace)

        put(amended(market, world, type="sports"), world.scout)
        put(resolved(market, world), world.scout)

        risks = every("SELECT DISTINCT risk FROM approval_subjects WHERE action <> 'market:create'")
        assert risks == [("medium",)]

    def test_keeps_its_wordings_and_their_title(self, world: World, market: Market) -> None:
        proposal = put(resolved(market, world), world.scout)

        wording = Revision.objects.get(proposal=proposal)
        assert (wording.title, wording.type) == (market.title, market.type)


class TestAResolverOfHighRisk:
    @pytest.fixture
    def risky(self, world: World) -> Market:
        content = make_content(world.evidence, symbol="VOTE-2027", type="political")
        with acting(world.scout):
            proposal = proposals.propose(content, by=world.scout, provenance=PROVENANCE)
        approve(proposal, world.grace, world.alan)
        return Market.objects.get(proposal=proposal)

    def test_did_not_let_the_market_in(self, world: World, risky: Market) -> None:
        proposal = put(resolved(risky, world), world.scout)

        for person in (world.grace, world.alan):
            with refused("reviewer_is_barred"):
                approve(proposal, person)
        with refused("reviewer_is_barred"):
            by_sql(request_for(proposal), world.grace)

    def test_did_not_let_its_amendment_in(self, world: World, risky: Market) -> None:
        approve(put(amended(risky, world, type="political"), world.scout), world.grace, world.root)
        now = Market.objects.get(pk=risky.pk)

        barred = every(
            "SELECT unnest(barred) FROM approval_subjects WHERE action = 'market:resolve' AND subject_id = %s",
            put(resolved(now, world), world.scout).pk,
        )

        assert {person for (person,) in barred} == {world.grace.pk, world.alan.pk, world.root.pk}

    @pytest.mark.parametrize("kind", ["void", "reopen"])
    def test_is_asked_for_by_a_resolution_alone(self, world: World, risky: Market, kind: str) -> None:
        proposal = put(change(kind, ready(kind, risky, world), world), world.scout)

        approve(proposal, world.grace)
        assert request_for(proposal).status == "open"
        approve(proposal, world.alan)

        assert Market.objects.get(pk=risky.pk).status == {"void": "voided", "reopen": "active"}[kind]

    @pytest.mark.parametrize("vote", [by_verb, by_sql])
    def test_let_nobody_let_it_in_for_them(self, world: World, vote: Vote) -> None:
        asked = request_for(put(resolved(open_by_a_delegate(world), world), world.scout))

        assert set(asked.barred) == {world.grace.pk, world.edith.pk, world.alan.pk}
        with refused("reviewer_is_barred"):
            vote(asked, world.grace)
        with refused("delegator_cannot_decide"):
            vote(asked, world.vera, delegation=lend(world.grace, world.vera))

    def test_let_nobody_let_its_amendment_in_for_them(self, world: World, risky: Market) -> None:
        ada = make_person("ada@acme.example", world.acme)
        asked = request_for(put(amended(risky, world, type="political"), world.scout))
        by_sql(asked, world.vera, delegation=lend(ada, world.vera))
        by_verb(asked, world.root)
        now = Market.objects.get(pk=risky.pk)

        resolution = request_for(put(resolved(now, world), world.scout))

        let_in = (world.grace, world.alan, world.vera, world.root)
        assert set(resolution.barred) == {ada.pk, *(person.pk for person in let_in)}

    def test_may_have_lent_a_role_in_which_nobody_let_it_in(self, world: World, risky: Market) -> None:
        lend(world.olga, world.edith)

        asked = request_for(put(resolved(risky, world), world.scout))

        assert set(asked.barred) == {world.grace.pk, world.alan.pk}

    def test_may_have_let_a_market_of_low_risk_in(self, world: World, market: Market) -> None:
        assert carry(resolved(market, world), world).status == "resolved"
