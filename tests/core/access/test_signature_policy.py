"""What a principal must sign with is set by staff, under its own name in the log."""

from __future__ import annotations

import pytest

from core.access import signing_keys
from tests.factories import REASON, World, acting
from tests.raw import denied, every, refused, run

pytestmark = pytest.mark.django_db


def test_it_is_set_by_a_verb_and_written_down(world: World) -> None:
    with acting(world.grace, "staff"):
        signing_keys.require(world.scout, "ed25519", by=world.grace, reason=REASON)

    ((old, new),) = every(
        "SELECT old_value::text, new_value::text FROM audit_event WHERE action = 'user:require_signature'"
    )
    assert (old, new) == ('{"signature_policy": "none"}', '{"signature_policy": "ed25519"}')


def test_it_is_one_of_three(world: World) -> None:
    with acting(world.grace, "staff"), refused("signature_policy_is_known"):
        run("UPDATE users SET signature_policy = 'sometimes' WHERE id = %s", world.scout.pk)


def test_it_is_not_set_by_whom_it_holds(world: World) -> None:
    with acting(world.scout, "api"), denied("users"):
        run("UPDATE users SET signature_policy = 'none' WHERE id = %s", world.scout.pk)
