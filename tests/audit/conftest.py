"""Both ways to decide."""

from __future__ import annotations

import pytest

from tests.audit.voting import Vote, by_sql, by_verb


@pytest.fixture(params=[by_verb, by_sql], ids=["by the verb", "by raw SQL"])
def vote(request: pytest.FixtureRequest) -> Vote:
    """Decide, once through the verb and once past it."""
    chosen: Vote = request.param
    return chosen
