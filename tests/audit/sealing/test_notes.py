"""A checkpoint says how large the log was; who signed it can be told, and anything else is broken."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.sealing.notes import (
    Checkpoint,
    NoteIsBroken,
    Signer,
    Verifier,
    opened,
    parsed,
    read_checkpoint,
)

CHECKPOINT = Checkpoint("log.example/xmarket", 42, bytes(range(32)), "epoch 1\n")


@pytest.fixture
def signer() -> Signer:
    return Signer("log.example/xmarket", Ed25519PrivateKey.from_private_bytes(bytes(32)))


def test_a_checkpoint_is_written_as_the_standard_says(signer: Signer) -> None:
    note = CHECKPOINT.signed([signer])

    text, signature = note.split("\n\n")
    assert text == "log.example/xmarket\n42\nAAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nepoch 1"
    assert signature.startswith("\u2014 log.example/xmarket ")
    assert signature.endswith("\n")
    assert read_checkpoint(note, [signer.verifier]) == CHECKPOINT


def test_a_known_key_has_the_id_of_the_standard() -> None:
    # the example of the signed-note document
    key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"

    assert str(Verifier.read(key)) == key
    assert Verifier.read(f" {key}\n").name == "PeterNeumann"


def test_a_note_of_the_standard_opens() -> None:
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    key = Verifier.read("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")

    assert opened(note, [key])[1] == [key]


def test_two_keys_sign_while_one_takes_the_place_of_the_other(signer: Signer) -> None:
    other = Signer(signer.name, Ed25519PrivateKey.generate())
    note = CHECKPOINT.signed([signer, other])

    for trusted in ([signer.verifier], [other.verifier], [other.verifier, signer.verifier]):
        assert read_checkpoint(note, trusted) == CHECKPOINT
    assert opened(note, [signer.verifier, other.verifier])[1] == [signer.verifier, other.verifier]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("42", "43", "signature of log.example/xmarket is wrong"),
        ("epoch 1", "epoch 2", "is wrong"),
        ("AAEC", "BAEC", "is wrong"),
        ("\n\n", "\n", "no signed note"),
        ("\u2014 ", "- ", "no signed note"),
        ("\u2014 log.example/xmarket", "\u2014 log.example/other", "Nobody who is trusted"),
    ],
)
def test_a_changed_note_is_broken(signer: Signer, before: str, after: str, said: str) -> None:
    note = CHECKPOINT.signed([signer]).replace(before, after, 1)

    with pytest.raises(NoteIsBroken, match=said):
        read_checkpoint(note, [signer.verifier])


def test_a_note_of_somebody_else_is_not_trusted(signer: Signer) -> None:
    stranger = Signer(signer.name, Ed25519PrivateKey.generate())

    with pytest.raises(NoteIsBroken, match="Nobody who is trusted"):
        read_checkpoint(CHECKPOINT.signed([stranger]), [signer.verifier])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "an origin, a size and a root"),
        ("o\n1\n", "an origin, a size and a root"),
        ("o\n-1\nAAAA\n", "line 2"),
        ("o\n01\nAAAA\n", "line 2"),
        ("o\n1\nAAAA\n", "line 3"),
        ("o\n1\n!\n", "line 3"),
    ],
)
def test_a_broken_checkpoint_says_where(text: str, said: str) -> None:
    with pytest.raises(NoteIsBroken, match=said):
        parsed(text)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "PeterNeumann",
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+!!!",
        "PeterNeumann+c74f20a3+ARpc",
    ],
)
def test_what_is_no_key_is_refused(written: str) -> None:
    with pytest.raises(NoteIsBroken):
        Verifier.read(written)
