"""Secrets that have to be read again, encrypted at rest by a key that the database never sees.

SIGNING_SECRETS_KEY holds one key or several, parted by commas: the first encrypts, all decrypt. So a new key
is put in front, and the old one is removed when nothing encrypted by it is left.
"""

from __future__ import annotations

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

__all__ = ["InvalidToken", "opened", "sealed"]


def sealed(secret: bytes) -> bytes:
    """Encrypt a secret, so that it can be kept."""
    return _keys().encrypt(secret)


def opened(kept: bytes) -> bytes:
    """Decrypt what `sealed` gave.

    :raises InvalidToken: when none of the keys opens it, or it was changed.
    """
    return _keys().decrypt(kept)


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(key) for key in settings.SIGNING_SECRETS_KEYS])
