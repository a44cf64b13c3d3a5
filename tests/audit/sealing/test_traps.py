"""What would make a sealer lose rows, take them in another order, or wait unseen."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import xmarket_verify

from audit import log
from audit.models import AuditEvent
from audit.refusals import LogIsNotInUtf8
from audit.sealing import exporting, keys, merkle, receipts, sealer, standing
from audit.sealing.models import LogCheckpoint, Seal
from audit.sealing.verification import verify
from core.access.models import PLATFORM_TENANT_ID
from core.database import sessions
from core.database.unit import unit
from tests.raw import one, run
from tests.sealing import seal_everything

# before any transaction of a cluster, whose first ones make it; as text, 200 would come first
XIDS = (9, 30, 200)
EACH = 300
NAME = "Caf\u00e9"


@contextmanager
def client_encoding(name: str) -> Iterator[None]:
    run(f"SET client_encoding = '{name}'")
    try:
        yield
    finally:
        run("SET client_encoding = 'UTF8'")


def sealed() -> sealer.Sealed | None:
    with unit("worker"):
        return sealer.seal()


def test_transactions_are_sealed_in_the_order_of_their_numbers_not_of_their_text(
    committing_db: str, tmp_path: Path
) -> None:
    for xid in reversed(XIDS):
        run(
            "INSERT INTO audit_event (actor_type, action, xid, seq) OVERRIDING SYSTEM VALUE "
            "SELECT 'system', 'test:write', %s::text::xid8, g FROM generate_series(1, %s) g",
            str(xid),
            EACH,
        )
    seal_everything()

    # the number of the transaction, taken out of the record as a third party does
    exporting.export(tmp_path / "log")
    found = [struct.unpack_from(">Q", record, 4 + 12 + 12 + 8)[0] for record in exported(tmp_path / "log")]
    assert found == sorted(found)
    assert found[: EACH * len(XIDS)] == [xid for xid in XIDS for _ in range(EACH)]
    assert bytes(LogCheckpoint.objects.latest("size").root) == root_of(tmp_path / "log")
    assert verify(keys.verifiers(), jobs=2) == []
    words = ["log", str(tmp_path / "log"), "--key", str(keys.verifiers()[0])]
    assert xmarket_verify.main(words) == 0
    for place in (0, 299, 300, 655, 899):
        event = AuditEvent.objects.order_by("epoch", "xid", "seq")[place]
        with unit("api", tenant=PLATFORM_TENANT_ID):
            assert receipts.receipt(event.pk).index == place
            receipts.receipt(event.pk).check(keys.verifiers())


def test_a_row_that_was_numbered_first_and_committed_last_is_sealed(committing_db: str) -> None:
    seal_everything()
    with sessions.connect(database=committing_db) as slow:
        slow.execute("BEGIN")
        slow.execute("INSERT INTO audit_event (actor_type, action) VALUES ('system', 'test:slow')")
        write("test:quick")
        waits = sealed()
        slow.execute("COMMIT")
    seal_everything()

    assert waits is not None
    assert waits.rows == 0
    written = AuditEvent.objects.filter(action__startswith="test:").order_by("seq")
    assert list(written.values_list("action", flat=True)) == ["test:slow", "test:quick"]
    assert Seal.objects.get().size == AuditEvent.objects.count()
    assert verify(keys.verifiers()) == []


def test_who_writes_in_another_database_of_the_cluster_holds_sealing_up_and_that_alarms(
    committing_db: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal_everything()
    with sessions.connect(database="postgres") as elsewhere:
        elsewhere.execute("BEGIN")
        elsewhere.execute("SELECT pg_current_xact_id()")
        write("test:held")
        waits = sealed()
        monkeypatch.setattr(standing, "STOPPED_AFTER", 0.0)
        with unit("api"):
            held = standing.standing()
        elsewhere.execute("ROLLBACK")
    seal_everything()

    assert (waits and waits.rows, held.unsealed) == (0, 1)
    assert held.lag_seconds > 0
    assert held.has_stopped
    with unit("api"):
        assert not standing.standing().has_stopped


def test_the_bytes_of_a_fact_depend_on_the_encoding_of_who_reads_them_and_the_sealer_refuses_another(
    committing_db: str,
) -> None:
    seal_everything()
    write("test:name")
    record = "SELECT audit_record(e) FROM audit_event e WHERE action = 'test:name'"
    own = bytes(one(record))  # type: ignore[call-overload]
    with client_encoding("LATIN1"):
        other = bytes(one(record))  # type: ignore[call-overload]
        with pytest.raises(LogIsNotInUtf8):
            sealed()

    assert NAME.encode() in own
    assert own != other
    assert seal_everything() == 1


def write(action: str) -> None:
    with unit("worker", tenant=PLATFORM_TENANT_ID):
        log.record(action, by=None, entity_type="tests", entity_id=NAME)


def exported(folder: Path) -> Iterator[bytes]:
    data, at = (folder / "records-000000.bin").read_bytes(), 0
    while at < len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        yield data[at + 4 : at + 4 + length]
        at += 4 + length


def root_of(folder: Path) -> bytes:
    growth = merkle.Growth()
    growth.append(b"".join(merkle.leaf_hash(record) for record in exported(folder)))
    return growth.root()
