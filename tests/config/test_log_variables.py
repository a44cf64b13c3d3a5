"""The variables of the audit log: its keys come from one place, and who keeps its checkpoints is read or refused."""

from __future__ import annotations

import base64
import os
import re
from pathlib import Path

import pytest

from audit.sealing.notes import COSIGNATURE, Verifier
from config.environment import Environment
from config.log_variables import DEVELOPMENT_AUDIT_KEY
from tests.config.test_environment import COMPLETE, faults_in_production

AUDIT_SEED = base64.b64encode(b"a" * 32).decode()
OTHER_SEED = base64.b64encode(b"b" * 32).decode()
WITNESS = str(Verifier("witness.example.org/w1", b"w" * 32, COSIGNATURE))


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    file = tmp_path / "audit.key"
    file.write_text(f"{AUDIT_SEED}\n\n{OTHER_SEED}\n")
    file.chmod(0o600)
    return file


def test_keys_of_the_log_may_be_in_a_file(key_file: Path) -> None:
    read = Environment.read({**COMPLETE, "AUDIT_SIGNING_KEY_FILE": str(key_file)})

    assert read.faults == ()
    assert read.audit_signing_keys == [b"a" * 32, b"b" * 32]


def test_a_key_file_that_everybody_can_read_is_a_fault(key_file: Path) -> None:
    key_file.chmod(0o644)

    read = Environment.read({**COMPLETE, "AUDIT_SIGNING_KEY_FILE": str(key_file)})

    assert [(fault.variable, fault.is_missing) for fault in read.faults] == [
        ("AUDIT_SIGNING_KEY_FILE", False)
    ]
    assert "everybody can read" in str(read.faults[0])
    assert read.audit_signing_keys == []


@pytest.mark.parametrize("text", ["", "no key\n", f"{AUDIT_SEED}\nno\n", f"{AUDIT_SEED}\n" * 200, "\x00\xff"])
def test_a_key_file_that_holds_something_else_is_a_fault_that_repeats_nothing(
    key_file: Path, text: str
) -> None:
    key_file.write_text(text)

    (fault,) = Environment.read({**COMPLETE, "AUDIT_SIGNING_KEY_FILE": str(key_file)}).faults

    assert fault.variable == "AUDIT_SIGNING_KEY_FILE"
    assert AUDIT_SEED not in str(fault)


def test_a_key_file_is_a_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path / "nothing", tmp_path, tmp_path / "pipe"):
        assert "AUDIT_SIGNING_KEY_FILE" in faults_in_production(AUDIT_SIGNING_KEY_FILE=str(path))


def test_keys_of_the_log_come_from_one_place(key_file: Path) -> None:
    found = faults_in_production(AUDIT_SIGNING_KEY=AUDIT_SEED, AUDIT_SIGNING_KEY_FILE=str(key_file))

    assert "beside AUDIT_SIGNING_KEY" in str(found["AUDIT_SIGNING_KEY_FILE"])


def test_a_published_key_in_a_file_is_refused(key_file: Path) -> None:
    key_file.write_text(base64.b64encode(DEVELOPMENT_AUDIT_KEY).decode())

    assert "AUDIT_SIGNING_KEY_FILE" in faults_in_production(AUDIT_SIGNING_KEY_FILE=str(key_file))


def test_who_keeps_checkpoints_is_read() -> None:
    given = f"file:///kept, s3://bucket/log,https://witness.example.org/p#{WITNESS}"

    read = Environment.read({**COMPLETE, "AUDIT_WITNESSES": given})

    assert read.faults == ()
    assert read.audit_witnesses == [part.strip() for part in given.split(",")]


def test_every_witness_that_is_none_is_reported_without_repeating_it() -> None:
    given = f"ftp://s3cr3t,s3://id:s3cr3t@bucket,file:///kept,file:///kept,memory:///,http://host/s3cr3t#{WITNESS}"

    read = Environment.read({**COMPLETE, "AUDIT_WITNESSES": given})

    assert [re.findall(r"number \d", str(fault)) for fault in read.faults] == [
        [f"number {number}"] for number in (1, 2, 4, 5, 6)
    ]
    assert "s3cr3t" not in "".join(str(fault) for fault in read.faults)
    assert read.audit_witnesses == ["file:///kept"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("s3://", "names no bucket"),
        ("s3:/bucket/log", "names no bucket"),
        ("s4://bucket/log", "neither a directory, an object store nor a witness"),
        ("s3://bucket//log", "single slashes"),
        ("az://box/log", "cannot be opened with the variables of its maker"),
    ],
)
def test_an_object_store_that_is_none_is_one_clear_fault_at_the_start(
    given: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AZURE_STORAGE_ACCOUNT_NAME", "AZURE_ACCOUNT_NAME"):
        monkeypatch.delenv(name, raising=False)

    (fault,) = Environment.read({**COMPLETE, "AUDIT_WITNESSES": given}).faults

    assert "AUDIT_WITNESSES has a number 1 that" in str(fault)
    assert said in str(fault)
    assert "Write file:///path, s3://bucket/path or https://host/path#KEY" in str(fault)


def test_an_object_store_is_opened_with_the_variables_of_its_maker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_NAME", "kept")

    read = Environment.read({**COMPLETE, "AUDIT_WITNESSES": "az://another-box/log"})

    assert read.faults == ()
