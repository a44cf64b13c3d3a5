"""Asking a witness to cosign a checkpoint (C2SP tlog-witness, tlog-cosignature).

By the standard library alone: no redirect is followed, no proxy is taken from the environment, and an answer
ends after so many bytes and so many seconds, however slowly it comes.
"""

from __future__ import annotations

import base64
import re
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from audit.sealing import notes
from audit.sealing.holders import Holder
from audit.sealing.keeping import HolderFailed
from audit.sealing.notes import Cosigned, NoteIsBroken, Verifier

SILENT, IN_ALL = 5.0, 15.0
MOST_BYTES = 16 * 1024
# seconds that the clock of a witness may be ahead
AHEAD = 300
TREE_SIZE = "text/x.tlog.size"
SIZE = re.compile(r"(0|[1-9][0-9]{0,17})\n?")
OK, CONFLICT = 200, 409
SAID = {
    400: "cannot read the request",
    403: "does not trust the key that signed",
    404: "does not know this log",
    422: "finds no proof that this follows from what it saw",
}


@dataclass(frozen=True)
class SawLast:
    """The size that a witness saw last, where it is another one than it was told."""

    size: int


def asked(holder: Holder, old: int, proof: Sequence[bytes], note: str) -> Cosigned | SawLast:
    """Send a checkpoint, and how it follows from the one that the witness saw last.

    :raises HolderFailed: for every other answer, and where there is none.
    """
    lines = "".join(f"{base64.b64encode(part).decode()}\n" for part in proof)
    status, kind, body = _posted(holder.address, f"old {old}\n{lines}\n{note}".encode())
    if status == CONFLICT:
        found = SIZE.fullmatch(body) if kind.partition(";")[0].strip().lower() == TREE_SIZE else None
        if found is None:
            raise HolderFailed("the witness answered 409 without a size")
        return SawLast(int(found[1]))
    if status != OK:
        raise HolderFailed(f"the witness answered {status}: it {SAID.get(status, 'did not cosign')}")
    assert holder.verifier  # noqa: S101 - every witness has one
    return read_cosignature(body, notes.text_of(note), holder.verifier)


def read_cosignature(lines: str, text: str, witness: Verifier) -> Cosigned:
    """The cosignature of this witness over the text of a checkpoint; those of others are not looked at.

    :raises HolderFailed: where it is not there, or wrong.
    """
    try:
        found = notes.cosigned(text, lines, witness)
    except NoteIsBroken:
        raise HolderFailed("the cosignature is wrong") from None
    if found is None:
        raise HolderFailed("the answer holds no cosignature by the key of this witness")
    if not 0 < found.at <= time.time() + AHEAD:
        raise HolderFailed("the cosignature is of another time")
    return found


def _posted(address: str, body: bytes) -> tuple[int, str, str]:
    """Status, content type and text of the answer."""
    parts = urlsplit(address)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port)
    is_late = threading.Event()
    watch = threading.Timer(IN_ALL, _cut, [connection, is_late])
    watch.daemon = True
    watch.start()
    try:
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "Connection": "close",
            "User-Agent": "xmarket",
        }
        connection.request("POST", f"{parts.path.rstrip('/')}/add-checkpoint", body, headers)
        answer = _read(connection.getresponse())
        if is_late.is_set():
            # cut off, what had come looks like an answer that ended
            raise TimeoutError
        return answer
    except (OSError, HTTPException) as error:
        if is_late.is_set() or isinstance(error, TimeoutError):
            raise HolderFailed("the witness took too long") from None
        raise HolderFailed(f"the witness cannot be reached: {said_of(error)}") from None
    finally:
        watch.cancel()
        connection.close()


def said_of(error: BaseException) -> str:
    """What an error of the system says, without paths or addresses."""
    said = error.strerror if isinstance(error, OSError) else None
    return said or type(error).__name__


def _read(response: HTTPResponse) -> tuple[int, str, str]:
    body = response.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise HolderFailed("the answer of the witness is too large")
    return response.status, response.headers.get("Content-Type", ""), body.decode(errors="replace")


class _Plain(HTTPConnection):
    """Keeps its socket, to cut it off from another thread."""

    cord: socket.socket | None = None

    def connect(self) -> None:
        super().connect()
        self.cord = self.sock


class _Secure(HTTPSConnection):
    """The same, from before the first word of TLS."""

    cord: socket.socket | None = None

    def connect(self) -> None:
        plain = socket.create_connection((self.host, self.port), self.timeout)
        secure = ssl.create_default_context().wrap_socket(
            plain, server_hostname=self.host, do_handshake_on_connect=False
        )
        self.sock = self.cord = secure
        secure.do_handshake()


def _connection(scheme: str, host: str, port: int | None) -> _Plain | _Secure:
    kind = _Secure if scheme == "https" else _Plain
    return kind(host, port, timeout=SILENT)


def _cut(connection: _Plain | _Secure, is_late: threading.Event) -> None:
    is_late.set()
    if connection.cord is not None:
        with suppress(OSError):
            connection.cord.shutdown(socket.SHUT_RDWR)
