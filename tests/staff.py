"""People of staff at the admin, by Django's own test client."""

from __future__ import annotations

from django.test import Client

from core.access.models import User


def browser(person: User) -> Client:
    """A client that is logged in."""
    client = Client()
    client.force_login(person)
    return client
