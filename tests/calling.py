"""Asking the API as somebody, and counting what it asks of the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.access.models import User
from tests.factories import make_key


def client_of(user: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {make_key(user)}"})


def queries_of(ask: Callable[[], Any]) -> int:
    # once before, so that the key is remembered
    ask()
    with CaptureQueriesContext(connection) as captured:
        assert ask().status_code == 200
    return len(captured)
