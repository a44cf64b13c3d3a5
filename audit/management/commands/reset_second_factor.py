"""Forget the second factor of somebody who lost it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from audit import logins
from core.database.commands import UnitCommand


class Command(UnitCommand):
    """A super-admin does it (--as), for somebody else; the audit log keeps who and why."""

    help = "Reset the second factor of one e-mail address."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the address and the reason."""
        parser.add_argument("email", help="whose second factor is lost")
        parser.add_argument("--reason", required=True, help="why, for the audit log")
        super().add_arguments(parser)

    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        """Do it in one unit."""
        tenant, actor = self.acting(options)
        with self.refusing(), self.unit(tenant, actor):
            gone = logins.reset_second_factor(email, by=actor, reason=reason)
        self.stdout.write(
            "Reset: the next login sets up another one." if gone else "There was no second factor."
        )
