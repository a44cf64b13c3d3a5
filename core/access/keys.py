"""API keys: `xm_<prefix>_<secret>`, shown once, of which only the sha256 stays."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime

from django.db.models.functions import Now

from core.access.models import ApiKey, User
from core.database.rows import insert
from core.database.unit import verb

WRITTEN = re.compile(r"xm_(?P<prefix>[0-9a-f]{12})_(?P<secret>[A-Za-z0-9_-]{43})")


@verb("key:issue")
def issue(
    user: User, *, label: str, by: User | None, reason: str = "", expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Give a principal a key.

    :returns: the row, and the key itself: this is the only time it can be seen.
    """
    prefix = secrets.token_hex(6)
    written = f"xm_{prefix}_{secrets.token_urlsafe(32)}"
    key = insert(
        ApiKey,
        tenant_id=user.tenant_id,
        user_id=user.pk,
        prefix=prefix,
        digest=digest_of(written),
        label=label,
        expires_at=expires_at,
    )
    return key, written


@verb("key:revoke")
def revoke(key: ApiKey, *, by: User | None, reason: str) -> None:
    """Take a key back: the next request that carries it is refused."""
    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=Now())


def digest_of(written: str) -> bytes:
    """The 32 bytes by which a key is known."""
    return hashlib.sha256(written.encode()).digest()
