"""What a witness remembers: of each log the newest checkpoint that it cosigned, safe on the disk."""

from __future__ import annotations

import base64
import fcntl
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xmarket_witness.notes import Broken, Checkpoint, decoded


@dataclass(frozen=True)
class Seen:
    """The newest tree of a log."""

    size: int = 0
    root: bytes = b""


class State:
    """A file of JSON, replaced as a whole, and held by one witness at a time.

    :raises Broken: where the file is not what a witness wrote, or another witness holds it.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        # held as long as the process lives; the file itself is replaced, so it cannot be the lock
        self._lock = file.with_name(f"{file.name}.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise Broken(f"another witness holds {file}") from None
        self.is_new = not file.exists()
        try:
            self._logs: dict[str, dict[str, Any]] = {} if self.is_new else _read(file)
        except (Broken, OSError):
            self._lock.close()
            raise

    def close(self) -> None:
        """Let another witness take it."""
        self._lock.close()

    def seen(self, origin: str) -> Seen:
        """What was cosigned last of a log; nothing, where it never was."""
        found = self._logs.get(origin)
        return Seen(found["size"], decoded(found["root"])) if found else Seen()

    def remember(self, checkpoint: Checkpoint) -> None:
        """Write it to the disk; when this returns, it is there whatever happens.

        :raises OSError: where that is not sure; what was remembered before is never lost.
        """
        entry = {
            "size": checkpoint.size,
            "root": base64.b64encode(checkpoint.root).decode(),
            "checkpoint": checkpoint.text,
        }
        logs = {**self._logs, checkpoint.origin: entry}
        beside = self._file.with_name(f"{self._file.name}.new")
        with beside.open("w") as file:
            json.dump(logs, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file)
        self._logs = logs
        folder = os.open(self._file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _read(file: Path) -> dict[str, dict[str, Any]]:
    try:
        logs: dict[str, dict[str, Any]] = json.loads(file.read_text())
        for entry in logs.values():
            int(entry["size"]), decoded(entry["root"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Broken(f"{file} is not what a witness wrote: it begins with nothing else") from None
    return logs
