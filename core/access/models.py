"""Tenants, and who may act in them: users of three kinds, their roles and their keys."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, Q
from django.db.models.functions import Lower, Now

from core.access import permissions
from core.database.expressions import EmptyObject, EmptyTextArray, TenantOfThisUnit, TimeOrderedUUID

PLATFORM_TENANT_ID = UUID(int=0)
# what Django writes where nobody can log in
UNUSABLE = "!"


class Tenants(models.QuerySet["Tenant"]):
    """Words to find tenants by."""

    def named(self, wanted: str) -> Tenants:
        """The tenant of this name or id."""
        try:
            return self.filter(pk=UUID(wanted))
        except ValueError:
            return self.filter(name=wanted)


class Tenant(models.Model):
    """Whose data it is (Orion's table)."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=50, db_default="standard")
    status = models.CharField(max_length=50, db_default="active")
    settings = models.JSONField(null=True, db_default=EmptyObject())
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    objects = Tenants.as_manager()

    class Meta:
        db_table = "tenants"
        indexes = [models.Index(fields=["status"], name="idx_tenants_status")]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="tenant_name_is_taken"),
            models.CheckConstraint(
                condition=Q(status__in=["active", "disabled"]), name="tenant_status_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Users(BaseUserManager["User"]):
    """Words to find users by; creating one is a verb of `core.access.people`."""

    def get_queryset(self) -> models.QuerySet[User]:
        """Leave the password hash unread: only the login functions hand it out."""
        return super().get_queryset().defer("password")

    def get_by_natural_key(self, username: str | None) -> User:
        """Find a person by the e-mail address they log in with, whatever its case."""
        return self.get(email__iexact=username, kind="person")

    def create_superuser(self, email: str, password: str | None = None, **names: Any) -> User:
        """Let `manage.py createsuperuser` make a person of the platform tenant with the highest role."""
        from core.access import people  # noqa: PLC0415 - the verb needs this model first

        return people.create_superuser(email, password=password, **names)


class User(AbstractBaseUser):
    """Somebody who acts: a person, an agent or a service.

    Persons log in to the admin; agents and services have no password and come by key. Roles live in
    `user_roles` alone; there are no groups and no is_superuser.
    """

    UNREADABLE: ClassVar[tuple[str, ...]] = ("password",)

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, db_default=TenantOfThisUnit(), db_constraint=False, related_name="users"
    )
    kind = models.CharField(max_length=20, db_default="person")
    email = models.EmailField(max_length=255, null=True)
    username = models.CharField(max_length=255, db_default=TimeOrderedUUID())
    password = models.CharField(max_length=255, db_column="password_hash", db_default=UNUSABLE)
    display_name = models.CharField(max_length=255, null=True)
    status = models.CharField(max_length=50, db_default="active")
    is_active = models.GeneratedField(
        expression=ExpressionWrapper(Q(status="active"), output_field=models.BooleanField()),
        output_field=models.BooleanField(),
        db_persist=True,
    )
    is_staff = models.BooleanField(db_default=False)
    email_verified = models.BooleanField(db_default=False)
    signature_policy = models.CharField(max_length=20, db_default="none")
    operated_by = models.ForeignKey(
        "self",
        models.PROTECT,
        db_column="operated_by",
        null=True,
        db_constraint=False,
        related_name="operates",
    )
    last_login = models.DateTimeField(null=True, db_column="last_login_at")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    objects = Users()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "users"
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="user_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["id", "kind"], name="user_is_of_one_kind"),
            models.UniqueConstraint(fields=["tenant", "email"], name="email_is_taken_in_this_tenant"),
            models.UniqueConstraint(fields=["tenant", "username"], name="username_is_taken"),
            models.UniqueConstraint(Lower("email"), condition=Q(kind="person"), name="email_is_taken"),
            models.CheckConstraint(
                condition=Q(kind__in=["person", "agent", "service"]), name="user_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["active", "disabled"]), name="user_status_is_known"
            ),
            models.CheckConstraint(
                condition=Q(is_staff=False) | Q(kind="person"), name="only_persons_are_staff"
            ),
            models.CheckConstraint(
                condition=~Q(kind="person") | Q(email__isnull=False), name="person_has_an_email"
            ),
            models.CheckConstraint(
                condition=Q(kind="person") | Q(password__startswith=UNUSABLE),
                name="only_persons_have_a_password",
            ),
            models.CheckConstraint(
                condition=Q(kind="person", operated_by__isnull=True) | ~Q(kind="person"),
                name="persons_operate_themselves",
            ),
            models.CheckConstraint(
                condition=Q(signature_policy__in=["none", "hmac", "ed25519"]),
                name="signature_policy_is_known",
            ),
        ]
        indexes = [models.Index(fields=["email"], name="idx_users_email")]

    def __str__(self) -> str:
        return self.email or f"{self.kind}:{self.username}"

    @property
    def role(self) -> str | None:
        """The highest role this person holds; agents and services hold none."""
        held = set(self.roles.values_list("role", flat=True)) if self.kind == "person" else set()
        return next((role for role in reversed(permissions.ROLES) if role in held), None)

    def has_perm(self, permission: str, obj: object = None) -> bool:
        """Answer from the one file of permissions."""
        return self.status == "active" and permissions.allows(permission, kind=self.kind, role=self.role)

    def has_perms(self, wanted: list[str], obj: object = None) -> bool:
        """Whether every one of these is held."""
        return all(self.has_perm(permission) for permission in wanted)

    def has_module_perms(self, app_label: str) -> bool:
        """Staff see every room's name; what they see inside is asked page by page."""
        return self.is_staff and self.status == "active"

    def get_username(self) -> str:
        """The name shown in the admin."""
        return self.email or self.username


