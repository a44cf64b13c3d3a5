"""The first approval policies: who must say yes before anything governed happens."""

from __future__ import annotations

import json

from django.db import connections

ONE_ADMIN, TWO_ADMINS = {"admin": 1}, {"admin": 2}
DECIDED_BY_ADMINS = (
    "market:create",
    "market:amend",
    "market:resolve",
    "market:void",
    "market:reopen",
    "event:publish",
)
FIRST_POLICIES: tuple[tuple[str, str, dict[str, int]], ...] = (
    *((action, "low", ONE_ADMIN) for action in DECIDED_BY_ADMINS),
    *((action, "medium", ONE_ADMIN) for action in DECIDED_BY_ADMINS),
    *((action, "high", TWO_ADMINS) for action in DECIDED_BY_ADMINS),
    ("policy:change", "high", {"admin": 1, "super-admin": 1}),
    ("snapshot:redact", "high", TWO_ADMINS),
)


def first_policies(using: str) -> None:
    """Set the first policies: one admin for low and medium risk, two people for high, and a day to decide."""
    with connections[using].cursor() as cursor:
        for action, risk, roles in FIRST_POLICIES:
            cursor.execute(
                """
                INSERT INTO approval_policies
                  (action, risk, quorum, required_roles, request_lifetime, grant_lifetime)
                SELECT %(action)s, %(risk)s, %(quorum)s, %(roles)s, interval '24 hours', interval '24 hours'
                WHERE NOT EXISTS (
                  SELECT FROM approval_policies WHERE action = %(action)s AND risk = %(risk)s)
                """,
                {"action": action, "risk": risk, "quorum": sum(roles.values()), "roles": json.dumps(roles)},
            )
