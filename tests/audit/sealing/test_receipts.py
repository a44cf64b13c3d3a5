"""Whoever may read a fact gets a receipt of it, which anybody checks without the database."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from audit.models import AuditEvent
from audit.sealing import keys, merkle, receipts
from audit.sealing.models import LogCheckpoint
from audit.sealing.notes import NoteIsBroken, read_checkpoint
from tests.calling import client_of
from tests.factories import World, make_world, open_market, request_for
from tests.sealing import seal_everything

CHECKPOINT = "/api/v1/log/checkpoint"


def address(event: AuditEvent) -> str:
    return f"/api/v1/audit-events/{event.pk}/receipt"


@pytest.fixture
def there(committing_db: str) -> World:
    """The usual world, in a log that is sealed."""
    world = make_world()
    seal_everything()
    return world


def facts(world: World) -> Any:
    return AuditEvent.objects.filter(tenant_id=world.acme.pk).order_by("seq")


def test_every_fact_of_the_log_has_a_receipt_that_checks(there: World) -> None:
    client = client_of(there.scout)
    # the key of the client is a fact as well
    seal_everything()
    for event in facts(there):
        answer = client.get(address(event))

        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
        found = receipts.read(answer.content.decode())
        assert found.check(keys.verifiers()).size == AuditEvent.objects.count()
        assert str(event.action).encode() in found.record


def test_every_answer_that_records_a_decision_leads_to_receipts_that_check(committing_db: str) -> None:
    world = make_world()
    market = open_market(world.proposal, world.grace)
    vera = client_of(world.vera)
    seal_everything()
    asked = vera.get(f"/api/v1/approvals/{request_for(world.proposal).pk}").json()
    proof = vera.get(f"/api/v1/markets/{market.pk}/proof").json()

    def record(where: str) -> bytes:
        found = receipts.read(vera.get(where).content.decode())
        assert found.check(keys.verifiers()).size > found.index
        return found.record

    assert asked["receipt"] == proof["grant"]["receipt"]
    assert b"approval:grant" in record(asked["receipt"])
    (decision,) = asked["decisions"]
    assert decision["receipt"] == proof["decisions"][0]["receipt"]
    assert decision["id"].encode() in record(decision["receipt"])


def test_a_receipt_of_an_older_checkpoint_still_checks(there: World) -> None:
    event = facts(there).first()
    old = receipts.read(client_of(there.scout).get(address(event)).content.decode())
    client_of(there.edith).post(
        "/api/v1/snapshots",
        {"url": "https://example.org/n", "content_type": "text/plain", "body": "New."},
        content_type="application/json",
    )
    seal_everything()

    new = receipts.read(client_of(there.scout).get(address(event)).content.decode())

    assert old.check(keys.verifiers()).size < new.check(keys.verifiers()).size
    assert (old.record, old.index) == (new.record, new.index)


def test_a_changed_receipt_does_not_check(there: World) -> None:
    event = facts(there).last()
    found = receipts.read(client_of(there.scout).get(address(event)).content.decode())
    other = b"\x00" * 32

    for changed in (
        replace(found, record=found.record + b"x"),
        replace(found, index=found.index - 1),
        replace(found, proof=[*found.proof[:-1], other]),
        replace(found, note=found.note.replace("epoch 1", "epoch 2")),
    ):
        with pytest.raises(NoteIsBroken):
            changed.check(keys.verifiers())


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v2\nextra \nindex 1\n\n",
        f"{receipts.HEAD}\nextra !\nindex 1\n\nn",
    ],
)
def test_what_is_no_receipt_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NoteIsBroken):
        receipts.read(text)


def test_what_is_not_sealed_yet_is_to_be_asked_for_again(there: World) -> None:
    posted = client_of(there.edith).post(
        "/api/v1/snapshots",
        {"url": "https://example.org/n", "content_type": "text/plain", "body": "New."},
        content_type="application/json",
    )
    assert posted.status_code == 201

    answer = client_of(there.scout).get(address(facts(there).last()))

    assert (answer.status_code, answer.json()["code"]) == (409, "not_sealed_yet")
    assert answer.headers["Retry-After"] == "2"


def test_what_is_not_ones_own_is_not_there(there: World) -> None:
    foreign = client_of(there.boris).get(address(facts(there).first()))
    unknown = client_of(there.boris).get(f"/api/v1/audit-events/{uuid4()}/receipt")
    malformed = client_of(there.boris).get("/api/v1/audit-events/1/receipt")

    assert [answer.status_code for answer in (foreign, unknown, malformed)] == [404] * 3
    assert len({answer.json()["detail"] for answer in (foreign, unknown, malformed)}) == 1


def test_anybody_rebuilds_the_signed_root_from_the_tiles(there: World) -> None:
    stranger = Client()
    signed = read_checkpoint(stranger.get(CHECKPOINT).content.decode(), keys.verifiers())
    leaves = b""
    for position in range(-(-signed.size // 256)):
        width = min(256, signed.size - position * 256)
        answer = stranger.get(f"/api/v1/log/{receipts.path_of(0, position, width)}")
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        leaves += answer.content

    growth = merkle.Growth()
    growth.append(leaves)

    assert (growth.size, growth.root()) == (signed.size, signed.root)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "place",
    [
        "0/000",
        "8/000",
        "0/0",
        "0/x000/000/",
        "0/000.p/0",
        "0/000.p/256",
        "0/000.p/257",
        "0/000.p/01",
        "0/999",
        "-1/000",
        "0/000.p/",
        "entries/000",
    ],
)
def test_a_tile_that_is_not_there_is_not_found(client: Client, place: str) -> None:
    answer = client.get(f"/api/v1/log/tile/{place}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.django_db
def test_there_is_no_checkpoint_before_the_first_seal(client: Client) -> None:
    assert client.get(CHECKPOINT).status_code == 404


@pytest.mark.parametrize(
    ("position", "width", "path"),
    [(0, 256, "tile/0/000"), (1234067, 256, "tile/0/x001/x234/067"), (1, 17, "tile/0/001.p/17")],
)
def test_the_path_of_a_tile_is_the_standards(position: int, width: int, path: str) -> None:
    assert receipts.path_of(0, position, width) == path


def test_a_receipt_is_written_as_the_standard_says() -> None:
    written = receipts.Receipt(b"fact", 7, [b"\x01" * 32], "note\n").text()

    assert written == (
        "c2sp.org/tlog-proof@v1\nextra ZmFjdA==\nindex 7\n"
        f"{base64.b64encode(bytes([1]) * 32).decode()}\n\nnote\n"
    )
    assert receipts.read(written) == receipts.Receipt(b"fact", 7, [b"\x01" * 32], "note\n")


def test_values_that_may_be_somebodys_are_not_in_the_record(there: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT audit_record(e), new_value ->> 'email' FROM audit_event e "
            "WHERE action = 'person:create' AND entity_type = 'users' AND new_value ? 'email'"
        )
        for record, email in cursor.fetchall():
            assert email
            assert email.encode() not in bytes(record)
    assert LogCheckpoint.objects.exists()
