"""The first approval policies: who must say yes before anything governed happens."""

from __future__ import annotations

import json

from django.db import connections

FIRST_POLICIES = (
    ("market:create", "low", 1),
    ("market:create", "medium", 1),
    ("market:create", "high", 2),
)


def first_policies(using: str) -> None:
    """Set the first policies: one admin for low and medium risk, two for high, and a day to decide."""
    with connections[using].cursor() as cursor:
        for action, risk, quorum in FIRST_POLICIES:
            cursor.execute(
                """
                INSERT INTO approval_policies
                  (action, risk, quorum, required_roles, request_lifetime, grant_lifetime)
                SELECT %(action)s, %(risk)s, %(quorum)s, %(roles)s, interval '24 hours', interval '24 hours'
                WHERE NOT EXISTS (
                  SELECT FROM approval_policies WHERE action = %(action)s AND risk = %(risk)s)
                """,
                {"action": action, "risk": risk, "quorum": quorum, "roles": json.dumps({"admin": quorum})},
            )
