"""The base of management commands that write: it knows the tenant and the actor, and opens their units."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseFailure
from django.db import OperationalError

from core.access.models import PLATFORM_TENANT_ID, Tenant, User
from core.database.unit import Unit, hold, unit
from core.refusals import Refusal, translate


class UnitCommand(BaseCommand):
    """A command that acts as somebody, in a tenant.

    `--tenant` takes a name or an id (default: the platform tenant), `--as` a username (default: `system`,
    which has no actor).
    """

    role = "staff"

    def add_arguments(self, parser: CommandParser) -> None:
        """Add the two options every such command has."""
        parser.add_argument("--tenant", default=str(PLATFORM_TENANT_ID), help="tenant by name or id")
        parser.add_argument("--as", dest="actor", default="system", help="username of who acts")

    def acting(self, options: dict[str, Any]) -> tuple[UUID, User | None]:
        """Find the tenant and the actor, in a short unit of their own.

        :raises CommandError: when either is unknown, naming the ones that exist, or the database is away.
        """
        try:
            with unit(self.role):
                tenant = self._tenant(options["tenant"])
                hold(tenant=tenant.pk)
                return tenant.pk, self._actor(options["actor"], tenant)
        except OperationalError as error:
            raise CommandError(f"The database cannot be reached: {error}") from None

    def unit(self, tenant: UUID, actor: User | None, **known: Any) -> AbstractContextManager[Unit]:
        """Open one unit of this command."""
        return unit(
            self.role, tenant=tenant, actor=actor.pk if actor else None, user_agent="manage.py", **known
        )

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Say a refusal in a sentence, with what to do next.

        :raises CommandError: instead of every refusal, of Python and of the database.
        """
        try:
            yield
        except (Refusal, DatabaseFailure) as error:
            refusal = translate(error)
            if refusal is None:
                raise
            raise CommandError(f"{refusal} {refusal.hint}") from error

    def _tenant(self, wanted: str) -> Tenant:
        found = Tenant.objects.named(wanted).first()
        if found is None:
            names = ", ".join(Tenant.objects.order_by("name").values_list("name", flat=True)[:20])
            raise CommandError(f"No tenant {wanted!r}. There is: {names or 'none; run manage.py migrate'}.")
        return found

    def _actor(self, wanted: str, tenant: Tenant) -> User | None:
        if wanted == "system":
            return None
        # people of the platform act in every tenant
        homes = {tenant.pk, PLATFORM_TENANT_ID}
        found = User.objects.filter(tenant__in=homes, username=wanted, status="active").first()
        if found is None:
            names = ", ".join(
                User.objects.filter(tenant=tenant)
                .order_by("username")
                .values_list("username", flat=True)[:20]
            )
            raise CommandError(
                f"No active user {wanted!r} in {tenant.name!r}. There is: {names or 'nobody'}."
            )
        return found
