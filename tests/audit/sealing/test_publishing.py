"""Checkpoints reach everybody who is to keep them; who fails is tried again, and nothing waits for them."""

from __future__ import annotations

import logging
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import LazySettings
from django.db import DatabaseError

from audit import log
from audit.models import AuditEvent
from audit.sealing import cosigning, keeping, keys, publishing
from audit.sealing.holders import Holder, HolderIsBroken
from audit.sealing.keeping import HolderFailed
from audit.sealing.models import Cosignature, HolderState, LogCheckpoint, Seal
from audit.sealing.notes import COSIGNATURE, Verifier, read_checkpoint
from audit.sealing.publishing import Standing, configured, standing, tick
from core.access.models import PLATFORM_TENANT_ID
from core.database.unit import unit
from core.jobs import services
from core.messaging.models import OutboxEvent
from tests.raw import RUNTIME, denied, refused, run
from tests.sealing import seal_everything

WITNESSES = Path(__file__).parents[3] / "clients" / "witness"
Configure = Callable[..., list[Holder]]


def write_and_seal(count: int = 3) -> int:
    with unit("worker", tenant=PLATFORM_TENANT_ID):
        for number in range(count):
            log.record("test:write", by=None, entity_type="tests", entity_id=str(number))
    seal_everything()
    return int(Seal.objects.get().size)


def due_now(holder: Holder) -> None:
    run("UPDATE audit_holder SET next_at = clock_timestamp() WHERE name = %s", holder.name)


def state_of(holder: Holder) -> HolderState:
    return HolderState.objects.get(name=holder.name)


def alarms() -> list[str]:
    events = AuditEvent.objects.filter(entity_type="log", action__startswith="log:").order_by("seq")
    return list(events.values_list("action", flat=True))


def messages() -> list[str]:
    return list(
        OutboxEvent.objects.filter(entity_type="log").order_by("id").values_list("event_type", flat=True)
    )


@pytest.fixture
def configure(committing_db: str, settings: LazySettings) -> Configure:
    def to(*written: str) -> list[Holder]:
        settings.AUDIT_WITNESSES = list(written)
        return configured()

    return to


class Outside:
    """A witness in a process of its own, which can go away and come back."""

    def __init__(self, folder: Path, log_key: str) -> None:
        self.folder, self.log_key, self.port = folder, log_key, 0
        self.process: subprocess.Popen[str] | None = None
        made = self._run("--make-key", "witness.example.org/w1")
        self.key = made.communicate(timeout=30)[0].strip()
        self.start()

    def start(self) -> None:
        listen = ["--listen", f"127.0.0.1:{self.port}", "--state", str(self.folder / "state.json")]
        self.process = self._run(*listen, "--log", self.log_key)
        assert self.process.stdout
        address, key = self.process.stdout.readline().split()
        assert key == self.key
        self.port = int(address.rpartition(":")[2])

    def stop(self) -> str:
        """End it at once, and say what it said."""
        if self.process is None:
            return ""
        self.process.kill()
        said = self.process.communicate(timeout=30)[1]
        self.process = None
        return said

    @property
    def written(self) -> str:
        return f"http://127.0.0.1:{self.port}#{self.key}"

    def _run(self, *words: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "xmarket_witness", "--key", str(self.folder / "key"), *words]
        return subprocess.Popen(
            command, cwd=WITNESSES, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )


@pytest.fixture
def outside(tmp_path: Path) -> Iterator[Outside]:
    witness = Outside(tmp_path, str(keys.verifiers()[0]))
    yield witness
    witness.stop()


