"""Who asks: a principal comes with `Authorization: Bearer xm_<prefix>_<secret>`."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from core.access import keys
from core.access.models import User
from core.access.principals import REMEMBERED, Principal
from core.database.unit import unit
from core.refusals import KeyExpired, KeyRevoked, NotAuthenticated, Refusal

BY_STATE: dict[str, type[Refusal]] = {"expired": KeyExpired, "revoked": KeyRevoked}


def admit(request: HttpRequest, **origin: Any) -> dict[str, UUID]:
    """Find who sends a key, before the unit of the request begins.

    A key that is not remembered is looked up in a short unit of its own, so that its last use is noted
    whatever becomes of the request.

    :param origin: what the unit knows of where the request comes from.
    :returns: tenant and actor for the request's unit; nothing for a request without a key.
    :raises NotAuthenticated: for everything that is not a live key, in one same answer.
    :raises KeyExpired: for a key that was good once.
    :raises KeyRevoked: for a key that was taken back.
    """
    header = get_authorization_header(request)  # type: ignore[arg-type] # it reads META alone
    if not header:
        return {}
    principal = _known(header, origin)
    request.principal = principal  # type: ignore[attr-defined]
    return {"tenant": principal.tenant_id, "actor": principal.user_id}


class KeyAuthentication(BaseAuthentication):
    """Lets the view know the principal that was found before its unit."""

    def authenticate(self, request: Request) -> tuple[User, Principal] | None:
        """Ask whether the principal is live at this moment; None where the request carries no key.

        :raises NotAuthenticated: when key, user or tenant ended since the process remembers them.
        """
        principal: Principal | None = getattr(request._request, "principal", None)  # noqa: SLF001
        if principal is None:
            return None
        if not keys.is_live(principal):
            REMEMBERED.clear()
            raise NotAuthenticated
        return person_of(principal), principal

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme of the 401 answer."""
        return "Bearer"


def person_of(principal: Principal) -> User:
    """The user of a principal, read from the database by whoever looks at more than who it is."""
    user: Any = SimpleLazyObject(lambda: User.objects.get(pk=principal.user_id))
    found: User = user
    return found


def _known(header: bytes, origin: dict[str, Any]) -> Principal:
    written = _key_in(header)
    digest = keys.digest_of(written)
    principal = REMEMBERED.get(digest)
    if principal is None:
        principal = _found(written, origin)
        REMEMBERED.put(digest, principal)
    return principal


def _found(written: str, origin: dict[str, Any]) -> Principal:
    with unit("api", **origin):
        principal = keys.find(written)
    if principal is None:
        raise NotAuthenticated
    if principal.state != "active":
        raise BY_STATE.get(principal.state, NotAuthenticated)
    return principal


def _key_in(header: bytes) -> str:
    scheme, _, written = header.decode("latin-1").partition(" ")
    if scheme.lower() != "bearer" or not keys.WRITTEN.fullmatch(written):
        raise NotAuthenticated
    return written
