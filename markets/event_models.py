"""What happened: events as they are proposed, published with their evidence, and taken back."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Func, Q, Value, When

from audit.models import RISKS, AuditEvent
from core.access.models import Tenant, User
from core.database.expressions import ClockNow, EmptyObject, EmptyTextArray, TenantOfThisUnit, TimeOrderedUUID

PUBLISH = "event:publish"
CANDIDATE_STATUSES = ("pending", "approved", "rejected", "processed", "withdrawn")
BASES = ("approval", "policy", "hand")


class Candidate(models.Model):
    """Something that may have happened, proposed for publication: `canonical` is RFC 8785 JSON for ever.

    The columns beside it are read out of `canonical` by the database; only `status` and `rejection_reason`
    follow what people decide.
    """

    candidate_id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        db_default=TenantOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    market = models.ForeignKey(
        "markets.Market", models.PROTECT, db_constraint=False, db_index=False, related_name="candidates"
    )
    canonical = models.BinaryField()
    digest = models.GeneratedField(
        expression=Func(F("canonical"), function="sha256"), output_field=models.BinaryField(), db_persist=True
    )
    summary = models.TextField()
    event_type = models.CharField(max_length=50, null=True)
    confidence = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    snapshot_ids = ArrayField(models.TextField(), db_default=EmptyTextArray())
    known_at = models.DateTimeField()
    impact_score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    llm_reasoning = models.TextField(null=True)
    variable_name = models.CharField(max_length=100, null=True)
    variable_description = models.TextField(null=True)
    metadata = models.JSONField(null=True, db_default=EmptyObject())
    risk = models.CharField(max_length=20)
    dedupe_hash = models.CharField(max_length=64)
    status = models.CharField(max_length=20, db_default="pending")
    rejection_reason = models.TextField(null=True)
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
    producer = models.CharField(max_length=255, null=True)
    schema_version = models.CharField(max_length=20, null=True)
    safety_assertions = ArrayField(models.TextField(), db_default=EmptyTextArray())
    created_at = models.DateTimeField(db_default=ClockNow())
    updated_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "candidate_events"
        verbose_name = "proposed event"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "candidate_id"], name="candidate_belongs_to_its_tenant"
            ),
            # what was rejected stays rejected; what was withdrawn may come again
            models.UniqueConstraint(
                fields=["tenant", "market", "dedupe_hash"],
                condition=~Q(status="withdrawn"),
                name="event_is_proposed_once",
            ),
            models.CheckConstraint(
                condition=Q(status__in=CANDIDATE_STATUSES), name="candidate_status_is_known"
            ),
            models.CheckConstraint(condition=Q(risk__in=RISKS), name="candidate_risk_is_known"),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(0, 1)),
                name="candidate_confidence_is_0_to_1",
            ),
            models.CheckConstraint(
                condition=Q(impact_score__isnull=True) | Q(impact_score__range=(-100, 100)),
                name="impact_is_100_at_most",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "status", "candidate_id"], name="idx_candidate_events_status"),
            models.Index(fields=["tenant", "market", "candidate_id"], name="idx_candidate_events_market"),
            models.Index(fields=["tenant", "proposed_by", "status"], name="idx_candidate_events_proposer"),
        ]

    def __str__(self) -> str:
        return self.summary[:80]


class Event(models.Model):
    """Something that happened, published on a market with its evidence.

    `basis` says why it may be public: people approved its digest, a policy lets events of this risk
    out by themselves, or the owner of the database wrote it by hand.
    """

    event_id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        db_default=TenantOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    market = models.ForeignKey(
        "markets.Market", models.PROTECT, db_constraint=False, db_index=False, related_name="events"
    )
    summary = models.TextField()
    event_type = models.CharField(max_length=50, null=True)
    confidence = models.DecimalField(max_digits=3, decimal_places=2, null=True)
    snapshot_ids = ArrayField(models.TextField(), db_default=EmptyTextArray())
    metadata = models.JSONField(null=True, db_default=EmptyObject())
    published_at = models.DateTimeField(db_default=ClockNow())
    created_at = models.DateTimeField(db_default=ClockNow())
    known_at = models.DateTimeField(null=True)
    candidate = models.ForeignKey(
        Candidate, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="events"
    )
    human_approval_audit = models.ForeignKey(
        AuditEvent, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    approval_action = models.GeneratedField(
        expression=Case(When(human_approval_audit__isnull=False, then=Value(PUBLISH))),
        output_field=models.TextField(),
        db_persist=True,
    )
    digest = models.BinaryField(null=True)
    basis = models.CharField(max_length=20, db_default="hand")

    class Meta:
        db_table = "events"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "event_id"], name="event_belongs_to_its_tenant"),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__range=(0, 1)),
                name="confidence_is_0_to_1",
            ),
            models.UniqueConstraint(fields=["tenant", "candidate"], name="candidate_is_published_once"),
            models.UniqueConstraint(fields=["human_approval_audit"], name="publication_is_approved_once"),
            # a key with a NULL in it checks nothing, so where an approval is named the rest is, too
            models.CheckConstraint(
                condition=Q(
                    basis="approval",
                    human_approval_audit__isnull=False,
                    candidate__isnull=False,
                    digest__isnull=False,
                )
                | Q(
                    basis="policy",
                    human_approval_audit__isnull=True,
                    candidate__isnull=False,
                    digest__isnull=False,
                )
                | Q(
                    basis="hand",
                    human_approval_audit__isnull=True,
                    candidate__isnull=True,
                    digest__isnull=True,
                ),
                name="event_says_why_it_is_public",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "market", "event_id"], name="idx_events_market")]

    def __str__(self) -> str:
        return self.summary[:80]


class EventSnapshot(models.Model):
    """The real link from an event to one piece of its evidence; written by a trigger only."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    event = models.ForeignKey(
        Event, models.PROTECT, db_constraint=False, db_index=False, related_name="evidence"
    )
    snapshot_id = models.CharField(max_length=64)

    class Meta:
        db_table = "event_snapshots"
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "event", "snapshot_id"], name="evidence_is_linked_once"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "snapshot_id"], name="idx_event_snapshots_snapshot")]

    def __str__(self) -> str:
        return self.snapshot_id


class Retraction(models.Model):
    """A published event taken back: it stays to be seen, with who took it back and why."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    event = models.ForeignKey(
        Event, models.PROTECT, db_constraint=False, db_index=False, related_name="retractions"
    )
    retracted_by = models.ForeignKey(
        User, models.PROTECT, db_column="retracted_by", db_constraint=False, related_name="+"
    )
    reason = models.TextField()
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "event_retractions"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "event"], name="event_is_retracted_once"),
            models.UniqueConstraint(fields=["tenant", "id"], name="retraction_belongs_to_its_tenant"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id}"
