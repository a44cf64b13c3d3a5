"""Roles of people: four of them, each held once, in the tenant of whoever holds it."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.access.models import UserRole
from core.database.rows import insert
from core.database.unit import unit
from core.refusals import NotAccepted, UnknownReference
from tests.factories import World, acting
from tests.raw import denied, one, refused, run, state_of, untriggered

pytestmark = pytest.mark.django_db


def test_the_highest_role_counts(world: World) -> None:
    with acting(world.alan, "staff"):
        insert(UserRole, user_id=world.grace.pk, role="viewer")
        insert(UserRole, user_id=world.grace.pk, role="super-admin")

    assert world.grace.role == "super-admin"
    assert one("SELECT highest_role(%s)", world.grace.pk) == "super-admin"


@pytest.mark.parametrize("role", ["viewer", "editor", "admin", "super-admin"])
def test_each_of_the_four_roles_is_known(world: World, role: str) -> None:
    run("DELETE FROM user_roles WHERE user_id = %s", world.vera.pk)

    run("INSERT INTO user_roles (user_id, role) VALUES (%s, %s)", world.vera.pk, role)

    assert one("SELECT highest_role(%s)", world.vera.pk) == role


@pytest.mark.parametrize("role", ["TRADER", "Admin", "owner", ""])
def test_no_other_role_is_known(world: World, role: str) -> None:
    with acting(world.grace, "staff"), refused("role_is_known", NotAccepted):
        run("INSERT INTO user_roles (user_id, role) VALUES (%s, %s)", world.vera.pk, role)


def test_a_role_is_held_once(world: World) -> None:
    with acting(world.grace, "staff"), refused("role_is_held_already"):
        insert(UserRole, user_id=world.vera.pk, role="viewer")


def test_a_role_is_in_the_tenant_of_whoever_holds_it_whatever_the_caller_says(world: World) -> None:
    run(
        "INSERT INTO user_roles (tenant_id, user_id, role) VALUES (%s, %s, 'editor')",
        world.beta.pk,
        world.vera.pk,
    )

    assert UserRole.objects.get(user=world.vera, role="editor").tenant_id == world.acme.pk


def test_a_role_stays_in_the_tenant_of_whoever_holds_it(world: World) -> None:
    run("UPDATE user_roles SET tenant_id = %s WHERE user_id = %s", world.beta.pk, world.vera.pk)

    assert UserRole.objects.get(user=world.vera).tenant_id == world.acme.pk


def test_nobody_unknown_holds_a_role(world: World) -> None:
    with pytest.raises(Exception, match="null value") as caught:
        run("INSERT INTO user_roles (user_id, role) VALUES (%s, 'viewer')", UUID(int=9))

    assert state_of(caught.value) == "23502"


def test_a_role_of_another_tenant_is_refused_even_without_its_trigger(world: World) -> None:
    with untriggered("user_roles"), refused("role_has_a_known_user", UnknownReference):
        run(
            "INSERT INTO user_roles (tenant_id, user_id, role) VALUES (%s, %s, 'admin')",
            world.beta.pk,
            world.vera.pk,
        )


def test_a_role_that_is_taken_back_is_held_no_more(world: World) -> None:
    with acting(world.grace, "staff"):
        UserRole.objects.filter(user=world.vera).delete()

    assert world.vera.role is None


@pytest.mark.parametrize("role", ["staff", "platform"])
def test_a_role_is_never_changed_into_another(world: World, role: str) -> None:
    with unit(role, tenant=world.acme.pk), denied("user_roles"):
        run("UPDATE user_roles SET role = 'super-admin'")


def test_an_agent_holds_no_role_that_counts(world: World) -> None:
    with untriggered("user_roles"):
        insert(UserRole, tenant_id=world.acme.pk, user_id=world.scout.pk, role="admin")

    assert world.scout.role is None
