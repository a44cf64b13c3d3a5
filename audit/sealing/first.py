"""The reference rows of sealer and truth chain: nothing is sealed, and nothing is said yet."""

from __future__ import annotations

from django.db import connections


def first_rows(using: str) -> None:
    """Make the one seal and the one head that there are."""
    with connections[using].cursor() as cursor:
        cursor.execute("INSERT INTO audit_seal DEFAULT VALUES ON CONFLICT DO NOTHING")
        cursor.execute("INSERT INTO truth_chain_head DEFAULT VALUES ON CONFLICT DO NOTHING")
