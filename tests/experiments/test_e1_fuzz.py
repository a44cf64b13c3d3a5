"""E1: whatever is sent, by whom, to which address: no 500, and no answer outside the description."""

from __future__ import annotations

import os

import pytest

from tests.experiments.fuzzing import Fuzz
from tests.factories import make_key
from tests.test_openapi import Stage, stage

pytestmark = [pytest.mark.experiment("E1"), pytest.mark.django_db]
__all__ = ["stage"]

FULL, SMALL = 10_000, 300
FOUND = 0.6


def test_whatever_is_sent_is_answered_as_it_is_described(stage: Stage) -> None:
    world = stage.world
    actors = {"viewer": world.vera, "editor": world.edith, "admin": world.grace, "agent": world.scout}
    fuzz = Fuzz(stage.ids, {role: make_key(actor) for role, actor in actors.items()})
    wanted = FULL if os.environ.get("FULL_SIZE") else SMALL

    fuzz.run(wanted)

    sent = sum(fuzz.statuses.values())
    broken = sum(count for status, count in fuzz.statuses.items() if status >= 500)
    share = 1 - fuzz.statuses[404] / sent
    counts = ", ".join(f"{status}: {count}" for status, count in sorted(fuzz.statuses.items()))
    verdict = "PASS" if not broken and not fuzz.faults and share >= FOUND and sent >= wanted else "FAIL"
    print(  # noqa: T201 - an experiment prints its line
        f"\nE1 fuzz: {sent} requests by {len(actors)} roles ({counts}), {broken} of 500 and above, "
        f"{len(fuzz.faults)} outside the description, {share:.0%} not 404 (target {FOUND:.0%}) {verdict}"
    )
    assert fuzz.faults == []
    assert verdict == "PASS"
