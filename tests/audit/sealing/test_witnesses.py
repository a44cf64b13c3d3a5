"""A witness cosigns the log, finds out what was changed, and may be away; what it signed stays."""

from __future__ import annotations

import logging
import time

import pytest

from audit.sealing import cosigning, keys
from audit.sealing.holders import Holder
from audit.sealing.models import Cosignature, LogCheckpoint
from audit.sealing.notes import Verifier, read_checkpoint
from audit.sealing.publishing import tick
from core.database.unit import unit
from tests.holders import (
    Configure,
    Outside,
    alarms,
    due_now,
    messages,
    state_of,
    write_and_seal,
)
from tests.raw import RUNTIME, denied, refused, run


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
