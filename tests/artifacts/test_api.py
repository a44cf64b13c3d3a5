from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

import pytest
import zstandard
from django.test import Client

from artifacts.blobs import LIMIT
from artifacts.models import Blob, Snapshot
from audit.models import AuditEvent
from core.database.rows import insert
from tests.calling import client_of, queries_of
from tests.factories import World, make_agent, make_snapshot, make_world

PAGE = "<p>The rocket has landed.</p>"
SENT = {"url": "https://example.org/rocket", "content_type": "text/html; charset=utf-8", "body": PAGE}


def ingest(client: Client, **sent: Any) -> Any:
    return client.post("/api/v1/snapshots", sent, content_type="application/json")


def content_of(client: Client, snapshot_id: str, **headers: str) -> Any:
    return client.get(f"/api/v1/snapshots/{snapshot_id}/content", headers=headers)


def make_damaged(world: World) -> Snapshot:
    """Evidence whose bytes rotted on the disk: the row that holds them says another digest."""
    digest = hashlib.sha256(PAGE.encode()).digest()
    insert(
        Blob, digest=digest, size_bytes=len(PAGE), body=zstandard.compress(b"<p>The rocket has crashed.</p>")
    )
    return insert(
        Snapshot,
        tenant_id=world.acme.pk,
        url="https://example.org/rocket",
        object_store_path=f"db:sha256/{digest.hex()}",
        content_digest=digest,
        content_type="text/html",
        size_bytes=len(PAGE),
    )


@pytest.fixture
def committed(committing_db: str) -> World:
    return make_world()


def test_an_agent_keeps_a_page_as_evidence(world: World) -> None:
    scout = client_of(world.scout)

    response = ingest(scout, **SENT)

    assert response.status_code == 201
    made = response.json()
    assert response.headers["Location"] == f"http://testserver/api/v1/snapshots/{made['snapshot_id']}"
    assert scout.get(response.headers["Location"]).json() == made
    assert (made["url"], made["content_type"], made["size_bytes"]) == (
        SENT["url"],
        SENT["content_type"],
        len(PAGE),
    )
    assert made["content_digest"] == hashlib.sha256(PAGE.encode()).hexdigest()
    assert made["object_store_path"] == f"db:sha256/{made['content_digest']}"


def test_anybody_can_compute_the_id_from_what_is_shown(world: World) -> None:
    made = ingest(client_of(world.scout), **SENT).json()

    written = f"{made['url']}|{made['fetched_at']}"
    assert hashlib.sha256(written.encode()).hexdigest() == made["snapshot_id"]


def test_the_id_can_be_computed_for_a_fetch_on_the_full_second(world: World) -> None:
    shown = client_of(world.scout).get(f"/api/v1/snapshots/{world.evidence.snapshot_id}").json()

    assert shown["fetched_at"] == "2026-11-01T12:00:00.000000Z"
    written = f"{shown['url']}|{shown['fetched_at']}"
    assert hashlib.sha256(written.encode()).hexdigest() == world.evidence.snapshot_id


def test_the_server_says_when_it_was_fetched(world: World) -> None:
    before = datetime.now(UTC)

    made = ingest(client_of(world.scout), **SENT).json()

    fetched_at = datetime.fromisoformat(made["fetched_at"])
    assert abs((fetched_at - before).total_seconds()) < 60


def test_fetching_the_same_page_again_is_another_snapshot_of_the_same_content(world: World) -> None:
    scout = client_of(world.scout)

    first, second = ingest(scout, **SENT).json(), ingest(scout, **SENT).json()

    assert first["snapshot_id"] != second["snapshot_id"]
    assert first["content_digest"] == second["content_digest"]
    assert Blob.objects.filter(digest=bytes.fromhex(first["content_digest"])).count() == 1


@pytest.mark.parametrize(
    "content", [b"", b"\x00\xff\xfe\x89PNG", bytes(range(256)) * 4096], ids=["none", "octets", "1 MiB"]
)
def test_octets_come_back_as_they_were_sent(world: World, content: bytes) -> None:
    scout = client_of(world.scout)
    encoded = base64.b64encode(content).decode()

    made = ingest(scout, url="http://example.org/x", content_type="image/png", body_base64=encoded).json()

    response = content_of(scout, made["snapshot_id"])
    assert response.status_code == 200
    assert response.content == content
    assert made["size_bytes"] == len(content)


