from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import errors, sql

from core.database import embedded, roles

RACERS, ROUNDS = 8, 4


STATE = [
    "SELECT rolname, rolcanlogin, rolinherit, rolsuper, rolbypassrls FROM pg_roles ORDER BY 1",
    """SELECT m.rolname, r.rolname, pg_has_role(m.oid, r.oid, 'USAGE'), pg_has_role(m.oid, r.oid, 'SET')
       FROM pg_roles m, pg_roles r WHERE starts_with(m.rolname, 'xm_') ORDER BY 1, 2""",
    """SELECT rolname, has_database_privilege(oid, current_database(), 'TEMPORARY'),
              has_schema_privilege(oid, 'public', 'CREATE') FROM pg_roles ORDER BY 1""",
]
ANEW = """
    ALTER DATABASE here OWNER TO postgres;
    DROP SCHEMA public CASCADE;
    CREATE SCHEMA public AUTHORIZATION pg_database_owner;
    GRANT USAGE ON SCHEMA public TO PUBLIC;
    GRANT TEMPORARY ON DATABASE here TO PUBLIC
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[embedded.Server]:
    """Roles belong to the cluster, so these tests have a cluster of their own."""
    with embedded.running(tmp_path_factory.mktemp("roles")) as server:
        with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as admin:
            embedded.create_database(admin, "here")
        yield server


@pytest.fixture
def conn(server: embedded.Server) -> Iterator[roles.Connection]:
    """A superuser in an empty database of a cluster without our roles."""
    with psycopg.connect(server.url("postgres", "here"), autocommit=True) as conn:
        conn.execute(ANEW)
        for (name,) in conn.execute("SELECT rolname FROM pg_roles WHERE rolname ~ '^(xm|dba)_'").fetchall():
            conn.execute(sql.SQL("DROP OWNED BY {0}; DROP ROLE {0}").format(sql.Identifier(str(name))))
        yield conn


def login(conn: roles.Connection, server: embedded.Server, attributes: str) -> roles.Connection:
    conn.execute(sql.SQL("CREATE ROLE dba_login LOGIN {}").format(sql.SQL(attributes)))
    return psycopg.connect(server.url("dba_login", "here"), autocommit=True)


def may_become(conn: roles.Connection, member: str, role: str) -> bool:
    row = conn.execute("SELECT pg_has_role(%s, %s, 'SET')", [member, role]).fetchone()
    return row == (True,)


def test_every_role_exists_and_none_may_log_in(conn: roles.Connection) -> None:
    roles.ensure(conn)

    found = conn.execute(
        "SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'xm_') "
        "AND NOT (rolcanlogin OR rolsuper OR rolbypassrls)"
    ).fetchall()
    assert {name for (name,) in found} == {f"xm_{role}" for role in roles.ROLES}


def test_another_prefix_makes_other_roles(conn: roles.Connection) -> None:
    roles.ensure(conn, prefix="xm_other_")

    assert conn.execute("SELECT 1 FROM pg_roles WHERE rolname = 'xm_other_owner'").fetchone()
    assert not conn.execute("SELECT 1 FROM pg_roles WHERE rolname = 'xm_owner'").fetchone()


def test_the_login_takes_runtime_roles_only_when_it_says_so(
    conn: roles.Connection, server: embedded.Server
) -> None:
    roles.ensure(conn, logins=("app",))
    conn.execute("CREATE TABLE held (); GRANT SELECT ON held TO xm_api")

    with psycopg.connect(server.url("xm_app", "here"), autocommit=True) as app:
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("SELECT FROM held")
        app.execute("SET ROLE xm_api")
        assert app.execute("SELECT count(*) FROM held").fetchone() == (0,)


@pytest.mark.parametrize("role", ["owner", "backup"])
def test_the_login_never_becomes_owner_or_backup(
    conn: roles.Connection, server: embedded.Server, role: str
) -> None:
    roles.ensure(conn, logins=("app", "tester"))

    with (
        psycopg.connect(server.url("xm_app", "here"), autocommit=True) as app,
        pytest.raises(errors.InsufficientPrivilege),
    ):
        app.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(f"xm_{role}")))


@pytest.mark.parametrize(
    "damage",
    [
        "ALTER ROLE xm_staff LOGIN",
        "ALTER ROLE xm_app NOLOGIN",
        "ALTER ROLE xm_api SUPERUSER",
        "ALTER ROLE xm_worker BYPASSRLS",
        "ALTER ROLE xm_app INHERIT",
        "REVOKE xm_api FROM xm_app; ALTER ROLE xm_app INHERIT; GRANT xm_api TO xm_app",
        "GRANT xm_owner TO xm_app",
        "GRANT xm_owner TO xm_staff",
        "REVOKE xm_worker FROM xm_app",
        "GRANT TEMPORARY ON DATABASE here TO PUBLIC",
        "GRANT CREATE ON SCHEMA public TO PUBLIC",
        "REVOKE CREATE ON SCHEMA public FROM xm_owner",
    ],
)
def test_what_somebody_changed_is_put_right(conn: roles.Connection, damage: str) -> None:
    roles.ensure(conn, logins=("app",))
    before = state(conn)

    conn.execute(damage.encode())
    assert state(conn) != before
    roles.ensure(conn, logins=("app",))

    assert state(conn) == before


def test_nobody_but_the_owner_creates_anything(conn: roles.Connection, server: embedded.Server) -> None:
    roles.ensure(conn, logins=("app",))

    with psycopg.connect(server.url("xm_app", "here"), autocommit=True) as app:
        for statement in (
            "CREATE TABLE shadow ()",
            "CREATE TEMPORARY TABLE shadow ()",
            "CREATE SCHEMA shadow",
        ):
            with pytest.raises(errors.InsufficientPrivilege):
                app.execute(statement.encode())


def test_racing_processes_all_find_every_role(server: embedded.Server, conn: roles.Connection) -> None:
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as admin:
        for number in range(RACERS):
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(f"race_{number}")))
            embedded.create_database(admin, f"race_{number}")

    def ensure(number: int) -> None:
        url = server.url("postgres", f"race_{number % RACERS}")
        with psycopg.connect(url, autocommit=True) as racing:
            roles.ensure(racing, logins=("app", "tester"))

    with ThreadPoolExecutor(RACERS) as pool:
        list(pool.map(ensure, range(RACERS * ROUNDS)))

    assert may_become(conn, "xm_app", "xm_api")
    with psycopg.connect(server.url("postgres", "postgres"), autocommit=True) as admin:
        for number in range(RACERS):
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(f"race_{number}")))


def test_a_login_that_creates_roles_and_owns_the_database_needs_no_superuser(
    conn: roles.Connection, server: embedded.Server
) -> None:
    with login(conn, server, "CREATEROLE") as mine:
        conn.execute("ALTER DATABASE here OWNER TO dba_login")

        roles.ensure(mine)
        mine.execute("SET ROLE xm_owner")

        assert mine.execute("SELECT current_user").fetchone() == ("xm_owner",)


def test_a_login_without_the_right_is_refused_with_the_sql_that_helps(
    conn: roles.Connection, server: embedded.Server
) -> None:
    with login(conn, server, "NOCREATEROLE") as mine:
        with pytest.raises(roles.RolesNotEnsured) as refused:
            roles.ensure(mine)
        conn.execute(refused.value.script.encode())

        roles.ensure(mine)

        assert may_become(conn, "dba_login", "xm_owner")


def test_the_sql_for_somebody_else_names_everything_that_is_missing(
    conn: roles.Connection, server: embedded.Server
) -> None:
    with login(conn, server, "NOCREATEROLE") as mine, pytest.raises(roles.RolesNotEnsured) as refused:
        roles.ensure(mine)

    script = refused.value.script
    assert all(f'CREATE ROLE "xm_{role}"' in script for role in roles.ROLES)
    assert 'GRANT "xm_owner" TO "dba_login"' in script
    assert 'REVOKE TEMPORARY ON DATABASE "here" FROM PUBLIC' in script


def state(conn: roles.Connection) -> list[tuple[object, ...]]:
    """Everything that `ensure` answers for."""
    return [row for query in STATE for row in conn.execute(query.encode()).fetchall()]
