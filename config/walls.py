"""Whether the walls between tenants stand: what `manage.py check --database default` and `migrate` look at.

Compared is the database's own catalogue with the classes of `config.tables`: the forms of the policies are
those of `core/sql/0004_walls.up.sql`, word for word as PostgreSQL prints them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError

from config.tables import TABLES, Table
from core.database.roles import ROLES
from core.database.unit import role_name

SETTING = """( SELECT (NULLIF(current_setting('app.{}'::text, true), ''::text))::uuid AS "nullif")"""
TENANT, ACTOR = SETTING.format("tenant_id"), SETTING.format("actor_id")
OWN = f"(tenant_id = {TENANT})"
VISIBLE = f"(visible_to = ANY (ARRAY[{ACTOR}, {TENANT}]))"
WRITERS = ("api", "staff", "worker", "platform")
# permissive or restrictive, command, roles, USING, WITH CHECK
Policy = tuple[str, str, tuple[str, ...], str | None, str | None]
EVERYBODYS: tuple[Policy, ...] = (
    ("PERMISSIVE", "ALL", ("owner",), "true", "true"),
    ("PERMISSIVE", "ALL", WRITERS, OWN, OWN),
    ("PERMISSIVE", "SELECT", ("platform", "auditor", "backup"), "true", None),
)
ENGINES: tuple[Policy, ...] = (
    ("PERMISSIVE", "SELECT", ("worker",), "true", None),
    ("PERMISSIVE", "INSERT", ("worker",), None, "true"),
    ("PERMISSIVE", "UPDATE", ("worker",), "true", "true"),
)
OWNERS: Policy = ("RESTRICTIVE", "ALL", ("api",), VISIBLE, None)
# the sealer reads the log of all tenants in one order
LOGS: Policy = ("PERMISSIVE", "SELECT", ("worker",), "true", None)

WALLED = "SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = to_regclass(%s)"
SAYS_WHOSE = """
    SELECT a.attnotnull,
           EXISTS (SELECT FROM pg_index x WHERE x.indrelid = a.attrelid AND x.indkey[0] = a.attnum)
    FROM pg_attribute a WHERE a.attrelid = to_regclass(%s) AND a.attname = 'tenant_id'
"""
POLICIES = """
    SELECT permissive, cmd, ARRAY(SELECT unnest(roles)::text), qual, with_check
    FROM pg_policies WHERE schemaname = 'public' AND tablename = %s
"""
PASSES = """
    SELECT r.rolname FROM pg_roles r WHERE r.rolname = ANY (%s)
      AND (r.rolsuper OR r.rolbypassrls OR (r.rolname <> %s AND pg_has_role(r.oid, %s::name, 'MEMBER')))
"""


@register(Tags.database)
def walls_stand(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Report every gap in the walls of a database that is migrated as far as this code."""
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    connection = connections[DEFAULT_DB_ALIAS]
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return []
    except OperationalError:
        return []
    with connection.cursor() as cursor:
        return [Error(said, hint=hint, id="xmarket.E004") for said, hint in gaps(cursor)]


def gaps(cursor: CursorWrapper) -> Iterator[tuple[str, str]]:
    """Every gap, with what closes it.

    :param cursor: of the database in question; any role reads the catalogue.
    """
    for name, table in TABLES.items():
        if table.kind != "system":
            yield from _gaps_of(cursor, name, table)
    roles = [role_name(role) for role in ROLES]
    cursor.execute(PASSES, [roles, role_name("owner"), role_name("owner")])
    for (role,) in cursor.fetchall():
        yield f"The role {role} walks through every wall.", "Take SUPERUSER, BYPASSRLS and the owner from it."


def _gaps_of(cursor: CursorWrapper, name: str, table: Table) -> Iterator[tuple[str, str]]:
    cursor.execute(SAYS_WHOSE, [name])
    whose = cursor.fetchone()
    if whose is None or not whose[0]:
        yield f"The tenant table {name} lacks tenant_id NOT NULL.", "Add the column."
    if whose and not whose[1]:
        yield f"No index of {name} is led by tenant_id.", "Add one: the policy would read the whole table."
    cursor.execute(WALLED, [name])
    if cursor.fetchone() != (True,):
        yield f"Row-level security is not forced on {name}.", f"Run raise_tenant_wall('{name}') in a pair."
    cursor.execute(POLICIES, [name])
    found = {_as_written(*policy) for policy in cursor.fetchall()}
    expected = {
        _as_written(kind, cmd, [role_name(r) for r in to], *says)
        for kind, cmd, to, *says in _due(name, table)
    }
    for policy in found ^ expected:
        verb = "has a policy that it must not have" if policy in found else "lacks a policy"
        yield (
            f"The tenant table {name} {verb}: {policy}.",
            "Only the forms of core/sql/0004_walls.up.sql are used.",
        )


def _due(name: str, table: Table) -> Iterator[Policy]:
    yield from EVERYBODYS
    if table.is_engine:
        yield from ENGINES
    if table.kind == "owned":
        yield OWNERS
    if name == "audit_event":
        yield LOGS


def _as_written(kind: str, command: str, roles: Sequence[str], using: str | None, check: str | None) -> str:
    said = "".join([f" USING {using}" if using else "", f" WITH CHECK {check}" if check else ""])
    return f"{kind} FOR {command} TO {', '.join(sorted(roles))}{said}"
