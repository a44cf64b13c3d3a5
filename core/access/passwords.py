"""What a password has to be, wherever one is set."""

from __future__ import annotations

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from core.access.models import User
from core.access.refusals import PasswordIsTooWeak

MOST = 128


class MaximumLength:
    """Refuses what is longer than anybody types: hashing it would only cost time."""

    def validate(self, password: str, user: object | None = None) -> None:
        """Count characters."""
        if len(password) > MOST:
            raise ValidationError(f"This password has more than {MOST} characters.", code="password_too_long")

    def get_help_text(self) -> str:
        """Say the limit."""
        return f"Your password can have at most {MOST} characters."


def hashed(password: str, person: User) -> str:
    """Hash a password that is good enough for this person.

    :raises PasswordIsTooWeak: saying everything that is wrong with it.
    """
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise PasswordIsTooWeak(detail=" ".join(error.messages)) from None
    return make_password(password)
