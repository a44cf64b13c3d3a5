"""A witness cosigns what follows from what it saw, and refuses a log that was rolled back or forked."""

from __future__ import annotations

import base64
import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.sealing import cosigning, merkle
from audit.sealing.notes import COSIGNATURE, Checkpoint, Signer, Verifier
from xmarket_witness.__main__ import main
from xmarket_witness.notes import Broken, Cosigner, LogKey
from xmarket_witness.proofs import is_consistent
from xmarket_witness.state import State
from xmarket_witness.witness import Answer, Witness

ORIGIN, NOW = "log.example.org/test", 1_700_000_000
LOG = Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"1" * 32))
COSIGNER = Cosigner("witness.example.org/w1", Ed25519PrivateKey.from_private_bytes(b"2" * 32))


class Log:
    """A log of so many records, some of which a forger may change."""

    def __init__(self, fork: int | None = None) -> None:
        self.fork = fork

    def proofs(self, size: int) -> merkle.Proofs:
        leaves = [
            sha256(b"\x00%d%s" % (n, b"x" if self.fork is not None and n >= self.fork else b"")).digest()
            for n in range(size)
        ]
        tiles: dict[tuple[int, int], bytes] = {}
        growth = merkle.Growth()
        tiles.update(growth.append(b"".join(leaves)))
        return merkle.Proofs(lambda level, position: tiles[level, position], size)

    def checkpoint(self, size: int, origin: str = ORIGIN, by: Signer = LOG) -> str:
        return Checkpoint(origin, size, self.proofs(size).root_at(size), "epoch 1\n").signed([by])

    def request(self, old: int, size: int, **how: object) -> bytes:
        proof = self.proofs(size).consistency(old) if old <= size else []
        return asked(old, proof, self.checkpoint(size, **how))  # type: ignore[arg-type]


def asked(old: object, proof: list[bytes], note: str) -> bytes:
    lines = "".join(f"{base64.b64encode(part).decode()}\n" for part in proof)
    return f"old {old}\n{lines}\n{note}".encode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.json"


@pytest.fixture
def state(file: Path) -> Iterator[State]:
    held = State(file)
    yield held
    held.close()


@pytest.fixture
def witness(state: State) -> Witness:
    return Witness(COSIGNER, [LogKey.read(str(LOG.verifier))], state, lambda: NOW)


def said(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.body


def test_what_follows_is_cosigned_and_the_cosignature_is_good(witness: Witness) -> None:
    log = Log()

    first, second = (
        witness.add_checkpoint(log.request(0, 3)),
        witness.add_checkpoint(log.request(3, 700)),
    )

    assert (first.status, second.status) == (200, 200)
    text = log.checkpoint(700).rpartition("\n\n")[0] + "\n"
    good = cosigning.read_cosignature(second.body, text, Verifier.read(COSIGNER.verifier()))
    assert (good.at, good.line) == (NOW, second.body)


def test_the_same_checkpoint_is_cosigned_again(witness: Witness) -> None:
    log = Log()
    witness.add_checkpoint(log.request(0, 5))

    assert witness.add_checkpoint(log.request(5, 5)).status == 200


def test_an_old_size_that_is_another_is_told_the_right_one(witness: Witness) -> None:
    log = Log()
    witness.add_checkpoint(log.request(0, 5))

    answer = witness.add_checkpoint(log.request(4, 9))

    assert said(answer) == (409, "5\n")
    assert answer.content_type == "text/x.tlog.size"


def test_a_log_that_was_rolled_back_is_refused(witness: Witness, state: State) -> None:
    log = Log()
    witness.add_checkpoint(log.request(0, 9))

    assert said(witness.add_checkpoint(log.request(5, 7))) == (409, "9\n")
    assert witness.add_checkpoint(log.request(9, 7)).status == 400
    assert state.seen(ORIGIN).size == 9


@pytest.mark.parametrize(("size", "status"), [(9, 409), (12, 422)])
def test_a_log_that_was_forked_is_refused(witness: Witness, state: State, size: int, status: int) -> None:
    witness.add_checkpoint(Log().request(0, 9))
    before = state.seen(ORIGIN)

    answer = witness.add_checkpoint(Log(fork=4).request(9, size))

    assert answer.status == status
    assert "FORKED" in answer.said
    assert state.seen(ORIGIN) == before


def test_a_wrong_proof_is_refused(witness: Witness, state: State) -> None:
    log = Log()
    witness.add_checkpoint(log.request(0, 5))
    proof = log.proofs(9).consistency(5)

    for wrong in ([], proof[:-1], [*proof, proof[0]], proof[::-1], log.proofs(9).consistency(4)):
        assert witness.add_checkpoint(asked(5, wrong, log.checkpoint(9))).status == 422
    assert state.seen(ORIGIN).size == 5
    assert witness.add_checkpoint(asked(5, proof, log.checkpoint(9))).status == 200


def test_a_first_checkpoint_has_no_proof(witness: Witness) -> None:
    assert witness.add_checkpoint(asked(0, [b"0" * 32], Log().checkpoint(3))).status == 422


def test_an_empty_log_has_the_root_of_nothing(witness: Witness) -> None:
    wrong = Checkpoint(ORIGIN, 0, b"0" * 32).signed([LOG])

    assert witness.add_checkpoint(asked(0, [], wrong)).status == 422
    right = Checkpoint(ORIGIN, 0, merkle.EMPTY_ROOT).signed([LOG])
    assert witness.add_checkpoint(asked(0, [], right)).status == 200


def test_only_a_trusted_key_may_sign(witness: Witness) -> None:
    log, stranger = Log(), Signer(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"3" * 32))
    tampered = log.checkpoint(3).replace("epoch 1", "epoch 2")

    assert witness.add_checkpoint(log.request(0, 3, by=stranger)).status == 403
    assert witness.add_checkpoint(asked(0, [], tampered)).status == 403
    both = Checkpoint(ORIGIN, 3, log.proofs(3).root_at(3)).signed([stranger, LOG])
    assert witness.add_checkpoint(asked(0, [], both)).status == 200


