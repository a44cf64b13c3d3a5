"""A migrated database of the bench's own, thrown away afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connections

from core.database import clones


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """Point Django at a fresh clone, as owner outside units; each unit takes its own role."""
    clones.clone(name)
    known = connections["default"].settings_dict
    before = dict(known)
    connections.close_all()
    options = {**known["OPTIONS"], "assume_role": f"{settings.DB_ROLE_PREFIX}owner"}
    known.update(NAME=name, USER=f"{settings.DB_ROLE_PREFIX}tester", PASSWORD="", OPTIONS=options)
    try:
        yield name
    finally:
        connections.close_all()
        known.update(before)
        clones.drop(name)
