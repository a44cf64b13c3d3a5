"""Signed requests: keys to sign with, and the client that signs, against the application in this process."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from core.access import signing_keys
from core.access.models import User
from core.database.unit import unit
from xmarket_client import Client, Credential, Ed25519Key, HmacKey

HERE = "http://localhost"


def make_hmac_key(user: User, **changes: Any) -> HmacKey:
    """A live secret of this principal's."""
    with unit("staff", tenant=user.tenant_id):
        key, secret = signing_keys.issue_hmac(user, **{"label": "test", "by": None, **changes})
    return HmacKey(key.key_id, secret)


def make_ed25519_key(user: User, **changes: Any) -> Ed25519Key:
    """A live key pair of this principal's."""
    private = Ed25519PrivateKey.generate()
    with unit("staff", tenant=user.tenant_id):
        key = signing_keys.register_ed25519(
            user, private.public_key().public_bytes_raw(), **{"label": "test", "by": None, **changes}
        )
    return Ed25519Key(key.key_id, private.sign)


def require_signature(user: User, policy: str) -> None:
    """Hold the principal to a policy."""
    with unit("staff", tenant=user.tenant_id):
        signing_keys.require(user, policy, by=None, reason="Test.")


def seconds_from_now(seconds: float) -> datetime:
    """A moment near this one."""
    return datetime.now(UTC) + timedelta(seconds=seconds)


class InProcess(httpx.WSGITransport):
    """The way to the application in this process, on this thread's connection to the database."""

    def __init__(self) -> None:
        super().__init__(app=WSGIHandler())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, and leave the connection as it is: a test's transaction lives in it."""
        request_started.disconnect(close_old_connections)
        request_finished.disconnect(close_old_connections)
        try:
            response = super().handle_request(request)
            response.read()
            return response
        finally:
            request_started.connect(close_old_connections)
            request_finished.connect(close_old_connections)


def client_with(credential: Credential, **changes: Any) -> Client:
    """A client of the application in this process."""
    return Client(HERE, credential, **{"transport": InProcess(), **changes})


def signed(
    credential: Credential, method: str, path: str, content: bytes = b"", **headers: str
) -> httpx.Request:
    """A signed request, not yet sent."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = httpx.Request(method, f"{HERE}{path}", content=content or None, headers=named)
    request.read()
    credential.sign(request)
    return request


def sent(request: httpx.Request) -> httpx.Response:
    """Its answer."""
    return InProcess().handle_request(request)
