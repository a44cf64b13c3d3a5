"""Handing a checkpoint to a directory or an object store; neither ever replaces what it holds."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from audit.sealing.holders import Holder

# of an object store, in seconds
CONNECTED_WITHIN, ANSWERED_WITHIN = "5s", "10s"
TRIED_AGAIN_FOR = timedelta(seconds=10)


class HolderFailed(Exception):
    """A holder did not take a checkpoint; `str` says why, without secrets."""


class HolderHasAnother(HolderFailed):
    """A holder has another tree than this log: what was sealed was changed or cut off."""


def name_of(size: int) -> str:
    """The name under which a checkpoint is kept: names sort as sizes do."""
    return f"{size:015d}.note"


def keep_in_directory(holder: Holder, size: int, note: str) -> None:
    """Have a checkpoint in a folder, whole and synced to the disk, or not at all.

    The folder is not made: where a disk is not mounted, nothing shall be kept beneath it.

    :raises HolderHasAnother: where another one of this size is there.
    """
    folder = Path(unquote(urlsplit(holder.address).path))
    kept, beside = folder / name_of(size), folder / f".{secrets.token_hex(8)}.new"
    try:
        with beside.open("x") as file:
            file.write(note)
            file.flush()
            os.fsync(file.fileno())
        # a link never replaces what is there, as a rename would
        with suppress(FileExistsError):
            kept.hardlink_to(beside)
    finally:
        beside.unlink(missing_ok=True)
    if kept.read_bytes() != note.encode():
        raise HolderHasAnother(f"it holds another checkpoint of {size} rows")
    _sync(folder)


def keep_in_store(holder: Holder, size: int, note: str) -> None:
    """Have a checkpoint in an object store.

    :raises HolderHasAnother: where another one of this size is there.
    """
    from obstore.exceptions import AlreadyExistsError, BaseError  # noqa: PLC0415 - only who publishes needs it

    name = name_of(size)
    try:
        store = opened(holder.address)
        try:
            store.put(name, note.encode(), mode="create")
        except AlreadyExistsError:
            if bytes(store.get(name).bytes()) != note.encode():
                raise HolderHasAnother(f"it holds another checkpoint of {size} rows") from None
    except BaseError as error:
        # what a store says may repeat the name of an access key
        raise HolderFailed(f"the object store answered with {type(error).__name__}") from None


@cache
def opened(address: str) -> Any:
    """The object store at an address; its credentials are in the variables of its own maker."""
    from obstore.store import MemoryStore, from_url  # noqa: PLC0415

    if urlsplit(address).scheme == "memory":
        return MemoryStore()
    return from_url(
        address,
        client_options={"connect_timeout": CONNECTED_WITHIN, "timeout": ANSWERED_WITHIN},
        retry_config={"max_retries": 2, "retry_timeout": TRIED_AGAIN_FOR},
    )


def _sync(folder: Path) -> None:
    opened_folder = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened_folder)
    finally:
        os.close(opened_folder)
