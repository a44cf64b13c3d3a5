"""A password typed a moment ago is proof of who decides, once."""

from __future__ import annotations

from uuid import UUID

import pytest

from audit import reauthentications
from audit.models import Reauthentication
from audit.refusals import WrongPassword
from core.access.models import User
from core.database.unit import unit
from core.refusals import AlreadyExists, NotAccepted, Refusal, UnknownReference
from core.web.problems import TooManyRequests
from tests.audit.voting import proof_of
from tests.factories import PASSWORD, World, acting, as_staff
from tests.raw import RUNTIME, denied, one, refused, run, untriggered

pytestmark = pytest.mark.django_db

PROVE = "INSERT INTO reauthentications (tenant_id, person_id, method) VALUES (%s, %s, 'password')"


def test_the_right_password_is_proof(world: World) -> None:
    with as_staff(world.grace):
        proof = reauthentications.confirm(PASSWORD, by=world.grace)

    assert (proof.person_id, proof.person_kind, proof.method) == (world.grace.pk, "person", "password")
    assert proof.tenant_id == world.acme.pk
    assert one("SELECT created_at > now() FROM reauthentications") is True


@pytest.mark.parametrize("typed", ["wrong", "", PASSWORD.upper()])
def test_a_wrong_password_is_none(world: World, typed: str) -> None:
    with as_staff(world.grace), pytest.raises(WrongPassword):
        reauthentications.confirm(typed, by=world.grace)

    assert not Reauthentication.objects.exists()


def test_the_password_of_a_disabled_person_is_none(world: World) -> None:
    run("UPDATE users SET status = 'disabled' WHERE id = %s", world.grace.pk)

    with as_staff(world.grace), pytest.raises(WrongPassword):
        reauthentications.confirm(PASSWORD, by=world.grace)


def test_nobody_types_the_password_of_another(world: World) -> None:
    with as_staff(world.alan), refused("decision_is_ones_own"):
        run(PROVE, world.acme.pk, world.grace.pk)


def test_nobody_types_a_password_where_nobody_acts(world: World) -> None:
    with unit("staff", tenant=world.acme.pk), refused("decision_is_ones_own"):
        run(PROVE, world.acme.pk, world.grace.pk)


def test_an_agent_has_no_password_to_type(world: World) -> None:
    with acting(world.scout, "staff"), refused("reauthentication_is_a_persons"):
        run(PROVE, world.acme.pk, world.scout.pk)


@pytest.mark.parametrize("role", ["api", "worker", "auditor", "backup"])
def test_no_machine_makes_a_proof(world: World, role: str) -> None:
    with acting(world.grace, role), denied("reauthentications"):
        run(PROVE, world.acme.pk, world.grace.pk)


@pytest.mark.parametrize("column", ["created_at", "person_kind", "id"])
@pytest.mark.parametrize("role", ["staff", "platform"])
def test_its_time_is_the_databases_word(world: World, role: str, column: str) -> None:
    with acting(world.grace, role), denied("reauthentications"):
        run(
            f"INSERT INTO reauthentications (person_id, method, {column}) VALUES (%s, 'password', DEFAULT)",
            world.grace.pk,
        )


def test_its_time_is_the_databases_word_whatever_the_owner_says(world: World) -> None:
    with unit("owner", actor=world.grace.pk):
        run(
            "INSERT INTO reauthentications (tenant_id, person_id, method, created_at) VALUES (%s, %s, 'password', 'infinity')",
            world.acme.pk,
            world.grace.pk,
        )

    assert one("SELECT created_at < clock_timestamp() FROM reauthentications") is True


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reauthentications SET created_at = clock_timestamp()",
        "UPDATE reauthentications SET person_id = person_id",
        "DELETE FROM reauthentications",
        "TRUNCATE reauthentications CASCADE",
    ],
)
def test_a_proof_never_changes(world: World, statement: str) -> None:
    proof_of(world.grace)

    with refused("reauthentication_never_changes"):
        run(statement)


@pytest.mark.parametrize("role", RUNTIME)
@pytest.mark.parametrize(
    "statement", ["UPDATE reauthentications SET method = 'password'", "DELETE FROM reauthentications"]
)
def test_a_proof_is_changed_by_no_role(world: World, role: str, statement: str) -> None:
    with acting(world.grace, role), denied("reauthentications"):
        run(statement)


@pytest.mark.parametrize(
    ("change", "name", "answer"),
    [
        ("person_kind = 'agent'", "only_persons_reauthenticate", NotAccepted),
        (
            "person_id = (SELECT id FROM users WHERE username = 'scout')",
            "reauthentication_is_a_persons",
            None,
        ),
        ("method = 'smile'", "reauthentication_method_is_known", NotAccepted),
        (
            "tenant_id = '00000000-0000-0000-0000-000000000009'",
            "reauthentication_has_a_known_tenant",
            UnknownReference,
        ),
    ],
)
def test_a_proof_is_a_persons_even_without_triggers(
    world: World, change: str, name: str, answer: type[Refusal] | None
) -> None:
    proof_of(world.grace)

    with untriggered("reauthentications"), refused(name, answer):
        run(f"UPDATE reauthentications SET {change}")


def test_a_proof_is_known_once(world: World) -> None:
    proof_of(world.grace)

    with untriggered("reauthentications"), refused("reauthentications_pkey", AlreadyExists):
        run("INSERT INTO reauthentications SELECT * FROM reauthentications")


def test_nobody_unknown_has_a_password(world: World) -> None:
    nobody = User(pk=UUID(int=9), email="nobody@acme.example", tenant_id=world.acme.pk)

    with acting(world.grace, "staff"), pytest.raises(WrongPassword):
        reauthentications.confirm(PASSWORD, by=nobody)


def test_who_guesses_has_to_wait_even_with_the_right_password(world: World) -> None:
    with as_staff(world.grace):
        for _ in range(5):
            with pytest.raises(WrongPassword):
                reauthentications.confirm("wrong", by=world.grace)
        with pytest.raises(TooManyRequests):
            reauthentications.confirm(PASSWORD, by=world.grace)
    with as_staff(world.alan):
        assert reauthentications.confirm(PASSWORD, by=world.alan).person_id == world.alan.pk
