"""Who may do what: every permission of the system, the lowest role that holds it, and why in a sentence.

The one file of roles and permissions. API, admin and verbs ask `allows`; docs/permissions.md is drawn from
here. Roles grow: viewer < editor < admin < super-admin (Xmarket's table of roles).
"""

from __future__ import annotations

from dataclasses import dataclass

ROLES = ("viewer", "editor", "admin", "super-admin")


@dataclass(frozen=True)
class Permission:
    """One thing that persons from `role` upwards may do, and agents and services if it says so."""

    role: str
    sentence: str
    agents: bool = False
    services: bool = False


PERMISSIONS = {
    "proposals:read": Permission("viewer", "See proposals and their revisions.", agents=True, services=True),
    "proposals:propose": Permission(
        "editor", "Propose a market, or a change of one, with evidence.", agents=True
    ),
    "proposals:revise": Permission("editor", "Revise one's own proposal.", agents=True),
    "proposals:withdraw": Permission("editor", "Withdraw one's own proposal.", agents=True),
    "approvals:read": Permission(
        "viewer", "See approval requests and decisions.", agents=True, services=True
    ),
    "approvals:comment": Permission(
        "viewer", "Comment on approval requests that one takes part in.", agents=True
    ),
    "approvals:decide": Permission("admin", "Approve, reject or send back what others proposed."),
    "policies:propose": Permission("admin", "Propose another approval policy, as a person of the platform."),
    "markets:read": Permission(
        "viewer", "See markets and the proof of their approval.", agents=True, services=True
    ),
    "markets:operate": Permission("admin", "Pause, resume, close and clarify a market."),
    "disputes:raise": Permission("editor", "Dispute a resolution with evidence.", agents=True),
    "candidates:read": Permission("viewer", "See proposed events.", agents=True, services=True),
    "candidates:propose": Permission("editor", "Propose an event with evidence.", agents=True),
    "candidates:withdraw": Permission("editor", "Withdraw one's own proposed event.", agents=True),
    "events:retract": Permission("admin", "Take a published event back."),
    "events:read": Permission("viewer", "See published events.", agents=True, services=True),
    "snapshots:read": Permission("viewer", "Read evidence.", agents=True, services=True),
    "snapshots:ingest": Permission("editor", "Store evidence.", agents=True, services=True),
    "jobs:read": Permission("viewer", "See jobs and what happened to them.", agents=True, services=True),
    "jobs:write": Permission("editor", "Ask for work.", agents=True, services=True),
    "jobs:cancel": Permission("editor", "Cancel a job that one sees.", agents=True, services=True),
    "jobs:manage": Permission("admin", "Drive jobs again that stopped."),
    "audit:read": Permission("viewer", "Read the audit log of one's own tenant.", agents=True, services=True),
    "access:read": Permission("admin", "See users, roles and keys."),
    "access:manage": Permission(
        "admin", "Make people and agents, grant and revoke roles up to one's own, disable and enable."
    ),
    "tenants:manage": Permission(
        "super-admin", "Make, disable and enable tenants, as a person of the platform."
    ),
    "entitlements:manage": Permission("admin", "Say what principals are entitled to."),
    "switches:turn": Permission("super-admin", "Stop and release agents: an emergency override."),
    "keys:manage": Permission(
        "admin", "Issue, rotate and revoke one's own keys and those of agents and services."
    ),
    "keys:rotate": Permission("super-admin", "Issue, rotate and revoke anybody's keys."),
}


def allows(permission: str, *, kind: str, role: str | None) -> bool:
    """Whether a principal holds a permission; what is not listed is refused.

    :param kind: `person`, `agent` or `service`; agents and services hold no role.
    :param role: the person's highest role, or None.
    """
    known = PERMISSIONS.get(permission)
    if known is None:
        return False
    if kind == "agent":
        return known.agents
    if kind == "service":
        return known.services
    return role in ROLES and ROLES.index(role) >= ROLES.index(known.role)
