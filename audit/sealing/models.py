"""What the sealer keeps: the tree's tiles, the checkpoints it signed, and how far it is."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from core.database.expressions import ClockNow, NoTransaction, TimeOrderedUUID, TransactionField


class LogTile(models.Model):
    """Up to 256 hashes of one level of the tree; it grows until it is full, and then stays.

    :ivar epoch: with `xid` and `seq` the place of its first leaf in the log; of the lowest level only.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    level = models.SmallIntegerField()
    position = models.BigIntegerField()
    hashes = models.BinaryField()
    epoch = models.IntegerField(null=True)
    xid = TransactionField(null=True)
    seq = models.BigIntegerField(null=True)

    class Meta:
        db_table = "audit_tile"
        constraints = [
            models.UniqueConstraint(fields=["level", "position"], name="one_tile_of_each_place"),
            models.CheckConstraint(condition=Q(level__range=(0, 7)), name="tile_level_is_known"),
            models.CheckConstraint(condition=Q(position__gte=0), name="tile_has_a_position"),
        ]
        indexes = [
            models.Index(
                fields=["epoch", "xid", "seq"], condition=Q(level=0), name="idx_audit_tile_begins_at"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}/{self.position}"


class LogCheckpoint(models.Model):
    """How large the log was at a moment, and its root, signed.

    :ivar note: the signed text, as others keep it.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    size = models.BigIntegerField()
    root = models.BinaryField()
    epoch = models.IntegerField()
    note = models.TextField()
    sealed_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "audit_checkpoint"
        constraints = [models.UniqueConstraint(fields=["size"], name="one_checkpoint_of_each_size")]

    def __str__(self) -> str:
        return f"checkpoint at {self.size}"


class Seal(models.Model):
    """How far the log is sealed: the one row that the sealer holds while it works.

    :ivar epoch: in which new rows are written; another one begins when the database moved to another cluster.
    :ivar xid: with `seq` and `sealed_epoch` the last row that is sealed.
    :ivar truth_sequence: the newest entry of the truth chain that the log knows of.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    epoch = models.IntegerField(db_default=1)
    size = models.BigIntegerField(db_default=0)
    sealed_epoch = models.IntegerField(db_default=0)
    xid = TransactionField(db_default=NoTransaction())
    seq = models.BigIntegerField(db_default=0)
    truth_sequence = models.BigIntegerField(db_default=0)
    is_only = models.BooleanField(db_default=True)

    class Meta:
        db_table = "audit_seal"
        constraints = [
            models.UniqueConstraint(fields=["is_only"], name="there_is_one_seal"),
            models.CheckConstraint(condition=Q(is_only=True), name="the_seal_is_the_only_one"),
        ]

    def __str__(self) -> str:
        return f"sealed to {self.size}"


class HolderState(models.Model):
    """How far one of those is who keep checkpoints outside the database.

    :ivar size: of the newest checkpoint that it took.
    :ivar next_at: when it is tried next; who publishes claims it by moving this on.
    :ivar tries: how often it failed in a row.
    :ivar left_at: since when no worker names it any more; None while it is to keep checkpoints.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField(db_default=0)
    published_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(db_default=ClockNow())
    tries = models.SmallIntegerField(db_default=0)
    failing_since = models.DateTimeField(null=True)
    last_error = models.TextField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "audit_holder"
        constraints = [
            models.UniqueConstraint(fields=["name"], name="holder_has_one_state"),
            models.CheckConstraint(
                condition=Q(tries=0, failing_since__isnull=True)
                | Q(tries__gt=0, failing_since__isnull=False),
                name="failing_holder_says_since_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} at {self.size}"


class Cosignature(models.Model):
    """What a witness signed: at this time, this was the largest tree of the log that it saw.

    :ivar holder: the witness.
    :ivar line: the signature as it stands below the checkpoint.
    :ivar cosigned_at: by the clock of the witness.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    holder = models.CharField(max_length=255)
    size = models.BigIntegerField()
    line = models.TextField()
    cosigned_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "audit_cosignature"
        constraints = [models.UniqueConstraint(fields=["size", "holder"], name="witness_cosigns_a_size_once")]

    def __str__(self) -> str:
        return f"{self.holder} at {self.size}"
