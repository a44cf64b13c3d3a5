"""Evidence: what was fetched, from where and when, and the bytes themselves, each content once."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q

from core.access.models import Tenant
from core.database.expressions import ClockNow, TenantOfThisUnit, TimeOrderedUUID


class Blob(models.Model):
    """The bytes of one content, compressed, known by the sha256 of what they unpack to."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    digest = models.BinaryField()
    size_bytes = models.BigIntegerField()
    encoding = models.CharField(max_length=20, db_default="zstd")
    body = models.BinaryField()
    created_at = models.DateTimeField(db_default=ClockNow())
    quarantined_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "blobs"
        constraints = [
            models.UniqueConstraint(fields=["digest"], name="content_is_stored_once"),
            models.CheckConstraint(condition=Q(encoding="zstd"), name="blob_encoding_is_known"),
            models.CheckConstraint(condition=Q(size_bytes__range=(0, 1048576)), name="blob_is_at_most_1_mib"),
        ]

    def __str__(self) -> str:
        return f"sha256/{bytes(self.digest).hex()}"


class Snapshot(models.Model):
    """One fetch of one address: one row per fetch, even if the content is unchanged.

    `snapshot_id` is `sha256(url || '|' || fetched_at)` with the time as `YYYY-MM-DDTHH:MM:SS.ffffffZ`
    (Xmarket), checked by the database. It does not commit to the content: `record_digest` does.
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
    snapshot_id = models.CharField(max_length=64)
    url = models.TextField()
    fetched_at = models.DateTimeField()
    object_store_path = models.TextField()
    content_digest = models.BinaryField(null=True)
    content_type = models.CharField(max_length=255, null=True)
    size_bytes = models.BigIntegerField(null=True)
    record_digest = models.GeneratedField(
        expression=Func(
            F("snapshot_id"),
            F("content_digest"),
            F("content_type"),
            F("size_bytes"),
            F("object_store_path"),
            function="snapshot_record_digest",
        ),
        output_field=models.BinaryField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "snapshots"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "snapshot_id"], name="snapshot_differs"),
            models.UniqueConstraint(fields=["tenant", "id"], name="snapshot_belongs_to_its_tenant"),
            models.CheckConstraint(
                condition=Q(snapshot_id=Func(F("url"), F("fetched_at"), function="snapshot_id_of")),
                name="snapshot_id_is_its_source_and_time",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "url"], name="idx_snapshots_url"),
            models.Index(fields=["tenant", "fetched_at"], name="idx_snapshots_fetched_at"),
        ]

    def __str__(self) -> str:
        return f"{self.url} {self.fetched_at}"
