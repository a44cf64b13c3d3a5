"""Django's migrate, which first ensures the database roles, runs as their owner and ends with the seeds."""

from __future__ import annotations

from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections

from core.database import roles, sessions


class Command(migrate.Command):
    """Bring the database to this version: roles, tables, rules, reference rows."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Add one option to Django's."""
        super().add_arguments(parser)
        parser.add_argument("--no-seed", action="store_true", help="Leave the reference rows out.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run as the owner role, from roles to seeds."""
        alias = options["database"]
        self._ensure_roles(alias)
        with sessions.as_owner(alias):
            super().handle(*args, **options)
            if options["plan"] or options["check_unapplied"]:
                return
            self._publish_what_is_applied(alias)
            if options["app_label"] is None and not options["no_seed"]:
                self._seed(alias)

    def _ensure_roles(self, alias: str) -> None:
        try:
            with sessions.connect(alias) as conn:
                roles.ensure(conn, prefix=settings.DB_ROLE_PREFIX)
        except roles.RolesNotEnsured as refusal:
            raise CommandError(str(refusal)) from None
        except psycopg.OperationalError as error:
            raise CommandError(f"The database cannot be reached: {error}") from None

    def _publish_what_is_applied(self, alias: str) -> None:
        # every process reports pending migrations, whatever its role
        with connections[alias].cursor() as cursor:
            cursor.execute("GRANT SELECT ON django_migrations TO PUBLIC")

    def _seed(self, alias: str) -> None:
        from core.database import seeds  # noqa: PLC0415 - rooms register their rows when Django is ready

        seeds.load(alias)
