"""Every row is sealed once, in one order, and what was sealed can only grow."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connection

from audit import log
from audit.refusals import EpochIsOver, LogCannotBeSigned
from audit.sealing import keys, leaves, merkle, sealer
from audit.sealing.models import LogCheckpoint, LogTile, Seal
from audit.sealing.notes import read_checkpoint
from audit.sealing.verification import verify
from core.access.models import PLATFORM_TENANT_ID
from core.database import sessions
from core.database.unit import unit
from core.refusals import NotAccepted
from tests.raw import RUNTIME, denied, every, one, refused, run
from tests.sealing import seal_everything

LEAVES = "SELECT audit_leaf(e) FROM audit_event e ORDER BY epoch, xid, seq"


def write(count: int, action: str = "test:write") -> None:
    with unit("worker", tenant=PLATFORM_TENANT_ID):
        for number in range(count):
            log.record(action, by=None, entity_type="tests", entity_id=str(number))


def sealed(most: int = sealer.MOST_AT_ONCE) -> Any:
    with unit("worker", tenant=PLATFORM_TENANT_ID):
        return sealer.seal(most)


def root_of_every_row() -> bytes:
    growth = merkle.Growth()
    growth.append(b"".join(bytes(leaf) for (leaf,) in every(LEAVES)))  # type: ignore[call-overload]
    return growth.root()


@pytest.fixture
def everything(committing_db: str) -> int:
    """Seal what the migrations left, and say how much that was."""
    seal_everything()
    return Seal.objects.get().size


def test_rows_are_sealed_once_under_a_signed_root(everything: int) -> None:
    write(3)

    first, again = seal_everything(), sealed()

    assert (first, again.rows, again.size) == (3, 0, everything + 3)
    newest = LogCheckpoint.objects.latest("size")
    said = read_checkpoint(newest.note, keys.verifiers())
    assert (said.size, said.root) == (everything + 3, root_of_every_row())
    assert said.extension == "epoch 1\n"


def test_however_it_is_cut_the_tree_is_the_same(everything: int) -> None:
    write(600)
    seal_everything(most=97)

    assert bytes(LogCheckpoint.objects.latest("size").root) == root_of_every_row()
    assert LogTile.objects.filter(level=0).count() == -(-(everything + 600) // 256)
    starts = every("SELECT epoch, xid::text, seq FROM audit_tile WHERE level = 0 ORDER BY position")
    assert starts == [
        row
        for place, row in enumerate(
            # by the column: ordered by its own name, the text would count
            every("SELECT e.epoch, e.xid::text, e.seq FROM audit_event e ORDER BY e.epoch, e.xid, e.seq")
        )
        if place % 256 == 0
    ]


def test_a_backlog_is_read_by_several_at_once_and_sealed_as_by_one(
    everything: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealer, "SPAN", 256)
    write(1500)
    seal_everything(most=1300)

    assert bytes(LogCheckpoint.objects.latest("size").root) == root_of_every_row()
    assert verify(keys.verifiers()) == []


def test_where_a_reader_finds_fewer_rows_nothing_is_sealed(
    everything: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    between = leaves.between
    monkeypatch.setattr(leaves, "between", lambda begins, ends: between(begins, ends)[32:])
    write(3)

    with pytest.raises(RuntimeError, match="3 rows were to be sealed, and 2 are there"):
        seal_everything()
    assert Seal.objects.get().size == everything


def test_the_worker_seals_a_backlog_without_a_pause(everything: int) -> None:
    write(300)

    said = [sealer.tick(most=97)]
    while Seal.objects.get().size < everything + 300:
        said.append(sealer.tick(most=97))

    assert said[-1] == f"300 rows, {everything + 300} in all"


def test_what_somebody_still_writes_waits_for_its_turn(everything: int) -> None:
    with sessions.connect(database=connection.settings_dict["NAME"]) as other:
        other.execute("BEGIN")
        other.execute("SELECT pg_current_xact_id()")
        write(2)
        waits = sealed()
        other.execute("INSERT INTO audit_event (actor_type, action) VALUES ('system', 'test:slow')")
        other.execute("COMMIT")
    after = seal_everything()

    assert (waits.rows, after) == (0, 3)
    assert bytes(LogCheckpoint.objects.latest("size").root) == root_of_every_row()


def test_two_sealers_do_not_meet(everything: int) -> None:
    write(1)
    with sessions.connect(database=connection.settings_dict["NAME"]) as other:
        other.execute("BEGIN")
        other.execute("SELECT pg_advisory_xact_lock(%s)", [sealer.LOCK])

        assert sealed() is None
    assert seal_everything() == 1


def test_nothing_is_sealed_without_a_key(everything: int, settings: LazySettings) -> None:
    write(1)
    settings.AUDIT_SIGNING_KEYS = []

    with pytest.raises(LogCannotBeSigned):
        sealed()

    assert Seal.objects.get().size == everything


def test_a_database_in_another_cluster_is_not_sealed_as_if_nothing_were(everything: int) -> None:
    write(1)
    run("UPDATE audit_seal SET xid = '9000000000000000000', sealed_epoch = 1")

    with pytest.raises(EpochIsOver):
        sealed()


@pytest.mark.django_db
@pytest.mark.parametrize("role", RUNTIME)
@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("audit_tile", "DELETE FROM audit_tile"),
        ("audit_tile", "UPDATE audit_tile SET level = 1"),
        ("audit_checkpoint", "UPDATE audit_checkpoint SET size = 1"),
        ("audit_checkpoint", "DELETE FROM audit_checkpoint"),
        ("audit_seal", "DELETE FROM audit_seal"),
        ("audit_seal", "UPDATE audit_seal SET epoch = 2"),
        ("audit_seal", "INSERT INTO audit_seal DEFAULT VALUES"),
    ],
)
def test_no_role_rewrites_what_was_sealed(role: str, table: str, statement: str) -> None:
    with unit(role), denied(table):
        run(statement)


class TestEvenTheOwner:
    @pytest.fixture(autouse=True)
    def _sealed(self, db: None) -> None:
        run(
            "INSERT INTO audit_tile (level, position, hashes) VALUES (0, 0, %s)",
            b"\x01" * 64,
        )
        run(
            "INSERT INTO audit_checkpoint (size, root, epoch, note) VALUES (2, %s, 1, 'note')",
            b"\x02" * 32,
        )
        run("INSERT INTO audit_seal DEFAULT VALUES ON CONFLICT DO NOTHING")
        run("UPDATE audit_seal SET size = 2, sealed_epoch = 1, xid = '5', seq = 5")

    def test_lets_a_tile_grow(self) -> None:
        run("UPDATE audit_tile SET hashes = hashes || %s", b"\x03" * 32)

        assert one("SELECT octet_length(hashes) FROM audit_tile") == 96

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE audit_tile SET hashes = overlay(hashes placing '\\x00' from 1)",
            "UPDATE audit_tile SET hashes = substr(hashes, 1, 32)",
            "UPDATE audit_tile SET position = 1",
            "UPDATE audit_tile SET seq = 1",
            "DELETE FROM audit_tile",
            "TRUNCATE audit_tile",
            "UPDATE audit_checkpoint SET note = 'other'",
            "DELETE FROM audit_checkpoint",
            "TRUNCATE audit_checkpoint CASCADE",
            "UPDATE audit_seal SET size = 1",
            "UPDATE audit_seal SET seq = 4",
            "UPDATE audit_seal SET sealed_epoch = 0",
            "UPDATE audit_seal SET epoch = 0",
            "DELETE FROM audit_seal",
            "TRUNCATE audit_seal",
        ],
    )
    def test_changes_nothing_that_was_sealed(self, statement: str) -> None:
        with refused("audit_event_only_grows"):
            run(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("size", [0, 31, 33, 8224])
def test_a_tile_is_of_whole_hashes(size: int) -> None:
    with refused("tile_is_of_whole_hashes", NotAccepted):
        run("INSERT INTO audit_tile (level, position, hashes) VALUES (0, 0, %s)", bytes(size))
