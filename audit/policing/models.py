"""How policies change: what somebody proposes, and what people's approval of it put into force."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Value

from core.access.models import User
from core.database.expressions import ClockNow, TimeOrderedUUID


class PolicyChange(models.Model):
    """A policy as somebody of the platform wants it; it never changes: who wants another proposes another.

    :ivar canonical: RFC 8785 JSON, the text that people approve.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    action = models.CharField(max_length=100)
    risk = models.CharField(max_length=20)
    canonical = models.BinaryField()
    digest = models.GeneratedField(
        expression=Func(F("canonical"), function="sha256"), output_field=models.BinaryField(), db_persist=True
    )
    proposed_by = models.ForeignKey(
        User, models.PROTECT, db_column="proposed_by", db_constraint=False, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "approval_policy_changes"
        indexes = [models.Index(fields=["action", "risk"], name="idx_policy_changes_policy")]

    def __str__(self) -> str:
        return f"{self.action} at {self.risk} risk"


class PolicyVersion(models.Model):
    """A policy that people approved; its guard alone puts it into force.

    :ivar number: 1 for the first approved change of this policy.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    audit = models.ForeignKey(
        "audit.AuditEvent", models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    approval_action = models.GeneratedField(
        expression=Value("policy:change"), output_field=models.TextField(), db_persist=True
    )
    change = models.ForeignKey(
        PolicyChange, models.PROTECT, db_constraint=False, db_index=False, related_name="versions"
    )
    digest = models.BinaryField()
    number = models.IntegerField()
    action = models.CharField(max_length=100)
    risk = models.CharField(max_length=20)
    quorum = models.IntegerField()
    required_roles = models.JSONField()
    request_lifetime = models.DurationField()
    grant_lifetime = models.DurationField()
    needs_reauthentication = models.BooleanField()
    due_after = models.DurationField()
    publishes_by_itself = models.BooleanField()
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "approval_policy_versions"
        constraints = [
            models.UniqueConstraint(fields=["audit"], name="policy_version_has_an_approval_of_its_own"),
            models.UniqueConstraint(fields=["action", "risk", "number"], name="policy_versions_are_numbered"),
        ]

    def __str__(self) -> str:
        return f"{self.action} at {self.risk} risk, version {self.number}"
