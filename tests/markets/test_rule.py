"""A market exists only by people's approval of exactly its content, and what was approved is what stands."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from audit.log import record
from audit.models import ApprovalGrant
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from core.refusals import NotAccepted, Refusal, UnknownReference
from markets import trading
from markets.models import Market, Proposal
from tests.audit.voting import by_sql, by_verb
from tests.factories import (
    World,
    acting,
    as_staff,
    make_content,
    make_proposal,
    make_snapshot,
    open_market,
    request_for,
)
from tests.raw import RUNTIME, denied, every, grant, one, refused, run, untriggered, walled

pytestmark = pytest.mark.django_db

OPEN = "INSERT INTO markets (human_approval_audit_id, proposal_id, digest) VALUES (%s, %s, %s)"


@pytest.fixture
def granted(world: World) -> ApprovalGrant:
    """A grant that nobody used yet: the vote came past the verb."""
    by_sql(world.request, world.grace)
    return ApprovalGrant.objects.get()


def open_by(role: str, world: World, audit_id: object, subject_id: object, digest: bytes) -> None:
    with acting(world.grace, role):
        run(OPEN, audit_id, subject_id, digest)


class TestWithoutAnApproval:
    @pytest.mark.parametrize("role", ["staff", "platform", "owner"])
    def test_no_market_exists(self, world: World, role: str) -> None:
        with refused("market_needs_human_approval"):
            open_by(role, world, UUID(int=9), world.proposal.pk, bytes(world.request.digest))

    @pytest.mark.parametrize("role", ["staff", "owner"])
    def test_no_market_exists_by_a_plain_row_of_the_log(self, world: World, role: str) -> None:
        with as_staff(world.grace):
            plain = record("market:create", by=world.grace, entity_type="markets", entity_id="MOON-2027")

        with refused("market_needs_human_approval"):
            open_by(role, world, plain, world.proposal.pk, bytes(world.request.digest))

    @pytest.mark.parametrize("verdict", ["reject", "request_changes", "abstain"])
    def test_no_market_exists_by_the_log_row_of_another_decision(self, world: World, verdict: str) -> None:
        by_verb(world.request, world.grace, verdict)
        row = one("SELECT audit_id FROM audit_event WHERE entity_type = 'approval_decisions'")

        with refused("market_needs_human_approval"):
            open_by("staff", world, row, world.proposal.pk, bytes(world.request.digest))

    @pytest.mark.parametrize("role", ["api", "worker", "auditor", "backup"])
    def test_no_machine_opens_a_market_even_with_one(
        self, world: World, granted: ApprovalGrant, role: str
    ) -> None:
        with denied("markets"):
            open_by(role, world, granted.pk, granted.subject_id, bytes(granted.digest))

    def test_no_market_exists_even_without_the_guard(self, world: World) -> None:
        columns = "human_approval_audit_id, proposal_id, digest, tenant_id, symbol, type, created_by, title, resolution_criteria, closes_at, content_digest"
        plain = one("SELECT audit_id FROM audit_event WHERE entity_type = 'market_proposals'")

        with untriggered("markets"), refused("market_needs_human_approval"):
            run(
                f"INSERT INTO markets ({columns}) VALUES (%s, %s, %s, %s, 'X', 'sports', %s, 'X', 'X', now(), '')",
                plain,
                world.proposal.pk,
                bytes(world.request.digest),
                world.acme.pk,
                world.scout.pk,
            )


class TestWithAnApproval:
    def test_the_market_exists(self, world: World, granted: ApprovalGrant) -> None:
        open_by("staff", world, granted.pk, granted.subject_id, bytes(granted.digest))

        market = Market.objects.get()
        assert (market.human_approval_audit_id, market.approval_action) == (granted.pk, "market:create")
        assert bytes(market.digest) == bytes(granted.digest)

    def test_of_another_proposal_it_does_not(self, world: World, granted: ApprovalGrant) -> None:
        other = make_proposal(world.scout, make_content(world.evidence, symbol="OTHER"))

        with refused("market_needs_human_approval"):
            open_by("staff", world, granted.pk, other.pk, bytes(request_for(other).digest))

    def test_of_another_content_it_does_not(self, world: World, granted: ApprovalGrant) -> None:
        with refused("market_needs_human_approval"):
            open_by("staff", world, granted.pk, granted.subject_id, b"\0" * 32)

    def test_of_another_action_it_does_not(self, world: World, granted: ApprovalGrant) -> None:
        with untriggered("approval_grants"):
            run("UPDATE approval_grants SET action = 'market:void'")

        with refused("market_needs_human_approval"):
            open_by("staff", world, granted.pk, granted.subject_id, bytes(granted.digest))

    def test_that_has_expired_it_does_not(self, world: World, granted: ApprovalGrant) -> None:
        with untriggered("approval_grants"):
            run("UPDATE approval_grants SET expires_at = clock_timestamp()")

        with refused("approval_has_expired"):
            open_by("staff", world, granted.pk, granted.subject_id, bytes(granted.digest))

    def test_that_was_used_it_does_not(self, world: World) -> None:
        open_market(world.proposal, world.grace)
        used = ApprovalGrant.objects.get()

        with refused("approval_is_used_once"):
            open_by("staff", world, used.pk, used.subject_id, bytes(used.digest))

    def test_it_is_kept_in_the_tenant_of_the_proposal(self, world: World, granted: ApprovalGrant) -> None:
        with acting(world.boris, "staff"), walled("markets"):
            run(OPEN, granted.pk, granted.subject_id, bytes(granted.digest))

        with unit("owner", tenant=world.beta.pk):
            run(OPEN, granted.pk, granted.subject_id, bytes(granted.digest))

        assert Market.objects.get().tenant_id == world.acme.pk

    def test_by_the_deciding_vote_it_exists_and_is_told(self, world: World) -> None:
        market = open_market(world.proposal, world.grace)

        told = OutboxEvent.objects.get(event_type="market.opened")
        assert (told.entity_id, told.payload) == (str(market.pk), {"symbol": "MOON-2027", "status": "active"})

    def test_the_one_place_that_opens_it_is_the_effect_of_the_grant(
        self, world: World, granted: ApprovalGrant
    ) -> None:
        with as_staff(world.grace):
            market = trading.open_approved(granted)

        assert market.proposal_id == world.proposal.pk


class TestTheContent:
    CHANGES = {
        "description": "More to read.",
        "subtype": "space",
        "region": "EU",
        "risk_level": "medium",
        "exposure": Decimal("12.5"),
        "metadata": {"source": "wire", "n": [1, 2]},
    }

    def test_is_what_was_approved(self, world: World) -> None:
        proposal = make_proposal(world.scout, make_content(world.evidence, symbol="FULL", **self.CHANGES))

        market = open_market(proposal, world.grace)

        assert (market.symbol, market.type, market.title) == (
            "FULL",
            "technology",
            "Will a crewed mission orbit the Moon in 2027?",
        )
        assert (market.description, market.subtype, market.region) == ("More to read.", "space", "EU")
        assert (market.risk_level, market.exposure) == ("medium", Decimal("12.5000"))
        assert market.metadata == {"source": "wire", "n": [1, 2]}
        assert market.closes_at == datetime(2027, 12, 31, 23, 59, tzinfo=UTC)
        assert market.resolution_criteria == make_content(world.evidence).resolution_criteria
        assert (market.created_by_id, market.tenant_id, market.status) == (
            world.scout.pk,
            world.acme.pk,
            "active",
        )

    def test_is_what_was_approved_whatever_the_owner_sends(
        self, world: World, granted: ApprovalGrant
    ) -> None:
        forged = {
            "tenant_id": str(world.beta.pk),
            "symbol": "OTHER",
            "type": "political",
            "subtype": "x",
            "region": "x",
            "risk_level": "high",
            "created_by": str(world.boris.pk),
            "title": "Something nobody approved",
            "description": "x",
            "resolution_criteria": "x",
            "closes_at": "2000-01-01",
            "exposure": "1000000",
            "metadata": json.dumps({"x": 1}),
            "status": "closed",
            "created_at": "2000-01-01",
            "updated_at": "2000-01-01",
        }
        run(
            f"INSERT INTO markets (human_approval_audit_id, proposal_id, digest, {', '.join(forged)}) "
            f"VALUES (%s, %s, %s{', %s' * len(forged)})",
            granted.pk,
            granted.subject_id,
            bytes(granted.digest),
            *forged.values(),
        )

        market = Market.objects.get()
        content = make_content(world.evidence)
        assert (market.tenant_id, market.created_by_id) == (world.acme.pk, world.scout.pk)
        assert (market.symbol, market.type, market.title) == (content.symbol, content.type, content.title)
        assert (market.subtype, market.region, market.risk_level) == (None, None, "low")
        assert (market.description, market.resolution_criteria) == ("", content.resolution_criteria)
        assert (market.closes_at, market.exposure, market.metadata) == (content.closes_at, Decimal(0), {})
        assert market.status == "active"
        assert market.created_at.year > 2000
        assert market.updated_at.year > 2000

    @pytest.mark.parametrize(
        "column",
        [
            "tenant_id",
            "symbol",
            "type",
            "subtype",
            "region",
            "risk_level",
            "created_by",
            "title",
            "description",
            "resolution_criteria",
            "closes_at",
            "exposure",
            "metadata",
            "status",
            "market_id",
            "created_at",
        ],
    )
    def test_is_named_by_no_role(self, column: str) -> None:
        for role in RUNTIME:
            with unit(role), denied("markets"):
                run(f"INSERT INTO markets (proposal_id, {column}) VALUES (NULL, DEFAULT)")

    @pytest.mark.parametrize(
        "change",
        [
            "title = 'Something nobody approved'",
            "description = 'x'",
            "resolution_criteria = 'x'",
            "closes_at = now()",
            "symbol = 'x'",
            "type = 'sports'",
            "risk_level = 'medium'",
            "exposure = 7",
            "metadata = '{\"x\": 1}'",
            "digest = 'x'",
            "human_approval_audit_id = proposal_id",
            "tenant_id = '00000000-0000-0000-0000-000000000000'",
            "created_by = gen_random_uuid()",
            "market_id = gen_random_uuid()",
            "created_at = now()",
        ],
    )
    def test_never_changes(self, world: World, change: str) -> None:
        open_market(world.proposal, world.grace)

        with refused("market_content_never_changes"):
            run(f"UPDATE markets SET {change}")

    @pytest.mark.parametrize(
        "column", ["title", "metadata", "digest", "human_approval_audit_id", "proposal_id", "closes_at"]
    )
    def test_is_changed_by_no_role(self, column: str) -> None:
        for role in RUNTIME:
            with unit(role), denied("markets"):
                run(f"UPDATE markets SET {column} = {column}")

    def test_is_not_changed_by_a_role_that_was_given_the_right(self, world: World) -> None:
        open_market(world.proposal, world.grace)
        grant("UPDATE", "markets", "staff")

        with as_staff(world.grace), refused("market_content_never_changes"):
            run("UPDATE markets SET title = 'Something nobody approved'")


class TestAMarket:
    @pytest.mark.parametrize("statement", ["DELETE FROM markets", "TRUNCATE markets CASCADE"])
    def test_is_never_removed(self, world: World, statement: str) -> None:
        open_market(world.proposal, world.grace)

        with refused("market_is_never_deleted"):
            run(statement)

    def test_is_removed_by_no_role(self) -> None:
        for role in RUNTIME:
            with unit(role), denied("markets"):
                run("DELETE FROM markets")

    @pytest.mark.parametrize(
        ("change", "name", "answer"),
        [
            ("human_approval_audit_id = gen_random_uuid()", "market_needs_human_approval", None),
            ("digest = 'x'", "market_needs_human_approval", None),
            ("type = 'weather'", "market_type_is_known", NotAccepted),
            ("risk_level = 'none'", "market_risk_is_known", NotAccepted),
            ("status = 'pending_approval'", "market_status_is_known", NotAccepted),
            (
                "created_by = '00000000-0000-0000-0000-000000000009'",
                "market_has_a_known_creator",
                UnknownReference,
            ),
        ],
    )
    def test_keeps_its_rules_even_without_triggers(
        self, world: World, change: str, name: str, answer: type[Refusal] | None
    ) -> None:
        open_market(world.proposal, world.grace)

        with untriggered("markets"), refused(name, answer):
            run(f"UPDATE markets SET {change}")

    @pytest.mark.parametrize("left", ["market_approval_is_in_the_log", "market_has_a_known_proposal"])
    def test_is_in_the_tenant_of_its_approval_and_proposal(self, world: World, left: str) -> None:
        open_market(world.proposal, world.grace)
        both = {"market_approval_is_in_the_log", "market_has_a_known_proposal"}
        run(f"ALTER TABLE markets DROP CONSTRAINT {(both - {left}).pop()}")

        answer = UnknownReference if left == "market_has_a_known_proposal" else None
        with untriggered("markets"), refused(left, answer):
            run("UPDATE markets SET tenant_id = %s", world.beta.pk)

    @pytest.mark.parametrize(
        "name", ["market_symbol_is_taken", "approval_is_used_once", "proposal_becomes_one_market"]
    )
    def test_is_one_for_each_symbol_approval_and_proposal_even_without_triggers(
        self, world: World, name: str
    ) -> None:
        open_market(world.proposal, world.grace)
        for other in {"market_symbol_is_taken", "approval_is_used_once", "proposal_becomes_one_market"} - {
            name
        }:
            run(f"ALTER TABLE markets DROP CONSTRAINT {other}")
        columns = (
            "human_approval_audit_id, proposal_id, digest, tenant_id, symbol, type, created_by, title, "
            "resolution_criteria, closes_at, content_digest"
        )

        with untriggered("markets"), refused(name):
            run(f"INSERT INTO markets ({columns}) SELECT {columns} FROM markets")

    def test_knows_when_it_moved(self, world: World) -> None:
        open_market(world.proposal, world.grace)
        with untriggered("markets"):
            run("UPDATE markets SET updated_at = '2000-01-01'")

        run("UPDATE markets SET status = 'paused'")

        assert Market.objects.get().updated_at.year > 2000


class TestAcrossTenants:
    @pytest.fixture
    def theirs(self, world: World) -> Proposal:
        evidence = make_snapshot(world.boris)
        return make_proposal(world.boris, make_content(evidence))

    def test_the_approval_of_one_tenant_opens_nothing_in_another(
        self, world: World, theirs: Proposal, granted: ApprovalGrant
    ) -> None:
        with refused("market_needs_human_approval"):
            open_by("staff", world, granted.pk, theirs.pk, bytes(request_for(theirs).digest))

    def test_the_same_symbol_is_a_market_in_each(self, world: World, theirs: Proposal) -> None:
        open_market(world.proposal, world.grace)

        open_market(theirs, world.root)

        assert every("SELECT DISTINCT symbol, count(*) OVER () FROM markets") == [("MOON-2027", 2)]