def test_a_text_of_1_mib_fits_also_in_escapes(world: World) -> None:
    text = "\u00e9" * (LIMIT // 2)

    # Python writes each of these as six characters
    response = ingest(client_of(world.scout), **{**SENT, "body": text})

    assert response.status_code == 201
    assert response.json()["size_bytes"] == LIMIT


def test_one_octet_over_1_mib_is_refused(world: World) -> None:
    scout = client_of(world.scout)
    before = Snapshot.objects.count()
    too_much = b"x" * (LIMIT + 1)

    as_text = ingest(scout, **{**SENT, "body": too_much.decode()})
    as_base64 = ingest(
        scout, url=SENT["url"], content_type="text/plain", body_base64=base64.b64encode(too_much).decode()
    )

    for response in (as_text, as_base64):
        assert response.status_code == 413
        assert response.json()["code"] == "blob_is_at_most_1_mib"
    assert Snapshot.objects.count() == before


def test_content_is_handed_out_so_that_no_browser_shows_it(world: World) -> None:
    scout = client_of(world.scout)
    made = ingest(scout, **SENT).json()

    response = content_of(scout, made["snapshot_id"])

    assert response.content == PAGE.encode()
    assert response.headers["Content-Disposition"] == f'attachment; filename="{made["snapshot_id"]}.bin"'
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox;")
    assert response.headers["Cache-Control"] == "no-store"


def test_content_carries_its_digest(world: World) -> None:
    scout = client_of(world.scout)
    made = ingest(scout, **SENT).json()

    response = content_of(scout, made["snapshot_id"])

    digest = base64.b64encode(hashlib.sha256(response.content).digest()).decode()
    assert response.headers["Repr-Digest"] == f"sha-256=:{digest}:"


@pytest.mark.parametrize("accepted", ["*/*", "text/html", "application/json", "application/octet-stream"])
def test_content_comes_whatever_is_accepted(world: World, accepted: str) -> None:
    response = content_of(client_of(world.scout), world.evidence.snapshot_id, accept=accepted)

    assert response.status_code == 200


def test_damaged_content_is_never_served_and_stays_set_aside(world: World) -> None:
    damaged = make_damaged(world)
    vera = client_of(world.vera)

    first, second = content_of(vera, damaged.snapshot_id), content_of(vera, damaged.snapshot_id)

    for response in (first, second):
        assert response.status_code == 409
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.json()["code"] == "content_damaged"
        assert b"rocket" not in response.content
    assert Blob.objects.get(digest=damaged.content_digest).quarantined_at is not None
    (fact,) = AuditEvent.objects.filter(action="blob:quarantine")
    assert (fact.actor_id, fact.entity_id) == (world.vera.pk, bytes(damaged.content_digest or b"").hex())


def test_the_quarantine_outlives_the_request_that_found_the_damage(committed: World) -> None:
    damaged = make_damaged(committed)

    response = content_of(client_of(committed.vera), damaged.snapshot_id)

    assert response.status_code == 409
    assert Blob.objects.get(digest=damaged.content_digest).quarantined_at is not None
    assert AuditEvent.objects.filter(action="blob:quarantine", actor=committed.vera).count() == 1


def test_what_was_answered_201_outlives_its_request(committed: World) -> None:
    made = ingest(client_of(committed.scout), **SENT).json()

    assert client_of(committed.vera).get(f"/api/v1/snapshots/{made['snapshot_id']}").json() == made


def test_a_snapshot_whose_content_is_elsewhere_says_so(world: World) -> None:
    elsewhere = insert(
        Snapshot, tenant_id=world.acme.pk, url="https://example.org/x", object_store_path="s3://bucket/x"
    )
    vera = client_of(world.vera)

    assert vera.get(f"/api/v1/snapshots/{elsewhere.snapshot_id}").json()["content_digest"] is None
    response = content_of(vera, elsewhere.snapshot_id)
    assert (response.status_code, response.json()["code"]) == (404, "content_not_held")
    assert response.json()["object_store_path"] == "s3://bucket/x"


def test_snapshots_are_listed_newest_first_without_their_content(world: World) -> None:
    scout = client_of(world.scout)
    made = ingest(scout, **SENT).json()

    listed = scout.get("/api/v1/snapshots").json()["results"]

    assert [row["snapshot_id"] for row in listed] == [made["snapshot_id"], world.evidence.snapshot_id]
    assert listed[0] == made


def test_a_longer_list_of_snapshots_asks_no_more_queries(world: World) -> None:
    scout = client_of(world.scout)
    few = queries_of(lambda: scout.get("/api/v1/snapshots"))

    for number in range(3):
        ingest(scout, **{**SENT, "url": f"https://example.org/{number}"})

    assert queries_of(lambda: scout.get("/api/v1/snapshots")) == few


def test_another_tenant_sees_no_evidence_of_it(world: World) -> None:
    boris = client_of(world.boris)

    assert boris.get("/api/v1/snapshots").json()["results"] == []
    for path in (world.evidence.snapshot_id, f"{world.evidence.snapshot_id}/content"):
        assert boris.get(f"/api/v1/snapshots/{path}").status_code == 404


def test_two_tenants_keep_the_same_fetch_each_for_itself(world: World) -> None:
    spy = make_agent("spy", world.boris)

    theirs = make_snapshot(spy)

    assert theirs.snapshot_id == world.evidence.snapshot_id
    assert content_of(client_of(spy), theirs.snapshot_id).status_code == 200


def test_ingesting_is_in_the_audit_log_with_its_actor(world: World) -> None:
    scout = client_of(world.scout)

    ingest(scout, **SENT)

    (fact,) = scout.get(
        "/api/v1/audit-events", {"action": "snapshot:ingest", "actor_id": str(world.scout.pk)}
    ).json()["results"][:1]
    assert (fact["entity_type"], fact["actor_type"]) == ("snapshots", "agent")
    assert fact["new_value"]["url"] == SENT["url"]
