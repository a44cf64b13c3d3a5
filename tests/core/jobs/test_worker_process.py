"""A process that works: what begins it, what ends it, and what becomes of what it was at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django_tasks.base import Task

from core.access.models import PLATFORM_TENANT_ID
from core.database.unit import unit
from core.jobs.models import Job
from core.jobs.queue import cancel
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


def test_work_that_commits_by_itself_fails_and_says_why(committing_db: str) -> None:
    with one_worker(committing_db, "--threads=1") as process:
        job = ended(asked(work.commit))
        after = ended(asked(work.add, left=1))

        assert process.poll() is None
    assert (job.status, after.status) == ("failed", "completed")
    assert (job.error_message or "").startswith("transaction_is_the_units")


def test_a_running_job_is_stopped_at_once_by_cancelling_it(committing_db: str) -> None:
    with closed(), one_worker(committing_db, "--lease=3600"):
        until(listens)
        job = asked(work.pass_gate, gate=7)
        until(at_the_gate())
        with unit("platform", tenant=PLATFORM_TENANT_ID):
            cancel(job.pk, by=None, reason="Not needed any more.")

        assert ended(job).status == "cancelled"
    assert effects() == []


def test_a_running_job_is_stopped_by_the_next_heartbeat_where_no_word_arrives(committing_db: str) -> None:
    with closed(), one_worker(committing_db, "--lease=0.6"):
        job = asked(work.pass_gate, gate=7)
        until(at_the_gate())
        every("UPDATE jobs SET cancel_requested_at = now() RETURNING 1")

        assert ended(job).status == "cancelled"


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
