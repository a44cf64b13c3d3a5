"""API keys by command: create, rotate, revoke, list."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from core.access import keys
from core.access.models import ApiKey, User
from core.access.permissions import PERMISSIONS
from core.access.principals import EVERYTHING
from core.database.commands import UnitCommand

SHOWN = 20


class Command(UnitCommand):
    """Issue, rotate, revoke and list a tenant's keys; a new key is printed once, alone on standard output."""

    help = "Create, rotate, revoke and list API keys."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one of four actions, each with its tenant and who acts."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="create|rotate|revoke|list")
        create = actions.add_parser("create", help="give a user a key")
        create.add_argument("user", help="username, in the tenant")
        create.add_argument("--label", default="first", help="what it is for (first)")
        create.add_argument(
            "--scope", action="append", metavar="SCOPE", help="a permission; several times for more (*)"
        )
        create.add_argument("--expires", type=_moment, metavar="DATE", help="such as 2027-01-31 (never)")
        rotate = actions.add_parser("rotate", help="issue a second key, and let this one end")
        rotate.add_argument("--overlap", type=_hours, default=keys.OVERLAP, metavar="HOURS", help="(24)")
        revoke = actions.add_parser("revoke", help="end a key at once")
        for action in (rotate, revoke):
            action.add_argument("prefix", help="the part between the first and the second _")
        for action in (create, rotate, revoke):
            action.add_argument("--reason", default="manage.py keys", help="why, for the audit log")
        for action in (create, rotate, revoke, actions.add_parser("list", help="show every key")):
            super().add_arguments(action)

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Do it in one unit, and say what was done."""
        tenant, actor = self.acting(options)
        with self.refusing(), self.unit(tenant, actor):
            written = getattr(self, f"_{action}")(tenant, actor, options)
        if written:
            self.stderr.write("This key is shown once, now:", self.style.NOTICE)
            self.stdout.write(written)

    def _create(self, tenant: UUID, actor: User | None, options: dict[str, Any]) -> str:
        user = User.objects.filter(tenant_id=tenant, username=options["user"]).first()
        if user is None:
            raise CommandError(f"No user {options['user']!r} here. There is: {_named(tenant)}.")
        scopes = options["scope"] or [EVERYTHING]
        unknown = sorted(set(scopes) - PERMISSIONS.keys() - {EVERYTHING})
        if unknown:
            known = ", ".join([EVERYTHING, *PERMISSIONS])
            raise CommandError(f"No scope {', '.join(unknown)}. There is: {known}.")
        key, written = keys.issue(
            user,
            label=options["label"],
            scopes=scopes,
            by=actor,
            reason=options["reason"],
            expires_at=options["expires"],
        )
        self.stderr.write(f"{key} for {user}, label {key.label}, scopes {' '.join(key.scopes)}.")
        return written

    def _rotate(self, tenant: UUID, actor: User | None, options: dict[str, Any]) -> str:
        old = _key(tenant, options["prefix"])
        new, written = keys.rotate(old, by=actor, reason=options["reason"], overlap=options["overlap"])
        self.stderr.write(
            f"{new} takes the place of {old}, which ends in {options['overlap']} at the latest."
        )
        return written

    def _revoke(self, tenant: UUID, actor: User | None, options: dict[str, Any]) -> None:
        key = _key(tenant, options["prefix"])
        keys.revoke(key, by=actor, reason=options["reason"])
        self.stdout.write(f"{key} is revoked.")

    def _list(self, tenant: UUID, actor: User | None, options: dict[str, Any]) -> None:
        rows = ApiKey.objects.filter(tenant_id=tenant).prefetch_related("user").order_by("user_id", "pk")
        now = timezone.now()
        for key in rows:
            used = f"used {key.last_used_at:%Y-%m-%d %H:%M}Z" if key.last_used_at else "never used"
            ends = f"until {key.expires_at:%Y-%m-%d %H:%M}Z" if key.expires_at else "no end"
            said = (key.prefix, key.state(now), str(key.user), key.label, " ".join(key.scopes), ends, used)
            self.stdout.write("  ".join(said))
        if not rows:
            self.stdout.write("There is no key here.")


def _key(tenant: UUID, prefix: str) -> ApiKey:
    found = ApiKey.objects.filter(tenant_id=tenant, prefix=prefix).first()
    if found is None:
        raise CommandError(f"No key {prefix!r} here: manage.py keys list shows the prefixes.")
    return found


def _named(tenant: UUID) -> str:
    names = User.objects.filter(tenant_id=tenant).order_by("username").values_list("username", flat=True)
    return ", ".join(names[:SHOWN]) or "nobody"


def _moment(text: str) -> datetime:
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is no date such as 2027-01-31") from None
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def _hours(text: str) -> timedelta:
    try:
        return timedelta(hours=abs(float(text)))
    except (ValueError, OverflowError):
        raise ArgumentTypeError(f"{text!r} is no number of hours") from None
