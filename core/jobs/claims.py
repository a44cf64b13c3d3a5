"""What a worker says of the jobs it has: claimed, still at it, completed, failed, given back.

Every word of it but the claim names the attempt it speaks of. Where nothing matches, another worker has the
job by now, and whatever this one did is undone with its transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection

from core.jobs import handlers
from core.jobs.refusals import LeaseIsLost
from core.refusals import Refusal, translate

LONGEST_ERROR = 2000
# a job whose key is busy looks again after so many seconds
BUSY_FOR = 1.0
COMPLETE = "SELECT refuse_a_lost_lease(complete_job(%s, %s, %s, %s))"
STOPPED = "The worker stopped saying that it is at it."


@dataclass(frozen=True, slots=True)
class Claimed:
    """One attempt of one job, as its worker knows it."""

    job_id: UUID
    tenant_id: UUID
    owner_id: UUID | None
    job_type: str
    idempotency_key: str
    payload: dict[str, Any]
    attempts: int
    max_attempts: int
    concurrency_key: str | None
    requested_by: UUID | None
    trace_id: UUID
    created_at: datetime
    started_at: datetime
    worker: str


def claim(lanes: Sequence[str], worker: str, *, lease: float, after: UUID) -> list[Claimed]:
    """Take the next jobs that are due and may begin, in this unit.

    :param lanes: the most urgent first.
    :param lease: seconds until the job is taken back, unless the worker says that it is still at it.
    :param after: the tenant that was served last; the next one in turn is looked at first.
    """
    asked = [list(lanes), worker, lease, after, json.dumps(_options())]
    return _begun(_rows("SELECT * FROM claim_jobs(%s, %s, %s, %s, %s)", asked), worker)


def claim_one(job_id: UUID, worker: str, *, lease: float) -> Claimed | None:
    """Take this job, where another queue says whose turn it is; None where it is not due or may not begin."""
    asked = [job_id, worker, lease, json.dumps(_options())]
    begun = _begun(_rows("SELECT * FROM claim_job(%s, %s, %s, %s)", asked), worker)
    return begun[0] if begun else None


def complete(job: Claimed, result: Any, *, and_commit: bool = False) -> None:
    """End the job in the transaction of its effect.

    :param and_commit: it is the last word of its unit, and COMMIT travels with it. What is not this worker's
        to end is an error, behind which the server reads no further.
    :raises LeaseIsLost: when it is no longer this worker's, or the handler ended the transaction.
    """
    # never the transaction that stands around a unit in a test
    commit = "; COMMIT" if and_commit and len(connection.atomic_blocks) == 1 else ""
    try:
        _said(f"{COMPLETE}{commit}", *_ours(job), json.dumps(result))
    except IntegrityError as error:
        if isinstance(translate(error), LeaseIsLost):
            raise LeaseIsLost from None
        raise


def fail(job: Claimed, error: BaseException, *, last: str = "", backoff: float = 60.0) -> str | None:
    """Write down why an attempt failed, and when the next one comes.

    :param last: the state in which the job ends, where no further attempt would help.
    :param backoff: seconds before the second attempt; each further one comes after twice as long.
    :returns: what became of the job; None where it is no longer this worker's.
    """
    found = _said("SELECT fail_job(%s, %s, %s, %s, %s, %s)", *_ours(job), message_of(error), last, backoff)
    return str(found) if found else None


def give_back(job: Claimed, *, after: float = 0.0) -> None:
    """Return a job that was not worked on; the claim counts as no attempt.

    :param after: seconds before it may be claimed again.
    """
    _said("SELECT give_back_job(%s, %s, %s, %s)", *_ours(job), after)


def beat(jobs: Iterable[Claimed], worker: str, *, lease: float) -> dict[tuple[UUID, int], bool]:
    """Say that these are still worked on; for each that is still ours, whether somebody asked to stop it."""
    wanted = [[job.job_id for job in jobs], worker, lease]
    rows = _rows("SELECT * FROM beat_jobs(%s, %s, %s)", wanted)
    return {(job_id, attempts): asked for job_id, attempts, asked in rows}


def tell_progress(job: Claimed, *, progress: int | None, stage: str | None) -> None:
    """Write down how far an attempt is."""
    _said("SELECT tell_job_progress(%s, %s, %s, %s, %s)", *_ours(job), progress, stage)


def reap(worker: str | None = None, *, why: str = STOPPED) -> int:
    """Take back jobs whose lease is over, or that a worker had which has ended; how many those were."""
    backoffs = {kind: known.backoff for kind, known in handlers.every().items()}
    return int(_said("SELECT reap_jobs(%s, %s, %s)", worker, why, json.dumps(backoffs)))


def message_of(error: BaseException) -> str:
    """The one line that stands on the job."""
    if isinstance(error, Refusal):
        return f"{error.code}: {error.facts.get('detail') or error.message}"[:LONGEST_ERROR]
    said = f"{type(error).__name__}: {error}".replace("\x00", "")
    return said.encode("utf-8", "backslashreplace").decode()[:LONGEST_ERROR]


def _ours(job: Claimed) -> tuple[UUID, int, str]:
    return job.job_id, job.attempts, job.worker


def _rows(statement: str, values: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _said(statement: str, *values: Any) -> Any:
    ((found,),) = _rows(statement, values)
    return found


def _options() -> dict[str, Any]:
    """What the database has to know of each type to choose among jobs."""
    return {
        kind: {name: getattr(known, name) for name in ("batch", "time_limit", "concurrency", "rate")}
        for kind, known in handlers.every().items()
    }


def _begun(rows: Sequence[Any], worker: str) -> list[Claimed]:
    found = [Claimed(*[*row[:5], _read(row[5]), *row[6:], worker]) for row in rows]
    # in one order everywhere, because each waits for the lock of its key
    found.sort(key=lambda job: job.concurrency_key or "")
    return [job for job in found if _may_begin(job)]


def _may_begin(job: Claimed) -> bool:
    known = handlers.every().get(job.job_type)
    wait = 0.0
    if known and known.concurrency is not None and _is_busy(job, known.concurrency):
        wait = BUSY_FOR
    elif known and known.rate is not None:
        wait = _turn_in(job.job_type, known.rate)
    if wait > 0:
        give_back(job, after=wait)
    return wait <= 0


def _is_busy(job: Claimed, limit: int) -> bool:
    key = hashlib.sha256(f"job:{job.concurrency_key}".encode()).digest()[:8]
    _said("SELECT pg_advisory_xact_lock(%s)::text", int.from_bytes(key, "big", signed=True))
    # a statement of its own, so that it sees what whoever held the lock has claimed
    running = "SELECT count(*) FROM jobs WHERE concurrency_key = %s AND status = 'processing'"
    return int(_said(running, job.concurrency_key)) > limit


def _turn_in(job_type: str, per_minute: int) -> float:
    """Seconds until a job of this type may begin; 0 where it may now, and then its turn is taken."""
    return float(_said("SELECT take_turn(%s, %s)", job_type, 60 / per_minute))


def _read(payload: Any) -> Any:
    # Django reads jsonb as text
    return json.loads(payload) if isinstance(payload, str) else payload
