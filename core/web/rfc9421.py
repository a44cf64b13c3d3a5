"""RFC 9421: what Signature-Input and Signature claim about a request, and whether an Ed25519 key made it.

The base that is signed is built by the package `http-message-signatures`. What it leaves to its caller is
done here: which components must be covered, that the digest is of the bytes that came, which parameters
there are, and one clock for all processes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import http_sf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.http import HttpRequest
from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)

from core.access.credentials import ED25519
from core.refusals import NotAuthenticated, Refusal
from core.web.hmac_v1 import WINDOW

HEADERS = ("Signature-Input", "Signature")
COVERED = ("@method", "@target-uri", "content-digest")
REQUIRED = {"created": int, "keyid": str, "nonce": str}
OPTIONAL = {"alg": str, "expires": int}
NONCE = re.compile(r"[!-~]{16,128}")
LONGEST_HEADER = 8192


class OneSignature(Refusal):
    """The request carries several signatures."""

    code = "one_signature"
    status = 400
    hint = "Send one signature, under whatever label."


@dataclass(frozen=True)
class Message:
    """The request as the package reads it."""

    method: str
    url: str
    headers: Any


@dataclass(frozen=True)
class Ed25519Claim:
    """That the holder of a private key sent exactly this request, at this moment, once."""

    key_id: str
    created: int
    expires: int | None
    nonce: str
    signature: str
    message: Message
    body: bytes = field(repr=False)
    algorithm: str = ED25519

    def is_of_now(self, now: datetime) -> bool:
        """Whether it was made at most 120 seconds ago, or ahead, and has not expired."""
        seconds = now.timestamp()
        is_near = abs(seconds - self.created) <= WINDOW.total_seconds()
        return is_near and (self.expires is None or seconds < self.expires)

    def is_made_by(self, public_key: bytes) -> bool:
        """Whether the other half of this key signed it, and the body is the one that was signed."""
        verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_OneKey(public_key))
        try:
            verifier.verify(self.message, max_age=None, require_components=COVERED, body=self.body)
        except (HTTPMessageSignaturesException, ValueError):
            return False
        return True


def claim_of(request: HttpRequest, body: bytes) -> Ed25519Claim:
    """Read what the headers claim.

    :raises OneSignature: where there are several labels.
    :raises NotAuthenticated: for whatever is not written as it must be, in the answer of all failures.
    """
    inputs, signatures = (_dictionary(request.headers.get(name, "")) for name in HEADERS)
    if len(inputs) > 1 or len(signatures) > 1:
        raise OneSignature
    given = _parameters(*inputs.values())
    signature = next(iter(signatures.values()), (None, None))[0]
    if not isinstance(signature, bytes) or inputs.keys() != signatures.keys():
        raise NotAuthenticated
    return Ed25519Claim(
        key_id=given["keyid"],
        created=given["created"],
        expires=given.get("expires"),
        nonce=given["nonce"],
        signature=request.headers["Signature"].partition("=")[2],
        message=Message(str(request.method), request.build_absolute_uri(), request.headers),
        body=body,
    )


def _dictionary(header: str) -> dict[str, Any]:
    if not header or len(header) > LONGEST_HEADER:
        raise NotAuthenticated
    try:
        parsed: Any = http_sf.parse(header.encode(), tltype="dictionary", on_duplicate_key=_refuse_twice)
    except (ValueError, TypeError):
        raise NotAuthenticated from None
    return dict(parsed)


def _refuse_twice(key: str, context: str) -> None:
    raise OneSignature if context == "dictionary" else NotAuthenticated


def _parameters(*members: Any) -> dict[str, Any]:
    if not members or not isinstance(members[0], tuple):
        raise NotAuthenticated
    given: dict[str, Any] = dict(members[0][1])
    known = REQUIRED | OPTIONAL
    # bool is an int to Python
    is_written_well = all(name in known and type(value) is known[name] for name, value in given.items())
    if not (is_written_well and given.keys() >= REQUIRED.keys() and NONCE.fullmatch(given["nonce"])):
        raise NotAuthenticated
    return given


class _Verifier(HTTPMessageVerifier):
    """Leaves time to `Ed25519Claim.is_of_now`, which asks the database's clock."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        pass


class _OneKey(HTTPSignatureKeyResolver):
    """Knows the one key that the claim names."""

    def __init__(self, public_key: bytes) -> None:
        self.public_key = public_key

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return Ed25519PublicKey.from_public_bytes(self.public_key)
