"""Entries of the truth chain are appended, one after the other, and verified."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from audit.truth.models import TruthRecord
from core.access.models import User

APPEND = "SELECT (append_truth(%s, %s, %s, %s, %s, %s, %s)).id"


@dataclass(frozen=True)
class Link:
    """Whether one entry is what it was, and follows the one before."""

    sequence_number: int
    is_valid: bool
    expected_hash: str | None
    actual_hash: str | None


def append(
    record_type: str,
    *,
    subject: tuple[str, UUID],
    payload: Mapping[str, Any],
    by: User | None,
    signature: str = "",
) -> TruthRecord:
    """Put an entry at the end of the chain, in this unit; whoever appends next waits for its COMMIT.

    :param subject: `agent`, `user` or `decision`, and its id.
    :param payload: for everybody to read.
    :param by: who caused it; None for the system.
    """
    actor_type = "system" if by is None else "agent" if by.kind == "agent" else "user"
    asked = [record_type, *subject, json.dumps(payload), by.pk if by else None, actor_type, signature or None]
    with connection.cursor() as cursor:
        cursor.execute(APPEND, asked)
        (made,) = cursor.fetchone()
    return TruthRecord.objects.get(pk=made)


def verify(up_to: int | None = None) -> list[Link]:
    """Look at every entry, from the first one on.

    :param up_to: the last sequence number to look at; None for all, and for the head as well.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM verify_truth_chain_integrity(%s)", [up_to])
        return [Link(*row) for row in cursor.fetchall()]
