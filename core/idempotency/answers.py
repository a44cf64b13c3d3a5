"""Finding the answer that was given under a key, and keeping one with its effect."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from core.idempotency.models import KeptAnswer
from core.idempotency.refusals import KeyIsReused, RequestIsInFlight

LOCK = "SELECT pg_try_advisory_xact_lock(%s)"
# one round trip: whoever adds an answer takes old ones away
KEEP = """
    INSERT INTO idempotency_keys
      (tenant_id, principal_id, method, path, key, payload_digest, status_code, headers, body)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING prune_kept_answers()
"""


@dataclass(frozen=True)
class Attempt:
    """One request under a key: whose it is, where it goes, and the sha256 of exactly its bytes."""

    tenant: UUID
    principal: UUID
    method: str
    path: str
    key: str
    payload_digest: bytes

    def scope(self) -> list[str]:
        """What everybody holds who sends this key here."""
        return [str(self.tenant), str(self.principal), self.method, self.path, self.key]


def hold(scope: Sequence[str]) -> None:
    """Take what is named so until COMMIT.

    :raises RequestIsInFlight: while another transaction holds it.
    """
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [lock_of(scope)])
        if not cursor.fetchone()[0]:
            raise RequestIsInFlight


def lock_of(scope: Sequence[str]) -> int:
    """The number of the advisory lock on what is named so."""
    return int.from_bytes(hashlib.sha256(json.dumps(scope).encode()).digest()[:8], "big", signed=True)


def begin(attempt: Attempt) -> KeptAnswer | None:
    """Take the key until COMMIT, and find what was answered under it.

    :raises RequestIsInFlight: while another request holds the key.
    :raises KeyIsReused: when the key came with other bytes.
    """
    hold(attempt.scope())

    # a statement of its own, so that it sees what whoever held the lock has committed
    found = KeptAnswer.objects.filter(
        tenant_id=attempt.tenant,
        principal_id=attempt.principal,
        method=attempt.method,
        path=attempt.path,
        key=attempt.key,
    ).first()
    if found and bytes(found.payload_digest) != attempt.payload_digest:
        raise KeyIsReused
    return found


def keep(attempt: Attempt, *, status: int, headers: Mapping[str, str], body: bytes) -> None:
    """Keep an answer in the transaction of its effect."""
    row: list[Any] = [
        attempt.tenant,
        attempt.principal,
        attempt.method,
        attempt.path,
        attempt.key,
        attempt.payload_digest,
        status,
        json.dumps(dict(headers)),
        body,
    ]
    with connection.cursor() as cursor:
        cursor.execute(KEEP, row)
