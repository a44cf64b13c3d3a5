"""Checkpoints reach everybody who is to keep them; who fails is tried again, and nothing waits for them."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DatabaseError

from audit import log
from audit.models import AuditEvent
from audit.sealing import keeping, keys, publishing
from audit.sealing.holders import Holder
from audit.sealing.keeping import HolderFailed
from audit.sealing.models import HolderState, LogCheckpoint
from audit.sealing.notes import read_checkpoint
from audit.sealing.publishing import Standing, standing, tick
from core.database.unit import unit
from core.jobs import services
from core.messaging.models import OutboxEvent
from tests.holders import (
    Configure,
    due_now,
    messages,
    state_of,
    verifier_of_nobody,
    write_and_seal,
)
from tests.raw import run


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


def test_one_that_hangs_holds_up_nobody(configure: Configure, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        slow, quick = configure(
            f"http://127.0.0.1:{silent.getsockname()[1]}#{verifier_of_nobody()}", f"file://{tmp_path}"
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
    tick(good)
    tick(bad)

    first, second = watched()

    assert isinstance(first, Standing)
    assert (first.name, first.kind, first.size, first.behind) == (good.name, "directory", size, 0)
    assert first.published_at is not None
    assert first.age_seconds is not None
    assert 0 <= first.age_seconds < 60
    assert (first.failures, first.failing_since, first.last_error) == (0, None, None)
    assert (second.size, second.behind, second.published_at, second.age_seconds) == (0, size, None, None)
    assert (second.failures, second.last_error) == (1, "No such file or directory")
    assert second.failing_since is not None


def test_a_holder_that_recovered_is_seen_to_keep_what_it_is_given(
    configure: Configure, tmp_path: Path
) -> None:
    (holder,) = configure(f"file://{tmp_path}/later")
    write_and_seal()
    tick(holder)
    assert watched()[0].failing_since is not None

    (tmp_path / "later").mkdir()
    due_now(holder)
    size = write_and_seal()
    tick(holder)

    (found,) = watched()
    assert (found.size, found.behind, found.failures) == (size, 0, 0)
    assert (found.failing_since, found.last_error) == (None, None)


@pytest.mark.parametrize("role", ["api", "staff", "platform", "worker", "auditor"])
def test_a_process_that_names_no_holder_sees_those_of_the_worker(
    configure: Configure, tmp_path: Path, role: str
) -> None:
    (holder,) = configure(f"file://{tmp_path}")
    write_and_seal()
    tick(holder)
    configure()

    with unit(role):
        assert [each.name for each in standing()] == [holder.name]


def test_who_is_to_keep_them_no_longer_is_watched_by_nobody_until_it_comes_back(
    configure: Configure, tmp_path: Path
) -> None:
    old, _ = configure(f"file://{tmp_path}", f"file://{tmp_path}/other")
    write_and_seal()
    tick(old)
    configure(f"file://{tmp_path}/other")

    with unit("worker"):
        said, again = publishing.let_go(), publishing.let_go()

    assert (said, again) == (f"{old.name} keeps checkpoints no longer", None)
    assert watched() == []
    configure(f"file://{tmp_path}")
    write_and_seal()
    tick(old)
    assert [each.name for each in watched()] == [old.name]


def watched() -> list[Standing]:
    with unit("api"):
        return standing()


def test_an_alarm_that_cannot_be_written_changes_nothing(
    configure: Configure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (holder,) = configure(f"file://{tmp_path}/nothing")
    write_and_seal()

    def full(*args: object, **options: object) -> None:
        raise DatabaseError("the log is full")

    monkeypatch.setattr(log, "record", full)
    with pytest.raises(DatabaseError):
        tick(holder)

    assert (state_of(holder).tries, messages()) == (0, [])


def test_a_secret_path_is_told_to_nobody(configure: Configure, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    (holder,) = configure(f"http://127.0.0.1:{port}/s3cr3t-path#{verifier_of_nobody()}")
    write_and_seal()
    caplog.set_level(logging.DEBUG)

    tick(holder)

    assert "witness.example.org/w9" in caplog.text
    told = [caplog.text, str(state_of(holder).__dict__), str(standing())]
    told += [str(row) for row in AuditEvent.objects.filter(entity_type="log").values()]
    told += [str(row) for row in OutboxEvent.objects.filter(entity_type="log").values()]
    assert "Connection refused" in told[1]
    assert "s3cr3t-path" not in "".join(told)


def test_a_worker_serves_each_of_them_by_itself(tmp_path: Path) -> None:
    code = (
        "import django; django.setup(); from core.jobs import services; "
        "print([each.name for each in services.every() if each.opens_units and each.name != 'sealer'])"
    )
    given = {"AUDIT_WITNESSES": "file:///kept,s3://bucket/log", "DJANGO_SETTINGS_MODULE": "config.settings"}

    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **given},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "['witnesses file:///kept', 'witnesses s3://bucket/log']\n"
