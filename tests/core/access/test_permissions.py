"""One file says who may do what, and what it does not list is refused."""

from __future__ import annotations

import re

import pytest

from core.access.models import UserRole
from core.access.permissions import PERMISSIONS, ROLES, allows
from core.database.rows import insert
from tests.factories import World
from tests.raw import run

DECIDES = {"approvals:decide", "markets:operate", "access:read"}


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_permission_is_held_from_its_role_upwards(permission: str) -> None:
    lowest = ROLES.index(PERMISSIONS[permission].role)

    held = [allows(permission, kind="person", role=role) for role in ROLES]

    assert held == [index >= lowest for index in range(len(ROLES))]


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_person_without_a_role_holds_nothing(permission: str) -> None:
    assert not allows(permission, kind="person", role=None)
    assert not allows(permission, kind="person", role="king")


@pytest.mark.parametrize("kind", ["person", "agent", "service"])
def test_what_is_not_listed_is_refused(kind: str) -> None:
    assert not allows("users:delete", kind=kind, role="super-admin")


@pytest.mark.parametrize("kind", ["agent", "service"])
@pytest.mark.parametrize("permission", sorted(DECIDES))
def test_no_machine_decides_or_operates(permission: str, kind: str) -> None:
    assert not allows(permission, kind=kind, role="super-admin")


def test_agents_propose_and_services_only_read_and_store() -> None:
    held = {
        kind: {name for name in PERMISSIONS if allows(name, kind=kind, role=None)}
        for kind in ("agent", "service")
    }

    assert {"proposals:propose", "proposals:revise", "proposals:withdraw"} <= held["agent"]
    assert not held["service"] & {"proposals:propose", "proposals:revise", "proposals:withdraw"}


def test_every_permission_is_named_room_and_verb_with_a_sentence() -> None:
    for name, permission in PERMISSIONS.items():
        assert re.fullmatch(r"[a-z]+:[a-z]+", name)
        assert permission.sentence.endswith(".")
        assert permission.role in ROLES


@pytest.mark.django_db
class TestAUser:
    def test_is_asked_by_permission(self, world: World) -> None:
        assert world.grace.has_perm("approvals:decide")
        assert not world.edith.has_perm("approvals:decide")
        assert world.scout.has_perm("proposals:propose")
        assert not world.vera.has_perm("proposals:propose")

    def test_holds_several_only_when_each_is_held(self, world: World) -> None:
        assert world.grace.has_perms(["approvals:decide", "markets:read"])
        assert not world.edith.has_perms(["approvals:decide", "markets:read"])

    def test_that_is_disabled_may_nothing(self, world: World) -> None:
        world.grace.status = "disabled"

        assert not world.grace.has_perm("markets:read")
        assert not world.grace.has_module_perms("markets")

    def test_sees_rooms_as_staff_only(self, world: World) -> None:
        assert world.vera.has_module_perms("markets")
        assert not world.scout.has_module_perms("markets")

    def test_gains_by_a_higher_role_at_once(self, world: World) -> None:
        insert(UserRole, user_id=world.vera.pk, role="admin")

        assert world.vera.has_perm("approvals:decide")

    def test_loses_with_the_role_at_once(self, world: World) -> None:
        run("DELETE FROM user_roles WHERE user_id = %s", world.grace.pk)

        assert not world.grace.has_perm("markets:read")
