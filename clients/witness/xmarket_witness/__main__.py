"""Run a witness: `python -m xmarket_witness --key FILE --log KEY --state FILE --listen 127.0.0.1:8090`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xmarket_witness.notes import NAME, Broken, Cosigner, LogKey
from xmarket_witness.state import State
from xmarket_witness.witness import Answer, Witness

PATH = "/add-checkpoint"
MOST_BYTES = 64 * 1024
HIGHEST_PORT = 65535


class Handler(BaseHTTPRequestHandler):
    """Answers one connection; a witness of its server judges."""

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "xmarket-witness", ""
    # seconds that a caller may be silent
    timeout = 10
    server: Server

    def do_POST(self) -> None:
        """Take a checkpoint."""
        length = self.headers.get("Content-Length", "")
        if self.path != PATH:
            self._answer(Answer(404, "not found\n"), is_last=True)
        elif not (length.isascii() and length.isdigit()) or "Transfer-Encoding" in self.headers:
            self._answer(Answer(411, "a Content-Length is needed\n"), is_last=True)
        elif int(length[:9]) > MOST_BYTES or len(length) > len(str(MOST_BYTES)):
            self._answer(Answer(413, "too large\n"), is_last=True)
        else:
            self._answer(self.server.witness.add_checkpoint(self.rfile.read(int(length))))

    def _answer(self, answer: Answer, *, is_last: bool = False) -> None:
        if answer.said:
            sys.stderr.write(f"{answer.status} {answer.said!a}\n")
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        if is_last:
            # the body was not read
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Leave out what was answered well."""


class Server(ThreadingHTTPServer):
    """Listens for one witness."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], witness: Witness) -> None:
        super().__init__(address, Handler)
        self.witness = witness


def main(words: Sequence[str] | None = None) -> int:
    """Make a key, or listen until somebody ends it; 2 where it cannot begin."""
    asked = _arguments().parse_args(words)
    try:
        if asked.make_key:
            _make_key(asked.key, asked.make_key)
        else:
            _listen(asked)
    except (Broken, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except KeyboardInterrupt:
        return 0
    return 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("xmarket_witness", description="Cosign the checkpoints of a log.")
    parser.add_argument("--key", type=Path, required=True, help="the file of the private key")
    parser.add_argument("--make-key", metavar="NAME", help="write a new key of this name into it, and end")
    parser.add_argument("--log", action="append", default=[], metavar="KEY", help="a log's verifier key")
    parser.add_argument("--state", type=Path, help="the file of what was seen")
    parser.add_argument("--listen", default="127.0.0.1:8090", metavar="HOST:PORT", help="(127.0.0.1:8090)")
    return parser


def _make_key(file: Path, name: str) -> None:
    if not NAME.fullmatch(name):
        raise Broken("a name has no white space and no plus")
    made = Cosigner(name, Ed25519PrivateKey.generate())
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as kept:
        kept.write(made.written())
    sys.stdout.write(f"{made.verifier()}\n")


def _listen(asked: argparse.Namespace) -> None:
    if not asked.log or not asked.state:
        raise Broken("--log and --state are needed")
    host, _, port = asked.listen.rpartition(":")
    if not (port.isascii() and port.isdigit() and int(port) <= HIGHEST_PORT):
        raise Broken("--listen is HOST:PORT")
    if asked.key.stat().st_mode & 0o077:
        raise Broken(f"{asked.key} can be read by others: chmod 600 {asked.key}")
    signer = Cosigner.read(asked.key.read_text())
    logs, state = [LogKey.read(written) for written in asked.log], State(asked.state)
    if state.is_new:
        sys.stderr.write(f"{asked.state} is not there: the first checkpoint of each log is believed\n")
    with Server((host or "127.0.0.1", int(port)), Witness(signer, logs, state)) as server:
        sys.stdout.write(f"http://{host or '127.0.0.1'}:{server.server_port} {signer.verifier()}\n")
        sys.stdout.flush()
        server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
