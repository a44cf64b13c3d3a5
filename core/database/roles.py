"""The cluster's roles and this database's doors, ensured before the first migration and on every clone.

Roles belong to the cluster, so any number of processes in any number of databases may be at it at once,
and an advisory lock (which belongs to one database) orders nobody. So each wish is looked at, asked for and
looked at again until it holds.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import psycopg
from psycopg import errors, sql

DEFAULT_PREFIX = "xm_"
RUNTIME = ("api", "staff", "worker", "platform", "auditor")
ROLES = ("owner", *RUNTIME, "backup")
LOGINS = {"app": RUNTIME, "tester": ROLES}

# the last says "tuple concurrently updated"
RACED = (errors.DuplicateObject, errors.UniqueViolation, errors.InternalError_)
TRIES = 20
PAUSE = 0.02
SET_OPTION_SINCE = 160000

Connection = psycopg.Connection[tuple[object, ...]]


class RolesNotEnsured(Exception):
    """This login may not make the roles, so somebody who may has to.

    :ivar script: the complete SQL that is missing, to be run by a superuser in this database.
    """

    def __init__(self, script: str) -> None:
        self.script = script
        super().__init__(
            "This login may not prepare the database roles. Let a superuser run this SQL in this database, "
            f"then try again:\n\n{script}"
        )


@dataclass(frozen=True)
class Wish:
    """A fact of the catalogue: the query that returns a row when it holds, the statement that brings it."""

    holds: str
    given: tuple[str, ...]
    statement: sql.Composed


def ensure(conn: Connection, *, prefix: str = DEFAULT_PREFIX, logins: Sequence[str] = ()) -> None:
    """Make every role, membership and database grant hold.

    :param conn: an autocommit connection to the database in question, as a superuser, or as a login that may
        create roles and owns the database.
    :param logins: which of `LOGINS` to make as well; they have no password, so only a server that trusts its
        socket asks for them.
    :raises RolesNotEnsured: with the SQL for somebody who may, when this login may not.
    """
    wishes = list(_wishes(conn, prefix, logins))
    try:
        for wish in wishes:
            _until_it_holds(conn, wish)
    except (errors.InsufficientPrivilege, errors.InvalidGrantOperation, _Unmoved) as error:
        raise RolesNotEnsured(_script(conn, wishes)) from error


class _Unmoved(Exception):
    """The statement ran, and what it should bring still does not hold."""


def _until_it_holds(conn: Connection, wish: Wish) -> None:
    for attempt in range(TRIES):
        if _holds(conn, wish):
            return
        try:
            conn.execute(wish.statement)
        except RACED:
            time.sleep(PAUSE * attempt)  # somebody else was at it: look again
    raise _Unmoved(wish.statement.as_string(conn))


def _holds(conn: Connection, wish: Wish) -> bool:
    return conn.execute(wish.holds.encode(), wish.given).fetchone() is not None


def _script(conn: Connection, wishes: Sequence[Wish]) -> str:
    missing = [wish.statement.as_string(conn) for wish in wishes if not _holds(conn, wish)]
    return "\n".join(f"{statement};" for statement in missing)


def _wishes(conn: Connection, prefix: str, logins: Sequence[str]) -> Iterator[Wish]:
    rules = _Rules(conn, prefix)
    for role in ROLES:
        yield from rules.role(role, "NOLOGIN INHERIT")
    for role in (*RUNTIME, "backup"):
        yield rules.never_owner(role)
    for role in ("owner", *RUNTIME):
        yield rules.open_to_me(role)
    for login in logins:
        yield from rules.login(login, LOGINS[login])
    yield from rules.database([*ROLES, *logins])


class _Rules:
    """The wishes, for one cluster's prefix and one connection."""

    def __init__(self, conn: Connection, prefix: str) -> None:
        self.prefix = prefix
        self.me = conn.info.user
        self.database_name = sql.Identifier(conn.info.dbname)
        self.is_superuser = conn.info.parameter_status("is_superuser") == "on"
        # from 16 on, the creator of a role is a member that may not SET ROLE to it
        self.may_become = "SET" if conn.info.server_version >= SET_OPTION_SINCE else "MEMBER"

    def role(self, role: str, attributes: str) -> Iterator[Wish]:
        name = self._named(role)
        yield Wish(
            "SELECT 1 FROM pg_roles WHERE rolname = %s", (self._name(role),), _sql("CREATE ROLE {}", name)
        )
        # only a superuser may so much as mention these four
        harmless = " NOSUPERUSER NOBYPASSRLS NOCREATEROLE NOCREATEDB" if self.is_superuser else ""
        yield Wish(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND rolcanlogin = %s::boolean "
            "AND rolinherit = %s::boolean AND NOT (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)",
            (self._name(role), *(str(f"NO{word}" not in attributes) for word in ("LOGIN", "INHERIT"))),
            _sql(f"ALTER ROLE {{}} {attributes}{harmless}", name),
        )

    def login(self, login: str, member_of: Sequence[str]) -> Iterator[Wish]:
        yield from self.role(login, "LOGIN NOINHERIT")
        if "owner" not in member_of:
            yield self.never_owner(login)
        for role in member_of:
            # a membership given before NOINHERIT goes on inheriting (16 and later): it is given anew
            yield self._without(login, role, "USAGE")
            yield self._with(login, role, "MEMBER")

    def never_owner(self, role: str) -> Wish:
        return self._without(role, "owner", "MEMBER")

    def open_to_me(self, role: str) -> Wish:
        return Wish(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND pg_has_role(%s, oid, %s)",
            (self._name(role), self.me, self.may_become),
            _sql("GRANT {} TO {}", self._named(role), sql.Identifier(self.me)),
        )

    def database(self, who: Sequence[str]) -> Iterator[Wish]:
        for role in who:
            yield self._database_grant(role, "CONNECT")
        yield self._database_grant("owner", "CREATE")
        yield Wish(
            "SELECT 1 FROM pg_roles WHERE rolname = %s AND has_schema_privilege(oid, 'public', 'CREATE') "
            "AND has_schema_privilege(oid, 'public', 'USAGE')",
            (self._name("owner"),),
            _sql("GRANT USAGE, CREATE ON SCHEMA public TO {}", self._named("owner")),
        )
        yield Wish(
            "SELECT 1 FROM pg_database d WHERE datname = current_database() AND NOT EXISTS (SELECT "
            "FROM aclexplode(COALESCE(datacl, acldefault('d', datdba))) "
            "WHERE grantee = 0 AND privilege_type = 'TEMPORARY')",
            (),
            _sql("REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC", self.database_name),
        )
        yield Wish(
            "SELECT 1 FROM pg_namespace WHERE nspname = 'public' AND NOT EXISTS (SELECT "
            "FROM aclexplode(COALESCE(nspacl, acldefault('n', nspowner))) "
            "WHERE grantee = 0 AND privilege_type = 'CREATE')",
            (),
            _sql("REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
        )

    def _database_grant(self, role: str, privilege: str) -> Wish:
        return Wish(
            "SELECT 1 FROM pg_roles WHERE rolname = %s "
            "AND has_database_privilege(oid, current_database(), %s)",
            (self._name(role), privilege),
            _sql(f"GRANT {privilege} ON DATABASE {{}} TO {{}}", self.database_name, self._named(role)),
        )

    def _with(self, member: str, role: str, option: str) -> Wish:
        return Wish(
            "SELECT 1 FROM pg_roles m, pg_roles r WHERE m.rolname = %s AND r.rolname = %s "
            "AND pg_has_role(m.oid, r.oid, %s)",
            (self._name(member), self._name(role), option),
            _sql("GRANT {} TO {}", self._named(role), self._named(member)),
        )

    def _without(self, member: str, role: str, option: str) -> Wish:
        return Wish(
            "SELECT 1 WHERE NOT EXISTS (SELECT FROM pg_roles m, pg_roles r WHERE m.rolname = %s "
            "AND r.rolname = %s AND pg_has_role(m.oid, r.oid, %s))",
            (self._name(member), self._name(role), option),
            _sql("REVOKE {} FROM {}", self._named(role), self._named(member)),
        )

    def _name(self, role: str) -> str:
        return f"{self.prefix}{role}"

    def _named(self, role: str) -> sql.Identifier:
        return sql.Identifier(self._name(role))


def _sql(text: str, *names: sql.Composable) -> sql.Composed:
    return sql.SQL(text).format(*names)
