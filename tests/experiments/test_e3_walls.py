"""E3: nobody of another tenant can tell what is there from what is not."""

from __future__ import annotations

import pytest

from tests.experiments.walls import FULL, Asked, ids_of, nobodys, propose_more, ways
from tests.factories import World

pytestmark = [pytest.mark.experiment("E3"), pytest.mark.django_db]

TARGET = 2000


def test_what_is_another_tenants_looks_like_what_does_not_exist(full: World) -> None:
    propose_more(full)
    ids, asked = ids_of(full), list(ways(full))

    told = told_by(asked, ids)

    pairs = len(asked) * len(ids)
    verdict = "PASS" if not told and (pairs >= TARGET or not FULL) else "FAIL"
    print(  # noqa: T201 - an experiment prints its line
        f"\nE3 walls between tenants: {len(asked)} ways x {len(ids)} ids = {pairs} pairs, "
        f"{len(told)} leaks (target {TARGET} pairs, 0 leaks) {verdict}"
    )
    assert told == []
    assert verdict == "PASS"


def test_the_same_ways_find_what_is_ones_own(full: World) -> None:
    propose_more(full)
    full.boris = full.grace

    found = told_by([way for way in ways(full) if "GET" in way.name or "SELECT" in way.name], ids_of(full))

    # a way that finds nothing of one's own would find nothing of anybody's
    kinds = {way.partition(" ")[0] for way in found}
    assert kinds == {"person", "staff", "SELECT"} | ({"agent"} if FULL else set())
    assert len(found) > len(ids_of(full))


def told_by(asked: list[Asked], ids: list[str]) -> list[str]:
    """Every way and id whose answer differs from the answer for an id that nobody has."""
    return [
        f"{way.name} {wanted}"
        for way in asked
        for unknown in {nobodys(wanted) for wanted in ids}
        for expected in [way.ask(unknown)]
        for wanted in ids
        if nobodys(wanted) == unknown and way.ask(wanted) != expected
    ]
