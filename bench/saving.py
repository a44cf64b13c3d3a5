"""The projects that P3 sets beside each other: ours, and three packages that audit, on one durable server.

Each project has a database and eight processes, there before anything is timed, and asked in turns.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench import own_saves, serving
from bench.database import own_database, peer_database
from bench.peers.saved import PROCESSES
from bench.queues import Queue
from core.database import clones
from core.management import children
from tests.factories import make_world


@dataclass(frozen=True)
class Project:
    """One contestant, and the processes that save for it."""

    processes: Sequence[subprocess.Popen[str]]

    def rate(self, way: str, processes: int, seconds: float) -> float:
        """Saves per second, of so many of its processes at once."""
        asked = self.processes[:processes]
        for process in asked:
            assert process.stdin is not None
            process.stdin.write(f"{way} {seconds}\n")
            process.stdin.flush()
        return sum(float(_line(process)) for process in asked)


@contextmanager
def ours() -> Iterator[Project]:
    """Our own saves, on a fresh database."""
    with own_database("xm_bench") as database:
        world = make_world()
        own_saves.make()
        known = {"BENCH_TENANT": str(world.acme.pk), "BENCH_ACTOR": str(world.grace.pk)}
        env = {**clones.addresses(database), **known}
        with _processes([sys.executable, "-m", "bench.own_saves"], env) as project:
            yield project


@contextmanager
def peer(name: str) -> Iterator[Project]:
    """A package that audits, in the environment of the peers."""
    words = [serving.peers_python(), "-m", f"bench.peers.save_{name}"]
    with peer_database(f"xm_bench_{name}") as env:
        Queue(words, env=env).ask("prepare")
        with _processes(words, env) as project:
            yield project


@contextmanager
def _processes(words: Sequence[str], env: Mapping[str, str]) -> Iterator[Project]:
    surroundings = Queue(words, env=env).surroundings()
    with ExitStack() as ending:
        begun = [
            subprocess.Popen(
                [*words, str(number)],
                env=surroundings,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
            )
            for number in range(PROCESSES)
        ]
        for process in begun:
            ending.callback(children.end, process, own_session=False)
        for process in begun:
            assert _line(process) == "ready"
        yield Project(begun)


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()
