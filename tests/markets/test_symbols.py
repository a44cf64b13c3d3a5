"""A symbol is written plainly, whoever writes it."""

from __future__ import annotations

import pytest

from tests.factories import World, acting
from tests.raw import constraint_of, failing, run, state_of

pytestmark = pytest.mark.django_db

# the column itself holds fifty characters
TOO_LONG = "22001"
PROPOSE = "INSERT INTO market_proposals (tenant_id, symbol, proposed_by) VALUES (%s, %s, %s)"


@pytest.mark.parametrize("symbol", ["MOON 2027", "", "MOON\n", "MÖND", "a/b"])
def test_the_database_refuses_a_symbol_with_other_characters(world: World, symbol: str) -> None:
    with acting(world.scout), failing() as caught:
        run(PROPOSE, world.acme.pk, symbol, world.scout.pk)

    assert constraint_of(caught.value) == "symbol_is_written_plainly"


def test_the_database_refuses_a_symbol_of_more_than_fifty_characters(world: World) -> None:
    with acting(world.scout), failing() as caught:
        run(PROPOSE, world.acme.pk, "M" * 51, world.scout.pk)

    assert state_of(caught.value) == TOO_LONG
