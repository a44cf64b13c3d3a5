"""Work to be done once: the `jobs` table (Xmarket's, and the resume agent's tasks as owners' jobs)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Now

from core.access.models import Tenant, User
from core.database.expressions import (
    ActorOfThisUnit,
    ClockNow,
    CorrelationOfThisUnit,
    EmptyObject,
    TenantOfThisUnit,
    TimeOrderedUUID,
)

DEFAULT_LANE = "default"
WAITING = ("pending", "retry")
ENDED = ("completed", "failed", "dlq", "cancelled")
STATUSES = ("pending", "processing", "completed", "failed", "retry", "dlq", "cancelled")


class Job(models.Model):
    """One piece of work, named by its type and idempotency key for ever.

    Every default stands in the database, so the source's own INSERTs run as written.

    :ivar lane: which workers take it; a worker takes its lanes in the order it was given.
    :ivar payload_digest: sha256 of the payload as RFC 8785 writes it, by which the same work is known.
    :ivar lease_until: until when a worker has it; it says so again before that, or the job is taken back.
    :ivar concurrency_key: jobs of one key wait for each other, where their type says so.
    :ivar timeout_at: when the attempt that runs is stopped.
    """

    job_id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    # every index is written three times for each job: none that another one begins with
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        db_default=TenantOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    visible_to = models.GeneratedField(
        expression=Coalesce("owner", "tenant"), output_field=models.UUIDField(), db_persist=True
    )
    idempotency_key = models.CharField(max_length=255)
    job_type = models.CharField(max_length=100)
    payload = models.JSONField(db_default=EmptyObject())
    max_attempts = models.IntegerField(db_default=5)
    status = models.CharField(max_length=50, db_default="pending")
    attempts = models.IntegerField(db_default=0)
    next_attempt_at = models.DateTimeField(null=True, db_default=Now())
    lane = models.CharField(max_length=50, db_default=DEFAULT_LANE)
    payload_digest = models.BinaryField(null=True)
    concurrency_key = models.CharField(max_length=255, null=True)
    lease_until = models.DateTimeField(null=True)
    locked_by = models.CharField(max_length=100, null=True)
    started_at = models.DateTimeField(null=True)
    timeout_at = models.DateTimeField(null=True)
    last_error_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    stage = models.CharField(max_length=64, null=True)
    progress = models.SmallIntegerField(null=True)
    requested_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        db_column="requested_by",
        db_default=ActorOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    trace_id = models.UUIDField(db_default=CorrelationOfThisUnit())
    result = models.JSONField(null=True)
    error_message = models.TextField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    completed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "jobs"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "job_id"], name="job_belongs_to_its_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "job_type", "idempotency_key"],
                condition=Q(owner__isnull=True),
                name="uq_jobs_type_key",
            ),
            models.UniqueConstraint(
                fields=["tenant", "owner", "idempotency_key"],
                condition=Q(owner__isnull=False),
                name="uq_jobs_owner_key",
            ),
            models.CheckConstraint(condition=Q(status__in=STATUSES), name="job_status_is_known"),
            models.CheckConstraint(condition=Q(max_attempts__range=(1, 20)), name="job_attempts_are_1_to_20"),
            models.CheckConstraint(condition=~Q(lane=""), name="job_has_a_lane"),
            models.CheckConstraint(
                condition=Q(progress__isnull=True) | Q(progress__range=(0, 100)),
                name="job_progress_is_a_percentage",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=WAITING) | Q(next_attempt_at__isnull=False),
                name="waiting_job_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["lane", "tenant", "next_attempt_at", "job_id"],
                condition=Q(status__in=WAITING),
                name="idx_jobs_due",
            ),
            models.Index(
                fields=["concurrency_key"],
                condition=Q(status="processing", concurrency_key__isnull=False),
                name="idx_jobs_running_by_key",
            ),
            models.Index(fields=["lease_until"], condition=Q(status="processing"), name="idx_jobs_leases"),
            models.Index(fields=["created_at"], name="idx_jobs_created_at"),
            models.Index(
                fields=["tenant", "owner", "created_at"],
                condition=Q(owner__isnull=False),
                name="idx_jobs_of_an_owner",
            ),
            models.Index(
                fields=["completed_at"], condition=Q(completed_at__isnull=False), name="idx_jobs_completed_at"
            ),
            models.Index(fields=["created_at"], condition=Q(status="dlq"), name="idx_jobs_dlq"),
        ]

    def __str__(self) -> str:
        return f"{self.job_type} {self.idempotency_key}"


class JobRate(models.Model):
    """When the next job of a type may begin, where its type has a rate."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    job_type = models.CharField(max_length=255)
    begins_at = models.DateTimeField()

    class Meta:
        db_table = "job_rates"
        constraints = [models.UniqueConstraint(fields=["job_type"], name="job_type_has_one_rate")]

    def __str__(self) -> str:
        return self.job_type


class JobEvent(models.Model):
    """Something that happened to a job; whoever sees the job sees it.

    :ivar trace_id: ties it to the request that asked for the job, and to what came of it.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        db_default=TenantOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    job = models.ForeignKey(
        Job, models.CASCADE, db_constraint=False, db_index=False, related_name="job_events"
    )
    owner = models.ForeignKey(
        User, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    visible_to = models.GeneratedField(
        expression=Coalesce("owner", "tenant"), output_field=models.UUIDField(), db_persist=True
    )
    trace_id = models.UUIDField(null=True)
    event_type = models.CharField(max_length=64)
    payload = models.JSONField(db_default=EmptyObject())
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "job_events"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="job_event_belongs_to_its_tenant"),
        ]
        indexes = [
            models.Index(fields=["job", "-created_at"], name="idx_job_events_of_a_job"),
            models.Index(fields=["trace_id"], name="idx_job_events_trace"),
            models.Index(
                fields=["owner", "event_type", "-created_at"],
                condition=Q(owner__isnull=False),
                name="idx_job_events_of_an_owner",
            ),
        ]

    def __str__(self) -> str:
        return self.event_type
