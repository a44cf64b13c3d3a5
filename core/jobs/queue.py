"""Work is asked for, once for each key; and people cancel it, or drive it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django_tasks.base import Task

from core.access.models import PLATFORM_TENANT_ID, User
from core.database.expressions import ClockNow
from core.database.rows import insert
from core.database.unit import current, verb
from core.jobs import handlers
from core.jobs.handlers import Handler, canonical
from core.jobs.models import WAITING, Job, JobEvent
from core.jobs.refusals import JobAttempts, JobDiffers, JobMovesAsItMay
from core.messaging.outbox import emit
from core.refusals import NotFound

CHANNEL = "xm_jobs"
# the ids of jobs that ended, for whoever waits for them
ENDED_CHANNEL = "xm_job_ended"
# on the same channel, and no name of a lane
STOP = "stop!"
COLUMNS = (
    "tenant_id, owner_id, job_type, idempotency_key, payload, payload_digest, max_attempts, lane, "
    "concurrency_key, next_attempt_at"
)
# wakes a worker with the COMMIT that makes the job visible; a moment that is over puts nobody in front
ENQUEUE = f"""
    INSERT INTO jobs ({COLUMNS})
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, GREATEST(%s, clock_timestamp()))
    ON CONFLICT DO NOTHING RETURNING job_id, pg_notify('{CHANNEL}', lane)
"""  # noqa: S608 - our own names
BULK = f"""
    WITH added AS (
      INSERT INTO jobs ({COLUMNS})
      SELECT %s, %s, %s, u.key, u.payload::jsonb, u.digest, %s, %s, u.concurrency_key,
             GREATEST(%s, clock_timestamp())
      FROM unnest(%s::text[], %s::text[], %s::bytea[], %s::text[]) u (key, payload, digest, concurrency_key)
      ON CONFLICT DO NOTHING RETURNING 1)
    SELECT count(*), CASE WHEN count(*) > 0 THEN pg_notify('{CHANNEL}', %s) END FROM added
"""  # noqa: S608 - as above
OTHER = """
    SELECT j.idempotency_key FROM unnest(%s::text[], %s::bytea[]) u (key, digest)
    JOIN jobs j ON j.tenant_id = %s AND j.owner_id IS NOT DISTINCT FROM %s AND j.idempotency_key = u.key
    WHERE (j.job_type = %s OR j.owner_id IS NOT NULL)
      AND (j.job_type <> %s OR j.payload_digest IS DISTINCT FROM u.digest) LIMIT 10
"""
FEWEST, MOST = 1, 20
DRIVE_AGAIN = """
    WITH chosen AS (
      SELECT job_id FROM jobs WHERE tenant_id = %s AND status = 'dlq' AND job_type = %s
      ORDER BY created_at LIMIT %s FOR NO KEY UPDATE SKIP LOCKED),
    moved AS (
      UPDATE jobs SET status = 'pending' WHERE job_id IN (SELECT job_id FROM chosen)
      RETURNING tenant_id, job_id, owner_id, trace_id, lane),
    told AS (
      INSERT INTO job_events (tenant_id, job_id, owner_id, trace_id, event_type, payload)
      SELECT tenant_id, job_id, owner_id, trace_id, 'driven_again', %s::jsonb FROM moved)
    SELECT lane, count(*), pg_notify(%s, lane) FROM moved GROUP BY lane