class UserRole(models.Model):
    """One role of one person."""

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, db_default=TenantOfThisUnit(), db_constraint=False, related_name="+"
    )
    user = models.ForeignKey(User, models.CASCADE, db_constraint=False, db_index=False, related_name="roles")
    role = models.CharField(max_length=50)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "user_roles"
        indexes = [models.Index(fields=["user"], name="idx_user_roles_user_id")]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="user_role_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["user", "role"], name="role_is_held_already"),
            models.CheckConstraint(condition=Q(role__in=list(permissions.ROLES)), name="role_is_known"),
        ]

    def __str__(self) -> str:
        return self.role


class Keys(models.Manager["ApiKey"]):
    """Words to find keys by."""

    def get_queryset(self) -> models.QuerySet[ApiKey]:
        """Leave the digest unread: only `authenticate_key` compares it."""
        return super().get_queryset().defer("digest")


class ApiKey(models.Model):
    """A key by which a principal comes to the API; only the sha256 of it is kept."""

    UNREADABLE: ClassVar[tuple[str, ...]] = ("digest",)

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, db_default=TenantOfThisUnit(), db_constraint=False, related_name="+"
    )
    user = models.ForeignKey(User, models.PROTECT, db_constraint=False, related_name="keys")
    prefix = models.CharField(max_length=16)
    digest = models.BinaryField()
    label = models.CharField(max_length=100)
    scopes = ArrayField(models.TextField(), db_default=EmptyTextArray())
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = Keys()

    class Meta:
        db_table = "api_keys"
        verbose_name = "API key"
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["tenant", "id"], name="api_key_belongs_to_its_tenant"),
            models.UniqueConstraint(fields=["prefix"], name="key_prefix_is_taken"),
        ]

    def __str__(self) -> str:
        return f"xm_{self.prefix}_..."

    @property
    def is_revoked(self) -> bool:
        """Whether the key was taken back."""
        return self.revoked_at is not None

    def state(self, now: datetime) -> str:
        """Whether it is `live`, `revoked` or `expired` at this time."""
        if self.is_revoked:
            return "revoked"
        return "expired" if self.expires_at and self.expires_at <= now else "live"
