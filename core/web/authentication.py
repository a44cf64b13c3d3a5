"""Who asks: a principal comes with `Authorization: Bearer xm_<prefix>_<secret>`."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from core.access import keys
from core.access.models import User
from core.database.unit import hold
from core.refusals import KeyExpired, KeyRevoked, NotAuthenticated, Refusal

BY_STATE: dict[str, type[Refusal]] = {"expired": KeyExpired, "revoked": KeyRevoked}


@dataclass(frozen=True)
class Principal:
    """What the database knows of a key that was shown to it."""

    key_id: UUID
    user_id: UUID
    tenant_id: UUID
    kind: str
    role: str | None
    state: str


class KeyAuthentication(BaseAuthentication):
    """Finds the principal of a key, and lets the open unit know tenant and actor."""

    def authenticate(self, request: Request) -> tuple[User, Principal] | None:
        """Find who asks; None where the request carries no Authorization at all.

        :raises NotAuthenticated: for everything that is not a live key, in one same answer.
        :raises KeyExpired: for a key that was good once.
        :raises KeyRevoked: for a key that was taken back.
        """
        header = get_authorization_header(request)
        if not header:
            return None
        principal = _known_by(_key_in(header))
        if principal.state != "active":
            raise BY_STATE.get(principal.state, NotAuthenticated)
        hold(tenant=principal.tenant_id, actor=principal.user_id)
        return User.objects.get(pk=principal.user_id), principal

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme of the 401 answer."""
        return "Bearer"


def _key_in(header: bytes) -> str:
    scheme, _, written = header.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not keys.WRITTEN.fullmatch(written):
        raise NotAuthenticated
    return written


def _known_by(written: str) -> Principal:
    prefix = written.split("_")[1]
    query = "SELECT key_id, user_id, tenant_id, kind, role, state FROM authenticate_key(%s, %s)"
    with connection.cursor() as cursor:
        cursor.execute(query, [prefix, keys.digest_of(written)])
        row = cursor.fetchone()
    if row is None:
        raise NotAuthenticated
    return Principal(*row)