"""


@dataclass(frozen=True)
class Wanted:
    """What a job is to be beside its handler and payload.

    :ivar key: the same key is the same work for ever; a new uuid where none is given.
    :ivar owner: whose work it is, and who alone sees it; None for the tenant's.
    :ivar run_after: not before this moment.
    """

    key: str = ""
    owner: User | None = None
    run_after: datetime | None = None
    max_attempts: int | None = None


def enqueue(
    work: Task[Any, Any], payload: Mapping[str, Any], wanted: Wanted | None = None
) -> tuple[Job, bool]:
    """Ask for work in this unit; it begins once the unit is committed, and never without it.

    :returns: the job, and whether it is new; the same key and payload is the job that was there.
    :raises JobDiffers: when the key belongs to other work.
    :raises JobPayloadDoesNotFit: where the handler does not take it.
    """
    handler, wanted = handlers.of(work), wanted or Wanted()
    handler.arguments(payload)
    written = canonical(payload)
    digest = hashlib.sha256(written).digest()
    tenant, owner = _here(), wanted.owner.pk if wanted.owner else None
    key = wanted.key or str(uuid4())
    attempts = _attempts(handler, wanted)
    row: list[Any] = [tenant, owner, handler.kind, key, written.decode(), digest, attempts]
    row += [handler.queue_name, handler.concurrency_key(payload), wanted.run_after]

    with connection.cursor() as cursor:
        cursor.execute(ENQUEUE, row)
        added = cursor.fetchone()
    if added:
        return Job(
            job_id=added[0],
            tenant_id=tenant,
            owner_id=owner,
            job_type=handler.kind,
            idempotency_key=key,
            payload=dict(payload),
            payload_digest=digest,
            max_attempts=attempts,
            lane=handler.queue_name,
            status="pending",
            attempts=0,
        ), True
    return _same(handler, tenant, owner, key, digest), False


def bulk_enqueue(
    work: Task[Any, Any],
    payloads: Sequence[tuple[str, Mapping[str, Any]]],
    wanted: Wanted | None = None,
) -> int:
    """Ask for many pieces of the same work in one statement; those that were there already stay.

    :param payloads: key and payload of each.
    :returns: how many are new.
    :raises JobDiffers: when a key belongs to other work; nothing is asked for then.
    """
    handler, wanted = handlers.of(work), wanted or Wanted()
    written = []
    for _, payload in payloads:
        handler.arguments(payload)
        written.append(canonical(payload))
    keys = [key for key, _ in payloads]
    digests = [hashlib.sha256(each).digest() for each in written]
    tenant, owner = _here(), wanted.owner.pk if wanted.owner else None
    shared = [tenant, owner, handler.kind, _attempts(handler, wanted), handler.queue_name, wanted.run_after]
    concurrency = [handler.concurrency_key(payload) for _, payload in payloads]

    with connection.cursor() as cursor:
        texts = [each.decode() for each in written]
        cursor.execute(BULK, [*shared, keys, texts, digests, concurrency, handler.queue_name])
        added = int(cursor.fetchone()[0])
        if added < len(keys):
            cursor.execute(OTHER, [keys, digests, tenant, owner, handler.kind, handler.kind])
            other = [key for (key,) in cursor.fetchall()]
            if other:
                raise JobDiffers(keys=other)
    return added


@verb("job:cancel", permission="jobs:cancel")
def cancel(job_id: UUID, *, by: User | None, reason: str) -> Job:
    """End a job that waits; ask the worker to stop one that runs.

    :raises JobMovesAsItMay: for a job that has ended.
    """
    job = _locked(job_id)

    if job.status == "processing":
        Job.objects.filter(pk=job.pk, cancel_requested_at__isnull=True).update(cancel_requested_at=ClockNow())
        _tell(job, "cancel_requested", by, reason)
        _notify(CHANNEL, STOP)
    elif job.status in WAITING:
        Job.objects.filter(pk=job.pk).update(status="cancelled")
        _tell(job, "cancelled", by, reason)
        emit(
            "job.cancelled",
            tenant_id=job.tenant_id,
            entity_type="jobs",
            entity_id=str(job.pk),
            payload={"job_type": job.job_type},
        )
        _notify(ENDED_CHANNEL, str(job.pk))
    else:
        raise JobMovesAsItMay(status=job.status)

    return Job.objects.get(pk=job.pk)


@verb("job:drive_again", permission="jobs:manage")
def drive_again(job_id: UUID, *, by: User | None, reason: str) -> Job:
    """Put a job that stopped, or waits for its next attempt, at the front again, with all its attempts.

    :raises JobMovesAsItMay: for a job that runs, waits already or is completed.
    """
    job = _locked(job_id)
    if job.status not in ("retry", "failed", "dlq", "cancelled"):
        raise JobMovesAsItMay(status=job.status)

    Job.objects.filter(pk=job.pk).update(status="pending")
    _tell(job, "driven_again", by, reason)
    _notify(CHANNEL, job.lane)

    return Job.objects.get(pk=job.pk)


@verb("job:drive_again", permission="jobs:manage")
def drive_all_again(job_type: str, *, by: User | None, reason: str, at_most: int = 500) -> int:
    """Put jobs of a type that ran out of attempts at the front again, the oldest first, all or none of them.

    :returns: how many; ask again where there are more than `at_most`.
    :raises JobMovesAsItMay: where there is none.
    """
    said = json.dumps(_said(by, reason))

    with connection.cursor() as cursor:
        cursor.execute(DRIVE_AGAIN, [_here(), job_type, at_most, said, CHANNEL])
        moved = sum(int(number) for _, number, _ in cursor.fetchall())
    if not moved:
        raise JobMovesAsItMay(detail=f"No job of the type {job_type} is out of attempts here.")

    return moved


def _here() -> UUID:
    return current().tenant or PLATFORM_TENANT_ID


def _attempts(handler: Handler[Any, Any], wanted: Wanted) -> int:
    attempts = handler.max_attempts if wanted.max_attempts is None else wanted.max_attempts
    if not FEWEST <= attempts <= MOST:
        raise JobAttempts(max_attempts=attempts)
    return attempts


def _same(handler: Handler[Any, Any], tenant: UUID, owner: UUID | None, key: str, digest: bytes) -> Job:
    found = Job.objects.filter(tenant_id=tenant, owner_id=owner, idempotency_key=key)
    job = found.first() if owner else found.filter(job_type=handler.kind).first()
    if job is None:
        raise NotFound
    # a source's own INSERT left the digest out
    known = job.payload_digest or hashlib.sha256(canonical(job.payload)).digest()
    if job.job_type != handler.kind or bytes(known) != digest:
        raise JobDiffers(job_id=str(job.pk))
    return job


def _locked(job_id: UUID) -> Job:
    found = Job.objects.select_for_update(no_key=True).filter(pk=job_id, tenant_id=_here()).first()
    if found is None:
        raise NotFound
    return found


def _notify(channel: str, word: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, word])


def _tell(job: Job, event_type: str, by: User | None, reason: str) -> None:
    insert(
        JobEvent,
        tenant_id=job.tenant_id,
        job_id=job.pk,
        owner_id=job.owner_id,
        trace_id=job.trace_id,
        event_type=event_type,
        payload=_said(by, reason),
    )


def _said(by: User | None, reason: str) -> dict[str, Any]:
    return {"reason": reason, "by": str(by.pk) if by else None}
