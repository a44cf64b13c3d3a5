"""The row that P3 saves again and again: in every project the same columns, and the same way to save it.

To be imported once Django is set up.
"""

from __future__ import annotations

import itertools
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.core.management import call_command
from django.db import connection, models, transaction

from bench.peers import contest

PROCESSES, ROWS = 8, 100
Save = Callable[[Any], object]


class Saved(models.Model):
    """A market, as a small project would have it."""

    title = models.TextField()
    state = models.TextField()
    category = models.TextField()
    least = models.IntegerField()
    most = models.IntegerField()
    note = models.TextField()
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


def make(*kept: type[models.Model]) -> None:
    """Make the tables of these models, the first one with a hundred rows for each process."""
    with connection.schema_editor() as editor:
        for model in kept:
            editor.create_model(model)
    model = kept[0]
    model._default_manager.bulk_create(
        model(
            title=f"Will it rain in Paris on day {number}?",
            state="draft",
            category="weather",
            least=1,
            most=99,
            note="Resolves by the national weather service. " * 2,
        )
        for number in range(PROCESSES * ROWS)
    )


def attend(model: type[models.Model], *kept: type[models.Model], command: str = "") -> None:
    """Make what a peer needs, or be the process of a peer that saves as it is asked to.

    :param kept: the models beside it, whose tables no migration makes.
    :param command: of the peer's own, once the tables are there.
    """
    if sys.argv[1:] == ["prepare"]:
        call_command("migrate", verbosity=0)
        make(model, *kept)
        if command:
            call_command(command, "install", verbosity=0)
        return
    take_turns({"saved": (model, save), "atomic": (model, transaction.atomic(save))})


def take_turns(ways: Mapping[str, tuple[type[models.Model], Save]]) -> None:
    """Save the rows of this process, as often as the time allows, in whichever way each turn names."""
    number = int(sys.argv[1])

    def turn(model: type[models.Model], one: Save) -> Callable[[float], float]:
        def saving(seconds: float) -> float:
            mine = {"pk__gt": number * ROWS, "pk__lte": (number + 1) * ROWS}
            rows = itertools.cycle(list(model._default_manager.filter(**mine)))
            began, saved = time.perf_counter(), 0
            while time.perf_counter() - began < seconds:
                row: Any = next(rows)
                row.state = f"state {time.time_ns()}"
                one(row)
                saved += 1
            return saved / (time.perf_counter() - began)

        return saving

    contest.take_turns({name: turn(*way) for name, way in ways.items()})


def save(row: Any) -> None:
    """Save it, as Django does."""
    row.save()
