"""A finder of a weakness learns whom to tell."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.test import Client

from config.environment import Environment

ADDRESS = "/.well-known/security.txt"
CONTACT = "mailto:security@example.org"


def test_it_names_the_contact_and_when_it_expires(client: Client, settings: LazySettings) -> None:
    settings.SECURITY_CONTACT = CONTACT

    answer = client.get(ADDRESS)

    said = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    left = datetime.fromisoformat(said.pop("Expires")) - datetime.now(UTC)
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert timedelta(days=178) < left < timedelta(days=181)
    assert said == {
        "Contact": CONTACT,
        "Preferred-Languages": "en",
        "Canonical": f"http://testserver{ADDRESS}",
    }


def test_without_a_contact_there_is_none(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("wrong", ["security@example.org", "http://example.org", "mailto:a b@c"])
def test_a_contact_that_is_no_address_is_refused(wrong: str) -> None:
    (fault,) = Environment.read({"SECURITY_CONTACT": wrong}).faults

    assert (fault.variable, fault.is_missing) == ("SECURITY_CONTACT", False)
