"""Whatever a superuser does to the log, verifying it says what and where."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit import log
from audit.sealing import keys
from audit.sealing.models import LogCheckpoint, Seal
from audit.sealing.notes import Checkpoint, Signer
from audit.sealing.verification import Fault, verify
from core.access.models import PLATFORM_TENANT_ID
from core.database.unit import unit
from tests.audit.sealing.forging import at, forge, leaves_now, unguard
from tests.raw import one, run
from tests.sealing import seal_everything

ROWS = 700


def write(count: int) -> None:
    with unit("worker", tenant=PLATFORM_TENANT_ID):
        for number in range(count):
            log.record("test:write", by=None, entity_type="tests", entity_id=str(number))


@pytest.fixture
def sealed(committing_db: str) -> int:
    """A log of some length, sealed, whose guards somebody has switched off who may."""
    write(ROWS)
    seal_everything()
    unguard()
    return Seal.objects.get().size


def faults(**known: object) -> list[Fault]:
    return verify(keys.verifiers(), **known)  # type: ignore[arg-type]


def test_a_log_that_nobody_touched_is_as_it_was_sealed(sealed: int) -> None:
    told: list[tuple[int, int]] = []

    assert faults(jobs=3, tell=lambda done, total: told.append((done, total))) == []
    assert told[-1] == (-(-sealed // 256), -(-sealed // 256))
    write(3)
    assert faults() == []


@pytest.mark.parametrize("place", [0, 255, 256, 699])
@pytest.mark.parametrize(
    "change",
    [
        "action = 'test:forged'",
        "actor_type = 'agent', actor_id = NULL",
        "new_value = '{\"a\": 1}'",
        "created_at = created_at + interval '1 microsecond'",
        "user_agent = 'other'",
        "metadata = '{}'",
    ],
)
def test_a_changed_row_is_named(sealed: int, place: int, change: str) -> None:
    row = at(place)
    run("ALTER TABLE audit_event DROP CONSTRAINT IF EXISTS only_the_system_has_no_actor")
    if change == "metadata = '{}'":
        change = 'metadata = \'{"reason": "other"}\''
    run(f"UPDATE audit_event SET {change} WHERE audit_id = %s", row.pk)

    (fault,) = faults()

    assert str(fault) == f"changed: {row.pk} at {place} is not what was sealed there"


@pytest.mark.parametrize("place", [0, 255, 256, 400])
def test_a_missing_row_is_named_by_its_neighbours(sealed: int, place: int) -> None:
    row, after = at(place), at(place + 1)
    before = at(place - 1).pk if place else "the beginning"
    run("DELETE FROM audit_event WHERE audit_id = %s", row.pk)

    (fault,) = faults()

    assert str(fault) == f"missing: the row at {place}, after {before}, before {after.pk}"


def test_a_row_that_was_put_in_is_named(sealed: int) -> None:
    where = at(300)
    forged = one(
        "INSERT INTO audit_event (actor_type, action, epoch, xid, seq) OVERRIDING SYSTEM VALUE "
        "VALUES ('system', 'test:forged', 1, %s::text::xid8, %s) RETURNING audit_id",
        where.xid,
        -5,
    )

    (fault,) = faults()

    assert str(fault) == f"extra: {forged} was never sealed, and stands among rows that were"


def test_two_rows_that_changed_places_are_named(sealed: int) -> None:
    first, second = at(100), at(101)
    run("ALTER TABLE audit_event ALTER COLUMN seq DROP IDENTITY")
    run("UPDATE audit_event SET seq = -seq WHERE audit_id = %s", first.pk)
    run("UPDATE audit_event SET seq = %s WHERE audit_id = %s", first.seq, second.pk)
    run("UPDATE audit_event SET seq = %s WHERE audit_id = %s", second.seq, first.pk)

    said = " ".join(map(str, faults()))

    assert str(first.pk) in said
    assert str(second.pk) in said


def test_a_tail_that_was_cut_off_is_known_from_what_others_keep(sealed: int) -> None:
    kept = LogCheckpoint.objects.latest("size").note
    (shorter,) = (sealed - 100,)
    last = at(shorter - 1)
    leaves = leaves_now()[:shorter]
    run(
        "DELETE FROM audit_event WHERE (epoch, xid, seq) > (%s, %s::text::xid8, %s)",
        last.epoch,
        last.xid,
        last.seq,
    )
    forge(leaves, last, keys.signers())

    assert [fault.what for fault in faults()] == []
    (fault,) = faults(kept={"kept.note": kept})
    assert (fault.what, "the tail was cut off" in fault.said) == ("cut", True)


def test_a_history_that_was_sealed_anew_has_another_root_than_others_keep(sealed: int) -> None:
    kept = LogCheckpoint.objects.latest("size").note
    run("UPDATE audit_event SET action = 'test:forged' WHERE audit_id = %s", at(5).pk)
    leaves = leaves_now()
    forge(leaves, at(sealed - 1), keys.signers())

    assert [fault.what for fault in faults(kept={"kept.note": kept})] == ["checkpoint"]


def test_a_history_that_was_sealed_by_somebody_else_is_not_trusted(sealed: int) -> None:
    stranger = [Signer(keys.origin(), Ed25519PrivateKey.generate())]
    leaves = leaves_now()
    forge(leaves, at(sealed - 1), stranger)

    (fault,) = faults()

    assert str(fault).endswith("Nobody who is trusted has signed this note.")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (
            "UPDATE audit_tile SET hashes = overlay(hashes placing '\\x00' from 40) WHERE level = 1",
            "tile: 1/0",
        ),
        ("DELETE FROM audit_tile WHERE level = 1", "tile: 1/0"),
        ("UPDATE audit_checkpoint SET note = replace(note, 'epoch 1', 'epoch 2')", "signature of"),
        ("DELETE FROM audit_checkpoint", "the newest is of 0 rows"),
    ],
)
def test_what_is_kept_of_the_tree_is_looked_at_too(sealed: int, statement: str, said: str) -> None:
    run(statement)

    assert said in " ".join(map(str, faults()))


def test_a_kept_checkpoint_of_another_log_is_said_to_be_one(sealed: int) -> None:
    other = Checkpoint(keys.origin(), 3, base64.b64decode("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="))

    (fault,) = faults(kept={"other.note": other.signed(keys.signers())})

    assert str(fault) == "checkpoint: other.note has another root: its 3 rows are not these"
