"""What witnesses signed is shown with the checkpoint, in receipts and in exports, and can be asked for."""

from __future__ import annotations

import base64
import re
from io import StringIO
from pathlib import Path

import pytest
import xmarket_verify
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.test import Client

from audit.models import AuditEvent
from audit.sealing import exporting, keys, notes, receipts, shown
from audit.sealing.models import LogCheckpoint
from audit.sealing.notes import COSIGNATURE, Verifier, read_checkpoint
from core.access.models import PLATFORM_TENANT_ID
from core.database.unit import unit
from tests.holders import cosign, verifier_of, verifier_of_nobody, write_and_seal
from tests.raw import run

WITNESS = str(verifier_of_nobody())
STRANGER = Verifier(
    "witness.example.org/w9",
    Ed25519PrivateKey.from_private_bytes(b"8" * 32).public_key().public_bytes_raw(),
    COSIGNATURE,
)


def served() -> str:
    answer = Client().get("/api/v1/log/checkpoint")
    assert answer.status_code == 200
    return str(answer.content.decode())


def receipt_of(place: int) -> receipts.Receipt:
    event = AuditEvent.objects.filter(tenant_id=PLATFORM_TENANT_ID).order_by("epoch", "xid", "seq")[place]
    with unit("api", tenant=PLATFORM_TENANT_ID):
        return receipts.receipt(event.pk)


def seal_time(size: int, ago: str) -> None:
    run("ALTER TABLE audit_checkpoint DISABLE TRIGGER USER")
    run("UPDATE audit_checkpoint SET sealed_at = clock_timestamp() - %s::interval WHERE size = %s", ago, size)
    run("ALTER TABLE audit_checkpoint ENABLE TRIGGER USER")


@pytest.fixture
def sealed(committing_db: str) -> int:
    return write_and_seal(300)


class TestTheServedCheckpoint:
    def test_carries_the_line_of_every_witness(self, sealed: int) -> None:
        first, second = cosign(sealed), cosign(sealed, "witness.example.org/a1")

        note = served()

        assert note == LogCheckpoint.objects.get(size=sealed).note + second + first
        assert read_checkpoint(note, keys.verifiers()).size == sealed
        for name in ("witness.example.org/w9", "witness.example.org/a1"):
            assert notes.cosigned(notes.text_of(note), note, verifier_of(name))

    def test_is_the_newest_that_witnesses_cosigned_while_they_are_at_the_next(self, sealed: int) -> None:
        cosign(sealed)
        write_and_seal()

        assert read_checkpoint(served(), keys.verifiers()).size == sealed

    def test_is_the_one_that_most_of_them_cosigned(self, sealed: int) -> None:
        cosign(sealed)
        cosign(sealed, "witness.example.org/a1")
        cosign(write_and_seal())

        assert read_checkpoint(served(), keys.verifiers()).size == sealed

    def test_waits_for_no_witness_that_is_late(self, sealed: int) -> None:
        cosign(sealed)
        cosign(sealed, "witness.example.org/a1")
        newest = write_and_seal()
        line = cosign(newest)
        seal_time(sealed, "2 minutes")

        note = served()

        assert read_checkpoint(note, keys.verifiers()).size == newest
        assert note.endswith(line)

    def test_is_the_newest_where_there_is_no_witness(self, sealed: int) -> None:
        assert served() == LogCheckpoint.objects.get(size=sealed).note


