"""Roles are granted from above: never to oneself, never above one's own, and to persons alone."""

from __future__ import annotations

import pytest

from core.access import people
from core.access.models import UserRole
from core.database.unit import unit
from tests.factories import REASON, World, acting
from tests.raw import grant, refused, run

pytestmark = pytest.mark.django_db

GRANT = "INSERT INTO user_roles (user_id, role) VALUES (%s, %s)"


@pytest.mark.parametrize("statement", [GRANT, "DELETE FROM user_roles WHERE user_id = %s AND role <> %s"])
@pytest.mark.parametrize("name", ["grace", "alan"])
def test_nobody_changes_their_own(world: World, name: str, statement: str) -> None:
    person = getattr(world, name)

    with acting(person, "staff"), refused("nobody_changes_their_own_roles"):
        run(statement, person.pk, "viewer")


@pytest.mark.parametrize(
    ("name", "role"), [("grace", "super-admin"), ("edith", "viewer"), ("vera", "viewer")]
)
def test_nobody_gives_a_role_above_their_own_and_only_admins_give_any(
    world: World, name: str, role: str
) -> None:
    with acting(getattr(world, name), "staff"), refused("role_is_granted_from_above"):
        run(GRANT, world.olga.pk, role)


def test_nobody_takes_a_role_above_their_own(world: World) -> None:
    with acting(world.grace, "staff"), refused("role_is_granted_from_above"):
        run("DELETE FROM user_roles WHERE user_id = %s", world.alan.pk)


def test_an_admin_gives_and_takes_what_they_hold(world: World) -> None:
    with acting(world.grace, "staff"):
        run(GRANT, world.vera.pk, "admin")
        run("DELETE FROM user_roles WHERE user_id = %s AND role = 'viewer'", world.vera.pk)

    assert world.vera.role == "admin"


class TestWhereNobodyActs:
    @pytest.mark.parametrize("role", ["viewer", "super-admin"])
    def test_staff_gives_and_takes_no_role(self, world: World, role: str) -> None:
        with unit("staff", tenant=world.acme.pk), refused("role_is_granted_from_above"):
            people.grant_role(world.grace, role, by=None, reason=REASON)
        with unit("staff", tenant=world.acme.pk), refused("role_is_granted_from_above"):
            people.revoke_role(world.vera, "viewer", by=None, reason=REASON)

    @pytest.mark.parametrize(
        ("statement", "role"),
        [(GRANT, "admin"), ("DELETE FROM user_roles WHERE user_id = %s AND role = %s", "viewer")],
        ids=["give", "take"],
    )
    @pytest.mark.parametrize("process", ["staff", "api", "worker"])
    def test_no_process_does_by_raw_sql(self, world: World, process: str, statement: str, role: str) -> None:
        grant("INSERT (user_id, role), DELETE", "user_roles", process)

        with unit(process, tenant=world.acme.pk), refused("role_is_granted_from_above"):
            run(statement, world.vera.pk, role)

    def test_the_operators_commands_do(self, world: World) -> None:
        with unit("platform", tenant=world.acme.pk):
            people.grant_role(world.vera, "admin", by=None, reason=REASON)
            people.revoke_role(world.vera, "viewer", by=None, reason=REASON)

        assert world.vera.role == "admin"


@pytest.mark.parametrize("role", ["viewer", "super-admin"])
def test_agents_hold_none_whoever_gives_it(world: World, role: str) -> None:
    for database_role, by in (("staff", world.alan), ("owner", None)):
        with (
            unit(database_role, tenant=world.acme.pk, actor=by and by.pk),
            refused("only_persons_hold_roles"),
        ):
            run(GRANT, world.scout.pk, role)

    assert not UserRole.objects.filter(user=world.scout).exists()
