"""What happens around a decision and after it."""

from __future__ import annotations

from django.db import models
from django.db.models import Func, Q

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


class Delegations(models.QuerySet["Delegation"]):
    """Words to find delegations by."""

    def in_force(self) -> Delegations:
        """Begun, not over and not ended early."""
        return self.filter(revoked_at=None, starts_at__lte=ClockNow(), ends_at__gt=ClockNow())


class Delegation(models.Model):
    """One person lets another decide in their role, from one day to another."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    from_person = models.ForeignKey(User, models.PROTECT, db_constraint=False, related_name="+")
    to_person = models.ForeignKey(User, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    role = models.CharField(max_length=50)
    starts_at = models.DateTimeField(db_default=ClockNow())
    ends_at = models.DateTimeField()
    reason = models.TextField()
    reauthentication = models.ForeignKey(
        "audit.Reauthentication", models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    created_at = models.DateTimeField(db_default=ClockNow())
    revoked_at = models.DateTimeField(null=True)

    objects = Delegations.as_manager()

    class Meta:
        db_table = "approval_delegations"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="delegation_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["reauthentication"], name="delegation_has_a_proof_of_its_own"),
            models.CheckConstraint(
                condition=Q(role__in=["admin", "super-admin"]), name="delegated_role_decides"
            ),
            models.CheckConstraint(
                condition=~Q(from_person=models.F("to_person")), name="delegation_is_to_another"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="delegation_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["to_person", "ends_at"], name="idx_approval_delegations_to")]

    def __str__(self) -> str:
        return f"{self.role} of {self.from_person_id} to {self.to_person_id}"


class Claim(models.Model):
    """Somebody is looking at a request; it tells the others, and keeps nobody from deciding."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    request = models.ForeignKey(
        "audit.ApprovalRequest", models.PROTECT, db_constraint=False, related_name="claims"
    )
    person = models.ForeignKey(User, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    claimed_at = models.DateTimeField(db_default=ClockNow())
    released_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "approval_claims"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="claim_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["request"], condition=Q(released_at=None), name="one_open_claim"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} looks at {self.request_id}"


class Comment(models.Model):
    """What somebody who takes part says about a request, for ever."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    request = models.ForeignKey(
        "audit.ApprovalRequest", models.PROTECT, db_constraint=False, db_index=False, related_name="comments"
    )
    author = models.ForeignKey(User, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    body = models.TextField()
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "approval_comments"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="comment_belongs_to_its_tenant"),
        ]
        indexes = [models.Index(fields=["request", "id"], name="idx_approval_comments_thread")]

    def __str__(self) -> str:
        return self.body[:60]


OVERRIDE_KINDS = ("break_glass", "switch")
OUTCOMES = ("confirmed", "reversed")


class Override(models.Model):
    """Somebody went past what is usual, alone; somebody else reviews it afterwards.

    :ivar about_id: the request whose glass was broken, or the switch that was turned.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    kind = models.CharField(max_length=20)
    about_id = models.UUIDField()
    request = models.ForeignKey(
        "audit.ApprovalRequest", models.PROTECT, null=True, db_constraint=False, related_name="overrides"
    )
    person = models.ForeignKey(User, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    reason = models.TextField()
    opened_at = models.DateTimeField(db_default=ClockNow())
    review_due_at = models.DateTimeField()
    overdue_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=20, null=True)
    reviewed_by = models.ForeignKey(
        User,
        models.PROTECT,
        db_column="reviewed_by",
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    review_reason = models.TextField(null=True)
    reauthentication = models.ForeignKey(
        "audit.Reauthentication",
        models.PROTECT,
        null=True,
        db_constraint=False,
        db_index=False,
        related_name="+",
    )
    reviewed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "approval_overrides"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="override_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["reauthentication"], name="review_has_a_proof_of_its_own"),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(kind="break_glass", reviewed_at=None),
                name="one_unreviewed_break_glass",
            ),
            models.CheckConstraint(
                condition=Q(kind="break_glass", request__isnull=False) | Q(kind="switch", request=None),
                name="override_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome=None, reviewed_by=None, review_reason=None, reviewed_at=None)
                | Q(
                    outcome__in=OUTCOMES,
                    reviewed_by__isnull=False,
                    review_reason__isnull=False,
                    reviewed_at__isnull=False,
                ),
                name="review_says_who_when_and_why",
            ),
        ]
        indexes = [
            models.Index(
                fields=["review_due_at"], condition=Q(reviewed_at=None), name="idx_approval_overrides_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.person_id}"


class DecisionList(models.Model):
    """Several requests of low risk that one person decides on together, each named with its digest.

    `canonical` has a line `<request id> <digest in hex>` for each, sorted, and ends with a line feed.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    person = models.ForeignKey(User, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    canonical = models.BinaryField()
    digest = models.GeneratedField(
        expression=Func(models.F("canonical"), function="sha256"),
        output_field=models.BinaryField(),
        db_persist=True,
    )
    created_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "approval_lists"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="list_belongs_to_its_tenant"),
        ]

    def __str__(self) -> str:
        return bytes(self.digest).hex()
