"""The answers that were given under a key: the `idempotency_keys` table."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.access.models import Tenant, User
from core.database.expressions import ClockNow, EmptyObject, TenantOfThisUnit, TimeOrderedUUID

LONGEST_KEY = 255


class KeptAnswer(models.Model):
    """What one principal was answered to one request; written with its effect, and never changed."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        db_default=TenantOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    principal = models.ForeignKey(User, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    method = models.CharField(max_length=10)
    path = models.CharField(max_length=500)
    key = models.CharField(max_length=LONGEST_KEY)
    payload_digest = models.BinaryField()
    status_code = models.IntegerField()
    headers = models.JSONField(db_default=EmptyObject())
    body = models.BinaryField()
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "idempotency_keys"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="kept_answer_belongs_to_its_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "principal", "method", "path", "key"], name="request_is_answered_once"
            ),
            models.CheckConstraint(
                condition=Q(status_code__range=(200, 299)), name="kept_answer_is_a_success"
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="idx_idempotency_keys_age")]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.key}"
