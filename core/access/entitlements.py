"""What a principal may propose, and how much (Orion's `user_entitlements`): nothing, until it is said."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.access.models import Tenant, User
from core.database.expressions import ClockNow, EmptyTextArray, TenantOfThisUnit, TimeOrderedUUID
from core.database.rows import insert
from core.database.unit import verb

ALL = ("*",)
# as the database counts them
PROPOSALS, WRITES = "proposals", "writes"


class UserEntitlement(models.Model):
    """What one principal is entitled to; no row, and an empty list, entitle to nothing.

    `*` stands for all, `FRED-*` for all that begins with `FRED-`. Asset classes are market types, instruments
    symbols, venues regions; notional is a proposal's stated exposure.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, db_default=TenantOfThisUnit(), db_constraint=False, related_name="+"
    )
    user = models.ForeignKey(User, models.CASCADE, db_constraint=False, db_index=False, related_name="+")
    asset_classes = ArrayField(models.TextField(), null=True, db_default=EmptyTextArray())
    instruments = ArrayField(models.TextField(), null=True, db_default=EmptyTextArray())
    venues = ArrayField(models.TextField(), null=True, db_default=EmptyTextArray())
    max_notional = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    rfq_rate_limit = models.IntegerField(null=True, db_default=10)
    order_rate_limit = models.IntegerField(null=True, db_default=100)
    max_open_orders = models.IntegerField(null=True, db_default=100)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "user_entitlements"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="entitlement_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["user"], name="user_is_entitled_once"),
            models.CheckConstraint(
                condition=Q(rfq_rate_limit__gte=0, order_rate_limit__gte=0, max_open_orders__gte=0)
                & (Q(max_notional__isnull=True) | Q(max_notional__gte=0)),
                name="entitlements_are_not_negative",
            ),
        ]


class RateBucket(models.Model):
    """The tokens that a principal has left; refilled as time goes by, taken in the write's transaction."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    kind = models.CharField(max_length=20)
    tokens = models.FloatField()
    refilled_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "rate_buckets"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="bucket_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["tenant", "user", "kind"], name="one_bucket_of_each_kind"),
            models.CheckConstraint(condition=Q(kind__in=[PROPOSALS, WRITES]), name="bucket_kind_is_known"),
        ]


@verb("user:entitle", permission="entitlements:manage")
def entitle(
    user: User,
    *,
    by: User | None,
    reason: str,
    asset_classes: Sequence[str] = (),
    instruments: Sequence[str] = (),
    venues: Sequence[str] = (),
    max_notional: Decimal = Decimal(0),
    proposals_per_minute: int = 10,
    writes_per_minute: int = 100,
    open_proposals: int = 100,
) -> UserEntitlement:
    """Say what a principal is entitled to from now on, whole; what is not named is not granted.

    :param asset_classes: market types; `*` for all, as in the next two.
    :param instruments: symbols, or their beginnings followed by `*`.
    :param venues: regions.
    :param max_notional: the highest exposure of one proposal.
    """
    wanted = {
        "asset_classes": list(asset_classes),
        "instruments": list(instruments),
        "venues": list(venues),
        "max_notional": max_notional,
        "rfq_rate_limit": proposals_per_minute,
        "order_rate_limit": writes_per_minute,
        "max_open_orders": open_proposals,
    }
    held = UserEntitlement.objects.select_for_update(no_key=True).filter(user_id=user.pk).first()

    if held is None:
        return insert(UserEntitlement, user_id=user.pk, **wanted)
    for name, value in wanted.items():
        setattr(held, name, value)
    held.save(update_fields=list(wanted))

    return held


@verb("user:withdraw_entitlement", permission="entitlements:manage")
def withdraw(user: User, *, by: User | None, reason: str) -> None:
    """Entitle a principal to nothing."""
    UserEntitlement.objects.filter(user_id=user.pk).delete()
