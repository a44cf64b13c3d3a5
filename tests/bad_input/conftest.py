"""A client of an agent, and bodies that are accepted as they stand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.bad_input.sending import MARKET, PAGE
from tests.calling import client_of
from tests.factories import (
    World,
)


@pytest.fixture
def scout(world: World) -> Client:
    return client_of(world.scout)


@pytest.fixture
def market(world: World) -> dict[str, Any]:
    """A body that would be accepted."""
    return {**MARKET, "snapshot_ids": [world.evidence.snapshot_id]}


@pytest.fixture
def page() -> dict[str, Any]:
    """A body that would be accepted."""
    return dict(PAGE)
