"""Who asks, by signature, found out before the request's own unit begins (docs/signing.md)."""

from __future__ import annotations

import functools
import hashlib
import logging
import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.exceptions import BadRequest
from django.db import Error as DatabaseFailure
from django.db import connection
from django.http import HttpRequest, UnreadablePostError
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from core.access import vault
from core.access.credentials import ED25519, HMAC
from core.access.models import User
from core.access.principals import Principal
from core.access.signing_keys import SECRET_BYTES, WRITTEN
from core.database.unit import unit
from core.refusals import DatabaseUnavailable, NotAuthenticated, Refusal, translate
from core.web import hmac_v1, rfc9421
from core.web.authentication import BY_STATE, person_of
from core.web.bodies import raw_body

logger = logging.getLogger("xmarket.signatures")

Claim = hmac_v1.HmacClaim | rfc9421.Ed25519Claim
# by the policy of a principal, what its requests may be signed with
MEETS = {"none": (HMAC, ED25519), "hmac": (HMAC, ED25519), "ed25519": (ED25519,)}
FIND = (
    "SELECT clock_timestamp(), k.key_id, k.user_id, k.tenant_id, k.kind, k.role, k.state, k.algorithm, "
    "k.secret, k.public_key, k.scopes, k.policy FROM (SELECT) one LEFT JOIN signing_key(%s) k ON true"
)


class OneCredential(Refusal):
    """The request says in several ways who sends it."""

    code = "one_credential"
    status = 400
    hint = "Send a key, or the headers of one kind of signature, and nothing besides."


class SignatureIsRequired(Refusal):
    """The requests of this principal are signed, or refused."""

    code = "signature_is_required"
    status = 401
    hint = "Sign the request; `policy` says what with: `hmac` is met by Ed25519 as well."


@dataclass(frozen=True)
class Signed:
    """A request whose signature is genuine and whose nonce was fresh."""

    principal: Principal
    key_id: str
    signature: str
    payload_hash: str

    def known(self) -> dict[str, Any]:
        """What the request's unit knows: who acts, and what the audit log says of it."""
        return {
            "tenant": self.principal.tenant_id,
            "actor": self.principal.user_id,
            "signature": self.signature,
            "payload_hash": self.payload_hash,
        }


@dataclass(frozen=True)
class Found:
    """What the database knows of the key that a claim names; nothing but the time, where there is none."""

    now: datetime
    key_id: UUID | None
    user_id: UUID
    tenant_id: UUID
    kind: str
    role: str | None
    state: str
    algorithm: str | None
    secret: bytes | None
    public_key: bytes | None
    scopes: list[str]
    policy: str

    def principal(self) -> Principal:
        """Who asks."""
        assert self.key_id is not None  # noqa: S101 - a claim that nobody made was refused
        return Principal(
            key_id=self.key_id,
            user_id=self.user_id,
            tenant_id=self.tenant_id,
            kind=self.kind,
            role=self.role,
            scopes=tuple(self.scopes),
            state=self.state,
            policy=self.policy,
        )


def admit(request: HttpRequest, *, limit: int, **origin: Any) -> dict[str, Any]:
    """Check a request that carries a signature and take its nonce, in a short unit that ends before its own.

    What was found waits in `request.signed` for `SignatureAuthentication`.

    :param limit: how many bytes the body may have; a larger one is not hashed.
    :param origin: what the unit knows of where the request comes from.
    :returns: tenant, actor, signature and payload hash for the request's unit; nothing without a signature.
    :raises NotAuthenticated: for whatever is not genuine, of now and fresh, in one same answer.
    :raises DatabaseUnavailable: where the nonce could not be kept: then nothing is accepted.
    """
    scheme = _scheme_of(request)
    if scheme is None:
        return {}
    if scheme is hmac_v1 and request.META.get("QUERY_STRING"):
        raise hmac_v1.QueryNotSigned
    body = _body_of(request, limit)
    claim: Claim = scheme.claim_of(request, body)
    if not WRITTEN.fullmatch(claim.key_id):
        raise NotAuthenticated
    try:
        with unit("api", **origin):
            principal = _checked(claim)
    except DatabaseFailure as error:
        if not isinstance(translate(error), DatabaseUnavailable):
            logger.exception("No nonce can be kept, so no signed request is accepted")
        raise DatabaseUnavailable from error
    signed = Signed(
        principal,
        claim.key_id,
        signature=f"{claim.algorithm}:{claim.key_id}:{claim.signature}",
        payload_hash=hashlib.sha256(body).hexdigest(),
    )
    request.signed = signed  # type: ignore[attr-defined]
    return signed.known()


