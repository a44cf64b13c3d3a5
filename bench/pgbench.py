"""PostgreSQL's own pgbench, prepared: what statements cost where nothing but the database does anything."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Sequence

from core.database import embedded, sessions

RATE = re.compile(r"tps = ([0-9.]+)")
LATENCY = re.compile(r"latency average = ([0-9.]+) ms")


def rate(
    script: str, database: str, *, seconds: int, clients: int = 1, login: str | None = None, options: str = ""
) -> float:
    """Transactions per second.

    :param script: as pgbench reads it.
    :param login: another than the superuser of the server.
    :param options: of the session, as libpq reads them.
    """
    words = [f"--time={seconds}", f"--client={clients}", f"--jobs={min(clients, 2)}"]
    address = sessions.url(sessions.direct(), login=login, database=database)
    return float(_found(RATE, _run(script, [*words, address], options)))


def latency(script: str, database: str, *, seconds: int, options: str = "") -> float:
    """The milliseconds that one transaction of one client takes."""
    address = sessions.url(sessions.direct(), database=database)
    return float(_found(LATENCY, _run(script, [f"--time={seconds}", address], options)))


def escaped(statement: str) -> str:
    """A statement that pgbench takes as it is: to it, a colon before a word is a variable, also in a text."""
    return re.sub(r"'[^']*'", lambda text: re.sub(r":(?=\w)", "' || chr(58) || '", text[0]), statement)


def _run(script: str, words: Sequence[str], options: str) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        program = [str(embedded.program("pgbench")), "--no-vacuum", "--protocol=prepared"]
        done = subprocess.run(
            [*program, f"--file={file.name}", *words],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, **({"PGOPTIONS": options} if options else {})},
        )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def _found(wanted: re.Pattern[str], said: str) -> str:
    found = wanted.search(said)
    assert found, said
    return found[1]
