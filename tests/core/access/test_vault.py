from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from core.access import vault

SECRET = b"thirty-two bytes that sign alone"


def test_what_is_kept_does_not_show_what_it_holds() -> None:
    kept = vault.sealed(SECRET)

    assert SECRET not in kept
    assert vault.sealed(SECRET) != kept
    assert vault.opened(kept) == SECRET


def test_a_new_key_in_front_encrypts_and_the_old_one_still_decrypts(settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.SIGNING_SECRETS_KEYS = [old]
    kept = vault.sealed(SECRET)

    settings.SIGNING_SECRETS_KEYS = [new, old]
    fresh = vault.sealed(SECRET)

    assert vault.opened(kept) == SECRET
    assert Fernet(new).decrypt(fresh) == SECRET


def test_without_its_key_or_with_a_bit_changed_nothing_is_opened(settings: Settings) -> None:
    kept = vault.sealed(SECRET)

    with pytest.raises(vault.InvalidToken):
        vault.opened(kept[:-1] + (b"A" if kept[-1:] != b"A" else b"B"))
    settings.SIGNING_SECRETS_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(vault.InvalidToken):
        vault.opened(kept)
