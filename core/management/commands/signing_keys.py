"""Keys that sign requests, at the terminal: made, registered, rotated, revoked and listed."""

from __future__ import annotations

import base64
from argparse import ArgumentTypeError
from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import Error as DatabaseFailure

from core.access import signing_keys
from core.access.credentials import SigningKey
from core.access.models import User
from core.database.commands import UnitCommand
from core.database.unit import current
from core.refusals import Refusal, translate

LONGEST_LABEL = 100


class Command(UnitCommand):
    """Write keys as `--as`, in `--tenant`; a secret is printed once and never again."""

    help = "Make, register, rotate, revoke or list the keys that sign requests."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        what = parser.add_subparsers(
            dest="what", required=True, metavar="create|register|rotate|revoke|require|list"
        )
        create = what.add_parser("create", help="make an HMAC secret for a user")
        register = what.add_parser("register", help="accept an Ed25519 public key of a user")
        for made in (create, register):
            made.add_argument("username", help="whose key it is")
            made.add_argument("--label", default="default", type=_label, help="tells keys of a user apart")
            made.add_argument("--scopes", nargs="+", default=list(signing_keys.EVERYTHING), metavar="SCOPE")
            made.add_argument("--days", type=_days, help="after how many days it ends (never)")
        register.add_argument("public_key", type=_public_key, help="32 bytes, in hex or base64")
        rotate = what.add_parser("rotate", help="put another key beside one, which ends a day later")
        rotate.add_argument("key_id")
        rotate.add_argument("--public-key", type=_public_key, help="the new one, for an Ed25519 key")
        rotate.add_argument("--now", action="store_true", help="end the old one at once")
        revoke = what.add_parser("revoke", help="take a key back")
        revoke.add_argument("key_id")
        require = what.add_parser("require", help="say what a user's requests must be signed with")
        require.add_argument("username", help="whose requests")
        require.add_argument("policy", choices=signing_keys.POLICIES, help="hmac is met by ed25519 as well")
        for changed in (rotate, revoke, require):
            changed.add_argument("--reason", required=True, help="why, for the audit log")
        listed = what.add_parser("list", help="show the keys of the tenant")
        listed.add_argument("username", nargs="?", help="of this user only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do one of the six.

        :raises CommandError: saying what was refused and what to do next.
        """
        tenant, actor = self.acting(options)
        try:
            with self.unit(tenant, actor):
                said = getattr(self, f"_{options['what']}")(options, actor)
        except (Refusal, DatabaseFailure) as error:
            refusal = translate(error)
            if refusal is None:
                raise
            raise CommandError(f"{refusal} {refusal.hint}") from error
        self.stdout.write(said)

    def _create(self, options: dict[str, Any], actor: User | None) -> str:
        key, secret = signing_keys.issue_hmac(_user(options), by=actor, **_given(options))
        return _shown(key, secret)

    def _register(self, options: dict[str, Any], actor: User | None) -> str:
        key = signing_keys.register_ed25519(
            _user(options), options["public_key"], by=actor, **_given(options)
        )
        return _shown(key, None)

    def _rotate(self, options: dict[str, Any], actor: User | None) -> str:
        overlap = timedelta() if options["now"] else signing_keys.OVERLAP
        key, secret = signing_keys.rotate(
            _key(options),
            by=actor,
            reason=options["reason"],
            public_key=options["public_key"],
            overlap=overlap,
        )
        return _shown(key, secret)

    def _revoke(self, options: dict[str, Any], actor: User | None) -> str:
        key = _key(options)
        signing_keys.revoke(key, by=actor, reason=options["reason"])
        return f"{key.key_id} is revoked."

    def _require(self, options: dict[str, Any], actor: User | None) -> str:
        user, policy = _user(options), options["policy"]
        signing_keys.require(user, policy, by=actor, reason=options["reason"])
        return f"{user}: {'any key opens' if policy == 'none' else f'requests must be signed, {policy}'}."

    def _list(self, options: dict[str, Any], actor: User | None) -> str:
        keys = (
            SigningKey.objects.select_related("user")
            .defer("secret", "user__password")
            .order_by("user_id", "pk")
        )
        if options["username"]:
            keys = keys.filter(user=_user(options))
        return "\n".join(_line(key) for key in keys) or "There is none."


def _given(options: dict[str, Any]) -> dict[str, Any]:
    days = options["days"]
    ends = None if days is None else datetime.now(UTC) + timedelta(days=days)
    return {"label": options["label"], "scopes": options["scopes"], "expires_at": ends}


def _user(options: dict[str, Any]) -> User:
    found = User.objects.filter(tenant=current().tenant, username=options["username"]).first()
    if found is None:
        raise CommandError(f"No user {options['username']!r} in this tenant: name one, or another --tenant.")
    return found


def _key(options: dict[str, Any]) -> SigningKey:
    found = SigningKey.objects.filter(key_id=options["key_id"]).first()
    if found is None:
        raise CommandError(f"No signing key {options['key_id']!r} in this tenant: see signing_keys list.")
    return found


def _shown(key: SigningKey, secret: str | None) -> str:
    lines = [f"key id: {key.key_id}"]
    if secret:
        lines.append(f"secret: {secret}")
        lines.append("The secret is shown only now.")
    return "\n".join(lines)


def _line(key: SigningKey) -> str:
    ends = (
        "revoked"
        if key.is_revoked
        else f"until {key.expires_at:%Y-%m-%d %H:%M}"
        if key.expires_at
        else "live"
    )
    used = f"used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
    return f"{key.key_id}  {key.algorithm}  {key.user.username}  {key.label}  {ends}  {used}"


def _label(text: str) -> str:
    if not text.strip() or len(text) > LONGEST_LABEL:
        raise ArgumentTypeError(f"a label has 1 to {LONGEST_LABEL} characters")
    return text


def _days(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:6]) <= 36500):  # noqa: PLR2004 - a century
        raise ArgumentTypeError(f"{text!r} is not a number of days, 1 or more")
    return int(text)


def _public_key(text: str) -> bytes:
    for read in (bytes.fromhex, lambda given: base64.b64decode(given, validate=True)):
        try:
            found = read(text)
        except ValueError:
            continue
        if len(found) == signing_keys.PUBLIC_KEY_BYTES:
            return found
    raise ArgumentTypeError("a public key of Ed25519 is 32 bytes, as 64 hex digits or in base64")
