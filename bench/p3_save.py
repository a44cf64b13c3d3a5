"""P3: what saving a row costs when its change is written down, beside a plain save and three packages.

The same row of eight columns everywhere, changed and saved by Django's own `save()`. Beside a plain save,
ours is saved in a unit, which names who saves and why, with the log's trigger and without it.

The packages come as their own documentation uses them: django-auditlog and django-simple-history by signals,
django-pghistory by a trigger. A save of theirs opens no transaction and names nobody, so beside them ours
opens no unit either: the session has named who saves. What they do where the row and its record are one
transaction, as ours always are, and what ours does with its unit, is told beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

from bench import saving
from bench.database import durable
from bench.figures import Figure, against
from bench.peers.saved import PROCESSES

ROUNDS = 7
SECONDS = 1.0


def measure() -> Iterator[Figure]:
    """Measure all of them in turns, first with one process, then with eight."""
    with ExitStack() as held:
        held.enter_context(durable())
        ours = held.enter_context(saving.ours())
        auditlog, history, pghistory = [
            held.enter_context(saving.peer(name)) for name in ("auditlog", "simple_history", "pghistory")
        ]
        sides = [(ours, "alone"), (auditlog, "saved"), (history, "saved"), (pghistory, "saved")]
        sides += [(auditlog, "atomic"), (history, "atomic"), (pghistory, "atomic"), (ours, "plain_alone")]
        sides += [(ours, "audited"), (ours, "plain")]
        for processes in (1, PROCESSES):
            rounds = [
                [project.rate(way, processes, SECONDS) for project, way in sides] for _ in range(ROUNDS + 1)
            ][1:]  # the first one warms up
            name = f"audited save, {processes} process{'es' if processes > 1 else ''},"
            in_units = [rates[-2:] for rates in rounds]
            yield against("P3", f"{name} vs a plain save", in_units, 1, target=0.8)
            yield against("P3", f"{name} vs django-auditlog", rounds, 1, target=2)
            yield against("P3", f"{name} vs django-simple-history", rounds, 2, target=2)
            # not figures, and worth knowing
            against("P3", f"{name} vs django-pghistory", rounds, 3, target=0)
            for rival, package in enumerate(("auditlog", "simple-history", "pghistory"), start=4):
                against("P3", f"{name} vs django-{package} in a transaction", rounds, rival, target=0)
            against("P3", f"{name} vs a plain save, both without a unit", rounds, 7, target=0)
            against("P3", f"{name} vs the same in a unit", rounds, 8, target=0)
