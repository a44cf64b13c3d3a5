"""What people are to be told about requests."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.access.models import Tenant
from core.database.expressions import ClockNow, TimeOrderedUUID

OCCASIONS = ("put", "due", "escalated", "closed")


class Notice(models.Model):
    """One thing about one request that people are told once; written by the guards alone.

    :ivar occasion: `put` when it is asked, `due` an hour before it is due, `escalated` when nobody decided
        until then, `closed` when it is answered or can be answered no more.
    :ivar job_id: of the job that tells people; none until the worker took care of it.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    request = models.ForeignKey(
        "audit.ApprovalRequest", models.PROTECT, db_constraint=False, db_index=False, related_name="notices"
    )
    occasion = models.CharField(max_length=20)
    job_id = models.UUIDField(null=True)
    noticed_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "approval_notices"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="notice_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["request", "occasion"], name="occasion_is_noticed_once"),
            models.CheckConstraint(condition=Q(occasion__in=OCCASIONS), name="notice_occasion_is_known"),
        ]
        indexes = [
            models.Index(
                fields=["tenant"], name="idx_approval_notices_untold", condition=Q(job_id__isnull=True)
            ),
            models.Index(fields=["job_id"], name="idx_approval_notices_job"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.request_id}"
