"""The database reads a proposed event out of its canonical text, and keeps it as it was proposed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from audit.models import ApprovalSubject
from core.database.unit import unit
from markets.models import Candidate, Market
from tests.events import (
    propose_event,
    propose_raw,
    written_event,
)
from tests.factories import World, acting, open_market
from tests.raw import RUNTIME, denied, failing, one, refused, run, untriggered

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


@pytest.fixture
def candidate(world: World, market: Market) -> Candidate:
    return propose_event(world, market)


class TestTheCanonicalText:
    @pytest.mark.parametrize(
        "canonical", [b"\xff", b"no json", b"[]", b'"market"', b"{}", b'{"market_id": "x"}']
    )
    def test_is_json_of_an_event(self, world: World, market: Market, canonical: bytes) -> None:
        with refused("candidate_is_well_formed"):
            propose_raw(world, canonical)

    @pytest.mark.parametrize("name", ["market_id", "symbol", "summary", "snapshot_ids"])
    def test_lacks_nothing_that_an_event_needs(self, world: World, market: Market, name: str) -> None:
        with refused("candidate_is_well_formed"):
            propose_raw(world, written_event(world, market, **{name: None}))

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("summary", "   "),
            ("confidence", "0.9"),
            ("confidence", "0.905"),
            ("confidence", "12.00"),
            ("confidence", "likely"),
            ("impact_score", "1"),
            ("impact_score", "-1000.00"),
            ("known_at", "2026-11-01"),
            ("known_at", "yesterday"),
            ("known_at", "2026-11-01T12:00:00Z"),
            ("metadata", []),
            ("snapshot_ids", "one"),
            ("event_type", "x" * 51),
            ("variable_name", "x" * 101),
        ],
    )
    def test_writes_everything_one_way(self, world: World, market: Market, name: str, value: Any) -> None:
        with refused("candidate_is_well_formed"):
            propose_raw(world, written_event(world, market, **{name: value}))

    @pytest.mark.parametrize(
        ("name", "value", "check"),
        [
            ("summary", "x" * 501, "summary_is_1_to_500_long"),
            ("confidence", "1.01", "candidate_confidence_is_0_to_1"),
            ("confidence", "-0.01", "candidate_confidence_is_0_to_1"),
            ("impact_score", "100.01", "impact_is_100_at_most"),
            ("impact_score", "-100.01", "impact_is_100_at_most"),
        ],
    )
    def test_keeps_within_its_bounds(
        self, world: World, market: Market, name: str, value: str, check: str
    ) -> None:
        with refused(check):
            propose_raw(world, written_event(world, market, **{name: value}))


class TestAProposedEvent:
    @pytest.mark.parametrize(
        "change",
        ["summary = 'It fell.'", "canonical = ''", "risk = 'low', dedupe_hash = 'x'", "known_at = now()"],
    )
    def test_never_changes(self, candidate: Candidate, change: str) -> None:
        with refused("candidate_never_changes"):
            run(f"UPDATE candidate_events SET {change}")

    @pytest.mark.parametrize(
        "statement", ["DELETE FROM candidate_events", "TRUNCATE candidate_events CASCADE"]
    )
    def test_never_goes(self, candidate: Candidate, statement: str) -> None:
        with failing() as caught:
            run(statement)

        assert "candidate_events are never" in str(caught.value)

    @pytest.mark.parametrize("role", ["api", "staff", "worker", "platform"])
    def test_is_not_approved_by_hand(self, world: World, candidate: Candidate, role: str) -> None:
        with unit(role, tenant=world.acme.pk, actor=world.grace.pk), denied("candidate_events"):
            run("UPDATE candidate_events SET status = 'approved'")
        run(f"GRANT UPDATE ON candidate_events TO xm_{role}")

        with unit(role, tenant=world.acme.pk, actor=world.grace.pk), refused("candidate_follows_its_request"):
            run("UPDATE candidate_events SET status = 'approved'")

    def test_is_born_pending_whatever_its_proposer_says(self, world: World, market: Market) -> None:
        for column in ("status", "risk", "dedupe_hash", "summary", "market_id"):
            with acting(world.scout), denied("candidate_events"):
                run(
                    f"INSERT INTO candidate_events (tenant_id, canonical, proposed_by, {column}) VALUES (NULL, '', NULL, NULL)"
                )

    def test_makes_its_own_subject_and_no_role_may(self, world: World, candidate: Candidate) -> None:
        subject = ApprovalSubject.objects.get(action="event:publish")

        assert (subject.subject_id, bytes(subject.digest)) == (candidate.pk, bytes(candidate.digest))
        for role in RUNTIME:
            with unit(role), denied("approval_subjects"):
                run("INSERT INTO approval_subjects (action) VALUES ('event:publish')")

    @pytest.mark.parametrize(
        ("change", "name"),
        [
            ("market_id = '00000000-0000-0000-0000-000000000009'", "candidate_has_a_known_market"),
            ("status = 'maybe'", "candidate_status_is_known"),
            ("risk = 'none'", "candidate_risk_is_known"),
        ],
    )
    def test_is_held_by_keys_and_checks_even_without_triggers(
        self, candidate: Candidate, change: str, name: str
    ) -> None:
        with untriggered("candidate_events"), failing() as caught:
            run(f"UPDATE candidate_events SET {change}")

        assert name in str(caught.value)

    def test_writes_itself_into_the_log_but_not_its_bulk(self, candidate: Candidate) -> None:
        said = one(
            "SELECT new_value FROM audit_event WHERE entity_type = 'candidate_events' AND action = 'candidate:propose'"
        )

        found = json.loads(str(said)) if isinstance(said, str) else said
        assert isinstance(found, dict)
        assert found["summary"] == candidate.summary
        assert not {"canonical", "llm_reasoning", "variable_description"} & found.keys()
