"""What happens around a decision and after it."""

from __future__ import annotations

from django.db import models

from core.access.models import Tenant, User
from core.database.expressions import ClockNow, TimeOrderedUUID


class Revocation(models.Model):
    """A person's word that a grant allows nothing more; what it opened is stopped with it."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    grant = models.ForeignKey(
        "audit.ApprovalGrant",
        models.PROTECT,
        db_column="audit_id",
        db_constraint=False,
        db_index=False,
        related_name="revocations",
    )
    revoked_by = models.ForeignKey(
        User, models.PROTECT, db_column="revoked_by", db_constraint=False, related_name="+"
    )
    reason = models.TextField()
    reauthentication = models.ForeignKey(
        "audit.Reauthentication", models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    revoked_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "approval_revocations"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="revocation_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["grant"], name="grant_is_revoked_once"),
            models.UniqueConstraint(fields=["reauthentication"], name="revocation_has_a_proof_of_its_own"),
        ]

    def __str__(self) -> str:
        return f"revocation of {self.grant_id}"
