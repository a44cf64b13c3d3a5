"""`manage.py work`: processes that work, one that keeps the engine going, one that looks after them."""

from __future__ import annotations

import signal
import socket
import urllib.request
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.core.management import CommandError, call_command
from django_tasks.base import Task

from core.jobs.models import Job
from core.jobs.worker import STUCK
from tests.core.jobs import work
from tests.core.jobs.fleet import (
    asked,
    at_the_gate,
    closed,
    cut_off,
    effects,
    ended,
    is_in,
    listens,
    one_worker,
    running,
    terminate,
    until,
)
from tests.raw import every, one


def test_work_begins_by_word_though_nobody_looks_for_an_hour(committing_db: str) -> None:
    with one_worker(committing_db, "--poll=3600"):
        until(listens)
        first, second = asked(work.add, left=1), None
        ended(first)
        second = asked(work.add, left=2)

        assert ended(second).result == 2


def test_work_begins_by_a_look_where_no_word_arrives(committing_db: str) -> None:
    with one_worker(committing_db, "--poll=0.1"):
        until(listens)
        every(
            "INSERT INTO jobs (idempotency_key, job_type, payload) VALUES ('k', 'test:add', '{\"left\": 1}') RETURNING 1"
        )

        assert ended(Job.objects.get()).result == 1


@pytest.mark.parametrize("gate", [work.pass_gate, work.pass_gate_by_two], ids=["one", "batch"])
def test_sigterm_lets_what_runs_end_and_gives_back_the_rest(
    committing_db: str, tmp_path: Path, gate: Task[Any, Any]
) -> None:
    said = tmp_path / "said"
    runs, waits = asked(gate, gate=7), asked(gate, gate=7)
    with closed() as opened, one_worker(committing_db, "--threads=1", said=said) as process:
        until(at_the_gate())
        terminate(process)
        until(lambda: "Asked to stop" in said.read_text())
        opened()

        assert process.wait(20) == 0
    assert (ended(runs).status, runs.attempts) == ("completed", 0)
    left = Job.objects.get(pk=waits.pk)
    assert (left.status, left.attempts) == ("pending", 0)


def test_sigterm_gives_back_what_does_not_end_and_it_counts_as_no_attempt(committing_db: str) -> None:
    with closed(), one_worker(committing_db, "--grace=0.2") as process:
        job = asked(work.pass_gate, gate=7)
        until(at_the_gate())
        terminate(process)

        assert process.wait(20) == 0
    left = Job.objects.get(pk=job.pk)
    assert (left.status, left.attempts, left.error_message) == ("pending", 0, None)
    assert effects() == []


def test_sigterm_gives_back_what_cannot_be_stopped_and_ends(committing_db: str) -> None:
    with one_worker(committing_db, "--grace=0.2") as process:
        job = asked(work.hang_in_c)
        until(is_in(job, "processing"))
        terminate(process)

        assert process.wait(20) == STUCK
    left = Job.objects.get(pk=job.pk)
    assert (left.status, left.attempts) in {("pending", 0), ("dlq", 1)}


@pytest.mark.parametrize("hanging", [work.hang, work.hang_in_the_database], ids=["python", "database"])
def test_what_hangs_ends_by_its_time_limit_and_its_worker_goes_on(
    committing_db: str, hanging: Task[Any, Any]
) -> None:
    with one_worker(committing_db, "--threads=1") as process:
        job = ended(asked(hanging))
        after = ended(asked(work.add, left=1))

        assert process.poll() is None
    assert (job.status, job.attempts, after.status) == ("dlq", 1, "completed")
    assert (job.error_message or "").startswith("time_limit_is_reached")


def test_what_hangs_in_c_ends_with_its_process(committing_db: str) -> None:
    with one_worker(committing_db) as process:
        job = ended(asked(work.hang_in_c))

        assert process.wait(20) == STUCK
    assert job.status == "dlq"
    assert (job.error_message or "").startswith("time_limit_is_reached")


def test_what_lets_nothing_else_run_ends_with_its_process_too(committing_db: str) -> None:
    with one_worker(committing_db, "--lease=1") as process:
        job = asked(work.hold_everything)

        assert process.wait(20) == 1
    assert Job.objects.get(pk=job.pk).status == "processing"


def test_a_thread_without_memory_takes_its_process_with_it(committing_db: str) -> None:
    with one_worker(committing_db) as process:
        asked(work.have_no_memory)

        assert process.wait(20) == STUCK


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


def test_a_running_job_is_stopped_by_cancelling_it(committing_db: str) -> None:
    with closed(), one_worker(committing_db, "--lease=0.6"):
        job = asked(work.pass_gate, gate=7)
        until(at_the_gate())
        every("UPDATE jobs SET cancel_requested_at = now() RETURNING 1")

        assert ended(job).status == "cancelled"
    assert effects() == []


def test_a_lease_is_kept_over_a_job_that_takes_longer(committing_db: str) -> None:
    with closed() as opened, one_worker(committing_db, "--lease=0.6"):
        job = asked(work.pass_gate, gate=7)
        until(at_the_gate())
        first = one("SELECT lease_until FROM jobs")
        until(lambda: one("SELECT lease_until > %s + interval '0.8 seconds' FROM jobs", first))
        opened()

        assert (ended(job).status, ended(job).result) == ("completed", 1)


def test_what_an_attempt_tells_is_seen_while_it_runs(committing_db: str) -> None:
    with closed(), one_worker(committing_db):
        job = asked(work.pass_gate, gate=7)

        until(
            lambda: (
                every("SELECT progress, stage FROM jobs WHERE job_id = %s", job.pk) == [(50, "at the gate")]
            )
        )


def test_a_worker_goes_on_after_it_lost_every_connection(committing_db: str) -> None:
    with closed() as opened, one_worker(committing_db, "--poll=3600", "--lease=3") as process:
        until(listens)
        job = asked(work.pass_gate, gate=7)
        until(at_the_gate())
        assert cut_off() >= 2
        opened()
        again = ended(job)
        until(listens)
        after = ended(asked(work.add, left=1))

        assert process.poll() is None
    assert (again.status, again.result, after.status) == ("completed", 2, "completed")
    assert effects() == [(job.pk, 1)]


def test_the_keeper_takes_back_what_a_killed_worker_had(committing_db: str) -> None:
    with closed(), one_worker(committing_db, "--lease=0.5") as worker:
        job = asked(work.pass_gate, gate=7)
        until(at_the_gate())
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        with running(committing_db, "--member=keeper"):
            until(is_in(job, "retry"))

    assert (Job.objects.get().error_message or "").endswith("The worker stopped saying that it is at it.")


def test_the_keeper_answers_prometheus(committing_db: str) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    asked(work.add, left=1)
    with running(committing_db, "--member=keeper", f"--metrics-port={port}"):
        text = str(until(lambda: read(port)))

    assert "xmarket_jobs_due 1.0" in text
    assert "# TYPE xmarket_log_unsealed_rows gauge" in text
    assert "xmarket_log_seal_lag_seconds" in text
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
