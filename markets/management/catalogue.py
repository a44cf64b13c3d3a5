"""What the catalogue of the database says, as docs/grants.md and docs/tables.md show it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Protocol

from django.apps import apps
from django.conf import settings

from core.database.roles import ROLES as DATABASE_ROLES
from markets.management.pages import ROOMS, table


class Cursor(Protocol):
    """What reads the catalogue: a cursor of psycopg, or of Django."""

    def execute(self, query: Any, params: Any = None) -> Any: ...

    def fetchall(self) -> Any: ...


GRANTED = """
    SELECT c.relname, r.rolname, a.privilege_type, NULL AS attname, 0 AS attnum
    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'p') AND a.grantee <> c.relowner
    UNION ALL
    SELECT c.relname, r.rolname, a.privilege_type, t.attname, t.attnum
    FROM pg_class c JOIN pg_attribute t ON t.attrelid = c.oid AND NOT t.attisdropped
    CROSS JOIN LATERAL aclexplode(t.attacl) a LEFT JOIN pg_roles r ON r.oid = a.grantee
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'p') AND a.grantee <> c.relowner
    ORDER BY 1, 5
"""
CALLABLE = """
    SELECT p.oid::regprocedure::text, p.prosecdef, r.rolname, p.proacl IS NULL OR a.grantee = 0
    FROM pg_proc p
    LEFT JOIN LATERAL aclexplode(p.proacl) a ON a.grantee <> p.proowner
    LEFT JOIN pg_roles r ON r.oid = a.grantee
    WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype NOT IN ('trigger'::regtype)
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
    ORDER BY 1
"""


def grants(cursor: Cursor) -> Iterator[str]:
    """What each database role may do, from the catalogue."""
    yield from ("# Grants", "")
    yield "What each database role may do, read from the catalogue of a freshly migrated database. The owner"
    yield "owns every table and function and is left out. What is not listed is refused with `42501`. A"
    yield "column list means that the role may name these columns and no others."
    found: defaultdict[str, defaultdict[tuple[str, str], list[str]]] = defaultdict(lambda: defaultdict(list))
    cursor.execute(GRANTED)
    for relation, role, privilege, column, _ in cursor.fetchall():
        found[relation][_short(role), privilege].append(f"`{column}`" if column else "all columns")
    for relation in sorted(found):
        yield from ("", f"## {relation}", "")
        yield from table(("privilege", "columns", "roles"), _alike(found[relation]))
    yield from ("", "## Functions", "", "Triggers call the guards; these can be called by name.", "")
    yield from table(("function", "runs as", "roles"), _callable(cursor))


def _alike(granted: dict[tuple[str, str], list[str]]) -> Iterator[tuple[str, str, str]]:
    order = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    roles: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for (role, privilege), columns in granted.items():
        roles[privilege, ", ".join(columns)].append(role)
    for privilege, names in sorted(roles, key=lambda key: (order.index(key[0]), key[1])):
        yield privilege, names, _listed(roles[privilege, names])


def _callable(cursor: Cursor) -> Iterator[tuple[str, str, str]]:
    cursor.execute(CALLABLE)
    may: defaultdict[tuple[str, bool], list[str]] = defaultdict(list)
    for signature, as_owner, role, everybody in cursor.fetchall():
        may[signature, as_owner].extend(["everybody"] if everybody else [_short(role)] if role else [])
    for (signature, as_owner), roles in may.items():
        yield f"`{signature}`", "owner" if as_owner else "caller", _listed(roles) or "nobody but the owner"


def _short(role: str | None) -> str:
    return role.removeprefix(settings.DB_ROLE_PREFIX) if role else "everybody"


def _listed(roles: Iterable[str]) -> str:
    order = {role: place for place, role in enumerate(DATABASE_ROLES)}
    return ", ".join(sorted(set(roles), key=lambda role: (order.get(role, len(order)), role)))


GUARDED = """
    SELECT c.relname, t.tgname, p.proname, t.tgenabled = 'A', t.tgargs, t.tgtype::integer
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace ORDER BY 1, 2
"""
ON_INSERT, ON_DELETE, ON_UPDATE, ON_TRUNCATE = 4, 8, 16, 32
OPERATIONS = {ON_INSERT: "INSERT", ON_UPDATE: "UPDATE", ON_DELETE: "DELETE", ON_TRUNCATE: "TRUNCATE"}
AUDITS = "audit_governed_change"
ELSEWHERE = {
    "audit_event": "it is the log",
    "approval_grants": "yes, by its own guard, because a grant is proved by its row in the log",
}


def tables(cursor: Cursor) -> Iterator[str]:
    """What each table holds, whether the log shows its changes, and what guards it."""
    yield from ("# Tables", "")
    yield "Every table of ours, from the models and the triggers of a freshly migrated database. A guard"
    yield "holds in replica role too (`ENABLE ALWAYS`), unless its line says otherwise. The exact columns,"
    yield "keys and checks stand in [schema.sql](schema.sql), the privileges in [grants.md](grants.md)."
    cursor.execute(GUARDED)
    triggers: defaultdict[str, list[Any]] = defaultdict(list)
    for relation, *trigger in cursor.fetchall():
        triggers[relation].append(trigger)
    for model in apps.get_models():
        if model.__module__.split(".")[0] in ROOMS:
            name, said = model._meta.db_table, " ".join((model.__doc__ or "").split("\n\n")[0].split())
            has_tenant = any(field.column == "tenant_id" for field in model._meta.concrete_fields)
            yield from ("", f"## {name}", "", said, "")
            yield f"- Rows belong to {'one tenant' if has_tenant else 'the system'}."
            yield f"- Changes in the audit log: {ELSEWHERE.get(name) or _audited(triggers[name])}."
            yield from (_guard(trigger) for trigger in triggers[name] if trigger[1] != AUDITS)


def _audited(triggers: Sequence[Any]) -> str:
    for _, function, _, arguments, _ in triggers:
        if function == AUDITS:
            left_out = bytes(arguments).split(b"\0")[1].decode()
            return f"yes, without {left_out.replace(',', ', ')}" if left_out else "yes, every column"
    return "no, it is not governed"


def _guard(trigger: Sequence[Any]) -> str:
    name, _, is_always, _, kind = trigger
    on = ", ".join(word for bit, word in OPERATIONS.items() if kind & bit)
    return f"- `{name}` on {on}{'' if is_always else ' (not in replica role)'}"
