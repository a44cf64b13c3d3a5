"""Asking the API as somebody, and counting what it asks of the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.access.models import User
from tests.factories import make_key


class Caller(Client):
    """A client that sends with every POST what every POST must carry, unless the test says otherwise."""

    def generic(  # type: ignore[override]
        self, method: str, path: str, *args: Any, headers: Any = None, **more: Any
    ) -> Any:
        """Send a key of its own, and act on whatever state there is; a header that is None is left out."""
        usual = {"Idempotency-Key": str(uuid4()), "If-Match": "*"} if method == "POST" else {}
        wanted = {**usual, **(headers or {})}
        sent = {name: value for name, value in wanted.items() if value is not None}
        return super().generic(method, path, *args, headers=sent, **more)


def client_of(user: User) -> Client:
    return Caller(headers={"Authorization": f"Bearer {make_key(user)}"})


def queries_of(ask: Callable[[], Any]) -> int:
    # once before, so that the key is remembered
    ask()
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code == 200
    return len(captured)