def test_another_log_is_not_known(witness: Witness) -> None:
    assert witness.add_checkpoint(Log().request(0, 3, origin="other.example.org")).status == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\n\n",
        b"old 0\n",
        b"old -1\n\nx",
        b"old 01\n\nx",
        b"0\n\nx",
        b"old 0\n\nx\n",
        b"old 0\nAAAA\n\nx\n",
        b"old 0\n***\n\nx\n",
        b"old 0\n" + b"A" * 44 + b"\n\nx\n",
        b"old 0\n" + (base64.b64encode(bytes(32)) + b"\n") * 64 + b"\nx\n",
        b"old 0\n\nlog.example.org/test\nmany\nAAAA\n\n\xe2\x80\x94 a AAAA\n",
        b"old 0\n\nlog.example.org/test\n1\n" + base64.b64encode(bytes(32)) + b"\n\nno signature\n",
    ],
)
def test_what_cannot_be_read_is_refused(witness: Witness, body: bytes) -> None:
    assert witness.add_checkpoint(body).status == 400


def test_what_was_seen_outlives_the_witness(witness: Witness, state: State, file: Path) -> None:
    witness.add_checkpoint(Log().request(0, 9))
    state.close()

    again = State(file)

    assert not again.is_new
    later = Witness(COSIGNER, [LogKey.read(str(LOG.verifier))], again, lambda: NOW)
    assert said(later.add_checkpoint(Log(fork=2).request(0, 12))) == (409, "9\n")
    assert later.add_checkpoint(Log(fork=2).request(9, 12)).status == 422
    assert later.add_checkpoint(Log().request(9, 12)).status == 200
    again.close()


def test_nothing_is_cosigned_that_cannot_be_remembered(
    witness: Witness, monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    witness.add_checkpoint(Log().request(0, 5))
    before = file.read_text()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    answer = witness.add_checkpoint(Log().request(5, 9))

    assert (answer.status, file.read_text()) == (500, before)
    assert "\u2014" not in answer.body


def test_two_witnesses_do_not_share_a_state(state: State, file: Path) -> None:
    with pytest.raises(Broken, match="another witness"):
        State(file)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": {"size": 1}}', '{"a": 1}'])
def test_a_state_that_is_broken_is_not_begun_with(file: Path, text: str) -> None:
    file.write_text(text)

    with pytest.raises(Broken, match="not what a witness wrote"):
        State(file)


def test_proofs_are_judged_as_the_log_makes_them() -> None:
    log = Log()
    for size in range(1, 40):
        proofs = log.proofs(size)
        root = proofs.root_at(size)
        for earlier in range(size + 1):
            before = proofs.root_at(earlier)
            proof = proofs.consistency(earlier)
            assert is_consistent(earlier, before, size, root, proof)
            if earlier > 0:
                assert not is_consistent(earlier, sha256(before).digest(), size, root, proof)


def test_keys_are_made_and_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "witness.key"

    assert main(["--key", str(file), "--make-key", "witness.example.org/w2"]) == 0
    verifier = Verifier.read(capsys.readouterr().out)
    assert main(["--key", str(file), "--make-key", "witness.example.org/w2"]) == 2

    kept = Cosigner.read(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (str(verifier), verifier.algorithm) == (kept.verifier(), COSIGNATURE)
    with pytest.raises(Broken):
        Cosigner.read(file.read_text().replace("w2", "w3"))
    with pytest.raises(Broken):
        LogKey.read(kept.verifier())


@pytest.mark.parametrize("words", [[], ["--log", "x"], ["--log", str(LOG.verifier), "--listen", "x"]])
def test_it_does_not_begin_without_what_it_needs(
    tmp_path: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key").write_text(COSIGNER.written())
    (tmp_path / "key").chmod(0o600)
    state = ["--state", str(tmp_path / "state")] if words else []

    assert main(["--key", str(tmp_path / "key"), *state, *words]) == 2
    assert capsys.readouterr().err


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "key").write_text(COSIGNER.written())
    (tmp_path / "key").chmod(0o644)

    code = main(
        ["--key", str(tmp_path / "key"), "--log", str(LOG.verifier), "--state", str(tmp_path / "state")]
    )

    assert code == 2
    assert "chmod 600" in capsys.readouterr().err


def test_it_needs_nothing_of_the_service(tmp_path: Path) -> None:
    folder = Path(__file__).parents[2] / "clients" / "witness"
    code = "import sys, xmarket_witness.__main__; print([m for m in sys.modules if m in ('django', 'audit', 'core')])"

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


def test_the_state_says_what_was_seen(witness: Witness, file: Path) -> None:
    witness.add_checkpoint(Log().request(0, 3))

    kept = json.loads(file.read_text())[ORIGIN]

    assert kept["size"] == 3
    assert kept["checkpoint"].startswith(f"{ORIGIN}\n3\n")
