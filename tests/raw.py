"""Raw SQL as any role, and how the database says no to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from config.tables import TABLES
from core.database.unit import role_name
from core.refusals import INSUFFICIENT_PRIVILEGE, NotAccepted, NotAllowed, Refusal, translate

RUNTIME = ("api", "staff", "worker", "platform", "auditor", "backup")
WRITERS = ("api", "staff", "worker", "platform")
COUNTING = {"rate_buckets", "request_nonces"}
FULL_LOG = "the_log_is_full"
# constraints but the primary key, then unique indexes that belong to none
RULES = """
    SELECT true, conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('u', 'f', 'c', 'x')
    UNION ALL
    SELECT false, i.indexrelid::regclass::text FROM pg_index i
    WHERE i.indrelid = %s::regclass AND i.indisunique
      AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
"""
COPIED = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attidentity = ''
      AND attname <> %s
"""


def run(statement: str, *values: Any) -> int:
    """Run one statement and say how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return int(cursor.rowcount)


def every(statement: str, *values: Any) -> list[tuple[object, ...]]:
    """Read all rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def one(statement: str, *values: Any) -> object:
    """Read the one value of the one row."""
    ((value,),) = every(statement, *values)
    return value


@contextmanager
def refused(name: str, answer: type[Refusal] | None = None) -> Iterator[None]:
    """Expect the database to refuse by this constraint's name, and Python to know the refusal of that name.

    :param answer: the general refusal, for a constraint that has none of its own.
    """
    with failing() as caught:
        yield
    assert constraint_of(caught.value) == name
    said = translate(caught.value)
    assert said is not None
    if answer is None:
        assert name in {said.code, *said.constraints}
    else:
        assert type(said) is answer
        assert said.facts == {"constraint": name}


@contextmanager
def denied(relation: str | None = None) -> Iterator[None]:
    """Expect the database to refuse for want of a grant."""
    with failing() as caught:
        yield
    assert state_of(caught.value) == INSUFFICIENT_PRIVILEGE
    assert "permission denied" in str(caught.value)
    assert isinstance(translate(caught.value), NotAllowed)
    if relation:
        assert f" {relation}" in str(caught.value)


@contextmanager
def walled(table: str) -> Iterator[None]:
    """Expect the wall around a table to refuse a row, whatever the grants."""
    with failing() as caught:
        yield
    assert state_of(caught.value) == INSUFFICIENT_PRIVILEGE
    assert f'row-level security policy for table "{table}"' in str(caught.value)
    assert isinstance(translate(caught.value), NotAllowed)


@contextmanager
def failing() -> Iterator[pytest.ExceptionInfo[DatabaseError]]:
    """Expect the database to fail, and let the transaction go on as if nothing had been tried."""
    # no atomic block, so that a unit may open inside
    before = transaction.savepoint()
    with pytest.raises(DatabaseError) as caught:
        yield caught
    if before:
        transaction.set_rollback(False)
        transaction.savepoint_rollback(before)


def constraint_of(error: BaseException) -> str | None:
    """The name by which the database refused."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)


def state_of(error: BaseException) -> str | None:
    """PostgreSQL's five letters."""
    return getattr(getattr(error.__cause__, "diag", None), "sqlstate", None)


@contextmanager
def untriggered(table: str) -> Iterator[None]:
    """Switch every trigger of a table off, as only its owner can."""
    run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    run(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def multiply(table: str, key: str, times: int) -> None:
    """Copy the row that says most, each copy with an id of its own, past every rule that would ask why."""
    for is_constraint, name in every(RULES, table, table):
        # a key that points back at its own table goes with what it points at
        drop = f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}" CASCADE'
        run(drop if is_constraint else f'DROP INDEX "{name}"')
    copied = [f'"{name}"' for (name,) in every(COPIED, table, key)]
    says = "(SELECT count(*) FROM jsonb_object_keys(jsonb_strip_nulls(to_jsonb(t))))"
    fullest = f"SELECT * FROM {table} t ORDER BY {says} DESC LIMIT 1"
    with untriggered(table):
        run(
            f"INSERT INTO {table} ({', '.join([key, *copied])}) "
            f"SELECT time_ordered_uuid(), {', '.join(copied)} FROM generate_series(1, %s), ({fullest}) t",
            times,
        )


def grant(privilege: str, table: str, role: str) -> None:
    """Give a role what it does not have, so that what stands behind the grant can be met."""
    run(f"GRANT {privilege} ON {table} TO {role_name(role)}")


def picture() -> dict[str, object]:
    """What every table of ours holds, as one digest for each; what merely counts requests is left out."""
    rows = "(to_jsonb(t) - 'last_used_at')::text"
    return {
        table: one(f"SELECT md5(string_agg({rows}, '|' ORDER BY {rows})) FROM {table} t")
        for table in TABLES.keys() - COUNTING
    }


@contextmanager
def unwritable_log() -> Iterator[None]:
    """Let every row of the audit log be refused, and expect that nothing else was written either."""
    before = picture()
    run(f"ALTER TABLE audit_event ADD CONSTRAINT {FULL_LOG} CHECK (false) NOT VALID")
    with refused(FULL_LOG, NotAccepted):
        yield
    assert picture() == before
