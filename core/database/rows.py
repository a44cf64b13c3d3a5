"""One INSERT that names only the columns it is given.

Django's own INSERT names every column of the model, also those it gives DEFAULT, and PostgreSQL refuses a
named column without a grant on it. What the database decides (ids, clocks, digests, what a guard fills) is
left out here and read back.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection, models
from psycopg import sql

Row = TypeVar("Row", bound=models.Model)


def insert(model: type[Row], **values: Any) -> Row:
    """Insert one row and return it as the database wrote it.

    :param values: field or attribute names (`tenant_id`) of `model`, and nothing else.
    :raises django.db.IntegrityError: named by the constraint or guard that refused.
    """
    fields: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    given = {fields[name]: value for name, value in values.items()}
    readable = [field for name, field in fields.items() if name not in getattr(model, "UNREADABLE", ())]
    statement = sql.SQL("INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING {returned}").format(
        table=sql.Identifier(model._meta.db_table),
        columns=_listed(given),
        places=sql.SQL(", ").join([sql.Placeholder()] * len(given)),
        returned=_listed(readable),
    )
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [field.get_db_prep_save(value, connection) for field, value in given.items()]
        )
        row = cursor.fetchone()
    return _read_back(model, readable, row)


def _listed(fields: Iterable[Any]) -> sql.Composed:
    return sql.SQL(", ").join([sql.Identifier(field.column) for field in fields])


def _read_back(model: type[Row], fields: list[Any], row: Any) -> Row:
    values = [_converted(field, value) for field, value in zip(fields, row, strict=True)]
    return model.from_db(connection.alias, [field.attname for field in fields], values)


def _converted(field: Any, value: Any) -> Any:
    for converter in field.get_db_converters(connection):
        value = converter(value, field.cached_col, connection)
    return value
