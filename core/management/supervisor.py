"""Processes that are started again when they end, and that end with the one that started them."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.management import children

logger = logging.getLogger("xmarket.supervisor")
# a member that ends at once is started again after this long, and twice as long each time
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
STEADY_AFTER = 10.0


@dataclass
class Member:
    """One process that is to run.

    :ivar after: told the name of each one that ended by itself.
    """

    kind: str
    options: Sequence[str]
    after: Callable[[str], None] | None = None
    name: str = ""
    process: subprocess.Popen[str] | None = None
    began: float = 0.0
    wait: float = FIRST_WAIT
    due: float = field(default=0.0)


class Supervisor:
    """Keeps its members running.

    :param words: the command of a member, by the member and its new name.
    :param patience: seconds that a member has to end.
    """

    def __init__(
        self, members: Sequence[Member], words: Callable[[Member, str], list[str]], *, patience: float
    ) -> None:
        self._members = members
        self._words = words
        self._patience = patience

    def start(self) -> None:
        """Start every member."""
        for member in self._members:
            self._start(member)

    def look_after(self) -> None:
        """Start those again that ended, and take back what they had."""
        for member in self._members:
            if member.process is None:
                if time.monotonic() >= member.due:
                    self._start(member)
            elif member.process.poll() is not None:
                self._ended(member)

    def stop(self) -> None:
        """Ask all of them to end, and end those that do not."""
        running = [member.process for member in self._members if member.process is not None]
        for process in running:
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + self._patience
        for process in running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                children.end(process)

    def _start(self, member: Member) -> None:
        member.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        member.process = children.start(self._words(member, member.name), os.environ)
        member.began = time.monotonic()

    def _ended(self, member: Member) -> None:
        assert member.process is not None  # noqa: S101 - it has just ended
        lasted = time.monotonic() - member.began
        if lasted > STEADY_AFTER:
            member.wait = FIRST_WAIT
        logger.warning(
            "A %s ended, exit %s; another starts in %.1f s.",
            member.kind,
            member.process.returncode,
            member.wait,
        )
        member.process, member.due = None, time.monotonic() + member.wait
        member.wait = min(LONGEST_WAIT, member.wait * 2)
        if member.after is not None:
            member.after(member.name)
