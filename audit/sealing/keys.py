"""The keys that sign the log: of the environment, or a file outside the database; never in it."""

from __future__ import annotations

from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from audit.sealing.notes import Signer, Verifier


def origin() -> str:
    """The log's name, which stands in every checkpoint."""
    name: str = settings.AUDIT_LOG_ORIGIN
    return name


def signers() -> list[Signer]:
    """Who signs: the first key, and while it takes the place of another, both."""
    return _signers(origin(), tuple(settings.AUDIT_SIGNING_KEYS))


def verifiers() -> list[Verifier]:
    """What others check signatures with."""
    return [signer.verifier for signer in signers()]


@cache
def _signers(name: str, seeds: tuple[bytes, ...]) -> list[Signer]:
    return [Signer(name, Ed25519PrivateKey.from_private_bytes(seed)) for seed in seeds]
