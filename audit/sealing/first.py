"""The reference row of the sealer: nothing is sealed yet, in the first epoch."""

from __future__ import annotations

from django.db import connections


def first_seal(using: str) -> None:
    """Make the one seal there is."""
    with connections[using].cursor() as cursor:
        cursor.execute("INSERT INTO audit_seal DEFAULT VALUES ON CONFLICT DO NOTHING")
