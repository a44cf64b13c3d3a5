"""The queues that P7 to P10 set beside each other, on one server that waits for its disk.

Ours, the floor and the peers in PostgreSQL have a database each; Celery has a Redis that writes every word to
disk before it answers. Each is asked in a process of its own, one after the other.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from bench import serving
from bench.database import own_database, peer_database
from core.database import clones, sessions
from core.management import children
from tests.factories import make_world

OURS = "xm_bench_queue"
OF_OURS = ("DATABASE_URL", "DJANGO_SETTINGS_MODULE")
GLANCE, WITHIN = 0.05, 180.0
# what Debian calls the server is a link to one of its tools
REDIS_PACKAGES = ("redis-tools", "libjemalloc2", "liblzf1", "libatomic1")
REDIS = serving.BASE / ".run" / "redis"
REDIS_OPTIONS = ("--port", "0", "--save", "")


@dataclass(frozen=True)
class Queue:
    """One contestant.

    :ivar words: the command that takes a word and numbers (`bench/peers/contest.py`).
    :ivar ended: how many jobs have ended, and when the last one did, in seconds since 1970.
    """

    words: Sequence[str]
    database: str = ""
    env: Mapping[str, str] = field(default_factory=dict)
    empty: str = ""
    ended: str = ""

    def ask(self, word: str, *numbers: int) -> float:
        """Have one word done, and return the number it answers with."""
        words = [*self.words, word, *map(str, numbers)]
        done = subprocess.run(words, check=False, capture_output=True, text=True, env=self.surroundings())
        assert done.returncode == 0, done.stderr[-3000:]
        return float(done.stdout.split()[-1]) if done.stdout.split() else 0.0

    def rate(self, word: str, *numbers: int) -> float:
        """Begin with empty tables, and measure jobs per second."""
        self.clear()
        return self.ask(word, *numbers)

    def drain(self, jobs: int, workers: int, at_once: int = 1) -> float:
        """Jobs per second that some workers do, from the moment when all of them are there."""
        self.clear()
        self.ask("fill", jobs, 100)
        self.settle()
        with ExitStack() as ending:
            processes = [ending.enter_context(self.worker(at_once)) for _ in range(workers)]
            began = time.time()
            for process in processes:
                start(process)
            return jobs / (self._ended(jobs) - began)

    @contextmanager
    def worker(self, at_once: int) -> Iterator[subprocess.Popen[str]]:
        """A worker that is ready and waits for the start; it ends with its standard input."""
        log = serving.BASE / ".run" / "bench-worker.log"
        with log.open("w") as told:
            process = subprocess.Popen(
                [*self.words, "work", str(at_once)],
                env=self.surroundings(),
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=told,
            )
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == "ready\n", log.read_text()[-3000:]
                yield process
                process.communicate(timeout=30)
            finally:
                children.end(process, own_session=False)

    def clear(self) -> None:
        """Leave nothing of what was before."""
        with _connect(self.database) as connection:
            for statement in self.empty.split(";"):
                connection.execute(statement.encode())
        self.settle()

    def settle(self) -> None:
        """Let no one pay for what was before."""
        with _connect(self.database) as connection:
            connection.execute("VACUUM (ANALYZE)")
            connection.execute("CHECKPOINT")

    def surroundings(self) -> dict[str, str]:
        """The environment of its processes, which know of no other database and of no settings."""
        known = {name: value for name, value in os.environ.items() if not name.startswith(OF_OURS)}
        return {**known, **self.env}

    def _ended(self, jobs: int) -> float:
        until = time.monotonic() + WITHIN
        with _connect(self.database) as connection:
            while time.monotonic() < until:
                ((number, at),) = connection.execute(self.ended.encode()).fetchall()
                if number >= jobs:
                    return float(at)
                time.sleep(GLANCE)
        raise AssertionError(f"{number} of {jobs} jobs were done in {WITHIN:.0f} seconds.")


@dataclass(frozen=True)
class Celery(Queue):
    """The one without a database: it measures by itself."""

    def drain(self, jobs: int, workers: int, at_once: int = 1) -> float:
        """Jobs per second, from the first to begin to the last."""
        return self.ask("drain", jobs, workers)

    def drain_carelessly(self, jobs: int, workers: int) -> float:
        """The same where a job may be lost."""
        return self.ask("drain_carelessly", jobs, workers)


def start(process: subprocess.Popen[str]) -> None:
    """Let a worker begin that is ready."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


