"""What happened, and what people decided about it."""

from __future__ import annotations

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from audit.approving.models import Claim, Comment, DecisionList, Delegation, Override, Revocation
from audit.notices.models import Notice
from audit.policing.models import PolicyChange, PolicyVersion
from audit.sealing.models import Cosignature, HolderState, LogCheckpoint, LogTile, Seal
from audit.truth.models import TruthHead, TruthRecord
from core.access.models import Tenant, User
from core.database.expressions import (
    ClockNow,
    CurrentTransaction,
    EmptyObject,
    EmptyUuidArray,
    TenantOfThisUnit,
    TimeOrderedUUID,
    TransactionField,
)

__all__ = [
    "ApprovalDecision",
    "ApprovalGrant",
    "ApprovalPolicy",
    "ApprovalRequest",
    "ApprovalSubject",
    "AuditEvent",
    "Claim",
    "Comment",
    "Cosignature",
    "DecisionList",
    "Delegation",
    "HolderState",
    "LogCheckpoint",
    "LogTile",
    "Notice",
    "Override",
    "PolicyChange",
    "PolicyVersion",
    "Reauthentication",
    "Revocation",
    "Seal",
    "TruthHead",
    "TruthRecord",
]
RISKS = ("low", "medium", "high")
VERDICTS = ("approve", "reject", "request_changes", "abstain", "break_glass")
REQUEST_STATUSES = ("open", "granted", "rejected", "changes_requested", "superseded", "withdrawn")


class AuditEvent(models.Model):
    """One fact, for ever: who did what to what, when, why and from where.

    Written by the audit triggers and by `audit.log.record`; this model only reads. `epoch`, `xid` and `seq`
    put the rows of the log in one order that does not depend on clocks.
    """

    audit_id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        db_default=TenantOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    actor_type = models.CharField(max_length=20)
    # by bytes: a search by its beginning is then a comparison, which an index serves behind the walls
    action = models.CharField(max_length=100, db_collation="C")
    entity_type = models.CharField(max_length=100, null=True)
    entity_id = models.CharField(max_length=255, null=True)
    old_value = models.JSONField(null=True)
    new_value = models.JSONField(null=True)
    payload_hash = models.CharField(max_length=64, null=True)
    signature = models.TextField(null=True)
    job_id = models.UUIDField(null=True)
    correlation_id = models.UUIDField(null=True)
    ip_address = models.GenericIPAddressField(null=True)
    user_agent = models.TextField(null=True)
    metadata = models.JSONField(null=True, db_default=EmptyObject())
    created_at = models.DateTimeField(db_default=ClockNow())
    epoch = models.IntegerField(db_default=1)
    xid = TransactionField(db_default=CurrentTransaction())
    seq = models.BigIntegerField()

    class Meta:
        db_table = "audit_event"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "audit_id"], name="audit_event_belongs_to_its_tenant"),
            models.CheckConstraint(
                condition=Q(actor_type__in=["human", "agent", "system"]), name="actor_type_is_known"
            ),
            models.CheckConstraint(
                condition=Q(actor_type="system") | Q(actor__isnull=False), name="only_the_system_has_no_actor"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "action", "audit_id"], name="idx_audit_event_action"),
            models.Index(fields=["entity_id", "entity_type"], name="idx_audit_event_entity"),
            models.Index(fields=["actor", "actor_type"], name="idx_audit_event_actor"),
            models.Index(fields=["correlation_id"], name="idx_audit_event_correlation"),
            models.Index(fields=["epoch", "xid", "seq"], name="idx_audit_event_order"),
            BrinIndex(fields=["created_at"], name="idx_audit_event_created_at"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.entity_type or ''} {self.entity_id or ''}".strip()


class ApprovalPolicy(models.Model):
    """How many people, in which roles, must approve one action at one risk; no row, no approval."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    action = models.CharField(max_length=100)
    risk = models.CharField(max_length=20)
    quorum = models.IntegerField()
    required_roles = models.JSONField()
    request_lifetime = models.DurationField()
    grant_lifetime = models.DurationField()
    needs_reauthentication = models.BooleanField(db_default=True)
    due_after = models.DurationField()
    publishes_by_itself = models.BooleanField(db_default=False)
    set_by_audit = models.ForeignKey(
        "ApprovalGrant", models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "approval_policies"
        verbose_name_plural = "approval policies"
        constraints = [
            models.UniqueConstraint(fields=["action", "risk"], name="one_policy_per_action_and_risk"),
            models.CheckConstraint(condition=Q(risk__in=RISKS), name="policy_risk_is_known"),
            models.CheckConstraint(condition=Q(quorum__gte=1), name="policy_asks_at_least_one_person"),
            models.CheckConstraint(
                condition=Q(publishes_by_itself=False) | (Q(action="event:publish") & ~Q(risk="high")),
                name="only_events_publish_by_themselves",
            ),
            models.CheckConstraint(
                condition=~Q(action="policy:change") | Q(quorum__gte=2, needs_reauthentication=True),
                name="policies_are_changed_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} at {self.risk} risk"


class ApprovalSubject(models.Model):
    """What can be approved: one content of one thing, by digest; only the owning room writes it.

    `barred` are people who may not decide on it although they hold the role.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    action = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    digest = models.BinaryField()
    risk = models.CharField(max_length=20)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, db_column="proposed_by", db_constraint=False, db_index=False, related_name="+"
    )
    operated_by = models.ForeignKey(
        User,
        models.PROTECT,
        db_column="operated_by",
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    barred = ArrayField(models.UUIDField(), db_default=EmptyUuidArray())
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "approval_subjects"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "action", "subject_id", "digest"], name="subject_is_named_by_its_digest"
            ),
            models.CheckConstraint(condition=Q(risk__in=RISKS), name="subject_risk_is_known"),
        ]
        indexes = [models.Index(fields=["subject_id"], name="idx_approval_subjects_subject")]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_id}"


