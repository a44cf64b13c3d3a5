"""What signed requests are checked against: the keys that sign, and the nonces that were used."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.access.models import Tenant, User
from core.database.expressions import ClockNow, EmptyTextArray, TenantOfThisUnit, TimeOrderedUUID

HMAC, ED25519 = "hmac-sha256", "ed25519"


class SigningKeys(models.Manager["SigningKey"]):
    """Words to find signing keys by."""

    def get_queryset(self) -> models.QuerySet[SigningKey]:
        """Leave the secret unread: only `signing_key` hands it out, to whoever checks a signature."""
        return super().get_queryset().defer("secret")


class SigningKey(models.Model):
    """A key that signs requests: of HMAC the secret, encrypted; of Ed25519 the public key alone."""

    UNREADABLE: ClassVar[tuple[str, ...]] = ("secret",)

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, db_default=TenantOfThisUnit(), db_constraint=False, related_name="+"
    )
    user = models.ForeignKey(User, models.PROTECT, db_constraint=False, related_name="signing_keys")
    key_id = models.CharField(max_length=40)
    algorithm = models.CharField(max_length=20)
    secret = models.BinaryField(null=True)
    public_key = models.BinaryField(null=True)
    label = models.CharField(max_length=100)
    scopes = ArrayField(models.TextField(), db_default=EmptyTextArray())
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = SigningKeys()

    class Meta:
        db_table = "signing_keys"
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="signing_key_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["key_id"], name="signing_key_id_is_taken"),
            models.CheckConstraint(
                condition=Q(algorithm=HMAC, secret__isnull=False, public_key__isnull=True)
                | Q(algorithm=ED25519, secret__isnull=True, public_key__isnull=False),
                name="signing_key_holds_what_its_algorithm_needs",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id

    @property
    def is_revoked(self) -> bool:
        """Whether the key was taken back."""
        return self.revoked_at is not None


class RequestNonce(models.Model):
    """A nonce that one key used a moment ago; the same request is not accepted again."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, db_constraint=False, db_index=False, related_name="+")
    signing_key = models.ForeignKey(
        SigningKey, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    nonce = models.CharField(max_length=128)
    taken_at = models.DateTimeField(db_default=ClockNow())

    class Meta:
        db_table = "request_nonces"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="nonce_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["tenant", "signing_key", "nonce"], name="nonce_is_used_once"),
        ]
        indexes = [
            models.Index(fields=["tenant", "signing_key", "taken_at"], name="idx_request_nonces_taken_at")
        ]

    def __str__(self) -> str:
        return self.nonce
