"""The way in for the server's account: PostgreSQL refuses to run as root, so as root it runs as nobody.

That account has to pass through every folder above its files. Folders that are closed are opened for passing
(not for listing) and closed again with the last server that needs them.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import pwd
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

# on every machine, so none has to be made
ACCOUNT = "nobody"
# beyond any one project folder, because several may stand under one closed parent
RECORDS = Path("/var/tmp/xmarket-root")  # noqa: S108 - private, and its owner is looked at

Say = Callable[[str], None]


class SomebodyElses(Exception):
    """The folder belongs to another account, whose files PostgreSQL would refuse."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} belongs to another account: run as that account, or remove the folder.")


def server_account() -> int:
    """The user id that the server runs under."""
    return pwd.getpwnam(ACCOUNT).pw_uid if _is_root() else os.geteuid()


def identity() -> dict[str, Any]:
    """What makes a child process run under that account."""
    if not _is_root():
        return {}
    entry = pwd.getpwnam(ACCOUNT)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def give(folder: Path) -> None:
    """Let the server own a folder that we made."""
    if _is_root():
        os.chown(folder, server_account(), -1)


@contextmanager
def opened(folder: Path, program: Path, say: Say) -> Iterator[None]:
    """Keep the way to the data folder and to the programs open for the length of the block.

    :param program: one of the server's own programs.
    :param say: told what is opened, before the block begins.
    """
    if not _is_root():
        yield
        return
    with _registry():
        parents = {*folder.parents, *program.parents}
        closed = sorted(path for path in parents if _record(path).exists() or not _is_open(path))
        held = {path: _open(path) for path in closed}
    say(f"Running as root: PostgreSQL runs as {ACCOUNT}.")
    if closed:
        say(f"Until it stops, every account may pass through {', '.join(map(str, closed))}.")
    _publish(program)
    try:
        yield
    finally:
        with _registry():
            for path, record in held.items():
                _close(path, record)


def _is_root() -> bool:
    return os.geteuid() == 0


@contextmanager
def _registry() -> Iterator[None]:
    RECORDS.mkdir(mode=stat.S_IRWXU, exist_ok=True)
    if RECORDS.is_symlink() or RECORDS.lstat().st_uid != 0:
        raise SomebodyElses(RECORDS)
    with (RECORDS / "lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def _record(path: Path) -> Path:
    return RECORDS / hashlib.sha256(os.fsencode(path)).hexdigest()


def _is_open(path: Path) -> bool:
    return bool(path.stat().st_mode & stat.S_IXOTH)


def _open(path: Path) -> IO[str]:
    # on disk, because a killed process cannot close what it opened; the next one then does
    record = _record(path).open("a+")
    fcntl.flock(record, fcntl.LOCK_SH)
    record.seek(0)
    if not record.read():
        record.write(f"{stat.S_IMODE(path.stat().st_mode):o}")
        record.flush()
    path.chmod(path.stat().st_mode | stat.S_IXOTH)
    return record


def _close(path: Path, record: IO[str]) -> None:
    with record, suppress(BlockingIOError):
        fcntl.flock(record, fcntl.LOCK_EX | fcntl.LOCK_NB)  # refused while another server needs the way
        record.seek(0)
        mode = int(record.read(), base=8)
        # a mode that somebody changed meanwhile is theirs
        if path.exists() and stat.S_IMODE(path.stat().st_mode) == mode | stat.S_IXOTH:
            path.chmod(mode)
        _record(path).unlink()


def _publish(program: Path) -> None:
    """Open what was installed under a strict umask; it is no secret, anybody can download it."""
    if program.stat().st_mode & stat.S_IROTH:
        return
    for path in program.parents[1].rglob("*"):
        mode = path.stat().st_mode
        path.chmod(mode | stat.S_IROTH | (stat.S_IXOTH if mode & stat.S_IXUSR else 0))
