"""Django's development server, which starts and says what is missing also while the database is away."""

from __future__ import annotations

from django.contrib.staticfiles.management.commands import runserver
from django.db import Error as DatabaseFailure


class Command(runserver.Command):
    """Serve admin and API for development; /api/v1/ready tells when the database is there."""

    def check_migrations(self) -> None:
        """Name pending migrations, where the database can be asked."""
        try:
            super().check_migrations()
        except DatabaseFailure as error:
            self.stderr.write(f"The database cannot be asked for pending migrations: {error}")
