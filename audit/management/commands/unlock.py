"""Let somebody log in again who was locked out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from audit import logins
from core.database.commands import UnitCommand


class Command(UnitCommand):
    """Forget the failed logins for one e-mail address; the audit log keeps who did it and why."""

    help = "Unlock the login of one e-mail address."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address and the reason."""
        parser.add_argument("email", help="the e-mail address that is locked out")
        parser.add_argument("--reason", required=True, help="why, for the audit log")
        super().add_arguments(parser)

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        """Do it in one unit."""
        tenant, actor = self.acting(options)
        with self.refusing(), self.unit(tenant, actor):
            gone = logins.unlock(email, by=actor, reason=reason)
        self.stdout.write("Unlocked." if gone else "Nothing was locked or counted for this address.")
