"""Work to be done once: the `jobs` table (Xmarket's, and the resume agent's tasks as owners' jobs)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce, Now

from core.access.models import Tenant, User
from core.database.expressions import EmptyObject, TenantOfThisUnit, TimeOrderedUUID

STATUSES = ("pending", "processing", "completed", "failed", "retry", "dlq", "cancelled")


class Job(models.Model):
    """One piece of work, named by its type and idempotency key for ever.

    Every default stands in the database, so the source's own INSERTs run as written.
    """

    job_id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, db_default=TenantOfThisUnit(), db_constraint=False, related_name="+"
    )
    owner = models.ForeignKey(User, models.PROTECT, null=True, db_constraint=False, related_name="+")
    visible_to = models.GeneratedField(
        expression=Coalesce("owner", "tenant"), output_field=models.UUIDField(), db_persist=True
    )
    idempotency_key = models.CharField(max_length=255)
    job_type = models.CharField(max_length=100)
    payload = models.JSONField(db_default=EmptyObject())
    max_attempts = models.IntegerField(db_default=5)
    status = models.CharField(max_length=50, db_default="pending")
    attempts = models.IntegerField(db_default=0)
    next_attempt_at = models.DateTimeField(null=True)
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
        ]
        indexes = [
            models.Index(
                fields=["status", "next_attempt_at", "created_at"],
                condition=Q(status__in=["pending", "retry"]),
                name="idx_jobs_waiting",
            ),
            models.Index(fields=["created_at"], name="idx_jobs_created_at"),
            models.Index(fields=["tenant", "owner", "created_at"], name="idx_jobs_of_an_owner"),
            models.Index(
                fields=["completed_at"], condition=Q(completed_at__isnull=False), name="idx_jobs_completed_at"
            ),
            models.Index(fields=["created_at"], condition=Q(status="dlq"), name="idx_jobs_dlq"),
        ]

    def __str__(self) -> str:
        return f"{self.job_type} {self.idempotency_key}"
