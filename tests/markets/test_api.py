from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from audit import approvals
from markets import proposals, trading
from markets.models import Proposal
from tests.calling import client_of, queries_of
from tests.factories import (
    REASON,
    World,
    acting,
    as_staff,
    decide,
    make_agent,
    make_content,
    make_proposal,
    make_snapshot,
    open_market,
    request_for,
)
from tests.markets.test_events_api import make_event, make_others

pytestmark = pytest.mark.django_db


def body(world: World, **changes: Any) -> dict[str, Any]:
    written = {
        "symbol": "MARS-2031",
        "type": "technology",
        "title": "Will a spacecraft land on Mars in 2031?",
        "resolution_criteria": "Resolves YES if a spacecraft lands softly on Mars in 2031 (UTC).",
        "closes_at": "2031-12-31T23:59:00+01:00",
        "snapshot_ids": [world.evidence.snapshot_id],
        "producer": "scout",
        "schema_version": "v1",
        "safety_assertions": ["requires-human-approval", "uses-snapshot-ids-for-provenance"],
        "reason": "The launch window is announced.",
    }
    return {**written, **changes}


def post(client: Client, path: str, sent: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/{path}", sent, content_type="application/json")


def let_the_time_run_out(proposal: Proposal) -> None:
    # the guard lets nobody change an expiry, so it has to look away for a moment
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE approval_requests DISABLE TRIGGER USER")
        cursor.execute(
            "UPDATE approval_requests SET expires_at = clock_timestamp() WHERE subject_id = %s", [proposal.pk]
        )
        cursor.execute(
            "ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER request_is_filled_from_its_policy"
        )
        cursor.execute("ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER request_only_closes")
        cursor.execute("ALTER TABLE approval_requests ENABLE ALWAYS TRIGGER request_moves_its_proposal")


def test_an_agent_proposes_and_sees_what_waits(world: World) -> None:
    scout = client_of(world.scout)

    response = post(scout, "proposals", body(world, exposure="1000.5", metadata={"planet": "Mars"}))

    assert response.status_code == 201
    made = response.json()
    assert response.headers["Location"] == f"http://testserver/api/v1/proposals/{made['id']}"
    assert scout.get(response.headers["Location"]).json() == made
    assert (made["symbol"], made["status"]) == ("MARS-2031", "proposed")
    assert made["proposed_by"] == str(world.scout.pk)
    assert made["operated_by"] == str(world.olga.pk)
    assert made["market_id"] is None
    assert made["open_request"].items() >= {"status": "open", "quorum": 1, "approvals": 0}.items()
    assert made["latest_revision"]["provenance"] == {
        "producer": "scout",
        "schema_version": "v1",
        "safety_assertions": ["requires-human-approval", "uses-snapshot-ids-for-provenance"],
    }


def test_the_digest_that_is_shown_is_that_of_the_canonical_text(world: World) -> None:
    made = post(client_of(world.scout), "proposals", body(world, title="Élan — 火星 in 2031?")).json()

    latest = made["latest_revision"]
    assert hashlib.sha256(latest["canonical"].encode()).hexdigest() == latest["digest"]
    assert json.loads(latest["canonical"])["title"] == latest["title"] == "Élan — 火星 in 2031?"
    assert json.loads(latest["canonical"])["closes_at"] == "2031-12-31T22:59:00.000000Z"


def test_everything_that_was_sent_is_in_the_canonical_text(world: World) -> None:
    sent = body(
        world,
        subtype="space",
        region="global",
        description="",
        risk_level="high",
        exposure="12.3400",
        metadata={"a": [1]},
    )

    made = post(client_of(world.scout), "proposals", sent).json()

    content = json.loads(made["latest_revision"]["canonical"])
    names = (
        "symbol",
        "type",
        "subtype",
        "region",
        "title",
        "description",
        "risk_level",
        "exposure",
        "metadata",
    )
    assert {name: content[name] for name in names} == {name: sent[name] for name in names}
    assert made["latest_revision"]["risk"] == "high"
    assert made["open_request"]["quorum"] == 2


def test_the_reason_of_a_proposal_is_in_the_audit_log(world: World) -> None:
    scout = client_of(world.scout)

    made = post(scout, "proposals", body(world)).json()

    found = scout.get("/api/v1/audit-events", {"entity_id": made["id"], "action": "proposal:propose"}).json()
    assert [event["metadata"]["reason"] for event in found["results"]] == ["The launch window is announced."]
    assert found["results"][0]["actor_id"] == str(world.scout.pk)


def test_an_editor_proposes_without_provenance(world: World) -> None:
    provenance = {"producer", "schema_version", "safety_assertions"}
    sent = {name: value for name, value in body(world).items() if name not in provenance}

    response = post(client_of(world.edith), "proposals", sent)

    assert response.status_code == 201
    assert response.json()["latest_revision"]["provenance"] is None


def test_a_revision_takes_the_place_of_the_one_under_review(world: World) -> None:
    scout = client_of(world.scout)
    first = scout.get(f"/api/v1/proposals/{world.proposal.pk}").json()

    response = post(scout, f"proposals/{world.proposal.pk}/revisions", body(world, symbol="MOON-2027"))

    assert response.status_code == 200
    revised = response.json()
    assert [wording["number"] for wording in revised["revisions"]] == [2, 1]
    assert revised["revisions"][0]["digest"] == revised["latest_revision"]["digest"]
    assert revised["revisions"][1]["digest"] == first["latest_revision"]["digest"]
    assert [asked["status"] for asked in revised["requests"]] == ["open", "superseded"]
    assert revised["open_request"]["id"] == revised["requests"][0]["id"] != first["open_request"]["id"]


def test_the_same_wording_again_changes_nothing(world: World) -> None:
    scout = client_of(world.scout)
    made = post(scout, "proposals", body(world)).json()

    again = post(scout, f"proposals/{made['id']}/revisions", body(world))

    assert again.status_code == 200
    assert again.json() == made


def test_the_operator_of_an_agent_withdraws_what_it_proposed(world: World) -> None:
    response = post(
        client_of(world.olga), f"proposals/{world.proposal.pk}/withdraw", {"reason": "A mistake."}
    )

    assert response.status_code == 200
    assert response.json()["status"] == "withdrawn"
    assert response.json()["open_request"] is None
    assert [asked["status"] for asked in response.json()["requests"]] == ["withdrawn"]


def test_a_proposal_is_put_again_only_when_its_time_ran_out(world: World) -> None:
    scout = client_of(world.scout)
    path = f"proposals/{world.proposal.pk}/resubmit"

    early = post(scout, path, {})
    let_the_time_run_out(world.proposal)
    late = post(scout, path, {"reason": "Nobody had the time."})

    assert (early.status_code, early.json()["code"]) == (409, "request_is_still_open")
    assert late.status_code == 200
    assert [asked["status"] for asked in late.json()["requests"]] == ["open", "superseded"]


def test_resubmitting_needs_no_body(world: World) -> None:
    let_the_time_run_out(world.proposal)

    response = client_of(world.scout).generic("POST", f"/api/v1/proposals/{world.proposal.pk}/resubmit")

    assert response.status_code == 200


def test_the_open_request_counts_the_approvals_so_far(world: World) -> None:
    risky = make_proposal(world.scout, make_content(world.evidence, symbol="VOTE-2027", type="political"))
    decide(approvals.abstain, request_for(risky), world.alan)
    decide(approvals.approve, request_for(risky), world.grace)

    shown = client_of(world.vera).get(f"/api/v1/proposals/{risky.pk}").json()

    assert (shown["open_request"]["quorum"], shown["open_request"]["approvals"]) == (2, 1)


def test_an_approved_proposal_names_its_market(world: World) -> None:
    market = open_market(world.proposal, world.grace)

    shown = client_of(world.scout).get(f"/api/v1/proposals/{world.proposal.pk}").json()

    assert (shown["status"], shown["market_id"]) == ("approved", str(market.pk))
    assert shown["open_request"] is None


def test_proposals_are_listed_newest_first_and_by_filter(world: World) -> None:
    make_others(world, 2)
    with acting(world.scout):
        proposals.withdraw(world.proposal.pk, by=world.scout, reason="A mistake.")
    vera = client_of(world.vera)

    def symbols(**filters: str) -> list[str]:
        return [row["symbol"] for row in vera.get("/api/v1/proposals", filters).json()["results"]]

    assert symbols() == ["OTHER-1", "OTHER-0", "MOON-2027"]
    assert symbols(status="withdrawn") == ["MOON-2027"]
    assert symbols(symbol="OTHER-1") == ["OTHER-1"]
    assert symbols(symbol="OTHER-1", status="withdrawn") == []


def test_a_list_shows_a_proposal_as_its_own_page_does(world: World) -> None:
    vera = client_of(world.vera)

    (listed,) = vera.get("/api/v1/proposals").json()["results"]

    alone = vera.get(f"/api/v1/proposals/{world.proposal.pk}").json()
    assert {name: alone[name] for name in listed} == listed
    assert alone.keys() - listed.keys() == {"revisions", "requests"}


def test_a_longer_list_of_proposals_asks_no_more_queries(world: World) -> None:
    vera = client_of(world.vera)
    few = queries_of(lambda: vera.get("/api/v1/proposals"))

    make_others(world, 3)

    assert queries_of(lambda: vera.get("/api/v1/proposals")) == few


def test_a_market_is_read_as_it_was_approved(world: World) -> None:
    market = open_market(world.proposal, world.grace)

    shown = client_of(world.vera).get(f"/api/v1/markets/{market.pk}").json()

    assert shown["symbol"] == "MOON-2027"
    assert (shown["status"], shown["risk_level"], shown["exposure"]) == ("active", "low", "0.0000")
    assert shown["snapshot_ids"] == [world.evidence.snapshot_id]
    assert shown["created_by"] == str(world.scout.pk)
    assert shown["proposal_id"] == str(world.proposal.pk)
    assert shown["human_approval_audit_id"] == str(market.human_approval_audit_id)


def test_markets_are_listed_newest_first_and_by_filter(world: World) -> None:
    other, _ = make_others(world, 2)
    open_market(world.proposal, world.grace)
    paused = open_market(other, world.grace)
    with as_staff(world.grace):
        trading.pause(paused.pk, by=world.grace, reason=REASON)
    vera = client_of(world.vera)

    def symbols(**filters: str) -> list[str]:
        return [row["symbol"] for row in vera.get("/api/v1/markets", filters).json()["results"]]

    assert symbols() == ["OTHER-0", "MOON-2027"]
    assert symbols(status="paused") == ["OTHER-0"]
    assert symbols(type="technology", symbol="MOON-2027") == ["MOON-2027"]
    assert symbols(type="sports") == []


def test_longer_lists_of_markets_and_events_ask_no_more_queries(world: World) -> None:
    vera = client_of(world.vera)
    make_event(open_market(world.proposal, world.grace), world)
    few = [queries_of(lambda: vera.get("/api/v1/markets")), queries_of(lambda: vera.get("/api/v1/events"))]

    for other in make_others(world, 3):
        make_event(open_market(other, world.grace), world)

    assert queries_of(lambda: vera.get("/api/v1/markets")) == few[0]
    assert queries_of(lambda: vera.get("/api/v1/events")) == few[1]


def test_a_third_party_can_check_the_proof_of_an_approval(world: World) -> None:
    content = make_content(world.evidence, symbol="VOTE-2027", type="political", metadata={"seats": [1, 2.5]})
    risky = make_proposal(world.scout, content)
    decide(approvals.approve, request_for(risky), world.grace)
    market = open_market(risky, world.alan)
    vera = client_of(world.vera)

    proof = vera.get(f"/api/v1/markets/{market.pk}/proof").json()

    shown = vera.get(f"/api/v1/markets/{market.pk}").json()
    digest = hashlib.sha256(proof["canonical"].encode()).hexdigest()
    assert digest == proof["digest"] == shown["digest"] == proof["grant"]["digest"]
    approved = json.loads(proof["canonical"])
    stated = approved.pop("risk_level")
    assert approved == {name: shown[name] for name in approved}
    assert (stated, proof["risk"], shown["risk_level"]) == (None, "high", "high")
    assert proof["grant"]["action"] == "market:create"
    assert proof["grant"]["subject_id"] == shown["proposal_id"]
    assert proof["grant"]["audit_id"] == shown["human_approval_audit_id"] == proof["audit_event"]["audit_id"]
    assert proof["audit_event"]["action"] == "approval:grant"
    assert proof["audit_event"]["new_value"]["digest"] == digest
    assert proof["policy"]["quorum"] == 2 == len(proof["decisions"])
    assert {decision["digest"] for decision in proof["decisions"]} == {digest}
    assert [decision["reviewer_name"] for decision in proof["decisions"]] == ["grace", "alan"]
    assert {decision["reason"] for decision in proof["decisions"]} == {REASON}


def test_the_proof_is_of_the_wording_that_was_approved(world: World) -> None:
    scout = client_of(world.scout)
    post(scout, f"proposals/{world.proposal.pk}/revisions", body(world, symbol="MOON-2027"))
    market = open_market(world.proposal, world.grace)

    proof = scout.get(f"/api/v1/markets/{market.pk}/proof").json()

    assert json.loads(proof["canonical"])["title"] == market.title == body(world)["title"]
    assert proof["decisions"][0]["verdict"] == "approve"


def test_another_tenant_sees_nothing_of_it(world: World) -> None:
    market = open_market(world.proposal, world.grace)
    event = make_event(market, world)
    boris = client_of(world.boris)

    for path in ("proposals", "markets", "events"):
        assert boris.get(f"/api/v1/{path}").json()["results"] == []
    for path in (
        f"proposals/{world.proposal.pk}",
        f"markets/{market.pk}",
        f"markets/{market.pk}/proof",
        f"events/{event.pk}",
    ):
        assert boris.get(f"/api/v1/{path}").status_code == 404, path


def test_two_tenants_may_use_one_symbol(world: World) -> None:
    spy = make_agent("spy", world.boris)
    evidence = make_snapshot(spy)

    response = post(
        client_of(spy), "proposals", body(world, symbol="MOON-2027", snapshot_ids=[evidence.snapshot_id])
    )

    assert response.status_code == 201


def test_times_are_shown_in_utc_to_the_microsecond(world: World) -> None:
    content = make_content(world.evidence, symbol="DAWN", closes_at=datetime(2030, 1, 1, tzinfo=UTC))
    market = open_market(make_proposal(world.scout, content), world.grace)

    shown = client_of(world.vera).get(f"/api/v1/markets/{market.pk}").json()

    assert shown["closes_at"] == "2030-01-01T00:00:00.000000Z"
