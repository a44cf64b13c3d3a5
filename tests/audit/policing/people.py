"""People of the platform, and a policy that one of them proposes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from audit import policies
from audit.models import ApprovalPolicy, ApprovalRequest, PolicyChange
from audit.policing.content import PolicyContent
from core.access.models import PLATFORM_TENANT_ID, Tenant, User
from core.database import seeds
from tests.factories import World, as_staff, make_person

WHY = "One person overlooks too much."


@dataclass(frozen=True)
class Platform:
    """Root proposes; ada (admin) and sue (super-admin) can decide."""

    root: User
    ada: User
    sue: User


def make_platform(world: World) -> Platform:
    """The people of the platform, and the first policies."""
    seeds.load("default")
    home = Tenant.objects.get(pk=PLATFORM_TENANT_ID)
    return Platform(
        world.root,
        make_person("ada@platform.example", home),
        make_person("sue@platform.example", home, "super-admin"),
    )


def standing(action: str = "market:create", risk: str = "low") -> ApprovalPolicy:
    """A policy as it stands."""
    return ApprovalPolicy.objects.get(action=action, risk=risk)


def wanted(action: str = "market:create", risk: str = "low", **changes: Any) -> PolicyContent:
    """The standing policy, but for two people and two hours, unless `changes` say otherwise."""
    usual = {"required_roles": {"admin": 1, "super-admin": 1}, "due_after": timedelta(hours=2)}
    return replace(PolicyContent.of(standing(action, risk)), **{**usual, **changes})


def propose(by: User, content: PolicyContent | None = None) -> PolicyChange:
    """Propose a policy as the admin does."""
    with as_staff(by, PLATFORM_TENANT_ID):
        return policies.propose_change(content or wanted(), by=by, reason=WHY)


def asked_about(change: PolicyChange) -> ApprovalRequest:
    """The question that is put to people about it."""
    return ApprovalRequest.objects.get(action="policy:change", subject_id=change.pk)
