"""HMAC v1: what four headers claim about a request, and whether a secret made it (docs/signing.md)."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest
from django.utils.encoding import escape_uri_path

from core.access.credentials import HMAC
from core.refusals import NotAuthenticated, Refusal

HEADERS = ("X-HMAC-KeyId", "X-HMAC-Ts", "X-HMAC-Nonce", "X-HMAC-Signature")
# written in one way, it can be read in one way: no NaN, no seconds since somewhen, always an offset
MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
UUID4 = re.compile(r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
SIGNATURE = re.compile(r"(?i)[0-9a-f]{64}")
WINDOW = timedelta(seconds=120)


class QueryNotSigned(Refusal):
    """This kind of signature does not cover a query string, so it is accepted without one only."""

    code = "query_not_signed"
    status = 400
    hint = "Sign the request with Ed25519 (RFC 9421), which covers the query, or leave the query out."


@dataclass(frozen=True)
class HmacClaim:
    """That the holder of a secret sent exactly this request, at this moment, once."""

    key_id: str
    moment: datetime
    nonce: str
    signature: str
    message: bytes
    algorithm: str = HMAC

    def is_of_now(self, now: datetime) -> bool:
        """Whether it was made at most 120 seconds ago, or ahead."""
        return abs(now - self.moment) <= WINDOW

    def is_made_by(self, secret: bytes) -> bool:
        """Whether this secret signed it, found out in the same time whatever differs."""
        made = hmac.new(secret, self.message, hashlib.sha256).hexdigest()
        return hmac.compare_digest(made, self.signature.lower())


def claim_of(request: HttpRequest, body: bytes) -> HmacClaim:
    """Read what the headers claim.

    :raises NotAuthenticated: for whatever is not written as it must be, in the answer of all failures.
    """
    key_id, moment, nonce, signature = (request.headers.get(name, "") for name in HEADERS)
    if not (MOMENT.fullmatch(moment) and UUID4.fullmatch(nonce) and SIGNATURE.fullmatch(signature)):
        raise NotAuthenticated
    return HmacClaim(
        key_id=key_id,
        moment=_read(moment),
        # one nonce in whatever case
        nonce=str(UUID(nonce)),
        signature=signature,
        message=string_to_sign(str(request.method), escape_uri_path(request.path), moment, nonce, body),
    )


def string_to_sign(method: str, path: str, moment: str, nonce: str, body: bytes) -> bytes:
    """METHOD|path|ts|nonce|body: none of the first four can hold a |, so it is read in one way only."""
    return f"{method.upper()}|{path}|{moment}|{nonce}|".encode() + body


def _read(moment: str) -> datetime:
    try:
        return datetime.fromisoformat(moment)
    except ValueError:
        raise NotAuthenticated from None
