"""SQL as first-class files: one operation runs `<app>/sql/<name>.up.sql`, its reverse the down file."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.migrations.operations import RunSQL

from core.database import roles

_WRITTEN_ROLE = re.compile(rf"\bxm_({'|'.join(roles.ROLES)})\b")


class SqlPair(RunSQL):
    """Run one up/down pair of SQL files.

    The files name the database roles with the default prefix, so that they read and run as they stand;
    another `DB_ROLE_PREFIX` is put in here.

    :param app: the app's label, which is its folder.
    :param name: the files' common name, such as `0001_ids`.
    """

    def __init__(self, app: str, name: str) -> None:
        self.app = app
        self.name = name
        super().__init__(self._read("up"), self._read("down"))

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """Write this operation as it is called."""
        return "SqlPair", [self.app, self.name], {}

    def describe(self) -> str:
        """Say which pair this is, for `migrate --plan`."""
        return f"SQL {self.app}/{self.name}"

    def _read(self, direction: str) -> str:
        path = Path(settings.BASE_DIR) / self.app / "sql" / f"{self.name}.{direction}.sql"
        return named_for_this_cluster(path.read_text(encoding="utf-8"))


def named_for_this_cluster(sql: str) -> str:
    """Put the cluster's role prefix in the place of the written one."""
    return _WRITTEN_ROLE.sub(lambda found: f"{settings.DB_ROLE_PREFIX}{found[1]}", sql)
