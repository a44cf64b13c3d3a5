"""A policy in one canonical text: what people read, approve and later find in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import rfc8785

from audit.models import ApprovalPolicy


@dataclass(frozen=True)
class PolicyContent:
    """Who must approve an action at a risk, and how long they have.

    :ivar required_roles: how many of which role, such as `{"admin": 1, "super-admin": 1}`; at most nine.
    :ivar request_lifetime: from asking until nobody can answer any more, 1 hour to 30 days.
    :ivar due_after: from asking until it is escalated; at most `request_lifetime`.
    :ivar grant_lifetime: from the approval until it can be used no more, 1 minute to 30 days.
    :ivar publishes_by_itself: whether nobody is asked at all; for events of low and medium risk alone.
    """

    action: str
    risk: str
    required_roles: Mapping[str, int]
    request_lifetime: timedelta
    due_after: timedelta
    grant_lifetime: timedelta
    needs_reauthentication: bool = True
    publishes_by_itself: bool = False

    @classmethod
    def of(cls, policy: ApprovalPolicy) -> PolicyContent:
        """What a policy says now."""
        return cls(
            action=policy.action,
            risk=policy.risk,
            required_roles=policy.required_roles,
            request_lifetime=policy.request_lifetime,
            due_after=policy.due_after,
            grant_lifetime=policy.grant_lifetime,
            needs_reauthentication=policy.needs_reauthentication,
            publishes_by_itself=policy.publishes_by_itself,
        )

    def written(self) -> dict[str, Any]:
        """The policy as JSON; times in whole seconds."""
        return {
            "action": self.action,
            "risk": self.risk,
            "required_roles": {role: count for role, count in self.required_roles.items() if count},
            "request_lifetime_seconds": _seconds(self.request_lifetime),
            "due_after_seconds": _seconds(self.due_after),
            "grant_lifetime_seconds": _seconds(self.grant_lifetime),
            "needs_reauthentication": self.needs_reauthentication,
            "publishes_by_itself": self.publishes_by_itself,
        }

    def canonical(self, *, instead_of: UUID | None, explanation: str) -> bytes:
        """The text that people approve.

        :param instead_of: the audit id of the grant that set the standing policy; None for a first one.
        """
        beside = {"instead_of": str(instead_of) if instead_of else None, "explanation": explanation}
        written: bytes = rfc8785.dumps({**self.written(), **beside})
        return written


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())
