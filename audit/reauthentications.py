"""A person proves again who they are, just before a decision."""

from __future__ import annotations

from audit.models import Reauthentication
from audit.refusals import WrongPassword
from core.access.backends import StaffLogin
from core.access.models import User
from core.database.rows import insert
from core.database.unit import verb
from core.web.limits import SoftLimit

# whoever took over a session finds out no password here
GUESSES = SoftLimit(lambda: 5)


@verb("reauthentication:confirm")
def confirm(password: str, *, by: User, reason: str = "") -> Reauthentication:
    """Check the password of the person who is logged in; the proof serves one decision within five minutes.

    :raises WrongPassword: when it is not theirs.
    :raises TooManyRequests: after five wrong ones in a minute, even for the right one.
    """
    check(password, by=by)

    return insert(Reauthentication, person_id=by.pk, method="password")


def check(password: str, *, by: User) -> None:
    """Make sure that the person who is logged in types their password.

    :raises WrongPassword: when it is not theirs.
    :raises TooManyRequests: after five wrong ones in a minute, even for the right one.
    """
    GUESSES.look(by.pk)
    # no login: it opens nothing, so the lock-out of the login does not count it
    if StaffLogin().authenticate(None, username=by.email, password=password) != by:
        GUESSES.take(by.pk)
        raise WrongPassword
