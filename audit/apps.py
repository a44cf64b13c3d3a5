"""The audit room."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Names the room and gives its reference rows."""

    name = "audit"
    verbose_name = "Decisions and log"

    def ready(self) -> None:
        """Register the first approval policies, and write failed logins down."""
        from audit import logins, policies  # noqa: PLC0415 - not before the apps are there
        from core.database import seeds  # noqa: PLC0415

        seeds.register(policies.first_policies)
        logins.watch()