def admit_again(request: HttpRequest, signed: Signed, **origin: Any) -> dict[str, Any]:
    """Let a request go on that was admitted a while ago, if its key is live still; no nonce is taken.

    :raises NotAuthenticated: where key, user or tenant ended meanwhile.
    """
    with unit("api", **origin):
        found = _found(signed.key_id)
    if found.state != "active":
        raise BY_STATE.get(found.state, NotAuthenticated)
    request.signed = replace(signed, principal=found.principal())  # type: ignore[attr-defined]
    return signed.known()


def refuse_unsigned(request: Request) -> None:
    """Hold a principal that came without a signature to its policy.

    :raises SignatureIsRequired: where it asks for one.
    """
    policy = getattr(request.auth, "policy", "none")
    if _signed(request) is None and policy != "none":
        raise SignatureIsRequired(policy=policy)


class SignatureAuthentication(BaseAuthentication):
    """Lets the view know the principal whose signature was checked before its unit."""

    def authenticate(self, request: Request) -> tuple[User, Principal] | None:
        """Find who asks; None where nothing was signed."""
        signed = _signed(request)
        if signed is None:
            return None
        return person_of(signed.principal), signed.principal

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme of the 401 answer: RFC 9421; HMAC v1 has headers of its own."""
        return "Signature"


def _signed(request: Request) -> Signed | None:
    found: Signed | None = getattr(request._request, "signed", None)  # noqa: SLF001 - DRF's own name for it
    return found


def _scheme_of(request: HttpRequest) -> Any:
    carried = [
        scheme for scheme in (hmac_v1, rfc9421) if any(name in request.headers for name in scheme.HEADERS)
    ]
    if carried and len(carried) + ("Authorization" in request.headers) > 1:
        raise OneCredential
    return carried[0] if carried else None


def _body_of(request: HttpRequest, limit: int) -> bytes:
    try:
        return raw_body(request, limit)
    except UnreadablePostError as error:
        raise BadRequest from error


def _checked(claim: Claim) -> Principal:
    found = _found(claim.key_id)
    # asked of a stranger's key too, so that an unknown key takes the same time and gets the same answer
    is_genuine = claim.is_made_by(_material(found, claim.algorithm))
    if not (is_genuine and found.algorithm == claim.algorithm and claim.is_of_now(found.now)):
        raise NotAuthenticated
    if found.state != "active":
        raise BY_STATE.get(found.state, NotAuthenticated)
    if claim.algorithm not in MEETS[found.policy]:
        raise SignatureIsRequired(policy=found.policy)
    if not _take_nonce(found.key_id, claim.nonce):
        raise NotAuthenticated
    return found.principal()


def _found(key_id: str) -> Found:
    with connection.cursor() as cursor:
        cursor.execute(FIND, [key_id])
        return Found(*cursor.fetchone())


def _take_nonce(key_id: UUID | None, nonce: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT take_nonce(%s, %s)", [key_id, nonce])
        return bool(cursor.fetchone()[0])


def _material(found: Found, algorithm: str) -> bytes:
    known = found.algorithm == algorithm
    if algorithm == ED25519:
        return bytes(found.public_key) if known and found.public_key else _public_key_of_a_stranger()
    try:
        return vault.opened(bytes(found.secret) if known and found.secret else _secret_of_a_stranger())
    except vault.InvalidToken:
        logger.exception("SIGNING_SECRETS_KEY does not open the secret of signing key %s", found.key_id)
        return secrets.token_bytes(SECRET_BYTES)


@functools.cache
def _secret_of_a_stranger() -> bytes:
    return vault.sealed(secrets.token_bytes(SECRET_BYTES))


@functools.cache
def _public_key_of_a_stranger() -> bytes:
    return Ed25519PrivateKey.generate().public_key().public_bytes_raw()
