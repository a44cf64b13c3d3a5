"""API keys: `xm_<prefix>_<secret>`, shown once, of which only the sha256 stays."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.db.models.functions import Coalesce, Least, Now

from core.access.models import ApiKey, User
from core.access.permissions import PERMISSIONS
from core.access.principals import EVERYTHING, Principal
from core.access.refusals import KeyIsNoLongerLive, UnknownScope
from core.database.expressions import ClockNow
from core.database.rows import insert
from core.database.unit import verb
from core.refusals import NotAllowed

WRITTEN = re.compile(r"xm_(?P<prefix>[0-9a-f]{12})_(?P<secret>[A-Za-z0-9_-]{43})")
# how long both keys are accepted after a rotation
OVERLAP = timedelta(hours=24)
FIND = "SELECT key_id, user_id, tenant_id, kind, role, scopes, state, policy FROM authenticate_key(%s, %s)"


@verb("key:issue")
def issue(
    user: User,
    *,
    label: str,
    scopes: Sequence[str],
    by: User | None,
    reason: str = "",
    expires_at: datetime | None = None,
) -> tuple[ApiKey, str]:
    """Give a principal a key.

    :param scopes: names of `core.access.permissions`, or `*`; what the user may do limits it further.
    :returns: the row, and the key itself: this is the only time it can be seen.
    :raises UnknownScope: naming what is none.
    :raises TwoKeysAreLive: when the user has two live keys of this label already.
    """
    refuse_unless_responsible(user, by)
    known = known_scopes(scopes)

    prefix = secrets.token_hex(6)
    written = f"xm_{prefix}_{secrets.token_urlsafe(32)}"
    key = insert(
        ApiKey,
        tenant_id=user.tenant_id,
        user_id=user.pk,
        prefix=prefix,
        digest=digest_of(written),
        label=label,
        scopes=known,
        expires_at=expires_at,
    )

    return key, written


@verb("key:rotate")
def rotate(key: ApiKey, *, by: User | None, reason: str, overlap: timedelta = OVERLAP) -> tuple[ApiKey, str]:
    """Put another key of the same label and scopes beside this one, which then ends after `overlap`.

    :returns: the new row, and the new key, which is seen only now.
    :raises KeyIsNoLongerLive: for a key that was revoked or has expired.
    """
    held = (
        ApiKey.objects.select_for_update(no_key=True)
        .annotate(now=ClockNow())
        .prefetch_related("user")
        .get(pk=key.pk)
    )
    refuse_unless_responsible(held.user, by)
    if held.state(held.now) != "live":
        raise KeyIsNoLongerLive

    end = ClockNow() + overlap
    ApiKey.objects.filter(pk=held.pk).update(expires_at=Least(Coalesce(F("expires_at"), end), end))

    return issue(held.user, label=held.label, scopes=held.scopes, by=by, reason=reason)


@verb("key:revoke")
def revoke(key: ApiKey, *, by: User | None, reason: str) -> None:
    """Take a key back: the next request that carries it is refused."""
    refuse_unless_responsible(User.objects.get(pk=key.user_id), by)

    ApiKey.objects.filter(pk=key.pk, revoked_at__isnull=True).update(revoked_at=Now())


def find(written: str) -> Principal | None:
    """Who holds this key, whatever its state; the last use is noted, once a minute."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, [written.split("_")[1], digest_of(written)])
        row = cursor.fetchone()
    if row is None:
        return None
    key_id, user_id, tenant_id, kind, role, scopes, state, policy = row
    return Principal(key_id, user_id, tenant_id, kind, role, tuple(scopes), state, policy)


def is_live(principal: Principal) -> bool:
    """Whether key, user and tenant are all live at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key_is_live(%s)", [principal.key_id])
        return bool(cursor.fetchone()[0])


def digest_of(written: str) -> bytes:
    """The 32 bytes by which a key is known."""
    return hashlib.sha256(written.encode()).digest()


def known_scopes(scopes: Sequence[str]) -> list[str]:
    """The scopes, each once and in order.

    :raises UnknownScope: naming what is no permission.
    """
    unknown = sorted(set(scopes) - PERMISSIONS.keys() - {EVERYTHING})
    if unknown:
        raise UnknownScope(unknown=unknown)
    return sorted(set(scopes))


def refuse_unless_responsible(user: User, by: User | None) -> None:
    """Let nobody make or end the keys of those they are not responsible for.

    The system itself may; a super-admin for everybody; an admin for agents, services and themselves.

    :raises NotAllowed: naming the permission that is missing.
    """
    if by is None or by.has_perm("keys:rotate"):
        return
    if not by.has_perm("keys:manage") or (user.kind == "person" and user.pk != by.pk):
        raise NotAllowed(permission="keys:rotate" if user.kind == "person" else "keys:manage")
