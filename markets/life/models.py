"""What becomes of a market after it was opened, each change with the approval it came by."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When

from audit.models import AuditEvent
from core.access.models import Tenant, User
from core.database.expressions import ClockNow, EmptyTextArray, TenantOfThisUnit, TimeOrderedUUID

RESULTS = ("yes", "no", "void")


class Change(models.Model):
    """One approved change of a market: as many of a kind as there are, counted from one."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        db_default=TenantOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    market = models.ForeignKey(
        "markets.Market", models.PROTECT, db_constraint=False, db_index=False, related_name="%(class)ss"
    )
    number = models.IntegerField()
    human_approval_audit = models.ForeignKey(
        AuditEvent, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    proposal = models.ForeignKey(
        "markets.Proposal", models.PROTECT, db_constraint=False, db_index=False, related_name="%(class)ss"
    )
    digest = models.BinaryField()
    recorded_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        abstract = True


class Amendment(Change):
    """Another content in the place of the one that stood; the market's content is the newest one's."""

    approval_action = models.GeneratedField(
        expression=Value("market:amend"), output_field=models.TextField(), db_persist=True
    )
    previous_digest = models.BinaryField()

    class Meta:
        db_table = "market_amendments"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="amendment_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["tenant", "market", "number"], name="amendments_are_counted"),
            models.UniqueConstraint(fields=["human_approval_audit"], name="amendment_approval_is_used_once"),
            models.UniqueConstraint(fields=["tenant", "proposal"], name="proposal_amends_once"),
        ]

    def __str__(self) -> str:
        return f"amendment {self.number}"


class Resolution(Change):
    """How a market ended: yes, no, or void. A later one takes the place of one that was disputed."""

    outcome = models.CharField(max_length=20)
    approval_action = models.GeneratedField(
        expression=Case(When(outcome="void", then=Value("market:void")), default=Value("market:resolve")),
        output_field=models.TextField(),
        db_persist=True,
    )
    known_at = models.DateTimeField(null=True)
    challenge_until = models.DateTimeField(null=True)
    supersedes = models.ForeignKey(
        "self", models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )

    class Meta:
        db_table = "market_resolutions"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="resolution_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["tenant", "market", "number"], name="resolutions_are_counted"),
            models.UniqueConstraint(fields=["human_approval_audit"], name="resolution_approval_is_used_once"),
            models.UniqueConstraint(fields=["tenant", "proposal"], name="proposal_resolves_once"),
            models.CheckConstraint(condition=Q(outcome__in=RESULTS), name="resolution_outcome_is_known"),
            models.CheckConstraint(
                condition=Q(outcome="void", known_at__isnull=True, challenge_until__isnull=True)
                | (~Q(outcome="void") & Q(known_at__lte=F("recorded_at"), challenge_until__isnull=False)),
                name="resolution_was_known_before",
            ),
        ]

    def __str__(self) -> str:
        return self.outcome


class Reopening(Change):
    """Trading again after it was paused or closed, until another time."""

    approval_action = models.GeneratedField(
        expression=Value("market:reopen"), output_field=models.TextField(), db_persist=True
    )
    closes_at = models.DateTimeField()

    class Meta:
        db_table = "market_reopenings"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="reopening_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["tenant", "market", "number"], name="reopenings_are_counted"),
            models.UniqueConstraint(fields=["human_approval_audit"], name="reopening_approval_is_used_once"),
            models.UniqueConstraint(fields=["tenant", "proposal"], name="proposal_reopens_once"),
        ]

    def __str__(self) -> str:
        return f"reopening {self.number}"


class Dispute(models.Model):
    """Somebody's word, with evidence, that a resolution is wrong; settled by the resolution that follows."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        db_default=TenantOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    market = models.ForeignKey(
        "markets.Market", models.PROTECT, db_constraint=False, db_index=False, related_name="disputes"
    )
    resolution = models.ForeignKey(
        Resolution, models.PROTECT, db_constraint=False, db_index=False, related_name="disputes"
    )
    raised_by = models.ForeignKey(
        User, models.PROTECT, db_column="raised_by", db_constraint=False, db_index=False, related_name="+"
    )
    reason = models.TextField()
    snapshot_ids = ArrayField(models.TextField(), db_default=EmptyTextArray())
    settled_by = models.ForeignKey(
        Resolution,
        models.PROTECT,
        db_column="settled_by",
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="settled",
    )
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "market_disputes"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="dispute_belongs_to_its_tenant"),
            models.UniqueConstraint(
                fields=["tenant", "resolution", "raised_by"], name="dispute_is_raised_once"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "market", "id"], name="idx_market_disputes_market")]

    def __str__(self) -> str:
        return self.reason[:80]


class Clarification(models.Model):
    """What staff say about how a market is to be read; it changes no word of the market."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant,
        models.PROTECT,
        db_default=TenantOfThisUnit(),
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    market = models.ForeignKey(
        "markets.Market", models.PROTECT, db_constraint=False, db_index=False, related_name="clarifications"
    )
    text = models.TextField()
    known_at = models.DateTimeField()
    written_by = models.ForeignKey(
        User, models.PROTECT, db_column="written_by", db_constraint=False, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "market_clarifications"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="clarification_belongs_to_its_tenant"),
        ]
        indexes = [models.Index(fields=["tenant", "market", "id"], name="idx_market_clarifications")]

    def __str__(self) -> str:
        return self.text[:80]
