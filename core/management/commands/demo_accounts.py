"""Who the demo works with: people who decide, one who may more, the operator of the agent, and its keys."""

from __future__ import annotations

import json
import secrets
from decimal import Decimal
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from core.access import entitlements, keys, people, signing_keys
from core.access.credentials import SigningKey
from core.access.models import PLATFORM_TENANT_ID, ApiKey, Tenant, User
from core.access.principals import EVERYTHING
from core.database.rows import insert
from core.database.unit import hold, unit
from core.management import kept

TENANT = "demo"
DECIDERS = ("grace@demo.example", "alan@demo.example")
DECIDES = "decides"
ROOT = "root@demo.example"
MAY_MORE = "super-admin of the platform: also proposes policies, breaks the glass, stops agents"
OPERATOR = "olga@demo.example"
AGENT = "scout"
REASON = "make demo"
PLENTY: dict[str, Any] = {
    "asset_classes": entitlements.ALL,
    "instruments": entitlements.ALL,
    "venues": entitlements.ALL,
    "max_notional": Decimal(1_000_000),
    "proposals_per_minute": 1_000,
    "writes_per_minute": 10_000,
    "open_proposals": 100_000,
}


class Command(BaseCommand):
    """Make the demo's accounts, or print the ones it kept; run again, it changes nothing.

    Passwords and key are random. They stand in `.run/demo.json` (mode 0600) alone: when that is gone, new
    ones are made and the old key is revoked.
    """

    help = "Make the demo's accounts and print them as JSON."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print `{"tenant", "people": [{"email", "password", "may"}], "agent": {...}}`.

        Of the agent: `username`, `key`, and to sign with, `key_id` and `seed`.
        """
        if settings.ENVIRONMENT not in {"development", "test"}:
            raise CommandError(f"ENVIRONMENT is {settings.ENVIRONMENT}: the demo is for development.")
        accounts = kept.read().get("accounts")
        with unit("platform", tenant=PLATFORM_TENANT_ID, reason=REASON):
            tenant = Tenant.objects.filter(name=TENANT).first() or insert(Tenant, name=TENANT)
            if accounts is None or not _is_whole(accounts):
                accounts = _make(tenant)
            hold(tenant=tenant.pk)
            agent = User.objects.get(tenant=tenant, username=AGENT)
            entitlements.entitle(agent, by=None, reason=REASON, **PLENTY)
            accounts["agent"] |= _signing_key(agent, known=accounts["agent"].get("key_id", ""))
        kept.write(accounts=accounts)
        self.stdout.write(json.dumps(accounts))


def _make(tenant: Tenant) -> dict[str, Any]:
    root = _account(ROOT, PLATFORM_TENANT_ID, "super-admin", may=MAY_MORE)
    # everything below belongs to that tenant
    hold(tenant=tenant.pk)
    operator = _person(OPERATOR, tenant.pk, "admin", secrets.token_urlsafe(24))
    agent = User.objects.filter(tenant=tenant, username=AGENT).first()
    if agent is None:
        agent = people.create_agent(AGENT, operated_by=operator, by=None, reason=REASON)
    for old in ApiKey.objects.filter(user=agent, revoked_at__isnull=True):
        keys.revoke(old, by=None, reason="The demo made new ones.")
    deciders = [_account(email, tenant.pk, "admin", may=DECIDES) for email in DECIDERS]
    written = keys.issue(agent, label="demo", scopes=[EVERYTHING], by=None, reason=REASON)[1]
    return {
        "tenant": TENANT,
        "people": [*deciders, root],
        "agent": {"username": AGENT, "key": written},
    }


def _signing_key(agent: User, *, known: str) -> dict[str, str]:
    """The agent's Ed25519 key, made anew where none that is known is live."""
    live = SigningKey.objects.filter(user=agent, label="demo", revoked_at__isnull=True)
    if live.filter(key_id=known).exists():
        return {}
    for old in live:
        signing_keys.revoke(old, by=None, reason="The demo made a new one.")
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    made = signing_keys.register_ed25519(agent, public, label="demo", by=None, reason=REASON)
    return {"key_id": made.key_id, "seed": private.private_bytes_raw().hex()}


def _account(email: str, tenant_id: UUID, role: str, *, may: str) -> dict[str, str]:
    password = secrets.token_urlsafe(12)
    _person(email, tenant_id, role, password)
    return {"email": email, "password": password, "may": may}


def _person(email: str, tenant_id: UUID, role: str, password: str) -> User:
    person = User.objects.filter(email=email, kind="person").first()
    if person is None:
        return people.create_person(
            email, tenant_id=tenant_id, role=role, password=password, by=None, reason=REASON
        )
    people.change_password(person, password, by=None, reason=REASON)
    return person


def _is_whole(accounts: dict[str, Any]) -> bool:
    known = {person["email"] for person in accounts["people"]}
    return known >= {*DECIDERS, ROOT} and _is_live(accounts["agent"]["key"])


def _is_live(written: str) -> bool:
    found = keys.WRITTEN.fullmatch(written)
    return (
        found is not None and ApiKey.objects.filter(prefix=found["prefix"], revoked_at__isnull=True).exists()
    )
