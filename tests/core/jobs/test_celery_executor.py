"""Celery as executor: the message is a job's id, and the fence is the engine's own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings

from core.database.unit import unit
from core.jobs import claims
from core.jobs.models import Job
from core.management import children
from tests.core.jobs import work
from tests.core.jobs.fleet import asked, at_the_gate, closed, effects, ended, environment, until
from tests.raw import one

REDIS = shutil.which("redis-server")
pytestmark = pytest.mark.skipif(
    REDIS is None, reason="There is no redis-server: apt-get install redis-server"
)
LANE = "celery"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """A Redis of the test's own, which keeps nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = [str(REDIS), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    server = children.start(words, {}, stdout=subprocess.DEVNULL)
    try:
        until(lambda: answers(port), "redis answers")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.kill()
        server.wait()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def executor(name: str, broker: str, tmp_path: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """A real Celery worker, with two processes and its own beat."""
    words = [sys.executable, "-m", "celery", "--app", "docs.examples.celery_executor", "worker"]
    words += ["--concurrency=2", "--beat", f"--schedule={tmp_path / 'beat'}", "--loglevel=WARNING", *options]
    env = {
        **environment(name),
        "CELERY_BROKER_URL": broker,
        "PYTHONPATH": str(settings.BASE_DIR),
        "C_FORCE_ROOT": "1",
    }
    with (tmp_path / "said").open("a") as said:
        process = children.start(words, env, stdout=said, stderr=said)
        try:
            yield process
        finally:
            process.terminate()
            children.end(process)


def test_celery_does_the_jobs_of_its_lane_and_no_others(
    committing_db: str, broker: str, tmp_path: Path
) -> None:
    jobs = [asked(work.add.using(queue_name=LANE), left=number) for number in range(20)]
    other = asked(work.add, left=1)

    with executor(committing_db, broker, tmp_path):
        results = [ended(job).result for job in jobs]

    assert results == list(range(20))
    assert one("SELECT max(attempts) FROM jobs WHERE lane = 'celery'") == 1
    assert Job.objects.get(pk=other.pk).status == "pending"


def test_a_job_whose_executor_is_killed_comes_again_and_has_one_effect(
    committing_db: str, broker: str, tmp_path: Path
) -> None:
    job = asked(work.pass_gate.using(queue_name=LANE), gate=7)
    with closed() as opened:
        with executor(committing_db, broker, tmp_path) as first:
            until(at_the_gate())
            os.killpg(first.pid, 9)
            first.wait()
        opened()
    # its connection waited in PostgreSQL, and hears only now that nobody is there any more
    until(at_the_gate(0))
    one("UPDATE jobs SET lease_until = now() - interval '1 second' RETURNING 1")
    with unit("worker"):
        assert claims.reap() == 1

    with executor(committing_db, broker, tmp_path):
        again = ended(job)

    assert (again.status, again.attempts) == ("completed", 2)
    assert effects() == [(job.pk, 1)]


def test_a_time_limit_ends_what_celery_runs(committing_db: str, broker: str, tmp_path: Path) -> None:
    job = asked(work.hang_in_the_database.using(queue_name=LANE))

    with executor(committing_db, broker, tmp_path):
        assert (ended(job).error_message or "").startswith("time_limit_is_reached")
