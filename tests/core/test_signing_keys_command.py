"""`manage.py signing_keys`: made, registered, rotated, revoked and listed at the terminal."""

from __future__ import annotations

import base64
import re
from io import StringIO
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command

from tests.factories import World
from tests.raw import every, one
from tests.signing import sent, signed
from xmarket_client import Ed25519Key, HmacKey

pytestmark = pytest.mark.django_db

MARKETS = "/api/v1/markets"
SHOWN = re.compile(r"key id: (xms_[0-9a-f]{16})\n(?:secret: ([0-9a-f]{64})\n)?")


def manage(*words: str, as_: str = "system") -> str:
    said = StringIO()
    call_command("signing_keys", "--tenant", "acme", "--as", as_, *words, stdout=said)
    return said.getvalue()


def shown(said: str) -> tuple[str, str]:
    found = SHOWN.match(said)
    assert found
    return found[1], found[2]


def status(credential: HmacKey | Ed25519Key) -> int:
    return sent(signed(credential, "GET", MARKETS)).status_code


def test_a_secret_is_shown_once_and_signs(world: World) -> None:
    said = manage("create", "scout", "--label", "server", "--scopes", "markets:read", "--days", "90")

    assert "shown only now" in said
    assert status(HmacKey(*shown(said))) == 200
    assert every("SELECT label, scopes, expires_at > now() + interval '89 days' FROM signing_keys") == [
        ("server", ["markets:read"], True)
    ]
    assert shown(said)[1] not in manage("list")


@pytest.mark.parametrize("write", [bytes.hex, lambda key: base64.b64encode(key).decode()])
def test_a_public_key_is_registered_in_hex_or_base64(world: World, write: object) -> None:
    private = Ed25519PrivateKey.generate()

    said = manage("register", "scout", write(private.public_key().public_bytes_raw()))  # type: ignore[operator]

    assert "secret" not in said
    assert status(Ed25519Key(shown(said)[0], private.sign)) == 200


def test_a_rotation_leaves_both_and_in_an_emergency_only_the_new_one(world: World) -> None:
    first = HmacKey(*shown(manage("create", "scout")))
    second = HmacKey(*shown(manage("rotate", first.key_id, "--reason", "Ninety days are over.")))
    both = [status(first), status(second)]
    manage("revoke", first.key_id, "--reason", "Rotated.")

    third = HmacKey(
        *shown(manage("rotate", second.key_id, "--now", "--reason", "It leaked.", as_="olga@acme.example"))
    )

    assert both == [200, 200]
    assert [status(key) for key in (first, second, third)] == [401, 401, 200]
    assert (
        one("SELECT DISTINCT actor_id FROM audit_event WHERE metadata ->> 'reason' = 'It leaked.'")
        == world.olga.pk
    )


def test_a_user_has_to_sign_from_then_on(world: World) -> None:
    key = HmacKey(*shown(manage("create", "scout")))

    said = manage("require", "scout", "ed25519", "--reason", "It moves to the new machines.")

    assert said == "agent:scout: requests must be signed, ed25519.\n"
    assert status(key) == 401
    assert "any key opens" in manage("require", "scout", "none", "--reason", "It moves back.")
    assert status(key) == 200


def test_a_list_says_what_became_of_each(world: World) -> None:
    assert manage("list") == "There is none.\n"
    live, revoked = (shown(manage("create", "scout"))[0] for _ in range(2))
    manage("revoke", revoked, "--reason", "Lost.")
    manage("create", "olga@acme.example", "--days", "1")

    said = manage("list", "scout").splitlines()

    assert len(manage("list").splitlines()) == 3
    assert said == [
        f"{live}  hmac-sha256  scout  default  live  never used",
        f"{revoked}  hmac-sha256  scout  default  revoked  never used",
    ]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("create", "nobody"), "No user 'nobody' in this tenant"),
        (("create", "boris@beta.example"), "No user"),
        (("revoke", "xms_0", "--reason", "Gone."), "No signing key 'xms_0'"),
        (("create", "scout", "--days", "0"), "is not a number of days"),
        (("create", "scout", "--label", " "), "a label has 1 to 100 characters"),
        (("register", "scout", "00"), "32 bytes"),
        (("register", "scout", "zz" * 32), "32 bytes"),
    ],
)
def test_what_is_not_understood_is_named(world: World, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        manage(*words)


def test_a_third_live_key_is_refused_with_what_to_do(world: World) -> None:
    manage("create", "scout")
    manage("create", "scout")

    with pytest.raises(CommandError, match="Revoke one of them first"):
        manage("create", "scout")


def test_a_tenant_that_is_not_there_is_named(world: World) -> None:
    with pytest.raises(CommandError, match="No tenant"):
        call_command("signing_keys", "--tenant", str(uuid4()), "list")
