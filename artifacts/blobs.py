"""Contents, each stored once under its digest, and checked on every read."""

from __future__ import annotations

import hashlib

import zstandard
from django.db import connection
from django.db.models.functions import Now

from artifacts.models import Blob
from artifacts.refusals import ContentDamaged, ContentTooLarge
from audit.log import record
from core.access.models import User
from core.database.unit import verb

LIMIT = 1024 * 1024


def store(content: bytes) -> bytes:
    """Keep these bytes, once however often they come.

    :returns: the digest they are known by: sha256, 32 bytes.
    :raises ContentTooLarge: over 1 MiB.
    :raises ContentDamaged: when the same content was found damaged before.
    """
    if len(content) > LIMIT:
        raise ContentTooLarge(limit=LIMIT)

    digest = hashlib.sha256(content).digest()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO blobs (digest, size_bytes, encoding, body) VALUES (%s, %s, 'zstd', %s) "
            "ON CONFLICT (digest) DO NOTHING",
            [digest, len(content), zstandard.ZstdCompressor(level=3).compress(content)],
        )
        is_new = cursor.rowcount == 1
    if not is_new:
        read(digest)

    return digest


def read(digest: bytes) -> bytes:
    """Unpack a content and prove that it is what its digest says.

    :raises ContentDamaged: when it is not, or was found so before; nothing of it is handed out.
    """
    blob = Blob.objects.get(digest=digest)
    if blob.quarantined_at is not None:
        raise ContentDamaged(digest=digest.hex())
    try:
        content = zstandard.ZstdDecompressor().decompress(bytes(blob.body), max_output_size=LIMIT)
    except zstandard.ZstdError:
        raise ContentDamaged(digest=digest.hex()) from None
    if hashlib.sha256(content).digest() != digest:
        raise ContentDamaged(digest=digest.hex())

    return content


@verb("blob:quarantine")
def quarantine(digest: bytes, *, by: User | None, reason: str) -> None:
    """Set a damaged content aside, once, and say so in the audit log."""
    changed = Blob.objects.filter(digest=digest, quarantined_at__isnull=True).update(quarantined_at=Now())
    if changed:
        record("blob:quarantine", by=by, entity_type="blobs", entity_id=digest.hex(), reason=reason)
