"""`manage.py work`: processes that work, one that keeps the engine going, one that looks after them."""

from __future__ import annotations

import re
import signal
import socket
import urllib.request
from pathlib import Path

import psutil
import pytest
from django.core.management import CommandError, call_command

from core.jobs.models import Job
from tests.core.jobs import work
from tests.core.jobs.fleet import (
    asked,
    at_the_gate,
    closed,
    ended,
    is_in,
    one_worker,
    running,
    terminate,
    until,
)

BOTH_HOLDERS = re.compile(r'holder_(?:failures\{holder="\S+/nothing"\}|size\{holder="\S+/kept"\}) [1-9]')


def test_work_that_ends_its_process_comes_again_at_once_and_the_others_live_on(
    committing_db: str, tmp_path: Path
) -> None:
    with (
        closed() as opened,
        running(
            committing_db, "--processes=2", "--threads=1", "--lease=600", said=tmp_path / "said"
        ) as supervisor,
    ):
        calm = asked(work.pass_gate, gate=7)
        until(at_the_gate())
        before = set(psutil.Process(supervisor.pid).children())
        deadly = ended(asked(work.exit_at_once))
        left = {process for process in before if process.is_running() and process.status() != "zombie"}
        opened()
        done = ended(calm)
        terminate(supervisor)

        assert supervisor.wait(30) == 0
    # the keeper and the one at the gate
    assert len(left) == 2
    assert (deadly.status, deadly.attempts) == ("dlq", 2)
    assert deadly.error_message
    assert "The worker process ended" in deadly.error_message
    assert (done.status, done.result) == ("completed", 1)
    assert "Stopped." in (tmp_path / "said").read_text()


def test_the_keeper_takes_back_what_a_killed_worker_had(committing_db: str) -> None:
    with closed(), one_worker(committing_db, "--lease=0.5") as worker:
        job = asked(work.pass_gate, gate=7)
        until(at_the_gate())
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        with running(committing_db, "--member=keeper"):
            until(is_in(job, "retry"))

    assert (Job.objects.get().error_message or "").endswith("The worker stopped saying that it is at it.")


def test_the_keeper_answers_prometheus(
    committing_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AUDIT_WITNESSES", f"file://{tmp_path}/nothing,file://{tmp_path}/kept")
    (tmp_path / "kept").mkdir()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    asked(work.add, left=1)
    with running(committing_db, "--member=keeper", f"--metrics-port={port}"):
        until(lambda: len(BOTH_HOLDERS.findall(read(port))) == 2)
        text = read(port)

    assert "xmarket_jobs_due 1.0" in text
    assert "# TYPE xmarket_log_unsealed_rows gauge" in text
    assert "xmarket_log_seal_lag_seconds" in text
    assert text.count("# TYPE xmarket_log_holder_size gauge") == 1
    assert "# TYPE xmarket_jobs_oldest_due_seconds gauge" in text


def read(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


def test_once_does_what_is_due_and_ends(committing_db: str, tmp_path: Path) -> None:
    done, broken = asked(work.add, left=1), asked(work.break_down)

    with running(committing_db, "--once", said=tmp_path / "said") as process:
        assert process.wait(20) == 0

    assert (tmp_path / "said").read_text().splitlines()[-1] == "1 completed, 1 retry"
    assert (ended(done).status, Job.objects.get(pk=broken.pk).status) == ("completed", "retry")


@pytest.mark.parametrize(
    "option", ["--threads=0", "--processes=x", "--threads=257", "--lease=0", "--poll=-1", "--grace=x"]
)
def test_numbers_that_make_no_sense_are_refused(option: str) -> None:
    with pytest.raises(CommandError, match="is not a number"):
        call_command("work", option)
