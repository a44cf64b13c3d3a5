"""`manage.py audit`: an operator seals, verifies and exports; a stranger checks the export with one file."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
import xmarket_verify
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from audit import log
from audit.models import AuditEvent
from audit.sealing import keys, receipts, rotation
from audit.sealing.models import LogCheckpoint, Seal
from audit.sealing.notes import Signer
from core.access.models import PLATFORM_TENANT_ID
from core.database.unit import unit
from tests.factories import make_world
from tests.raw import one, run
from tests.sealing import seal_everything


def manage(*words: str) -> str:
    said = StringIO()
    call_command("audit", *words, stdout=said)
    return said.getvalue()


def write(count: int) -> None:
    with unit("worker", tenant=PLATFORM_TENANT_ID):
        for number in range(count):
            log.record("test:write", by=None, entity_type="tests", entity_id=str(number))


def key() -> str:
    return str(keys.verifiers()[0])


@pytest.fixture
def sealed(committing_db: str) -> int:
    write(300)
    seal_everything()
    return Seal.objects.get().size


@pytest.fixture
def export(sealed: int, tmp_path: Path) -> Path:
    manage("export", str(tmp_path / "log"))
    return tmp_path / "log"


def checked(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str]:
    code = xmarket_verify.main([str(word) for word in words])
    return code, "".join(capsys.readouterr())


def test_a_log_is_verified_and_a_change_is_named_with_exit_1(sealed: int) -> None:
    assert manage("verify", "--jobs", "2") == "Everything is as it was sealed.\n"
    run("ALTER TABLE audit_event DISABLE TRIGGER USER")
    row = AuditEvent.objects.order_by("epoch", "xid", "seq")[5]
    run("UPDATE audit_event SET action = 'x' WHERE audit_id = %s", row.pk)

    said = StringIO()
    with pytest.raises(CommandError, match="1 things are not as they were sealed"):
        call_command("audit", "verify", stdout=said)

    assert said.getvalue() == f"changed: {row.pk} at 5 is not what was sealed there\n"


def test_what_was_kept_elsewhere_is_compared(sealed: int, tmp_path: Path) -> None:
    kept = tmp_path / "kept.note"
    kept.write_text(LogCheckpoint.objects.latest("size").note)
    write(5)
    seal_everything()

    assert "as it was sealed" in manage("verify", "--against", str(kept), "--key", key())
    kept.write_text("nothing\n")
    with pytest.raises(CommandError):
        manage("verify", "--against", str(kept))
    with pytest.raises(CommandError, match="No such file"):
        manage("verify", "--against", str(tmp_path / "other"))


@pytest.mark.parametrize("wrong", ["", "name", "name+00000000+AAAA"])
def test_what_is_no_key_is_said_to_be_none(wrong: str) -> None:
    with pytest.raises(CommandError, match="verifier key"):
        manage("verify", "--key", wrong)


def test_an_export_is_checked_anywhere_with_one_file(export: Path, sealed: int) -> None:
    program = [sys.executable, "-I", str(export / "xmarket_verify.py"), "log", str(export), "--key", key()]

    done = subprocess.run(program, capture_output=True, text=True, check=False, cwd="/")

    assert (done.returncode, done.stdout) == (0, "Everything is as it was signed.\n")
    assert f"{sealed} records" in done.stderr


def test_an_export_goes_into_an_empty_folder(export: Path) -> None:
    with pytest.raises(CommandError, match="is not empty"):
        manage("export", str(export))


def test_every_change_of_an_export_is_found(export: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = export / "records-000000.bin"
    whole = file.read_bytes()

    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    changed = checked(capsys, "log", export, "--key", key())
    file.write_bytes(whole[:-1])
    broken = checked(capsys, "log", export, "--key", key())
    length = int.from_bytes(whole[:4], "big")
    file.write_bytes(whole[4 + length :])
    missing = checked(capsys, "log", export, "--key", key())
    file.write_bytes(whole)
    stranger = Signer(keys.origin(), Ed25519PrivateKey.generate()).verifier
    other = checked(capsys, "log", export, "--key", stranger)

    assert changed[0] == missing[0] == other[0] == 1
    assert "has another root" in changed[1]
    assert "the tail is missing" in missing[1]
    assert "is not signed by this key" in other[1]
    last = sum(len(record) for record in whole_records(whole)[:-1])
    assert broken[0] == 1
    assert f"records-000000.bin breaks off in a record, at byte {last}\n" in broken[1]


def whole_records(data: bytes) -> list[bytes]:
    """Each record with its length."""
    found, at = [], 0
    while at < len(data):
        end = at + 4 + int.from_bytes(data[at : at + 4], "big")
        found.append(data[at:end])
        at = end
    return found


BROKEN_NOTES = [
    (b"", "no signed note"),
    (b"nothing\n", "no signed note"),
    (b"\xff\xfe\x00binary\n\n\xff\n", "no signed note"),
    ("o\n1\nr\n\n\u2014 n \u00e9\n".encode(), "not base64"),
]


@pytest.mark.parametrize(("content", "said"), BROKEN_NOTES)
def test_a_checkpoint_that_is_broken_is_named_with_exit_1(
    sealed: int, tmp_path: Path, content: bytes, said: str
) -> None:
    kept = tmp_path / "kept.note"
    kept.write_bytes(content)
    out = StringIO()

    with pytest.raises(CommandError, match="1 things"):
        call_command("audit", "verify", "--against", str(kept), stdout=out)

    assert out.getvalue().startswith(f"checkpoint: {kept}: ")
    assert said in out.getvalue()


@pytest.mark.parametrize("size", ["-1", "9" * 5000, "", "1e3", "\u0663"])
def test_a_checkpoint_of_no_size_is_named_by_both_programs(
    export: Path, tmp_path: Path, size: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"{keys.origin()}\n{size}\n{'A' * 43}=\n"
    kept = tmp_path / "kept.note"
    kept.write_text(f"{text}\n{keys.signers()[0].sign(text)}")
    out = StringIO()

    with pytest.raises(CommandError, match="1 things"):
        call_command("audit", "verify", "--against", str(kept), stdout=out)
    code, said = checked(capsys, "log", export, "--key", key(), "--against", kept)

    assert out.getvalue().startswith(f"checkpoint: {kept}: The size of the checkpoint is ")
    assert (code, "kept.note has no size on its second line" in said) == (1, True)


@pytest.mark.parametrize("content", [content for content, _ in BROKEN_NOTES])
def test_a_broken_checkpoint_of_an_export_is_named_with_exit_1(
    export: Path, tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (export / "checkpoints" / "000000000000001.note").write_bytes(content)

    code, said = checked(capsys, "log", export, "--key", key())

    assert (code, "000000000000001.note " in said) == (1, True)
    assert "Traceback" not in said


def test_with_another_key_each_checkpoint_is_named_with_exit_1(sealed: int) -> None:
    stranger = Signer(keys.origin(), Ed25519PrivateKey.generate()).verifier
    out = StringIO()

    with pytest.raises(CommandError):
        call_command("audit", "verify", "--key", str(stranger), stdout=out)

    said = set(out.getvalue().splitlines())
    assert said == {
        f"checkpoint: the checkpoint at {row.size}: Nobody who is trusted has signed this note."
        for row in LogCheckpoint.objects.all()
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xff",
        b"c2sp.org/tlog-proof@v1\nextra AA==\nindex x\n\n",
        b"c2sp.org/tlog-proof@v1\nextra \xff\nindex 1\n\n",
        b"c2sp.org/tlog-proof@v1\nextra AA==\nindex 1\n!\n\nnote",
    ],
)
def test_a_receipt_that_cannot_be_read_is_named(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "receipt.txt").write_bytes(content)

    code, said = checked(capsys, "receipt", tmp_path / "receipt.txt", "--key", key())

    assert (code, said.startswith("Cannot be read: receipt.txt ")) == (2, True)


def test_a_log_whose_key_was_changed_is_checked_with_each_key_it_had(
    sealed: int, tmp_path: Path, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    old = key()
    settings.AUDIT_SIGNING_KEYS = [b"another seed of thirty-two bytes"]
    write(3)
    seal_everything()
    manage("export", str(tmp_path / "log"))

    both = ["--key", old, "--key", key()]
    assert "as it was sealed" in manage("verify", *both)
    assert checked(capsys, "log", tmp_path / "log", *both)[0] == 0
    for one_of_them in (old, key()):
        assert checked(capsys, "log", tmp_path / "log", "--key", one_of_them)[0] == 1


def test_a_checkpoint_that_was_kept_elsewhere_finds_a_tail_that_is_missing(
    export: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    write(5)
    seal_everything()
    later = tmp_path / "later.note"
    later.write_text(LogCheckpoint.objects.latest("size").note)

    code, said = checked(capsys, "log", export, "--key", key(), "--against", later)

    assert (code, "the tail is missing" in said) == (1, True)


@pytest.mark.parametrize("what", ["log", "receipt"])
def test_what_is_not_there_cannot_be_read(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = checked(capsys, what, tmp_path / "nothing", "--key", key())

    assert (code, "Cannot be read" in said) == (2, True)


def test_a_receipt_is_checked_anywhere(
    committing_db: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = make_world()
    seal_everything()
    with unit("api", tenant=world.acme.pk):
        text = receipts.receipt(AuditEvent.objects.filter(tenant_id=world.acme.pk)[0].pk).text()
    file = tmp_path / "receipt"

    file.write_text(text)
    good = checked(capsys, "receipt", file, "--key", key())
    file.write_text(text.replace("index ", "index 1", 1))
    bad = checked(capsys, "receipt", file, "--key", key())

    assert good == (0, "Everything is as it was signed.\n")
    assert (bad[0], "does not lead to the signed root" in bad[1]) == (1, True)


def test_signatures_of_the_program_are_those_of_the_library() -> None:
    for number in range(8):
        private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        public, text = private.public_key().public_bytes_raw(), bytes(range(number))
        signature = private.sign(text)

        assert xmarket_verify.is_signed(public, text, signature)
        assert not xmarket_verify.is_signed(public, text + b"x", signature)
        assert not xmarket_verify.is_signed(public, text, signature[:32] + bytes(32))
        assert not xmarket_verify.is_signed(public, text, signature[:32] + b"\xff" * 32)


def test_sealing_by_hand_says_how_much(sealed: int) -> None:
    assert manage("seal").endswith(f"{sealed} in all.\n")


def test_the_key_is_shown_to_whoever_checks() -> None:
    assert manage("key") == f"{key()}\n"


def test_after_a_move_to_another_cluster_the_log_goes_on_in_another_epoch(sealed: int) -> None:
    before = LogCheckpoint.objects.latest("size").note
    run("ALTER TABLE audit_seal DISABLE TRIGGER USER")
    # as it is after a restore: the last row was of a transaction that this cluster has not come to
    run("UPDATE audit_seal SET xid = '9000000000000000000'")
    run("ALTER TABLE audit_seal ENABLE TRIGGER USER")
    write(2)
    with pytest.raises(CommandError, match=r"manage\.py audit rotate"):
        manage("seal")

    assert rotation.rotate() == "2"
    write(3)
    seal_in_the_new_epoch()

    newest = LogCheckpoint.objects.latest("size")
    assert (newest.epoch, "epoch 2" in newest.note, newest.size) == (2, True, sealed + 3)
    assert one("SELECT count(*) FROM audit_event WHERE epoch = 2") == 3
    assert before != newest.note


def seal_in_the_new_epoch() -> None:
    # the two rows of the old epoch are before its made-up end
    run("ALTER TABLE audit_event DISABLE TRIGGER USER")
    run(
        "DELETE FROM audit_event WHERE epoch = 1 AND seq IN (SELECT seq FROM audit_event WHERE epoch = 1 ORDER BY seq DESC LIMIT 2)"
    )
    seal_everything()
