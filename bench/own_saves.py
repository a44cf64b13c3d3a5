"""Our own saves in P3, in a process of its own: the same row with the log's trigger and without it.

It logs in without rights and saves in the unit of a person of staff, whom the log's rows name. Alone, as the
packages save, it has taken role, tenant and actor once for the whole session, and opens no unit.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, models  # noqa: E402 - Django is set up first

from bench.peers import saved  # noqa: E402
from core.database.unit import Unit, role_name, unit  # noqa: E402


class Plain(saved.Saved):
    """The row whose changes nobody writes down."""

    class Meta:
        app_label = "bench"


class Audited(saved.Saved):
    """The row that is governed, as every table of ours is by its trigger."""

    class Meta:
        app_label = "bench"


def make() -> None:
    """Make both tables, as owner."""
    audited = Audited._meta.db_table
    saved.make(Plain)
    saved.make(Audited)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER change_is_audited AFTER INSERT OR UPDATE OR DELETE ON {audited} "
            "FOR EACH ROW EXECUTE FUNCTION audit_governed_change('id', '', '')"
        )
        cursor.execute(f"ALTER TABLE {audited} ENABLE ALWAYS TRIGGER change_is_audited")
        for model in (Plain, Audited):
            cursor.execute(f"GRANT SELECT, UPDATE ON {model._meta.db_table} TO {role_name('staff')}")


def _unit() -> AbstractContextManager[Unit]:
    known = {name: UUID(os.environ[f"BENCH_{name.upper()}"]) for name in ("tenant", "actor")}
    told = {"action": "market:save", "reason": "Sources were checked.", "ip": "203.0.113.7"}
    return unit("staff", **known, **told, user_agent="bench")


def _save(row: Any) -> None:
    with _unit():
        row.save()


def _for_the_session() -> None:
    with _unit() as opened:
        wanted = opened.settings()
    with connection.cursor() as cursor:
        for name, value in wanted.items():
            cursor.execute("SELECT set_config(%s, %s, false)", [name, value])


if __name__ == "__main__":
    _for_the_session()
    ways: dict[str, tuple[type[models.Model], saved.Save]] = {
        "plain": (Plain, _save),
        "audited": (Audited, _save),
        "alone": (Audited, saved.save),
        "plain_alone": (Plain, saved.save),
    }
    saved.take_turns(ways)
