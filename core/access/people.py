"""Making those who act: persons with a password and roles, agents that a person operates."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.core.management import CommandError
from django.db import Error as DatabaseFailure

from core.access.models import PLATFORM_TENANT_ID, User, UserRole
from core.access.passwords import hashed
from core.access.refusals import NobodysOwnRoles, RoleIsNotHeld
from core.database.rows import insert
from core.database.unit import unit, verb
from core.refusals import NotAllowed, Refusal, translate


@verb("person:create", permission="access:manage")
def create_person(
    email: str,
    *,
    tenant_id: UUID,
    role: str,
    password: str | None,
    by: User | None,
    reason: str = "",
    **names: str,
) -> User:
    """Make a person of staff who holds one role.

    :param role: one of `core.access.permissions.ROLES`.
    :param password: in clear; stored as argon2. None means that nobody can log in yet.
    :param names: `username` (default: the e-mail address) and `display_name`.
    :raises PasswordIsTooWeak: saying what is wrong with it.
    :raises EmailTaken: when a person logs in with this address already.
    """
    person = insert(
        User,
        tenant_id=tenant_id,
        kind="person",
        email=email,
        password=make_password(None) if password is None else hashed(password, User(email=email, **names)),
        is_staff=True,
        username=names.get("username") or email,
        display_name=names.get("display_name") or email.partition("@")[0],
    )
    insert(UserRole, user_id=person.pk, role=role)

    return person


@verb("agent:create", permission="access:manage")
def create_agent(
    username: str, *, operated_by: User, by: User | None, reason: str = "", kind: str = "agent"
) -> User:
    """Make an agent (or a service) in its operator's tenant; it comes by key and never decides.

    :param operated_by: the person who answers for it, and who therefore cannot decide on what it proposes.
    :raises UsernameTaken: when the tenant has this username already.
    """
    return insert(
        User,
        tenant_id=operated_by.tenant_id,
        kind=kind,
        username=username,
        display_name=username,
        operated_by_id=operated_by.pk,
    )


@verb("user:disable", permission="access:manage")
def disable(user: User, *, by: User | None, reason: str) -> None:
    """Let a user do nothing any more, from the next request on; their keys and sessions open nothing.

    :raises NobodysOwnRoles: for oneself, so that nobody locks themselves out.
    """
    if by is not None and by.pk == user.pk:
        raise NobodysOwnRoles
    _stand(user, "disabled")


@verb("user:enable", permission="access:manage")
def enable(user: User, *, by: User | None, reason: str) -> None:
    """Let a disabled user act again."""
    _stand(user, "active")


@verb("role:grant", permission="access:manage")
def grant_role(person: User, role: str, *, by: User | None, reason: str) -> UserRole:
    """Give a person a role, in addition to those they hold.

    :raises RoleIsGrantedFromAbove: for a role above one's own.
    :raises NobodysOwnRoles: for oneself.
    :raises OnlyPersonsHoldRoles: for agents and services.
    """
    return insert(UserRole, user_id=person.pk, role=role)


@verb("role:revoke", permission="access:manage")
def revoke_role(person: User, role: str, *, by: User | None, reason: str) -> None:
    """Take a role back.

    :raises RoleIsNotHeld: when there is nothing to take.
    """
    taken, _ = UserRole.objects.filter(user_id=person.pk, role=role).delete()
    if not taken:
        raise RoleIsNotHeld


@verb("person:change_password")
def change_password(person: User, password: str, *, by: User | None, reason: str = "") -> None:
    """Give a person another password; every session opened with the old one ends.

    :raises NotAllowed: where one person does it for another, unless they are a super-admin.
    :raises PasswordIsTooWeak: saying what is wrong with it.
    """
    if by is not None and by != person and by.role != "super-admin":
        raise NotAllowed(permission="person:change_password")
    person.password = hashed(password, person)
    person.save(update_fields=["password"])


def _stand(user: User, status: str) -> None:
    user.status = status
    user.save(update_fields=["status"])


def create_superuser(email: str, *, password: str | None, **names: Any) -> User:
    """Make a super-admin of the platform tenant, in a unit of its own: `createsuperuser` is an edge.

    A super-admin still cannot decide on own proposals.
    """
    if not password:
        raise CommandError(
            "A person needs a password: run createsuperuser interactively, or set DJANGO_SUPERUSER_PASSWORD."
        )
    try:
        with unit("platform", tenant=PLATFORM_TENANT_ID):
            return create_person(
                email,
                tenant_id=PLATFORM_TENANT_ID,
                role="super-admin",
                password=password,
                by=None,
                reason="createsuperuser",
                **names,
            )
    except (DatabaseFailure, Refusal) as error:
        refusal = translate(error)
        if refusal is None:
            raise
        raise CommandError(f"{refusal} {refusal.hint}") from error