@contextmanager
def ours(name: str = OURS) -> Iterator[Queue]:
    """Our own queue, on a fresh database."""
    with own_database(name) as database:
        world = make_world()
        env = {**clones.addresses(database), "BENCH_TENANT": str(world.acme.pk)}
        yield Queue(
            words=[sys.executable, "-m", "bench.own_queue"],
            database=database,
            env={**env, "BENCH_ACTOR": str(world.scout.pk)},
            empty="DELETE FROM outbox_events; DELETE FROM jobs",
            ended="SELECT count(*), extract(epoch FROM max(completed_at)) FROM jobs "
            "WHERE status = 'completed'",
        )


@contextmanager
def floor() -> Iterator[Queue]:
    """The queue written by hand, in our own environment."""
    with _peer(
        "floor",
        sys.executable,
        empty="TRUNCATE jobs, job_event, outbox",
        ended="SELECT count(*), extract(epoch FROM max(at)) FROM job_event",
    ) as queue:
        yield queue


@contextmanager
def procrastinate() -> Iterator[Queue]:
    """The peer that is a queue in PostgreSQL and nothing else."""
    with _peer(
        "procrastinate",
        serving.peers_python(),
        empty="TRUNCATE procrastinate_jobs, procrastinate_events, procrastinate_periodic_defers CASCADE",
        ended="SELECT count(*), extract(epoch FROM max(at)) FROM procrastinate_events "
        "WHERE type = 'succeeded'",
    ) as queue:
        yield queue


@contextmanager
def django_tasks() -> Iterator[Queue]:
    """The peer with the same public API."""
    with _peer(
        "django_tasks",
        serving.peers_python(),
        empty="TRUNCATE django_tasks_database_dbtaskresult",
        ended="SELECT count(*), extract(epoch FROM max(finished_at)) FROM django_tasks_database_dbtaskresult "
        "WHERE status = 'SUCCESSFUL'",
    ) as queue:
        yield queue


@contextmanager
def celery() -> Iterator[Celery | None]:
    """Celery with a Redis of its own; None, with the reason on standard error, where there is no Redis."""
    program = _redis()
    if program is None:
        yield None
        return
    folder = serving.BASE / ".run" / "redis-data"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    socket = folder / "socket"
    words = [str(program), "--dir", str(folder), "--unixsocket", str(socket), *REDIS_OPTIONS]
    libraries = {"LD_LIBRARY_PATH": ":".join(map(str, REDIS.glob("usr/lib/*")))}
    server = children.start(words, {**os.environ, **libraries}, stdout=subprocess.DEVNULL)
    try:
        while not socket.exists():
            assert server.poll() is None, "Redis did not start."
            time.sleep(GLANCE)
        words = [serving.peers_python(), "-m", "bench.peers.queue_celery"]
        yield Celery(words, env={"PEER_REDIS": str(socket)})
    finally:
        children.end(server)
        shutil.rmtree(folder)


@contextmanager
def _peer(name: str, python: str, *, empty: str, ended: str) -> Iterator[Queue]:
    database = f"xm_bench_{name}"
    with peer_database(database) as env:
        queue = Queue([python, "-m", f"bench.peers.queue_{name}"], database, env, empty, ended)
        queue.ask("prepare")
        yield queue


def _connect(database: str) -> psycopg.Connection:
    return sessions.connect(database=database)


def _redis() -> Path | None:
    """The server of this machine, or Debian's, unpacked here and installed nowhere."""
    installed = shutil.which("redis-server")
    if installed:
        return Path(installed)
    program = REDIS / "usr" / "bin" / "redis-server"
    if program.exists():
        return program
    try:
        with tempfile.TemporaryDirectory() as folder:
            _run(["apt-get", "download", *REDIS_PACKAGES], folder)
            for package in Path(folder).glob("*.deb"):
                _run(["dpkg-deb", "-x", str(package), str(REDIS)], folder)
        # by its name it is a server, by another a tool that looks at its files
        shutil.copy2(REDIS / "usr" / "bin" / "redis-check-rdb", program)
    except (OSError, subprocess.CalledProcessError) as error:
        said = getattr(error, "stderr", "") or str(error)
        print(
            f"Without Celery, because there is no Redis: {said.strip()[-300:]}", file=sys.stderr, flush=True
        )
        return None
    return program


def _run(words: Sequence[str], folder: str) -> None:
    subprocess.run(["/usr/bin/env", *words], cwd=folder, check=True, capture_output=True, text=True)
