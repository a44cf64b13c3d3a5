"""The variables of the audit log: who signs it, what it is called, and who keeps its checkpoints."""

from __future__ import annotations

import base64
import os
import re
import stat
from typing import TYPE_CHECKING

from audit.sealing import keeping
from audit.sealing.holders import Holder, HolderIsBroken

if TYPE_CHECKING:
    from config.environment import Reader

# published with the code: it signs nothing that anybody relies on
DEVELOPMENT_AUDIT_KEY = b"only for development, not secret"
SEED_BYTES, SECRET_FILE_BYTES = 32, 4096
# seconds between two seals of the log
SOON, LATE = 0.2, 10
_AUDIT_KEY_FIX = (
    "It takes 32 random bytes in base64, or two while one takes the place of the other (parted by a comma, "
    "in a file by lines): "
    'python3 -c "import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())".'
)


_WITNESS_FIX = (
    "Write file:///path, s3://bucket/path or https://host/path#KEY with the verifier key of the witness, "
    "parted by commas."
)


def signing_keys(reader: Reader) -> list[bytes]:
    """The seeds of the Ed25519 keys that sign the audit log; only the worker needs them."""
    variable, given = "AUDIT_SIGNING_KEY", reader.words("AUDIT_SIGNING_KEY")
    if reader.text("AUDIT_SIGNING_KEY_FILE"):
        if given:
            reader.wrong("AUDIT_SIGNING_KEY_FILE", "is set beside AUDIT_SIGNING_KEY", "Keep one of them.")
        variable, given = "AUDIT_SIGNING_KEY_FILE", _lines_of_secret_file(reader, "AUDIT_SIGNING_KEY_FILE")
    elif not given and not reader.is_served:
        return [DEVELOPMENT_AUDIT_KEY]
    seeds = [_seed(word) for word in given]
    if None in seeds:
        reader.wrong(variable, "holds something that is no key", _AUDIT_KEY_FIX)
    if reader.is_served and DEVELOPMENT_AUDIT_KEY in seeds:
        reader.wrong(variable, "holds a published default", _AUDIT_KEY_FIX)
    return [seed for seed in seeds if seed]


def _lines_of_secret_file(reader: Reader, variable: str) -> list[str]:
    """The lines of a file that only its owner and group may read."""
    try:
        lines, mode = _read_secret(reader.text(variable))
    except (OSError, ValueError):
        reader.wrong(variable, "names no file that can be read", "Write one key in base64 on each line.")
        return []
    if mode & 0o007:
        reader.wrong(variable, "names a file that everybody can read", "Change its mode: chmod 600.")
        return []
    if not lines:
        reader.wrong(variable, "names a file without a key", "Write one key in base64 on each line.")
    return lines


def witnesses(reader: Reader) -> list[str]:
    """Who keeps the log's checkpoints outside the database."""
    good: dict[str, str] = {}
    for number, written in enumerate(reader.words("AUDIT_WITNESSES"), start=1):
        try:
            holder = Holder.read(written)
            if holder.name in good:
                raise HolderIsBroken("is there twice")  # noqa: TRY301 - it is the same fault as the others
            if reader.is_served and holder.address.startswith("memory:"):
                raise HolderIsBroken("outlives no process")  # noqa: TRY301
            _refuse_unless_it_opens(holder)
        except HolderIsBroken as broken:
            # its address may hold a secret path
            reader.wrong("AUDIT_WITNESSES", f"has a number {number} that {broken}", _WITNESS_FIX)
        else:
            good[holder.name] = written
    return list(good.values())


def _refuse_unless_it_opens(holder: Holder) -> None:
    """Nothing is asked over the network: what is missing is known from its maker's variables.

    :raises HolderIsBroken: where the store cannot even be named by them.
    """
    if holder.kind == "store":
        try:
            keeping.opened(holder.address)
        except Exception as error:  # noqa: BLE001 - obstore raises what each maker's part of it likes
            said = type(error).__name__
            raise HolderIsBroken(f"cannot be opened with the variables of its maker ({said})") from None


def seal_every(reader: Reader) -> float:
    """Seconds between two seals."""
    given = reader.text("AUDIT_SEAL_EVERY")
    if given and not (re.fullmatch(r"[0-9]{1,2}(\.[0-9]{1,3})?", given) and SOON <= float(given) <= LATE):
        reader.wrong("AUDIT_SEAL_EVERY", f"is {given!r}", "Set it to a number of seconds from 0.2 to 10.")
        return 1.0
    return float(given or 1)


def origin(reader: Reader) -> str:
    """The name of the log in every checkpoint: a host, and a path without a scheme."""
    given = reader.text("AUDIT_LOG_ORIGIN")
    if given and not re.fullmatch(r"[^\s+:]{1,255}", given):
        reader.wrong("AUDIT_LOG_ORIGIN", "is no name", "Write it as xmarket.example.org/log.")
        return "invalid"
    return given or "xmarket.localhost/log"


def _seed(given: str) -> bytes | None:
    try:
        seed = base64.b64decode(given, validate=True)
    except ValueError:
        return None
    return seed if len(seed) == SEED_BYTES else None


def _read_secret(path: str) -> tuple[list[str], int]:
    """The lines of a file, and its mode.

    :raises ValueError: where it is no file of text, or too long.
    """
    # of a pipe that nobody writes into, opening would not end
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        facts = os.fstat(file.fileno())
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > SECRET_FILE_BYTES:
            raise ValueError(path)
        return file.read(SECRET_FILE_BYTES).decode().split(), facts.st_mode
