"""The database's own defaults, as expressions that models name."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Func


class TimeOrderedUUID(Func):
    """A new uuid that sorts by its time of birth (RFC 9562, version 7)."""

    function = "time_ordered_uuid"
    template = "%(function)s()"
    output_field = models.UUIDField()


class TenantOfThisUnit(Func):
    """The unit's tenant, or the platform's where none is set (only owner and raw SQL come here without)."""

    template = (
        "COALESCE(NULLIF(current_setting('app.tenant_id', true), '')::uuid, "
        "'00000000-0000-0000-0000-000000000000')"
    )
    output_field = models.UUIDField()


class ActorOfThisUnit(Func):
    """Who acts in this unit, or nobody."""

    template = "NULLIF(current_setting('app.actor_id', true), '')::uuid"
    output_field = models.UUIDField()


class CorrelationOfThisUnit(Func):
    """The id that ties together whatever came of one request; one of its own where there is none."""

    template = "COALESCE(NULLIF(current_setting('app.correlation_id', true), '')::uuid, gen_random_uuid())"
    output_field = models.UUIDField()


class ClockNow(Func):
    """The server's clock at this very moment."""

    function = "clock_timestamp"
    template = "%(function)s()"
    output_field = models.DateTimeField()


class CurrentTransaction(Func):
    """The 64-bit number of the transaction that writes the row."""

    function = "pg_current_xact_id"
    template = "%(function)s()"

    def __init__(self) -> None:
        super().__init__(output_field=TransactionField())


class NoTransaction(CurrentTransaction):
    """The number before every transaction's."""

    function = "'0'::xid8"
    template = "%(function)s"


class EmptyObject(Func):
    """An empty JSON object."""

    template = "'{}'::jsonb"
    output_field = models.JSONField()


class EmptyUuidArray(Func):
    """An empty list of ids."""

    template = "'{}'::uuid[]"
    output_field = models.UUIDField()


class EmptyTextArray(Func):
    """An empty list of text."""

    template = "'{}'::text[]"
    output_field = models.TextField()


class TransactionField(models.Field):  # type: ignore[type-arg]
    """A column of type xid8, read as int (Django's fields are not subscriptable at run time)."""

    def db_type(self, connection: Any) -> str:
        """Name PostgreSQL's type."""
        return "xid8"

    def from_db_value(self, value: str | int | None, expression: Any, connection: Any) -> int | None:
        """Read the number; psycopg hands xid8 over as text."""
        return None if value is None else int(value)
