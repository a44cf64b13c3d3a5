"""What the outside world is told: the outbox (Orion's table)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.access.models import Tenant
from core.database.expressions import TenantOfThisUnit, TimeOrderedUUID


class OutboxEvent(models.Model):
    """One message, written in the transaction of the change it tells of."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        db_default=TenantOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    event_type = models.CharField(max_length=255)
    event_id = models.UUIDField(db_default=TimeOrderedUUID())
    correlation_id = models.UUIDField(null=True)
    entity_type = models.CharField(max_length=100, null=True)
    entity_id = models.CharField(max_length=255, null=True)
    payload = models.JSONField()
    created_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True)
    retry_count = models.IntegerField(null=True, db_default=0)
    last_error = models.TextField(null=True)

    class Meta:
        db_table = "outbox_events"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="outbox_event_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["event_id"], name="message_is_sent_once"),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(published_at__isnull=True), name="idx_outbox_unpublished"
            ),
            models.Index(fields=["tenant"], name="idx_outbox_tenant"),
        ]

    def __str__(self) -> str:
        return self.event_type
