"""A person proves again who they are, just before a decision."""

from __future__ import annotations

from audit.models import Reauthentication
from audit.refusals import WrongPassword
from core.access.backends import StaffLogin
from core.access.models import User
from core.database.rows import insert
from core.database.unit import verb


@verb("reauthentication:confirm")
def confirm(password: str, *, by: User, reason: str = "") -> Reauthentication:
    """Check the password of the person who is logged in; the proof serves one decision within five minutes.

    :raises WrongPassword: when it is not theirs.
    """
    # no login: it opens nothing, so the lock-out of the login does not count it
    if StaffLogin().authenticate(None, username=by.email, password=password) != by:
        raise WrongPassword

    return insert(Reauthentication, person_id=by.pk, method="password")
