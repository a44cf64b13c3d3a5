"""Keys that sign requests: HMAC secrets, shown once and kept encrypted, and Ed25519 public keys."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.db.models.functions import Coalesce, Least, Now

from core.access import keys, vault
from core.access.credentials import ED25519, HMAC, SigningKey
from core.access.models import User
from core.access.refusals import PublicKeyIsEd25519, PublicKeyIsGiven, SigningKeyIsNoLongerLive
from core.database.expressions import ClockNow
from core.database.rows import insert
from core.database.unit import verb

WRITTEN = re.compile(r"xms_[0-9a-f]{16}")
SECRET_BYTES = PUBLIC_KEY_BYTES = 32
# how long both keys are accepted after a rotation
OVERLAP = timedelta(hours=24)
EVERYTHING = ("*",)
POLICIES = ("none", "hmac", "ed25519")


@verb("signing_key:issue")
def issue_hmac(
    user: User,
    *,
    label: str,
    by: User | None,
    reason: str = "",
    scopes: Sequence[str] = EVERYTHING,
    expires_at: datetime | None = None,
) -> tuple[SigningKey, str]:
    """Give a principal a secret to sign with by HMAC-SHA256.

    :param scopes: permission names, or `*`.
    :returns: the row, and the secret as 64 hex digits: this is the only time it can be seen.
    :raises TwoSigningKeysAreLive: when two of this label are live already.
    """
    keys.refuse_unless_responsible(user, by)
    secret = secrets.token_bytes(SECRET_BYTES)
    key = insert(
        SigningKey,
        tenant_id=user.tenant_id,
        user_id=user.pk,
        key_id=_fresh_id(),
        algorithm=HMAC,
        secret=vault.sealed(secret),
        label=label,
        scopes=keys.known_scopes(scopes),
        expires_at=expires_at,
    )
    return key, secret.hex()


@verb("signing_key:register")
def register_ed25519(
    user: User,
    public_key: bytes,
    *,
    label: str,
    by: User | None,
    reason: str = "",
    scopes: Sequence[str] = EVERYTHING,
    expires_at: datetime | None = None,
) -> SigningKey:
    """Accept what the other half of this public key signs as the principal's word.

    :param public_key: the 32 raw bytes; the private key stays where it was made.
    :raises PublicKeyIsEd25519: for anything but 32 bytes.
    :raises TwoSigningKeysAreLive: when two of this label are live already.
    """
    keys.refuse_unless_responsible(user, by)
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise PublicKeyIsEd25519(length=len(public_key))
    return insert(
        SigningKey,
        tenant_id=user.tenant_id,
        user_id=user.pk,
        key_id=_fresh_id(),
        algorithm=ED25519,
        public_key=public_key,
        label=label,
        scopes=keys.known_scopes(scopes),
        expires_at=expires_at,
    )


@verb("signing_key:rotate")
def rotate(
    key: SigningKey,
    *,
    by: User | None,
    reason: str,
    public_key: bytes | None = None,
    overlap: timedelta = OVERLAP,
) -> tuple[SigningKey, str | None]:
    """Put another key beside this one, which then ends after `overlap`.

    :param public_key: the new one, for an Ed25519 key; an HMAC secret is made here.
    :returns: the new row, and for HMAC its secret, which is seen only now.
    :raises SigningKeyIsNoLongerLive: for a key that was revoked or has expired.
    """
    held = SigningKey.objects.select_for_update(no_key=True).annotate(now=ClockNow()).get(pk=key.pk)
    keys.refuse_unless_responsible(held.user, by)
    if held.is_revoked or (held.expires_at and held.expires_at <= held.now):
        raise SigningKeyIsNoLongerLive
    if (held.algorithm == ED25519) != (public_key is not None):
        raise PublicKeyIsGiven

    SigningKey.objects.filter(pk=held.pk).update(
        expires_at=Least(Coalesce(F("expires_at"), ClockNow() + overlap), ClockNow() + overlap)
    )
    given: dict[str, Any] = {"label": held.label, "scopes": held.scopes, "by": by, "reason": reason}
    if public_key is not None:
        return register_ed25519(held.user, public_key, **given), None
    return issue_hmac(held.user, **given)


@verb("signing_key:revoke")
def revoke(key: SigningKey, *, by: User | None, reason: str) -> None:
    """Take a key back: the next request that it signs is refused."""
    keys.refuse_unless_responsible(key.user, by)

    SigningKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=Now())


@verb("user:require_signature", permission="keys:manage")
def require(user: User, policy: str, *, by: User | None, reason: str) -> None:
    """Say what this principal's requests must be signed with.

    :param policy: `none`; `hmac`, which Ed25519 meets as well; or `ed25519`.
    """
    user.signature_policy = policy
    user.save(update_fields=["signature_policy"])


def _fresh_id() -> str:
    return f"xms_{secrets.token_hex(8)}"