class TestAReceipt:
    def test_is_under_what_witnesses_cosigned_however_old_it_is(self, sealed: int) -> None:
        line = cosign(sealed)
        seal_time(sealed, "2 days")
        newest = write_and_seal()

        old, new = receipt_of(5), receipt_of(newest - 1)

        assert old.note.endswith(line)
        assert (old.check(keys.verifiers()).size, new.check(keys.verifiers()).size) == (sealed, newest)
        assert receipts.read(old.text()) == old

    def test_is_checked_anywhere_and_can_be_asked_for_its_witness(
        self, sealed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = tmp_path / "receipt.txt"
        file.write_text(receipt_of(5).text())
        without = checked(capsys, "receipt", file, "--witness", WITNESS)
        cosign(sealed)
        text = receipt_of(5).text()
        file.write_text(text)

        plain = checked(capsys, "receipt", file)
        asked = checked(capsys, "receipt", file, "--witness", WITNESS)
        other = checked(capsys, "receipt", file, "--witness", str(STRANGER))
        file.write_text(forged_time(text))
        wrong = checked(capsys, "receipt", file, "--witness", WITNESS)

        assert plain == asked == (0, "Everything is as it was signed.\n")
        not_cosigned = "the checkpoint of receipt.txt is not cosigned by witness.example.org/w9\n"
        assert without == other == (1, not_cosigned)
        assert wrong == (1, "the checkpoint of receipt.txt is cosigned wrongly by witness.example.org/w9\n")


class TestAnExport:
    def test_carries_what_witnesses_signed(
        self, sealed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        line = cosign(sealed)
        manage("export", str(tmp_path / "log"))

        assert (tmp_path / "log" / "checkpoints" / f"{sealed:015d}.note").read_text().endswith(line)
        assert checked(capsys, "log", tmp_path / "log", "--witness", WITNESS)[0] == 0
        code, said = checked(capsys, "log", tmp_path / "log", "--witness", str(STRANGER))
        assert (code, f"w9 cosigned 0 records, and the export has {sealed}" in said) == (1, True)

    def test_ends_where_witnesses_cosigned(
        self, sealed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cosign(sealed)
        write_and_seal()

        assert exporting.export(tmp_path / "log") == sealed
        assert checked(capsys, "log", tmp_path / "log", "--witness", WITNESS)[0] == 0

    def test_that_goes_further_than_its_witness_is_found_out(
        self, sealed: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        cosign(sealed)
        seal_time(sealed, "2 minutes")
        newest = write_and_seal()
        manage("export", str(tmp_path / "log"))

        code, said = checked(capsys, "log", tmp_path / "log", "--witness", WITNESS)

        assert (code, f"w9 cosigned {sealed} records, and the export has {newest}" in said) == (1, True)


class TestVerifying:
    def test_accepts_cosigned_notes_and_asks_for_a_witness(self, sealed: int, tmp_path: Path) -> None:
        cosign(sealed)
        kept = tmp_path / "kept.note"
        kept.write_text(served())

        assert "as it was sealed" in manage("verify", "--against", str(kept), "--witness", WITNESS)

    def test_names_a_witness_that_did_not_cosign_what_it_should_have_by_now(self, sealed: int) -> None:
        assert "as it was sealed" in manage("verify", "--witness", WITNESS)
        seal_time(sealed, "2 minutes")

        assert refused("--witness", WITNESS) == (
            f"witness: witness.example.org/w9 cosigned 0 rows, and {sealed} were sealed a minute ago\n"
        )

    def test_does_not_wait_for_what_is_said_to_be_sealed_tomorrow(self, sealed: int) -> None:
        seal_time(sealed, "-1 day")

        assert f"and {sealed} were sealed" in refused("--witness", WITNESS)

    def test_names_a_cosignature_that_is_not_the_witnesss(self, sealed: int) -> None:
        cosign(sealed)
        run("ALTER TABLE audit_cosignature DISABLE TRIGGER USER")
        run("UPDATE audit_cosignature SET line = %s", forged_time(served()).rpartition("\n\n")[2])

        said = f"the cosignature of witness.example.org/w9 over the checkpoint at {sealed} is not by its key"
        assert said in refused("--witness", WITNESS)

    @pytest.mark.parametrize(
        ("option", "key", "said"),
        [
            ("--witness", str(keys.verifiers()[0]), "the key of a log"),
            ("--key", WITNESS, "the key of a witness"),
            ("--witness", "nonsense", "no verifier key"),
        ],
    )
    def test_takes_no_key_for_another(
        self, option: str, key: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with pytest.raises(CommandError, match=said):
            manage("verify", option, key)
        words = ["log", str(tmp_path), "--key", str(keys.verifiers()[0]), option, key]
        assert (xmarket_verify.main(words), said in capsys.readouterr().err) == (2, True)


def test_a_cosignature_is_looked_for_among_the_newest(sealed: int) -> None:
    for name in range(shown.AMONG + 1):
        cosign(sealed, f"witness.example.org/many{name}")
    newest = write_and_seal()
    for name in range(shown.AMONG):
        cosign(newest, f"witness.example.org/many{name}")

    found = shown.newest()

    assert found is not None
    assert found.size == newest


def forged_time(text: str) -> str:
    """The same with the time of the cosignature one second later."""
    (encoded,) = re.findall(r"w9 (\S+)\n", text)
    blob = bytearray(base64.b64decode(encoded))
    blob[11] ^= 1
    return text.replace(encoded, base64.b64encode(blob).decode())


def manage(*words: str) -> str:
    said = StringIO()
    call_command("audit", *words, stdout=said)
    return said.getvalue()


def refused(*words: str) -> str:
    said = StringIO()
    with pytest.raises(CommandError, match="not as they were sealed"):
        call_command("audit", "verify", *words, stdout=said)
    return said.getvalue()


def checked(capsys: pytest.CaptureFixture[str], what: str, file: Path, *words: str) -> tuple[int, str]:
    """Exit code and lines of the stand-alone program."""
    capsys.readouterr()
    code = xmarket_verify.main([what, str(file), "--key", str(keys.verifiers()[0]), *words])
    return code, capsys.readouterr().out
