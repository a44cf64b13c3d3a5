"""Markets, what was proposed to become one, and the events published on them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, Value

from audit.models import RISKS, AuditEvent
from core.access.models import Tenant, User
from core.database.expressions import ClockNow, EmptyObject, EmptyTextArray, TenantOfThisUnit, TimeOrderedUUID
from markets.event_models import (
    BASES,
    CANDIDATE_STATUSES,
    PUBLISH,
    Candidate,
    Event,
    EventSnapshot,
    Retraction,
)
from markets.life.models import Amendment, Clarification, Dispute, Reopening, Resolution

__all__ = [
    "BASES",
    "CANDIDATE_STATUSES",
    "PUBLISH",
    "Amendment",
    "Candidate",
    "Clarification",
    "Dispute",
    "Event",
    "EventSnapshot",
    "Market",
    "Proposal",
    "Reopening",
    "Resolution",
    "Retraction",
    "Revision",
]
MARKET_TYPES = ("political", "economic", "social", "technology", "finance", "culture", "sports")
PROPOSAL_STATUSES = ("proposed", "changes_requested", "approved", "rejected", "withdrawn")
MARKET_STATUSES = ("active", "paused", "closed", "resolved", "voided", "disputed")
KINDS = ("create", "amend", "resolve", "void", "reopen")
OUTCOMES = ("yes", "no")
UNDECIDED = ("proposed", "changes_requested")


class Proposal(models.Model):
    """The wish that a market come to be, or become something else; its content stands in its revisions."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        db_default=TenantOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    kind = models.CharField(max_length=20, db_default="create")
    market = models.ForeignKey(
        "Market", models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="proposals"
    )
    symbol = models.CharField(max_length=50)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, db_column="proposed_by", db_constraint=False, related_name="+"
    )
    operated_by = models.ForeignKey(
        User, models.PROTECT, db_column="operated_by", null=True, db_constraint=False, related_name="+"
    )
    status = models.CharField(max_length=20, db_default="proposed")
    created_at = models.DateTimeField(db_default=ClockNow())
    updated_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "market_proposals"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="proposal_belongs_to_its_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "symbol"],
                condition=Q(kind="create", status__in=[*UNDECIDED, "approved"]),
                name="symbol_is_taken",
            ),
            models.UniqueConstraint(
                fields=["tenant", "market", "kind"],
                condition=Q(market__isnull=False, status__in=UNDECIDED),
                name="change_is_proposed_already",
            ),
            models.CheckConstraint(
                condition=Q(status__in=PROPOSAL_STATUSES), name="proposal_status_is_known"
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="proposal_kind_is_known"),
            models.CheckConstraint(
                condition=Q(kind="create", market__isnull=True)
                | (~Q(kind="create") & Q(market__isnull=False)),
                name="change_names_its_market",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "status", "id"], name="idx_market_proposals_status"),
            models.Index(fields=["tenant", "market", "id"], name="idx_market_proposals_market"),
        ]

    def __str__(self) -> str:
        return self.symbol


class Revision(models.Model):
    """One wording of a proposal, for ever: `canonical` is RFC 8785 JSON and `digest` its sha256.

    The columns beside it are read out of `canonical` by the database.
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
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, db_constraint=False, db_index=False, related_name="revisions"
    )
    revision_no = models.IntegerField()
    canonical = models.BinaryField()
    digest = models.GeneratedField(
        expression=Func(F("canonical"), function="sha256"), output_field=models.BinaryField(), db_persist=True
    )
    title = models.TextField()
    type = models.CharField(max_length=50)
    risk = models.CharField(max_length=20)
    snapshot_ids = ArrayField(models.TextField(), db_default=EmptyTextArray())
    proposed_by = models.ForeignKey(
        User, models.PROTECT, db_column="proposed_by", db_constraint=False, db_index=False, related_name="+"
    )
    producer = models.CharField(max_length=255, null=True)
    schema_version = models.CharField(max_length=20, null=True)
    safety_assertions = ArrayField(models.TextField(), db_default=EmptyTextArray())
    created_at = models.DateTimeField(db_default=ClockNow())
    simhash = models.BigIntegerField(null=True)
    simhash_bands = models.GeneratedField(
        expression=Func(F("tenant"), F("simhash"), function="likeness_bands"),
        output_field=ArrayField(models.BigIntegerField()),
        db_persist=True,
    )

    class Meta:
        db_table = "market_revisions"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="revision_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["proposal", "revision_no"], name="revisions_are_counted"),
            models.CheckConstraint(condition=Q(type__in=MARKET_TYPES), name="revision_type_is_known"),
            models.CheckConstraint(condition=Q(risk__in=RISKS), name="revision_risk_is_known"),
        ]
        indexes = [
            models.Index(fields=["proposal", "digest"], name="idx_market_revisions_digest"),
            GinIndex(fields=["simhash_bands"], name="idx_market_revisions_likeness"),
        ]

    def __str__(self) -> str:
        return self.title


class Market(models.Model):
    """A question people trade on, which exists only by people's approval of exactly its content.

    `digest` is of the content that was approved first, `content_digest` of the one that stands: amended
    `version - 1` times. Where a market stands on its way is `status`; how it ended, `outcome`.
    """

    market_id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        db_default=TenantOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    symbol = models.CharField(max_length=50)
    type = models.CharField(max_length=50)
    subtype = models.CharField(max_length=50, null=True)
    region = models.CharField(max_length=50, null=True)
    risk_level = models.CharField(max_length=20, null=True)
    created_by = models.ForeignKey(
        User, models.PROTECT, db_column="created_by", db_constraint=False, related_name="+"
    )
    human_approval_audit = models.ForeignKey(
        AuditEvent, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    approval_action = models.GeneratedField(
        expression=Value("market:create"), output_field=models.TextField(), db_persist=True
    )
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, db_constraint=False, db_index=False, related_name="markets"
    )
    digest = models.BinaryField()
    content_digest = models.BinaryField()
    version = models.IntegerField(db_default=1)
    reopened = models.IntegerField(db_default=0)
    title = models.TextField()
    description = models.TextField(null=True)
    resolution_criteria = models.TextField()
    closes_at = models.DateTimeField()
    exposure = models.DecimalField(max_digits=20, decimal_places=4, db_default=0)
    metadata = models.JSONField(null=True, db_default=EmptyObject())
    status = models.CharField(max_length=50, db_default="active")
    outcome = models.CharField(max_length=20, null=True)
    known_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    challenge_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=ClockNow())
    updated_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "markets"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "market_id"], name="market_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["tenant", "symbol"], name="market_symbol_is_taken"),
            models.UniqueConstraint(fields=["human_approval_audit"], name="approval_is_used_once"),
            models.UniqueConstraint(fields=["tenant", "proposal"], name="proposal_becomes_one_market"),
            models.CheckConstraint(condition=Q(type__in=MARKET_TYPES), name="market_type_is_known"),
            models.CheckConstraint(
                condition=Q(risk_level__isnull=True) | Q(risk_level__in=RISKS), name="market_risk_is_known"
            ),
            models.CheckConstraint(condition=Q(status__in=MARKET_STATUSES), name="market_status_is_known"),
        ]
        indexes = [
            models.Index(fields=["tenant", "type"], name="idx_markets_type"),
            models.Index(fields=["tenant", "status"], name="idx_markets_status"),
            models.Index(
                fields=["closes_at"], condition=Q(status__in=["active", "paused"]), name="idx_markets_closing"
            ),
        ]

    def __str__(self) -> str:
        return self.symbol
