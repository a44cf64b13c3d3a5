"""The truth chain: a small public ledger of decisions about a subject, each entry bound to the one before."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.access.models import User
from core.database.expressions import ClockNow, TimeOrderedUUID

RECORD_TYPES = (
    "agent_creation",
    "agent_graduation",
    "agent_suspension",
    "agent_archive",
    "council_decision",
    "trust_change",
    "trust_milestone",
    "acquisition",
    "ownership_change",
    "certification",
    "marketplace_listing",
    "human_override",
    "system_event",
)
SUBJECT_TYPES = ("agent", "user", "decision")
ACTOR_TYPES = ("user", "agent", "system")


class TruthRecord(models.Model):
    """One entry of the chain, for ever; only `audit.truth.chain.append` writes one (AgentAnchor's table).

    :ivar previous_hash: of the entry before; None for the first.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    sequence_number = models.BigIntegerField()
    previous_hash = models.CharField(max_length=64, null=True)
    hash = models.CharField(max_length=64)
    record_type = models.CharField(max_length=50)
    subject_type = models.CharField(max_length=20)
    subject_id = models.UUIDField()
    payload = models.JSONField()
    actor = models.ForeignKey(
        User, models.PROTECT, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    actor_type = models.CharField(max_length=20, null=True)
    signature = models.TextField(null=True)
    anchored_at = models.DateTimeField(null=True)
    anchor_tx_hash = models.TextField(null=True)
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "truth_chain"
        constraints = [
            models.UniqueConstraint(fields=["sequence_number"], name="truth_has_one_order"),
            models.CheckConstraint(condition=Q(record_type__in=RECORD_TYPES), name="truth_record_is_known"),
            models.CheckConstraint(
                condition=Q(subject_type__in=SUBJECT_TYPES), name="truth_subject_is_known"
            ),
            models.CheckConstraint(
                condition=Q(actor_type__isnull=True) | Q(actor_type__in=ACTOR_TYPES),
                name="truth_actor_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["hash"], name="idx_truth_chain_hash"),
            models.Index(fields=["subject_type", "subject_id"], name="idx_truth_chain_subject"),
            models.Index(fields=["subject_id"], name="idx_truth_chain_subject_id"),
            models.Index(fields=["record_type"], name="idx_truth_chain_type"),
            models.Index(fields=["created_at"], name="idx_truth_chain_created_at"),
            models.Index(fields=["actor"], name="idx_truth_chain_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence_number} {self.record_type}"


class TruthHead(models.Model):
    """The newest entry of the chain: the one row that whoever appends holds until COMMIT."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    sequence_number = models.BigIntegerField(db_default=0)
    hash = models.CharField(max_length=64, null=True)
    is_only = models.BooleanField(db_default=True)

    class Meta:
        db_table = "truth_chain_head"
        constraints = [
            models.UniqueConstraint(fields=["is_only"], name="there_is_one_truth"),
            models.CheckConstraint(condition=Q(is_only=True), name="the_truth_is_the_only_one"),
        ]

    def __str__(self) -> str:
        return f"at {self.sequence_number}"
