"""What tests start from: a tenant with people and an agent, evidence, and a proposal that waits."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from artifacts import snapshots
from artifacts.models import Snapshot
from audit import approvals, reauthentications
from audit.models import ApprovalDecision, ApprovalRequest
from core.access import entitlements, keys, people
from core.access.models import PLATFORM_TENANT_ID, Tenant, User
from core.database.rows import insert
from core.database.unit import Unit, unit
from core.management.commands.demo_accounts import PLENTY
from markets import proposals
from markets.content import MarketContent, Provenance
from markets.models import Market, Proposal

PASSWORD = "correct horse battery staple"
REASON = "Sources checked, criteria are clear."
PROVENANCE = Provenance("scout", "v1", ("requires-human-approval", "uses-snapshot-ids-for-provenance"))


def acting(user: User | None, role: str = "api", tenant: UUID | None = None) -> AbstractContextManager[Unit]:
    """Open a unit as this user, as the edges do."""
    return unit(role, tenant=tenant or (user.tenant_id if user else None), actor=user.pk if user else None)


def as_staff(person: User, works_in: UUID | None = None) -> AbstractContextManager[Unit]:
    """Open a unit as the admin does; `works_in` is the tenant that a person of the platform picked."""
    return acting(person, "platform" if person.tenant_id == PLATFORM_TENANT_ID else "staff", works_in)


def make_tenant(name: str) -> Tenant:
    """A tenant, made by the platform."""
    with unit("platform", tenant=PLATFORM_TENANT_ID):
        return insert(Tenant, name=name)


def make_person(email: str, tenant: Tenant, role: str = "admin") -> User:
    """A person of staff with the password of all tests."""
    with unit("platform", tenant=tenant.pk):
        return entitled(
            people.create_person(email, tenant_id=tenant.pk, role=role, password=PASSWORD, by=None)
        )


def entitled(user: User) -> User:
    """Entitle somebody to everything there is."""
    entitlements.entitle(
        user, by=None, reason="Entitled to everything.", **{**PLENTY, "max_notional": Decimal("9e15")}
    )
    return user


def make_agent(username: str, operator: User) -> User:
    """An agent that `operator` answers for."""
    with as_staff(operator):
        return entitled(people.create_agent(username, operated_by=operator, by=None))


def make_key(user: User) -> str:
    """A live key, as it is written in the header."""
    with unit("staff", tenant=user.tenant_id):
        return keys.issue(user, label=f"test {secrets.token_hex(4)}", scopes=["*"], by=None)[1]


def make_snapshot(
    by: User, url: str = "https://example.org/page", body: bytes = b"<p>Evidence.</p>"
) -> Snapshot:
    """Evidence, fetched at noon of a fixed day."""
    with acting(by):
        return snapshots.ingest(
            url, body, content_type="text/html", by=by, fetched_at=datetime(2026, 11, 1, 12, tzinfo=UTC)
        )[0]


def make_content(evidence: Snapshot, **changes: Any) -> MarketContent:
    """A market of low risk, unless `changes` say otherwise."""
    content = MarketContent(
        symbol="MOON-2027",
        type="technology",
        title="Will a crewed mission orbit the Moon in 2027?",
        resolution_criteria="Resolves YES if a crewed craft completes one orbit of the Moon in 2027 (UTC).",
        closes_at=datetime(2027, 12, 31, 23, 59, tzinfo=UTC),
        snapshot_ids=(evidence.snapshot_id,),
    )
    return replace(content, **changes)


def make_proposal(by: User, content: MarketContent) -> Proposal:
    """A proposal that waits for a decision."""
    with acting(by):
        return proposals.propose(content, by=by, provenance=PROVENANCE)


def request_for(proposal: Proposal) -> ApprovalRequest:
    """The newest question put to people about this proposal."""
    return proposals.latest_request(proposal)


def decide(
    verb: Callable[..., ApprovalDecision], request: ApprovalRequest, by: User, **changes: Any
) -> ApprovalDecision:
    """Decide as the admin does: password, then the word."""
    with as_staff(by, request.tenant_id):
        proof = reauthentications.confirm(PASSWORD, by=by)
        given = {
            "digest": bytes(request.digest),
            "reauthentication": proof,
            "by": by,
            "reason": REASON,
            **changes,
        }
        return verb(request.pk, **given)


def open_market(proposal: Proposal, by: User) -> Market:
    """Approve a proposal of low risk, so that its market exists."""
    decide(approvals.approve, request_for(proposal), by)
    return Market.objects.get(proposal_id=proposal.pk)


@dataclass
class World:
    """Two tenants; in the first, two who decide, an agent with its operator, evidence and a proposal."""

    acme: Tenant
    beta: Tenant
    grace: User
    alan: User
    vera: User
    edith: User
    olga: User
    boris: User
    root: User
    scout: User
    evidence: Snapshot
    proposal: Proposal

    @property
    def request(self) -> ApprovalRequest:
        """The question that is open about the proposal."""
        return request_for(self.proposal)


_kept: dict[str, World] = {}


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None) -> World:
    """The usual cast: grace and alan decide, olga operates scout, edith edits, vera views, boris is away.

    It was made once for all tests and is rolled back to after each.
    """
    return copy.deepcopy(_kept["full" if "full" in request.fixturenames else "world"])


@pytest.fixture
def full(world: World) -> World:
    """The usual cast, with something of acme's in every table; made once for all tests as well."""
    return world


def keep_world(kind: str) -> None:
    """Make the usual cast for every test to come, and with `full` something in every table."""
    from tests.everything import leave_everything  # noqa: PLC0415 - it stands on this file

    made = make_world()
    if kind == "full":
        leave_everything(made)
    _kept[kind] = made


def make_world() -> World:
    """Make the usual cast in the current database."""
    acme, beta = make_tenant("acme"), make_tenant("beta")
    platform = Tenant.objects.get(pk=PLATFORM_TENANT_ID)
    olga = make_person("olga@acme.example", acme)
    scout = make_agent("scout", olga)
    evidence = make_snapshot(scout)
    return World(
        acme=acme,
        beta=beta,
        grace=make_person("grace@acme.example", acme),
        alan=make_person("alan@acme.example", acme, "super-admin"),
        vera=make_person("vera@acme.example", acme, "viewer"),
        edith=make_person("edith@acme.example", acme, "editor"),
        olga=olga,
        boris=make_person("boris@beta.example", beta),
        root=make_person("root@platform.example", platform, "super-admin"),
        scout=scout,
        evidence=evidence,
        proposal=make_proposal(scout, make_content(evidence)),
    )
