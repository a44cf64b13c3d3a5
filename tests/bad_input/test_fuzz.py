"""Whatever is sent, the server does not break."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bad_input.sending import MARKET, PAGE, counted, send
from tests.factories import (
    World,
)

pytestmark = pytest.mark.django_db


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
FIELDS = [
    *MARKET,
    "snapshot_ids",
    "subtype",
    "region",
    "description",
    "risk_level",
    "exposure",
    "metadata",
    "reason",
]
SPOILED = st.dictionaries(
    st.sampled_from([*FIELDS, *PAGE, "body_base64"]) | st.text(max_size=10), JSON, min_size=1, max_size=3
)
OFTEN = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@OFTEN
@given(spoiled=SPOILED, kept=st.booleans())
def test_no_body_whatever_it_says_breaks_the_server(
    scout: Client, world: World, market: dict[str, Any], spoiled: dict[str, Any], kept: bool
) -> None:
    for path, good in (
        ("proposals", market),
        (f"proposals/{world.proposal.pk}/revisions", {**market, "symbol": "MOON-2027"}),
        (f"proposals/{world.proposal.pk}/resubmit", {}),
        ("snapshots", PAGE),
    ):
        before = counted()
        response = send(scout, path, {**good, **spoiled} if kept else spoiled)
        assert response.status_code < 500
        if response.status_code >= 400:
            assert response.headers["Content-Type"] == "application/problem+json"
            assert counted() == before


@OFTEN
@given(body=st.binary(max_size=60) | st.text(max_size=60).map(lambda text: json.dumps(text).encode()))
def test_no_bytes_break_the_server(scout: Client, body: bytes) -> None:
    for path in ("proposals", "snapshots"):
        response = send(scout, path, body)
        assert 400 <= response.status_code < 500
