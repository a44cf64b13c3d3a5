"""Staff log in with an e-mail address and a password, through two functions of the database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest

from core.access.models import User


class StaffLogin(BaseBackend):
    """Let an active person in; agents and services have no password here."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> User | None:
        """Find the person by e-mail address, whatever its case, and check the password."""
        if not username or password is None or "\x00" in username:
            return None
        person = _one("SELECT * FROM person_by_email(%s)", username)
        if person is None:
            make_password(password)  # the same work as for a known address, so that time tells nothing
            return None
        return person if check_password(password, person.password) and person.status == "active" else None

    def get_user(self, user_id: Any) -> User | None:
        """Find the person a session belongs to; a disabled one is nobody at once."""
        person = _one(
            "SELECT * FROM person_by_id(%s)", user_id if isinstance(user_id, UUID) else str(user_id)
        )
        return person if person and person.status == "active" else None


def _one(query: str, value: object) -> User | None:
    return next(iter(User.objects.raw(query, [value])), None)
