"""What whoever may do anything in the database would do to the log, for tests that find it out."""

from __future__ import annotations

from django.db import connection

from audit.models import AuditEvent
from audit.sealing import keys, merkle
from audit.sealing.notes import Checkpoint, Signer
from tests.raw import every, run

TABLES = ("audit_event", "audit_tile", "audit_checkpoint", "audit_seal")


def unguard() -> None:
    """Switch every guard of the log off."""
    for table in TABLES:
        run(f"ALTER TABLE {table} DISABLE TRIGGER USER")


def at(place: int) -> AuditEvent:
    """The row at a place of the log."""
    return AuditEvent.objects.order_by("epoch", "xid", "seq")[place]


def leaves_now() -> list[bytes]:
    """The leaf of every row as it is now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT audit_leaf(e) FROM audit_event e ORDER BY epoch, xid, seq")
        return [bytes(leaf) for (leaf,) in cursor.fetchall()]


def forge(leaves: list[bytes], last: AuditEvent, signers: list[Signer]) -> None:
    """Seal everything anew.

    :param last: the row that is to be the last one.
    """
    growth = merkle.Growth()
    tiles = growth.append(b"".join(leaves))
    begins = every("SELECT epoch, xid::text, seq FROM audit_event ORDER BY epoch, xid, seq")[::256]
    run("DELETE FROM audit_tile")
    run("DELETE FROM audit_checkpoint")
    for (level, position), hashes in tiles.items():
        place = begins[position] if level == 0 else (None, None, None)
        run(
            "INSERT INTO audit_tile (level, position, hashes, epoch, xid, seq) "
            "VALUES (%s, %s, %s, %s, %s::text::xid8, %s)",
            level,
            position,
            hashes,
            *place,
        )
    checkpoint = Checkpoint(keys.origin(), growth.size, growth.root(), "epoch 1\n")
    run(
        "INSERT INTO audit_checkpoint (size, root, epoch, note) VALUES (%s, %s, 1, %s)",
        growth.size,
        growth.root(),
        checkpoint.signed(signers),
    )
    run("UPDATE audit_seal SET size = %s, xid = %s::text::xid8, seq = %s", growth.size, last.xid, last.seq)
