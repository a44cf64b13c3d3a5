"""Logins that fail are in the audit log, and so is who was unlocked.

What was typed is not: people type a password into the wrong field, and what is logged can never be removed.
"""

from __future__ import annotations

from typing import Any

from audit import log
from core.access.models import PLATFORM_TENANT_ID, User
from core.database.unit import current, hold
from core.refusals import NotAllowed, NotFound
from core.web import lockout, second_factor


def watch() -> None:
    """Listen for failed logins."""
    lockout.login_failed.connect(_failed, dispatch_uid="audit.logins")
    second_factor.happened.connect(_happened, dispatch_uid="audit.second_factor")


def unlock(email: str, *, by: User | None, reason: str) -> int:
    """Let somebody try again who was locked out; the number of places they were locked out from."""
    gone = lockout.unlock(email)
    _record("login:unlock", email, by=by, reason=reason)
    return gone


def reset_second_factor(email: str, *, by: User | None, reason: str) -> int:
    """Forget the second factor of somebody who lost it.

    :raises NotAllowed: unless a super-admin does it for somebody else.
    :raises NotFound: where nobody has this address.
    """
    person = _person(email)
    if person is None:
        raise NotFound
    if by is None or by == person or by.role != "super-admin":
        raise NotAllowed
    return second_factor.reset(person, by=by, reason=reason)


def _happened(sender: Any, action: str, person: User, by: User | None, reason: str, **_: Any) -> None:
    _write(action, person, by=by, reason=reason)


def _person(email: str) -> User | None:
    return next(iter(User.objects.raw("SELECT * FROM person_by_email(%s)", [email])), None)


def _failed(sender: Any, email: str, locked: bool, **_: Any) -> None:
    _record("login:fail", email)
    if locked:
        _record("login:lock_out", email)


def _record(action: str, email: str, *, by: User | None = None, reason: str = "") -> None:
    _write(action, _person(email), by=by, reason=reason)


def _write(action: str, person: User | None, *, by: User | None, reason: str) -> None:
    before = current().tenant
    hold(tenant=person.tenant_id if person else PLATFORM_TENANT_ID)
    log.record(
        action,
        by=by,
        entity_type="users",
        entity_id=str(person.pk) if person else "unknown",
        reason=reason,
    )
    hold(tenant=before)
