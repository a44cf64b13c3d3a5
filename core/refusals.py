"""Every way this system says no, named once, and the one place that reads a database constraint's name.

A refusal has the same code whether Python or PostgreSQL raised it. Rooms above add their own families in
`<room>/refusals.py`; subclassing `Refusal` is all it takes to be found by `translate`.
"""

from __future__ import annotations

import inspect
from typing import Any, ClassVar

from django.db import DataError, InterfaceError, OperationalError
from django.db import Error as DatabaseFailure


class Refusal(Exception):
    """The request was refused."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    hint: ClassVar[str] = ""
    constraints: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message)

    def __init_subclass__(cls) -> None:
        for name in (cls.code, *cls.constraints):
            BY_CONSTRAINT[name] = cls

    @property
    def message(self) -> str:
        """The class docstring: what was refused, as one sentence."""
        return inspect.cleandoc(self.__doc__ or "")

    def __str__(self) -> str:
        return self.message


BY_CONSTRAINT: dict[str, type[Refusal]] = {}


class InvalidInput(Refusal):
    """Something in the request is missing or malformed."""

    code = "invalid_input"
    status = 400
    hint = "Correct the places named in `errors` and send the request again."

    def __init__(self, *, errors: list[dict[str, str]], **facts: Any) -> None:
        """Name each place.

        :param errors: one `{"pointer": "/title", "detail": "..."}` for each fault; the pointer is RFC 6901.
        """
        self.errors = errors
        super().__init__(errors=errors, **facts)


class TooLarge(Refusal):
    """The body is larger than this place accepts."""

    code = "too_large"
    status = 413
    hint = "Send a smaller body; the limit in bytes is in `limit`."


class NotFound(Refusal):
    """There is nothing here by that name."""

    code = "not_found"
    status = 404
    hint = "Check the address; what belongs to another tenant looks the same as what does not exist."


class NotAuthenticated(Refusal):
    """The request carries no key and no signature that is known here."""

    code = "not_authenticated"
    status = 401
    hint = "Send `Authorization: Bearer xm_...` with a live key, or sign the request."


class KeyExpired(Refusal):
    """This key has expired."""

    code = "key_expired"
    status = 401
    hint = "Ask an administrator for a new key."


class KeyRevoked(Refusal):
    """This key was revoked."""

    code = "key_revoked"
    status = 401
    hint = "Ask an administrator for a new key."


class NotAllowed(Refusal):
    """This principal may not do that."""

    code = "not_allowed"
    status = 403
    hint = "Ask somebody whose role reaches this permission."


class ScopeIsMissing(Refusal):
    """This key is not good for that, whatever its holder may do."""

    code = "scope_is_missing"
    status = 403
    hint = "Use a key whose scopes hold the one named in `scope`."


class DatabaseUnavailable(Refusal):
    """The database cannot be reached right now; nothing was changed."""

    code = "database_unavailable"
    status = 503
    hint = "Try again in a few seconds."


class UnknownReference(Refusal):
    """Something this request points at does not exist."""

    code = "unknown_reference"
    status = 422
    hint = "Check the ids in the request."


class AlreadyExists(Refusal):
    """Something with this name or key exists already."""

    code = "already_exists"
    status = 409
    hint = "Use the existing one, or choose another name."


class NotAccepted(Refusal):
    """The database's own rules do not accept these values."""

    code = "not_accepted"
    status = 422
    hint = "The rule that refused is named in `constraint`."


class OutsideUnit(Refusal):
    """A write was called outside a unit, so nobody could say who did it."""

    code = "outside_unit"
    status = 500
    hint = "Open `core.database.unit.unit(...)` at the edge; a verb never opens its own."


class ReasonTooShort(Refusal):
    """A decision carries a reason of at least ten characters."""

    code = "reason_is_given"
    status = 422
    constraints = ("revocation_says_why", "delegation_says_why", "review_says_why")
    hint = "Say in a sentence why."


INSUFFICIENT_PRIVILEGE = "42501"
SERIALIZATION_AND_DEADLOCK = ("40001", "40P01", "55P03")
BY_STATE: dict[str, type[Refusal]] = {
    INSUFFICIENT_PRIVILEGE: NotAllowed,
    "23503": UnknownReference,
    "23001": UnknownReference,  # what 18 says where 15 says 23503: somebody still points at the row
    "23505": AlreadyExists,
    "23502": NotAccepted,
    "23514": NotAccepted,
    "23P01": NotAccepted,
    "23000": NotAccepted,
}
BAD_VALUE_STATES = ("22P02", "22021", "22P05", "22003", "22007", "22008", "22001")


def translate(error: BaseException) -> Refusal | None:
    """Turn what the database said into the refusal of the same name.

    :returns: the refusal; None where the error is nobody's word but a defect.
    """
    if isinstance(error, Refusal):
        return error
    if not isinstance(error, DatabaseFailure):
        return None
    diagnosis = getattr(error.__cause__, "diag", None)
    state = getattr(diagnosis, "sqlstate", None)
    if state is None:
        return _without_state(error)
    return _named(diagnosis) or _by_state(state, diagnosis)


def _without_state(error: BaseException) -> Refusal | None:
    if isinstance(error, OperationalError | InterfaceError):
        return DatabaseUnavailable()
    if isinstance(error, DataError):
        return InvalidInput(errors=[{"pointer": "", "detail": "A value is not one the database can hold."}])
    return None


def _named(diagnosis: Any) -> Refusal | None:
    known = BY_CONSTRAINT.get(diagnosis.constraint_name or "")
    if known is None or known is InvalidInput:
        return None
    facts = {"detail": diagnosis.message_primary} if diagnosis.message_primary else {}
    return known(**facts)


def _by_state(state: str, diagnosis: Any) -> Refusal | None:
    if state in BAD_VALUE_STATES:
        return InvalidInput(errors=[{"pointer": "", "detail": diagnosis.message_primary}])
    if state in SERIALIZATION_AND_DEADLOCK or state.startswith(("08", "53", "57")):
        return DatabaseUnavailable()
    known = BY_STATE.get(state)
    if known is None:
        return None
    return known(constraint=diagnosis.constraint_name) if diagnosis.constraint_name else known()
