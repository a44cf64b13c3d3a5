"""The unit: one transaction that knows who acts, for which tenant, why, and as which database role.

One request, one command, one job attempt is one unit (docs/architecture.md). Only the edges open one: the
API view base, the admin middleware, the command base and the worker. Everything the unit knows is
transaction-local, so it ends with COMMIT and never leaks into the next one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg.pq import ExecStatus, TransactionStatus

from core.refusals import NotAllowed, OutsideUnit

P = ParamSpec("P")
R = TypeVar("R")


# what a unit knows, by PostgreSQL's names
SETTINGS = {
    "role": "role",
    "tenant": "app.tenant_id",
    "actor": "app.actor_id",
    "action": "app.action",
    "reason": "app.reason",
    "correlation_id": "app.correlation_id",
    "ip": "app.ip",
    "user_agent": "app.user_agent",
    "signature": "app.signature",
    "payload_hash": "app.payload_hash",
    "job": "app.job_id",
}


@dataclass(frozen=True)
class Unit:
    """What the audit triggers and the guards can know of the transaction they run in."""

    role: str
    tenant: UUID | None = None
    actor: UUID | None = None
    action: str = ""
    reason: str = ""
    correlation_id: UUID | None = None
    ip: str = ""
    user_agent: str = ""
    signature: str = ""
    payload_hash: str = ""
    job: UUID | None = None

    def settings(self) -> dict[str, str]:
        """The settings by PostgreSQL's names; an unset one is the empty string."""
        known = {setting: str(getattr(self, name) or "") for name, setting in SETTINGS.items()}
        return known | {"role": role_name(self.role)}


def role_name(role: str) -> str:
    """The cluster's name of one of our database roles."""
    return f"{settings.DB_ROLE_PREFIX}{role}"


@contextmanager
def unit(role: str, **known: Any) -> Iterator[Unit]:
    """Open the transaction of one request, command or job attempt.

    :param role: `api`, `staff`, `platform`, `worker`, `auditor` or `owner`; the database role until COMMIT.
    :param known: `tenant`, `actor`, `correlation_id` (UUIDs), `action`, `reason`, `ip`, `user_agent` (text);
        of a signed request its `signature`, and `payload_hash`, the sha256 of its body in hex; of an
        attempt its `job`.
    :raises RuntimeError: when opened inside another transaction: units do not nest.
    """
    opened = Unit(role, **known)
    with transaction.atomic(durable=True):
        outer_role = _role_in_an_outer_transaction()
        _begin(opened.settings())
        _remember(opened)
        try:
            yield opened
        finally:
            _remember(None)
        _restore(outer_role)


def current() -> Unit:
    """The open unit.

    :raises OutsideUnit: when there is none.
    """
    found: Unit | None = getattr(connection, "governed_unit", None)
    if found is None or not connection.in_atomic_block:
        raise OutsideUnit
    return found


def hold(**changes: Any) -> Unit:
    """Change what the open unit knows; only what is named travels to the database, in one SELECT."""
    after = replace(current(), **changes)
    wanted = after.settings()
    _set({SETTINGS[name]: wanted[SETTINGS[name]] for name in changes})
    _remember(after)
    return after


def verb(action: str, *, permission: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Mark a write, so that every row it changes is audited under `action` with its `by=` and `reason=`.

    The outermost verb names the action and asks for the permission; verbs it calls stay under that name.

    :param permission: what `by` must hold; the system itself (None) may.
    :raises NotAllowed: by the marked verb, before it begins.
    """

    def decorate(write: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(write)
        def named(*args: P.args, **kwargs: P.kwargs) -> R:
            before = current()
            if before.action:
                return write(*args, **kwargs)
            by: Any = kwargs.get("by")
            if permission and by and not by.has_perm(permission):
                raise NotAllowed(permission=permission)
            hold(action=action, actor=by.pk if by else None, reason=str(kwargs.get("reason") or ""))
            try:
                result = write(*args, **kwargs)
            except BaseException:
                # whoever goes on in this unit rolled back to a savepoint, and the settings with it
                _remember(before)
                raise
            hold(action="", reason="")
            return result

        return named

    return decorate


def _begin(wanted: dict[str, str]) -> None:
    """Send BEGIN and the settings in one message; psycopg sends BEGIN alone and waits for its answer."""
    psycopg_connection = connection.connection
    is_begun = psycopg_connection.info.transaction_status != TransactionStatus.IDLE
    if is_begun or connection.execute_wrappers or connection.queries_logged:
        # whoever looks at statements sees this one, too
        _set(wanted)
        return
    words = psycopg.ClientCursor(psycopg_connection).mogrify(_settings(wanted), list(wanted.values()))
    with connection.wrap_database_errors:
        result = psycopg_connection.pgconn.exec_(f"BEGIN; {words}".encode())
        if psycopg_connection.broken:
            raise psycopg.OperationalError(result.get_error_message())
        if result.status != ExecStatus.TUPLES_OK:
            raise psycopg.errors.error_from_result(result)


def _set(wanted: dict[str, str]) -> None:
    if not wanted:
        return
    with connection.cursor() as cursor:
        cursor.execute(_settings(wanted), list(wanted.values()))


def _settings(names: Iterable[str]) -> str:
    # the names are ours, and quoting them each time costs as much as the values
    calls = ", ".join([f"set_config('{name}', %s, true)" for name in names])
    return f"SELECT {calls}"


def _remember(opened: Unit | None) -> None:
    connection.governed_unit = opened  # type: ignore[attr-defined]


def _role_in_an_outer_transaction() -> str | None:
    # only a test's own transaction can be outside: atomic(durable=True) refuses every other
    if len(connection.atomic_blocks) == 1:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        return str(cursor.fetchone()[0])


def _restore(outer_role: str | None) -> None:
    if outer_role is not None and not connection.needs_rollback:
        _set(dict.fromkeys(Unit("").settings(), "") | {"role": outer_role})
