"""What a witness answers is believed where its key signed it, and never waited for too long."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.sealing import cosigning
from audit.sealing.holders import Holder
from audit.sealing.keeping import HolderFailed
from tests.holders import (
    verifier_of_nobody,
)


class TestAnAnswer:
    """What a witness that means no good may answer."""

    @pytest.mark.parametrize(
        ("status", "kind", "body", "said"),
        [
            (200, "text/plain", b"", "no cosignature by the key"),
            (200, "text/plain", b"\xe2\x80\x94 witness.example.org/w9 ***\n", "no cosignature by the key"),
            (301, "text/plain", b"", "answered 301: it did not cosign"),
            (403, "text/plain", b"<script>", "answered 403: it does not trust the key"),
            (404, "text/plain", b"", "answered 404: it does not know this log"),
            (409, "text/plain", b"5\n", "409 without a size"),
            (409, "text/x.tlog.size", b"-5\n", "409 without a size"),
            (409, "text/x.tlog.size", b"9" * 30, "409 without a size"),
            (422, "text/plain", b"", "answered 422: it finds no proof"),
            (500, "text/plain", b"", "answered 500"),
            (200, "text/plain", b"x" * 20_000, "too large"),
        ],
    )
    def test_that_is_none_is_said_to_be_none(self, status: int, kind: str, body: bytes, said: str) -> None:
        with answering(status, kind, body) as address, pytest.raises(HolderFailed, match=said):
            cosigning.asked(_holder(address), 0, [], "o\n1\nr\n\nx\n")

    def test_of_409_is_the_size_that_it_saw(self) -> None:
        with answering(409, "text/x.tlog.size", b"5\n") as address:
            assert cosigning.asked(_holder(address), 0, [], "o\n1\nr\n\nx\n") == cosigning.SawLast(5)

    def test_leads_nowhere_else_and_takes_no_proxy(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
        elsewhere = "http://127.0.0.1:1/"
        with (
            answering(307, "text/plain", b"", location=elsewhere) as address,
            pytest.raises(HolderFailed, match="answered 307"),
        ):
            cosigning.asked(_holder(address), 0, [], "o\n1\nr\n\nx\n")

    def test_that_comes_drop_by_drop_is_cut_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cosigning, "IN_ALL", 0.5)
        begun = time.monotonic()

        with dripping() as address, pytest.raises(HolderFailed, match="took too long"):
            cosigning.asked(_holder(address), 0, [], "o\n1\nr\n\nx\n")

        assert time.monotonic() - begun < 3

    def test_of_a_witness_without_a_good_certificate_is_not_asked_for(self, tmp_path: Path) -> None:
        with answering(200, "text/plain", b"") as address, pytest.raises(HolderFailed, match="reached"):
            cosigning.asked(_holder(address.replace("http:", "https:")), 0, [], "o\n1\nr\n\nx\n")
        assert ssl.create_default_context().verify_mode == ssl.CERT_REQUIRED

    def test_over_tls_is_read_where_the_certificate_is_good(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        certified(tmp_path)
        with answering(409, "text/x.tlog.size", b"5\n", secured_by=tmp_path) as address:
            with pytest.raises(HolderFailed, match="certificate verify failed"):
                cosigning.asked(_holder(address), 0, [], "o\n1\nr\n\nx\n")
            monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "certificate"))
            answer = cosigning.asked(_holder(address), 0, [], "o\n1\nr\n\nx\n")

        assert answer == cosigning.SawLast(5)

    @pytest.mark.parametrize("change", ["time", "text", "later"])
    def test_whose_cosignature_is_wrong_is_refused(self, change: str) -> None:
        from xmarket_witness.notes import Cosigner  # noqa: PLC0415

        signer = Cosigner("witness.example.org/w9", Ed25519PrivateKey.from_private_bytes(b"9" * 32))
        at = int(time.time()) + (1000 if change == "later" else 0)
        line = signer.cosign("text\n", 0 if change == "time" else at)

        with pytest.raises(HolderFailed, match="cosignature is"):
            cosigning.read_cosignature(
                line, "other\n" if change == "text" else "text\n", verifier_of_nobody()
            )


def _holder(address: str) -> Holder:
    return Holder.read(f"{address}#{verifier_of_nobody()}")


@contextmanager
def answering(
    status: int, kind: str, body: bytes, *, location: str = "", secured_by: Path | None = None
) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        if secured_by:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(secured_by / "certificate", secured_by / "key")
            server.socket = context.wrap_socket(server.socket, server_side=True)
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        try:
            yield f"http{'s' if secured_by else ''}://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            serving.join()


@contextmanager
def dripping() -> Iterator[str]:
    is_over = threading.Event()

    def drip(server: socket.socket) -> None:
        caller, _ = server.accept()
        with caller:
            caller.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while not is_over.wait(0.05):
                try:
                    caller.sendall(b"x")
                except OSError:
                    return

    with socket.create_server(("127.0.0.1", 0)) as server:
        serving = threading.Thread(target=drip, args=(server,))
        serving.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}"
        is_over.set()
        serving.join()


def certified(folder: Path) -> None:
    """Write a key, and a certificate of this machine's own address that nobody else signed."""
    key, name = Ed25519PrivateKey.generate(), x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "w")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, None)
    )
    (folder / "certificate").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    (folder / "key").write_bytes(key.private_bytes(serialization.Encoding.PEM, form, plain))
