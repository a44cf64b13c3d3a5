"""The bytes of a fact are those that docs/audit-log.md describes, column by column."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from audit.models import AuditEvent
from tests.factories import World, open_market
from tests.raw import every, one

pytestmark = pytest.mark.django_db

PAGE = Path(settings.BASE_DIR) / "docs" / "audit-log.md"
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| (\w+) \((\d+)\) \|", re.MULTILINE)
HASHED = ("ip_address", "old_value", "new_value", "user_agent")
MILLENNIUM = datetime(2000, 1, 1, tzinfo=UTC)


def columns(record: bytes) -> Iterator[tuple[int, bytes | None]]:
    """Type and bytes of each column, as a third party reads them."""
    at, count = 4, int.from_bytes(record[:4], "big")
    for _ in range(count):
        kind, length = (int.from_bytes(record[place : place + 4], "big") for place in (at, at + 4))
        at += 8
        if length == 0xFFFFFFFF:
            yield kind, None
            continue
        yield kind, record[at : at + length]
        at += length
    assert at == len(record)


def read(kind: str, value: bytes | None) -> Any:
    """What the bytes of a column say."""
    if value is None or kind == "bytea":
        return value
    if kind in {"int4", "int8", "xid8"}:
        return int.from_bytes(value, "big", signed=True)
    if kind == "timestamptz":
        return MILLENNIUM + timedelta(microseconds=int.from_bytes(value, "big", signed=True))
    if kind == "jsonb":
        assert value[:1] == b"\x01"
        return json.loads(value[1:])
    return UUID(bytes=value) if kind == "uuid" else value.decode()


def described() -> list[tuple[str, str, int]]:
    """Column, type and its number, by the page."""
    found = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert [int(number) for number, *_ in found] == list(range(1, len(found) + 1))
    return [(name.replace("`", ""), kind, int(oid)) for _, name, kind, oid in found]


def test_every_record_is_read_by_the_table_of_the_page(world: World) -> None:
    open_market(world.proposal, world.grace)
    names = described()
    records = every("SELECT e.audit_id, audit_record(e) FROM audit_event e")
    assert len(records) > 20

    for audit_id, record in records:
        assert isinstance(record, bytes | memoryview)
        assert isinstance(audit_id, UUID)
        found = list(columns(bytes(record)))
        assert [kind for kind, _ in found] == [oid for *_, oid in names]
        said = {name: read(kind, value) for (name, kind, _), (_, value) in zip(names, found, strict=True)}
        event = AuditEvent.objects.get(pk=audit_id)
        assert said.pop("version") == 1
        hashed = {name: said.pop(f"sha256 of {name}") for name in HASHED}
        assert said == {name: vars(event)[name] for name in said}
        for name, digest in hashed.items():
            text = one(f"SELECT {name}::text FROM audit_event WHERE audit_id = %s", audit_id)
            assert digest == (None if text is None else sha256(str(text).encode()).digest())


def test_no_column_of_the_log_is_left_out(world: World) -> None:
    named = {name.removeprefix("sha256 of ") for name, *_ in described()} - {"version"}

    assert named == {field.column for field in AuditEvent._meta.concrete_fields}


def test_the_types_of_the_page_have_the_numbers_of_the_server() -> None:
    for _, kind, oid in described():
        assert one("SELECT oid::int FROM pg_type WHERE typname = %s", kind) == oid
