"""How a request says who sends it: by a key, by HMAC v1, or by RFC 9421 with Ed25519."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import uuid4

import httpx

Clock = Callable[[], datetime]
# what is signed where a request has it, besides what the server insists on
ALSO_COVERED = ("content-type", "idempotency-key", "if-match")


def utc_now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


class Credential(Protocol):
    """Puts into a request's headers who sends it, anew each time it is sent."""

    def sign(self, request: httpx.Request) -> None:
        """Change the headers of the request, whose body is complete."""


@dataclass(frozen=True)
class ApiKey:
    """A key, sent as it is: `Authorization: Bearer xm_...`."""

    written: str = field(repr=False)

    def sign(self, request: httpx.Request) -> None:
        """Put the key in."""
        request.headers["Authorization"] = f"Bearer {self.written}"


@dataclass(frozen=True)
class HmacKey:
    """A secret that signs by HMAC v1.

    :param secret: 64 hex digits, as the server showed them once.
    """

    key_id: str
    secret: str = field(repr=False)
    clock: Clock = utc_now
    nonce: Callable[[], str] = lambda: str(uuid4())

    def sign(self, request: httpx.Request) -> None:
        """Put the four headers in.

        :raises ValueError: for a request with a query string, which this kind of signature does not cover.
        """
        if request.url.query:
            raise ValueError(
                "HMAC v1 does not cover a query string: sign with Ed25519, or leave the query out."
            )
        moment, nonce = self.clock().isoformat(), self.nonce()
        path = request.url.raw_path.decode("ascii")
        message = f"{request.method.upper()}|{path}|{moment}|{nonce}|".encode() + request.content
        made = hmac.new(bytes.fromhex(self.secret), message, hashlib.sha256).hexdigest()
        request.headers["X-HMAC-KeyId"] = self.key_id
        request.headers["X-HMAC-Ts"] = moment
        request.headers["X-HMAC-Nonce"] = nonce
        request.headers["X-HMAC-Signature"] = made


@dataclass(frozen=True)
class Ed25519Key:
    """A private key that signs by RFC 9421.

    :param signer: turns the bytes to sign into 64 bytes of signature; `from_seed` makes one.
    """

    key_id: str
    signer: Callable[[bytes], bytes] = field(repr=False)
    clock: Clock = utc_now
    nonce: Callable[[], str] = lambda: secrets.token_urlsafe(24)

    @classmethod
    def from_seed(cls, key_id: str, seed: bytes) -> Ed25519Key:
        """Sign with the private key of these 32 bytes.

        :raises ImportError: without the package `cryptography`: install `xmarket-client[ed25519]`.
        """
        from cryptography.hazmat.primitives.asymmetric.ed25519 import (  # noqa: PLC0415 - an optional extra
            Ed25519PrivateKey,
        )

        return cls(key_id, Ed25519PrivateKey.from_private_bytes(seed).sign)

    def sign(self, request: httpx.Request) -> None:
        """Put Content-Digest, Signature-Input and Signature in."""
        digest = base64.b64encode(hashlib.sha256(request.content).digest()).decode()
        request.headers["Content-Digest"] = f"sha-256=:{digest}:"
        parameters, base = self.base_of(request)
        signature = base64.b64encode(self.signer(base.encode("ascii"))).decode()
        request.headers["Signature-Input"] = f"sig={parameters}"
        request.headers["Signature"] = f"sig=:{signature}:"

    def base_of(self, request: httpx.Request) -> tuple[str, str]:
        """The parameters of a signature, and the text that is signed (RFC 9421, 2.5)."""
        values = {
            "@method": request.method,
            "@target-uri": str(request.url),
            "content-digest": request.headers["Content-Digest"],
            **{name: request.headers[name] for name in ALSO_COVERED if name in request.headers},
        }
        names = " ".join(f'"{name}"' for name in values)
        created = int(self.clock().timestamp())
        parameters = f'({names});created={created};keyid="{self.key_id}";nonce="{self.nonce()}";alg="ed25519"'
        lines = [f'"{name}": {value}' for name, value in values.items()]
        return parameters, "\n".join([*lines, f'"@signature-params": {parameters}'])
