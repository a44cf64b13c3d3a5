"""Direct sessions, past any pooler: what migrations, dumps and clones need.

They use the database `unpooled` (DATABASE_URL_UNPOOLED) where it is set, else the default one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections

from core.database import roles

UNPOOLED = "unpooled"
# what Django keeps to itself; the rest of OPTIONS is libpq's
DJANGO_OPTIONS = {"assume_role", "isolation_level", "pool", "server_side_binding"}


def direct(alias: str = DEFAULT_DB_ALIAS) -> dict[str, Any]:
    """Django's settings of the direct connection that stands for `alias`."""
    if alias == DEFAULT_DB_ALIAS and UNPOOLED in connections.settings:
        alias = UNPOOLED
    return connections[alias].settings_dict


def url(known: dict[str, Any], *, login: str | None = None, database: str | None = None) -> str:
    """The address that libpq reads.

    :param known: Django's settings of a database.
    :param login: another login, which needs no password.
    """
    user = quote(login or known["USER"], safe="")
    password = "" if login or not known["PASSWORD"] else f":{quote(known['PASSWORD'], safe='')}"
    options = {name: value for name, value in known["OPTIONS"].items() if name not in DJANGO_OPTIONS}
    query = urlencode(
        {"host": known["HOST"], **({"port": known["PORT"]} if known["PORT"] else {}), **options},
        quote_via=quote,
    )
    return f"postgresql://{user}{password}@/{quote(database or known['NAME'], safe='')}?{query}"


def connect(alias: str = DEFAULT_DB_ALIAS, *, database: str | None = None) -> roles.Connection:
    """Open a direct autocommit connection.

    :raises psycopg.OperationalError: when the server cannot be reached.
    """
    return psycopg.connect(url(direct(alias), database=database), autocommit=True)


@contextmanager
def as_owner(alias: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Let Django's own connection be direct and act as the owner role, however often it reconnects."""
    connection, wanted = connections[alias], direct(alias)
    before = dict(connection.settings_dict)
    options = {name: value for name, value in wanted["OPTIONS"].items() if name != "pool"}
    connection.close()
    connection.settings_dict.update(
        {name: wanted[name] for name in ("HOST", "PORT", "USER", "PASSWORD", "NAME")},
        OPTIONS={**options, "assume_role": f"{settings.DB_ROLE_PREFIX}owner"},
    )
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)
