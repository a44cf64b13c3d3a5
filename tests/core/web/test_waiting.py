"""A web process waits for nobody: it says where it is waited."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.bad_input.sending import refused
from tests.calling import client_of
from tests.factories import World
from tests.raw import one
from tests.signing import make_ed25519_key, sent, signed

pytestmark = pytest.mark.django_db

PATH = "/api/v1/wait/jobs/019aa3f0-0000-7000-8000-000000000000"


def test_whoever_wants_to_wait_is_sent_to_the_stream_process(world: World, settings: Any) -> None:
    settings.STREAM_URL = "https://stream.example.org"

    response = client_of(world.scout).get(f"{PATH}?seconds=5")

    assert (response.status_code, response.content) == (307, b"")
    assert response.headers["Location"] == f"https://stream.example.org{PATH}?seconds=5"
    assert response.headers["Cache-Control"] == "no-store"
    assert Client().head(PATH).status_code == 307


def test_a_signature_is_left_for_whoever_answers(world: World) -> None:
    response = sent(signed(make_ed25519_key(world.scout), "GET", PATH))

    assert response.status_code == 307
    assert one("SELECT count(*) FROM request_nonces") == 0


def test_without_a_stream_process_nobody_waits(world: World, settings: Any) -> None:
    settings.STREAM_URL = ""

    response = client_of(world.scout).get(PATH)

    refused(response, 503, "waiting_is_not_served")
    assert "STREAM_URL" in response.json()["hint"]
    assert response.headers["Retry-After"]


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_waiting_changes_nothing(world: World, method: str) -> None:
    refused(getattr(client_of(world.scout), method)(PATH), 405, "method_not_allowed")