class TestADirectory:
    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        (tmp_path / "kept here").mkdir()
        return tmp_path / "kept here"

    @pytest.fixture
    def holder(self, folder: Path, configure: Configure) -> Holder:
        (holder,) = configure(f"file://{str(folder).replace(' ', '%20')}")
        return holder

    def test_has_every_checkpoint(self, holder: Holder, folder: Path) -> None:
        write_and_seal()
        size = write_and_seal()

        assert tick(holder) == f"{holder.name} has {size} rows"

        kept = {file.name: file.read_text() for file in folder.iterdir()}
        rows = LogCheckpoint.objects.order_by("size")
        assert kept == {f"{row.size:015d}.note": row.note for row in rows}
        assert read_checkpoint(kept[f"{size:015d}.note"], keys.verifiers()).size == size
        assert tick(holder) is None

    def test_never_loses_what_it_holds(self, holder: Holder, folder: Path) -> None:
        size = write_and_seal()
        file = folder / f"{size:015d}.note"
        file.write_text("another log")

        assert tick(holder) is None

        assert file.read_text() == "another log"
        assert state_of(holder).last_error == f"it holds another checkpoint of {size} rows"
        assert [each.name for each in folder.iterdir() if each.name.endswith(".new")] == []

    def test_takes_again_what_it_holds_already(self, holder: Holder, folder: Path) -> None:
        size = write_and_seal()
        tick(holder)
        run("UPDATE audit_holder SET size = 0")

        tick(holder)

        assert (state_of(holder).size, state_of(holder).tries) == (size, 0)

    def test_is_never_made(self, holder: Holder, folder: Path) -> None:
        write_and_seal()
        folder.rmdir()

        tick(holder)

        assert not folder.exists()
        assert state_of(holder).last_error == "No such file or directory"

    def test_has_what_it_took_before_it_failed(
        self, holder: Holder, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = write_and_seal()
        second = write_and_seal()
        (folder / f"{second:015d}.note").write_text("another log")

        tick(holder)

        assert (state_of(holder).size, state_of(holder).tries) == (first, 1)

    def test_is_not_kept_waiting_for_by_a_second_keeper(self, holder: Holder) -> None:
        size = write_and_seal()
        with unit("worker"):
            run("INSERT INTO audit_holder (name) VALUES (%s)", holder.name)
        assert publishing._claimed(holder) == (0, 0)

        assert tick(holder) is None

        due_now(holder)
        assert tick(holder) == f"{holder.name} has {size} rows"


class TestAnObjectStore:
    @pytest.fixture
    def holder(self, configure: Configure) -> Iterator[Holder]:
        opened = keeping.opened
        opened.cache_clear()
        (holder,) = configure("memory:///")
        yield holder
        opened.cache_clear()

    def test_has_every_checkpoint_and_never_another(self, holder: Holder) -> None:
        store = keeping.opened(holder.address)
        first = write_and_seal()
        tick(holder)
        second = write_and_seal()
        store.put(f"{second:015d}.note", b"another log")

        tick(holder)

        note = LogCheckpoint.objects.get(size=first).note
        assert bytes(store.get(f"{first:015d}.note").bytes()) == note.encode()
        assert bytes(store.get(f"{second:015d}.note").bytes()) == b"another log"
        assert (state_of(holder).size, state_of(holder).tries) == (first, 1)

    def test_that_fails_says_no_more_than_how(
        self, holder: Holder, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        from obstore.exceptions import PermissionDeniedError  # noqa: PLC0415

        class Closed:
            def put(self, *args: object, **options: object) -> None:
                raise PermissionDeniedError("<AWSAccessKeyId>AKIASECRET</AWSAccessKeyId>")

        monkeypatch.setattr(keeping, "opened", lambda address: Closed())
        write_and_seal()

        tick(holder)

        assert state_of(holder).last_error == "the object store answered with PermissionDeniedError"
        assert "AKIASECRET" not in caplog.text

    def test_of_a_maker_is_opened_without_asking_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
        holder = Holder.read("s3://bucket/log")

        assert keeping.opened(holder.address).prefix == "log"
        assert "secret" not in repr(keeping.opened(holder.address))

    def test_of_files_keeps_them_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        from obstore.store import LocalStore  # noqa: PLC0415

        monkeypatch.setattr(keeping, "opened", lambda address: LocalStore(tmp_path))
        holder = Holder.read("s3://bucket/log")

        keeping.keep_in_store(holder, 7, "note")
        keeping.keep_in_store(holder, 7, "note")
        with pytest.raises(HolderFailed, match="another checkpoint of 7 rows"):
            keeping.keep_in_store(holder, 7, "another")

        assert (tmp_path / "000000000000007.note").read_text() == "note"


class TestAWitness:
    @pytest.fixture
    def holder(self, outside: Outside, configure: Configure) -> Holder:
        (holder,) = configure(outside.written)
        return holder

    def test_cosigns_and_its_cosignature_is_kept(self, holder: Holder, outside: Outside) -> None:
        write_and_seal()
        tick(holder)
        size = write_and_seal(400)
        tick(holder)

        kept = Cosignature.objects.get(size=size)
        newest = LogCheckpoint.objects.get(size=size)
        assert (kept.holder, state_of(holder).size) == ("witness.example.org/w1", size)
        assert abs(kept.cosigned_at.timestamp() - time.time()) < 60
        text = newest.note.rpartition("\n\n")[0] + "\n"
        assert cosigning.read_cosignature(kept.line, text, Verifier.read(outside.key)).line == kept.line
        # the note with its cosignature is still a note that the log signed
        assert read_checkpoint(newest.note + kept.line, keys.verifiers()).size == size

    def test_tells_what_it_saw_where_that_was_forgotten(self, holder: Holder) -> None:
        size = write_and_seal()
        tick(holder)
        run("UPDATE audit_holder SET size = 0")

        assert tick(holder) == f"{holder.name} has {size} rows"
        run("UPDATE audit_holder SET size = 1")
        later = write_and_seal()
        assert tick(holder) == f"{holder.name} has {later} rows"

    def test_that_was_away_is_tried_again_and_its_state_is_kept(
        self, holder: Holder, outside: Outside, caplog: pytest.LogCaptureFixture
    ) -> None:
        write_and_seal()
        tick(holder)
        outside.stop()
        write_and_seal()

        for _ in range(3):
            tick(holder)
            due_now(holder)
        sealed = write_and_seal()
        failing = state_of(holder)
        outside.start()
        tick(holder)

        errors = [each for each in caplog.records if each.levelno == logging.ERROR]
        assert (failing.tries, len(errors)) == (3, 1)
        assert failing.failing_since is not None
        assert alarms() == ["log:unpublished", "log:published_again"]
        assert messages() == ["log.unpublished", "log.published_again"]
        assert (state_of(holder).size, state_of(holder).tries) == (sealed, 0)
        assert state_of(holder).failing_since is None

    def test_finds_out_that_the_log_was_changed(self, holder: Holder, outside: Outside) -> None:
        write_and_seal()
        tick(holder)
        before = state_of(holder).size
        for table in ("audit_checkpoint", "audit_tile"):
            run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        run("UPDATE audit_tile SET hashes = overlay(hashes placing %s from 1)", b"\x00" * 32)
        write_and_seal()

        tick(holder)

        assert state_of(holder).size == before
        assert "finds no proof" in str(state_of(holder).last_error)
        assert "FORKED" in outside.stop()

    def test_finds_out_that_the_log_was_cut_off(self, holder: Holder) -> None:
        first = write_and_seal()
        second = write_and_seal()
        tick(holder)
        run("ALTER TABLE audit_checkpoint DISABLE TRIGGER USER")
        run("ALTER TABLE audit_cosignature DISABLE TRIGGER USER")
        run("DELETE FROM audit_cosignature")
        run("DELETE FROM audit_checkpoint WHERE size = %s", second)
        # as it is after a restore
        run("UPDATE audit_holder SET size = 0")

        tick(holder)

        said = f"the witness saw {second} rows, and the log has {first}: it was cut"
        assert state_of(holder).last_error == said

    def test_of_another_tree_of_the_same_size_is_heard(
        self, holder: Holder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        size = write_and_seal()
        monkeypatch.setattr(cosigning, "asked", lambda *args: cosigning.SawLast(size))

        tick(holder)

        assert state_of(holder).last_error == f"the witness saw another tree of {size} rows"

    def test_that_says_something_else_each_time_is_left(
        self, holder: Holder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_and_seal()
        sizes = iter([3, 2, 1])
        monkeypatch.setattr(cosigning, "asked", lambda *args: cosigning.SawLast(next(sizes)))

        tick(holder)

        assert state_of(holder).last_error == "the witness says another size each time"


def test_one_that_hangs_holds_up_nobody(configure: Configure, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow, quick = configure(
            f"http://127.0.0.1:{silent.getsockname()[1]}#{_verifier()}", f"file://{tmp_path}"
        )
        first = write_and_seal()
        waiting = threading.Thread(target=_once, args=(slow,))
        waiting.start()
        while not HolderState.objects.filter(name=slow.name).exists():
            time.sleep(0.01)

        second = write_and_seal()
        tick(quick)

        assert waiting.is_alive()
        assert second == first + 3
        assert state_of(quick).size == second
        waiting.join(30)
    assert state_of(slow).last_error == "the witness took too long"


def _once(holder: Holder) -> None:
    services.once(services.Service("witnesses", lambda: tick(holder), 1, opens_units=True))
    from django.db import connection  # noqa: PLC0415 - of this thread

    connection.close()


def test_waits_grow(configure: Configure, tmp_path: Path) -> None:
    (holder,) = configure(f"file://{tmp_path}/nothing")
    write_and_seal()
    waits = []
    for _ in range(12):
        tick(holder)
        with unit("worker"):
            waits.append(_seconds_to_wait())
        due_now(holder)

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]


def _seconds_to_wait() -> int:
    from tests.raw import one  # noqa: PLC0415

    return round(float(str(one("SELECT extract(epoch FROM next_at - clock_timestamp()) FROM audit_holder"))))


def test_whoever_watches_sees_how_far_each_is(configure: Configure, tmp_path: Path) -> None:
    good, bad = configure(f"file://{tmp_path}", f"file://{tmp_path}/nothing")
    size = write_and_seal()
    assert [each.behind for each in standing()] == [size, size]
    tick(good)
    tick(bad)

    with unit("api"):
        first, second = standing()

    assert isinstance(first, Standing)
    assert (first.name, first.kind, first.size, first.behind) == (good.name, "directory", size, 0)
    assert first.published_at is not None
    assert (first.failing_since, first.last_error) == (None, None)
    assert (second.size, second.behind, second.published_at) == (0, size, None)
    assert second.failing_since is not None
    assert second.last_error == "No such file or directory"


def test_an_alarm_that_cannot_be_written_changes_nothing(
    configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (holder,) = configure(f"file://{tmp_path}/nothing")
    write_and_seal()

    def full(*args: object, **options: object) -> None:
        raise DatabaseError("the log is full")

    monkeypatch.setattr(publishing.log, "record", full)
    with pytest.raises(DatabaseError):
        tick(holder)

    assert (state_of(holder).tries, messages()) == (0, [])


def test_a_secret_path_is_told_to_nobody(configure: Configure, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    (holder,) = configure(f"http://127.0.0.1:{port}/s3cr3t-path#{_verifier()}")
    write_and_seal()
    caplog.set_level(logging.DEBUG)

    tick(holder)

    assert "witness.example.org/w9" in caplog.text
    told = [caplog.text, str(state_of(holder).__dict__), str(standing())]
    told += [str(row) for row in AuditEvent.objects.filter(entity_type="log").values()]
    told += [str(row) for row in OutboxEvent.objects.filter(entity_type="log").values()]
    assert "Connection refused" in told[1]
    assert "s3cr3t-path" not in "".join(told)


@pytest.mark.django_db
@pytest.mark.parametrize("role", RUNTIME)
@pytest.mark.parametrize(
    ("table", "statement"),
    [
        ("audit_holder", "DELETE FROM audit_holder"),
        ("audit_holder", "UPDATE audit_holder SET name = 'x'"),
        ("audit_cosignature", "UPDATE audit_cosignature SET line = 'x'"),
        ("audit_cosignature", "DELETE FROM audit_cosignature"),
    ],
)
def test_no_role_rewrites_who_keeps_what(role: str, table: str, statement: str) -> None:
    with unit(role), denied(table):
        run(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [role for role in RUNTIME if role != "worker"])
def test_only_the_worker_says_how_far_they_are(role: str) -> None:
    with unit(role), denied("audit_holder"):
        run("UPDATE audit_holder SET size = 5")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_cosignature SET size = 9", "DELETE FROM audit_cosignature", "TRUNCATE audit_cosignature"],
)
def test_even_the_owner_leaves_a_cosignature(statement: str) -> None:
    run("INSERT INTO audit_checkpoint (size, root, epoch, note) VALUES (2, %s, 1, 'note')", b"\x02" * 32)
    run("INSERT INTO audit_cosignature (holder, size, line, cosigned_at) VALUES ('w', 2, 'x', now())")

    with refused("audit_event_only_grows"):
        run(statement)


def _verifier() -> Verifier:
    key = Ed25519PrivateKey.from_private_bytes(b"9" * 32).public_key().public_bytes_raw()
    return Verifier("witness.example.org/w9", key, COSIGNATURE)


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

    @pytest.mark.parametrize("change", ["time", "text", "later"])
    def test_whose_cosignature_is_wrong_is_refused(self, change: str) -> None:
        from xmarket_witness.notes import Cosigner  # noqa: PLC0415

        signer = Cosigner("witness.example.org/w9", Ed25519PrivateKey.from_private_bytes(b"9" * 32))
        at = int(time.time()) + (1000 if change == "later" else 0)
        line = signer.cosign("text\n", 0 if change == "time" else at)

        with pytest.raises(HolderFailed, match="cosignature is"):
            cosigning.read_cosignature(line, "other\n" if change == "text" else "text\n", _verifier())


def _holder(address: str) -> Holder:
    return Holder.read(f"{address}#{_verifier()}")


@contextmanager
def answering(status: int, kind: str, body: bytes, *, location: str = "") -> Iterator[str]:
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
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
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


class TestWhoIsToKeepThem:
    @pytest.mark.parametrize(
        ("written", "kind", "name"),
        [
            ("file:///var/lib/log", "directory", "file:///var/lib/log"),
            ("s3://bucket/log", "store", "s3://bucket/log"),
            ("gs://bucket", "store", "gs://bucket"),
            (f"https://host.example.org/p#{_verifier()}", "witness", "witness.example.org/w9"),
            (f"http://[::1]:80#{_verifier()}", "witness", "witness.example.org/w9"),
            (f"http://localhost#{_verifier()}", "witness", "witness.example.org/w9"),
        ],
    )
    def test_is_read(self, written: str, kind: str, name: str) -> None:
        found = Holder.read(written)

        assert (found.kind, found.name) == (kind, name)

    @pytest.mark.parametrize(
        ("written", "said"),
        [
            ("nothing", "neither"),
            ("ftp://host/path", "neither"),
            ("file://relative/path", "three slashes"),
            ("s3:///path", "no bucket"),
            ("s3://id:s3cr3t@bucket", "login"),
            ("s3://bucket?key=s3cr3t", "query"),
            ("s3://bucket#x", "only a witness"),
            (f"s3://{'b' * 300}", "too long"),
            ("https://host.example.org", "verifier key"),
            (f"https://#{_verifier()}", "no host"),
            (f"http://host.example.org#{_verifier()}", "without HTTPS"),
            (f"http://127.0.0.1.example.org#{_verifier()}", "without HTTPS"),
            ("http://[::1", "no address"),
            ("http://host:x", "no address"),
            (f"https://host#{keys.verifiers()[0]}", "key of a log"),
        ],
    )
    def test_is_refused_without_repeating_it(self, written: str, said: str) -> None:
        with pytest.raises(HolderIsBroken, match=said) as refusal:
            Holder.read(written)

        assert "s3cr3t" not in str(refusal.value)
