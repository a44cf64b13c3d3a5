"""Logins that fail are in the audit log, and so is who was unlocked.

What was typed is not: people type a password into the wrong field, and what is logged can never be removed.
"""

from __future__ import annotations

from typing import Any

from audit import log
from core.access.models import PLATFORM_TENANT_ID, User
from core.database.unit import current, hold
from core.web import lockout


def watch() -> None:
    """Listen for failed logins."""
    lockout.login_failed.connect(_failed, dispatch_uid="audit.logins")


def unlock(email: str, *, by: User | None, reason: str) -> int:
    """Let somebody try again who was locked out; the number of places they were locked out from."""
    gone = lockout.unlock(email)
    _record("login:unlock", email, by=by, reason=reason)
    return gone


def _failed(sender: Any, email: str, locked: bool, **_: Any) -> None:
    _record("login:fail", email)
    if locked:
        _record("login:lock_out", email)


def _record(action: str, email: str, *, by: User | None = None, reason: str = "") -> None:
    found = User.objects.raw("SELECT * FROM person_by_email(%s)", [email])
    person = next(iter(found), None)
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