class Requests(models.QuerySet["ApprovalRequest"]):
    """Words to find requests by."""

    def awaiting_decision(self) -> Requests:
        """Open and not expired, the nearest deadline first."""
        return self.filter(status="open", expires_at__gt=ClockNow()).order_by("expires_at", "id")


class ApprovalRequest(models.Model):
    """May this action happen to exactly this content: a question put to people.

    Quorum, roles, risk, proposer, who is barred, when it is due and when it expires are copied by a trigger
    from the policy and the subject.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    action = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    digest = models.BinaryField()
    risk = models.CharField(max_length=20)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, db_column="proposed_by", db_constraint=False, db_index=False, related_name="+"
    )
    operated_by = models.ForeignKey(
        User,
        models.PROTECT,
        db_column="operated_by",
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    barred = ArrayField(models.UUIDField(), db_default=EmptyUuidArray())
    quorum = models.IntegerField()
    required_roles = models.JSONField()
    grant_lifetime = models.DurationField()
    needs_reauthentication = models.BooleanField()
    status = models.CharField(max_length=20, db_default="open")
    requested_at = models.DateTimeField(db_default=ClockNow())
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects = Requests.as_manager()

    class Meta:
        db_table = "approval_requests"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="request_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["id", "digest"], name="request_is_over_one_digest"),
            models.UniqueConstraint(
                fields=["action", "subject_id"], condition=Q(status="open"), name="one_open_request"
            ),
            models.CheckConstraint(condition=Q(status__in=REQUEST_STATUSES), name="request_status_is_known"),
            models.CheckConstraint(
                condition=Q(status="open", closed_at__isnull=True)
                | (~Q(status="open") & Q(closed_at__isnull=False)),
                name="closed_request_says_when",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "status", "expires_at"], name="idx_approval_requests_queue"),
            models.Index(fields=["subject_id"], name="idx_approval_requests_subject"),
            models.Index(fields=["proposed_by", "requested_at"], name="idx_approval_requests_proposer"),
            # for the care that is taken of all tenants at once
            models.Index(
                fields=["due_at"],
                name="idx_approval_requests_due",
                condition=Q(status="open", escalated_at__isnull=True),
            ),
            models.Index(
                fields=["expires_at"], name="idx_approval_requests_expiring", condition=Q(status="open")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_id}"


class Reauthentication(models.Model):
    """Proof that a person typed their password a moment ago; good for one decision within five minutes.

    One of the method `trial` was typed by nobody: it serves a decision that is only tried, and a transaction
    that holds it does not commit.
    One that was typed for a list is good for one decision on that list.
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
    person = models.ForeignKey(User, models.PROTECT, db_constraint=False, related_name="+")
    person_kind = models.CharField(max_length=20, db_default="person")
    method = models.CharField(max_length=20)
    list = models.ForeignKey(
        DecisionList, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "reauthentications"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="reauthentication_belongs_to_its_tenant"),
            models.CheckConstraint(condition=Q(person_kind="person"), name="only_persons_reauthenticate"),
            models.CheckConstraint(
                condition=Q(method__in=["password", "trial"]), name="reauthentication_method_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.created_at}"


class ApprovalDecision(models.Model):
    """One person's word on one request: over which digest, in which role, by whose delegation, and why."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    request = models.ForeignKey(
        ApprovalRequest, models.PROTECT, db_constraint=False, db_index=False, related_name="decisions"
    )
    digest = models.BinaryField()
    reviewer = models.ForeignKey(User, models.PROTECT, db_constraint=False, related_name="+")
    reviewer_kind = models.CharField(max_length=20, db_default="person")
    verdict = models.CharField(max_length=20)
    reason = models.TextField()
    reauthentication = models.ForeignKey(
        Reauthentication, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    role_held = models.CharField(max_length=50)
    slot = models.CharField(max_length=50, null=True)
    decided_at = models.DateTimeField(db_default=ClockNow())
    read_for = models.DurationField(null=True)

    class Meta:
        db_table = "approval_decisions"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="decision_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["request", "reviewer"], name="reviewer_decides_once"),
            models.UniqueConstraint(fields=["reauthentication"], name="reauthentication_is_used_once"),
            models.CheckConstraint(condition=Q(reviewer_kind="person"), name="decision_is_by_a_person"),
            models.CheckConstraint(condition=Q(verdict__in=VERDICTS), name="verdict_is_known"),
            models.CheckConstraint(
                condition=Q(read_for__isnull=True) | Q(read_for__gte=timedelta(0)),
                name="nobody_decides_before_reading",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} by {self.reviewer_id}"


class ApprovalGrant(models.Model):
    """The proof that the quorum over one digest was met; what it allows points at this row."""

    audit = models.OneToOneField(
        AuditEvent, models.PROTECT, primary_key=True, db_constraint=False, related_name="grant"
    )
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    request = models.ForeignKey(
        ApprovalRequest, models.PROTECT, db_constraint=False, db_index=False, related_name="grants"
    )
    action = models.CharField(max_length=100)
    subject_id = models.UUIDField()
    digest = models.BinaryField()
    granted_at = models.DateTimeField(db_default=ClockNow())
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "approval_grants"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "audit"], name="grant_belongs_to_its_tenant"),
            models.UniqueConstraint(
                fields=["audit", "action", "subject_id", "digest"], name="grant_is_bound_to_its_digest"
            ),
            models.UniqueConstraint(fields=["request"], name="request_is_granted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_id}"
