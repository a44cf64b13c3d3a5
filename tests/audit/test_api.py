from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client

from audit import approvals
from audit.models import ApprovalGrant, AuditEvent
from markets.models import Proposal
from tests.calling import client_of, queries_of
from tests.factories import (
    REASON,
    World,
    decide,
    make_content,
    make_key,
    make_proposal,
    open_market,
    request_for,
)

pytestmark = pytest.mark.django_db


def listed(client: Client, path: str, **asked: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(f"/api/v1/{path}", asked).json()["results"]
    return rows


def make_risky(world: World, symbol: str = "VOTE-2027") -> Proposal:
    return make_proposal(world.scout, make_content(world.evidence, symbol=symbol, type="political"))


def test_a_request_shows_its_policy_and_its_empty_slots(world: World) -> None:
    request = request_for(make_risky(world))

    shown = client_of(world.scout).get(f"/api/v1/approvals/{request.pk}").json()

    assert (shown["action"], shown["status"], shown["risk"]) == ("market:create", "open", "high")
    assert shown["subject_id"] == str(request.subject_id)
    assert shown["digest"] == bytes(request.digest).hex()
    assert shown["policy"] == {
        "quorum": 2,
        "required_roles": {"admin": 2},
        "needs_reauthentication": True,
        "grant_lifetime_seconds": 86400,
    }
    assert shown["slots"] == [{"role": "admin", "decision_id": None}] * 2
    assert (shown["decisions"], shown["grant_audit_id"], shown["has_expired"]) == ([], None, False)


def test_a_request_shows_who_decided_what_and_why(world: World) -> None:
    request = request_for(make_risky(world))
    decide(approvals.abstain, request, world.alan)
    yes = decide(approvals.approve, request, world.grace)

    shown = client_of(world.vera).get(f"/api/v1/approvals/{request.pk}").json()

    first, second = shown["decisions"]
    assert (first["reviewer_name"], first["verdict"], first["slot"]) == ("alan", "abstain", None)
    assert (first["reviewer_id"], first["role"]) == (str(world.alan.pk), "super-admin")
    assert (second["reviewer_name"], second["verdict"], second["slot"]) == ("grace", "approve", "admin")
    assert second["reason"] == REASON
    assert second["digest"] == shown["digest"]
    filled = [{"role": "admin", "decision_id": str(yes.pk)}, {"role": "admin", "decision_id": None}]
    assert shown["slots"] == filled
    assert (shown["status"], shown["grant_audit_id"], shown["receipt"]) == ("open", None, None)


def test_a_granted_request_names_its_row_in_the_audit_log(world: World) -> None:
    open_market(world.proposal, world.grace)
    request = request_for(world.proposal)
    vera = client_of(world.vera)

    shown = vera.get(f"/api/v1/approvals/{request.pk}").json()

    assert shown["status"] == "granted"
    assert shown["grant_audit_id"] == str(ApprovalGrant.objects.get(request=request).pk)
    fact = vera.get(f"/api/v1/audit-events/{shown['grant_audit_id']}").json()
    assert (fact["action"], fact["payload_hash"]) == ("approval:grant", shown["digest"])


def test_every_decision_names_the_receipt_of_its_row_in_the_audit_log(world: World) -> None:
    decide(approvals.reject, world.request, world.root)
    vera = client_of(world.vera)

    (decision,) = vera.get(f"/api/v1/approvals/{world.request.pk}").json()["decisions"]

    assert decision["receipt"].endswith("/receipt")
    fact = vera.get(decision["receipt"].removesuffix("/receipt")).json()
    assert (fact["entity_type"], fact["entity_id"]) == ("approval_decisions", decision["id"])
    assert vera.get(decision["receipt"]).json()["code"] == "not_sealed_yet"


def test_a_decision_by_the_platform_is_shown_as_the_platforms(world: World) -> None:
    open_market(world.proposal, world.root)

    shown = client_of(world.vera).get(f"/api/v1/approvals/{request_for(world.proposal).pk}").json()

    assert [decision["reviewer_name"] for decision in shown["decisions"]] == ["the platform"]


def test_an_open_request_says_when_its_time_ran_out(world: World) -> None:
    with connection.cursor() as cursor:
        # the guard lets nobody change an expiry, so it has to look away for a moment
        cursor.execute("ALTER TABLE approval_requests DISABLE TRIGGER USER")
        cursor.execute("UPDATE approval_requests SET expires_at = clock_timestamp()")

    shown = client_of(world.vera).get(f"/api/v1/approvals/{request_for(world.proposal).pk}").json()

    assert (shown["status"], shown["has_expired"]) == ("open", True)


def test_requests_are_listed_newest_first_and_by_filter(world: World) -> None:
    make_risky(world)
    open_market(world.proposal, world.grace)
    vera = client_of(world.vera)

    def risks(**asked: str) -> list[str]:
        return [row["risk"] for row in listed(vera, "approvals", **asked)]

    assert risks() == ["high", "low"]
    assert risks(status="open") == ["high"]
    assert risks(status="granted", risk="low") == ["low"]
    assert risks(status="granted", risk="high") == []


def test_a_longer_list_of_requests_asks_no_more_queries(world: World) -> None:
    vera = client_of(world.vera)
    open_market(world.proposal, world.grace)
    few = queries_of(lambda: vera.get("/api/v1/approvals"))

    for number in range(3):
        decide(approvals.approve, request_for(make_risky(world, f"VOTE-{number}")), world.grace)

    assert queries_of(lambda: vera.get("/api/v1/approvals")) == few


def test_the_log_is_listed_newest_first_page_by_page(world: World) -> None:
    vera = client_of(world.vera)
    wanted = (
        AuditEvent.objects.filter(tenant=world.acme).order_by("-audit_id").values_list("audit_id", flat=True)
    )

    seen: list[UUID] = []
    address: str | None = "/api/v1/audit-events?limit=5"
    while address:
        page = vera.get(address).json()
        seen += [UUID(row["audit_id"]) for row in page["results"]]
        address = page["next"]

    assert seen == list(wanted)
    assert len(seen) > 5


def test_the_log_is_found_by_each_of_its_filters(world: World) -> None:
    open_market(world.proposal, world.grace)
    vera = client_of(world.vera)
    grant = AuditEvent.objects.get(action="approval:grant")

    def all_have(name: str, value: str) -> bool:
        rows = listed(vera, "audit-events", **{name: value})
        return bool(rows) and all(row[name] == value for row in rows)

    assert all_have("action", "proposal:propose")
    assert all_have("entity_type", "snapshots")
    assert all_have("entity_id", str(world.proposal.pk))
    assert all_have("actor_id", str(world.grace.pk))
    assert [row["audit_id"] for row in listed(vera, "audit-events", action="approval:grant")] == [
        str(grant.pk)
    ]
    assert listed(vera, "audit-events", action="approval:grant", entity_type="snapshots") == []


def test_one_request_is_found_in_the_log_by_its_id(world: World) -> None:
    edith = client_of(world.edith)
    asked = "0198c0de-0000-7000-8000-000000000001"

    edith.post(
        "/api/v1/snapshots",
        {"url": "https://example.org/a", "content_type": "text/plain", "body": "A."},
        content_type="application/json",
        headers={"X-Request-Id": asked},
    )

    (fact,) = listed(edith, "audit-events", correlation_id=asked)
    assert (fact["action"], fact["correlation_id"]) == ("snapshot:ingest", asked)
    assert fact["ip_address"] == "127.0.0.1"


def test_a_fact_is_shown_with_what_changed(world: World) -> None:
    open_market(world.proposal, world.grace)
    vera = client_of(world.vera)

    moved = listed(vera, "audit-events", entity_type="market_proposals", action="approval:approve")

    assert [(row["old_value"]["status"], row["new_value"]["status"]) for row in moved] == [
        ("proposed", "approved")
    ]
    assert moved[0]["metadata"] == {"operation": "update", "reason": REASON}
    assert vera.get(f"/api/v1/audit-events/{moved[0]['audit_id']}").json() == moved[0]


def test_the_place_in_the_log_is_shown_exactly(world: World) -> None:
    (row, *_) = listed(client_of(world.vera), "audit-events", limit="1")

    stored = AuditEvent.objects.get(pk=row["audit_id"])
    assert (row["epoch"], row["xid"], row["seq"]) == (stored.epoch, str(stored.xid), stored.seq)


def test_a_longer_log_asks_no_more_queries(world: World) -> None:
    vera = client_of(world.vera)

    few = queries_of(lambda: vera.get("/api/v1/audit-events", {"limit": 1}))

    assert queries_of(lambda: vera.get("/api/v1/audit-events", {"limit": 20})) == few


def test_no_secret_is_in_the_log(world: World) -> None:
    key = make_key(world.vera)

    pages = [client_of(world.vera).get("/api/v1/audit-events", {"limit": 100}).content.decode()]

    assert all(key[len("xm_") + 13 :] not in page and "argon2" not in page for page in pages)


def test_another_tenant_sees_nothing_of_it(world: World) -> None:
    boris = client_of(world.boris)
    fact = AuditEvent.objects.filter(tenant=world.acme)[0]

    assert listed(boris, "approvals") == []
    assert str(world.acme.pk) not in str(boris.get("/api/v1/audit-events", {"limit": 100}).json())
    assert boris.get(f"/api/v1/approvals/{request_for(world.proposal).pk}").status_code == 404
    assert boris.get(f"/api/v1/audit-events/{fact.pk}").status_code == 404
