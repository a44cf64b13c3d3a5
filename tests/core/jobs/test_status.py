"""An operator reads how the engine is doing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from core.jobs import status
from core.jobs.queue import Wanted, enqueue
from core.jobs.worker import Worker, new_name
from tests.core.jobs import work
from tests.factories import World, acting

pytestmark = pytest.mark.django_db


def test_a_person_reads_how_the_engine_is(world: World) -> None:
    with acting(world.edith):
        for number in range(2):
            enqueue(work.add, {"left": number})
        enqueue(work.add, {"left": 1}, Wanted(run_after=datetime.now(UTC) + timedelta(hours=1)))
    Worker(["default"], threads=1, name=new_name()).once()
    with acting(world.edith):
        enqueue(work.add, {"left": 3})

    said = re.sub(r"[0-9]+ s", "0 s", status.line())

    assert said == "running 0, due 1, the oldest for 0 s, later 1, out of attempts 0"


def test_the_status_says_so_where_nothing_was_due() -> None:
    assert status.counted({}) == "Nothing was due."
