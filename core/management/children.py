"""Child processes that end with their parent, and a parent that ends when it is asked to."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import IO, Any

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GLANCE = 0.1
PATIENCE = 8.0
# how a shell says that a signal ended a command
SIGNALLED = 128


class Stopped(Exception):
    """Somebody asked to stop."""


class Stop:
    """Whether somebody asked this process to stop."""

    def __init__(self) -> None:
        self.asked_by: int | None = None
        for number in SIGNALS:
            # set even where a shell handed the signal down ignored, as it does to background jobs
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: object) -> None:
        self.asked_by = number

    def check(self) -> None:
        """Raise when somebody asked.

        :raises Stopped: so that every `finally` on the way out does its part.
        """
        if self.asked_by is not None:
            raise Stopped


def start(
    words: Sequence[str],
    env: Mapping[str, str],
    *,
    own_session: bool = True,
    stdout: IO[Any] | int | None = None,
    stderr: IO[Any] | int | None = None,
) -> subprocess.Popen[str]:
    """Start a child that dies with this process, also when this process is killed.

    :param own_session: whether Ctrl-C reaches only the parent, which then ends the child in its own order.
    """
    return subprocess.Popen(
        words,
        env=env,
        text=True,
        stdout=stdout,
        stderr=stderr,
        start_new_session=own_session,
        preexec_fn=_die_with_the_parent,  # noqa: PLW1509 - one system call, and no threads yet
    )


def finish(child: subprocess.Popen[str], stop: Stop) -> str:
    """Wait for a child that ends by itself, and return what it printed to a pipe.

    :raises Stopped: when somebody asked to stop meanwhile; the child is ended first.
    """
    while True:
        try:
            return child.communicate(timeout=GLANCE)[0] or ""
        except subprocess.TimeoutExpired:
            if stop.asked_by is not None:
                end(child)
                stop.check()


def end(child: subprocess.Popen[str], *, own_session: bool = True) -> None:
    """Ask a child to end, and end it; with a session of its own, also what it left in there."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
    if own_session:
        with suppress(ProcessLookupError, PermissionError):  # macOS says the second of a group that is gone
            os.killpg(child.pid, signal.SIGKILL)


def attend(words: Sequence[str], env: Mapping[str, str]) -> int:
    """Run one command that owns the terminal, handing on what this process is asked; return its exit code."""
    stop = Stop()
    child = start(words, env, own_session=False)
    while True:
        try:
            code = child.wait(GLANCE)
            return code if code >= 0 else SIGNALLED - code
        except subprocess.TimeoutExpired:
            # Ctrl-C reached the child from the terminal
            if stop.asked_by not in {None, signal.SIGINT}:
                end(child, own_session=False)


def _die_with_the_parent() -> None:
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
