"""Who keeps the log's checkpoints outside the database: a directory, an object store, or a witness."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from audit.sealing.notes import COSIGNATURE, NoteIsBroken, Verifier

# what obstore reads, but plain HTTP; memory is for tests, where nothing has to outlive the process
STORES = ("s3", "s3a", "gs", "az", "adl", "azure", "abfs", "abfss", "memory")
MOST_LETTERS = 255
# what makers of stores take alike; obstore would escape or drop the rest
BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._=-]+)*/?")

Kind = Literal["directory", "store", "witness"]


class HolderIsBroken(ValueError):
    """Something is no holder; `str` says why, without repeating what was written."""


@dataclass(frozen=True)
class Holder:
    """Somebody who keeps checkpoints.

    :ivar name: what it is called in logs, figures and the audit log; it holds no secret.
    :ivar address: where it is; a webhook's may hold a secret path.
    :ivar verifier: what a witness signs with.
    """

    kind: Kind
    name: str
    address: str
    verifier: Verifier | None = None

    @classmethod
    def read(cls, written: str) -> Holder:
        """Read `file:///path`, `s3://bucket/path` or `https://host/path#<verifier key>`.

        :raises HolderIsBroken: for anything else.
        """
        try:
            parts = urlsplit(written)
            _ = parts.port
        except ValueError:
            raise HolderIsBroken("is no address") from None
        if parts.username is not None or parts.password is not None or parts.query:
            raise HolderIsBroken("holds a login or a query: secrets have variables of their own")
        if parts.scheme in ("https", "http"):
            return _witness(parts)
        if parts.fragment:
            raise HolderIsBroken("has a key, which only a witness has")
        found = _directory(parts) if parts.scheme == "file" else _store(parts)
        if len(found.name) > MOST_LETTERS:
            raise HolderIsBroken("is too long")
        return found


def kind_of(name: str) -> Kind:
    """What a holder of this name is: directories and stores are called by their addresses."""
    scheme, is_address, _ = name.partition("://")
    if not is_address:
        return "witness"
    return "directory" if scheme == "file" else "store"


def _witness(parts: SplitResult) -> Holder:
    if not parts.hostname:
        raise HolderIsBroken("has no host")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise HolderIsBroken("is a witness without HTTPS")
    try:
        verifier = Verifier.read(parts.fragment)
    except NoteIsBroken:
        raise HolderIsBroken("is a witness without its verifier key after #") from None
    if verifier.algorithm != COSIGNATURE:
        raise HolderIsBroken("has the key of a log, not of a witness")
    return Holder("witness", verifier.name, parts._replace(fragment="").geturl(), verifier)


def _directory(parts: SplitResult) -> Holder:
    if parts.netloc or not parts.path.startswith("/"):
        raise HolderIsBroken("is no absolute path: file:///path has three slashes")
    return Holder("directory", parts.geturl(), parts.geturl())


def _store(parts: SplitResult) -> Holder:
    if parts.scheme not in STORES:
        raise HolderIsBroken("is neither a directory, an object store nor a witness")
    if not parts.netloc and parts.scheme != "memory":
        raise HolderIsBroken("names no bucket")
    if parts.netloc and not BUCKET.fullmatch(parts.netloc):
        raise HolderIsBroken("names a bucket by more than letters, digits, dots and dashes")
    if not PATH.fullmatch(parts.path):
        raise HolderIsBroken("has a path of more than words parted by single slashes")
    # obstore wants three slashes where urlsplit gives back one
    address = "memory:///" if parts.scheme == "memory" else parts.geturl()
    return Holder("store", address, address)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
