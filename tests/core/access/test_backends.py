"""Staff log in through two functions of the database; agents never do."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.access.backends import StaffLogin
from core.database.unit import unit
from tests.factories import PASSWORD, World
from tests.raw import denied, every, run

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("email", ["grace@acme.example", "Grace@ACME.example"])
def test_a_person_logs_in_by_e_mail_whatever_its_case(world: World, email: str) -> None:
    with unit("staff"):
        found = StaffLogin().authenticate(None, username=email, password=PASSWORD)

    assert found == world.grace


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("grace@acme.example", "wrong"),
        ("grace@acme.example", ""),
        ("nobody@acme.example", PASSWORD),
        ("", PASSWORD),
        ("grace\x00@acme.example", PASSWORD),
        ("scout", PASSWORD),
    ],
)
def test_nobody_else_logs_in(world: World, email: str, password: str) -> None:
    with unit("staff"):
        assert StaffLogin().authenticate(None, username=email, password=password) is None


def test_no_name_and_no_password_is_nobody(world: World) -> None:
    with unit("staff"):
        assert StaffLogin().authenticate(None, username=None, password=None) is None
        assert StaffLogin().authenticate(None, username="grace@acme.example", password=None) is None


def test_an_agent_with_an_e_mail_address_is_not_found_by_it(world: World) -> None:
    run("INSERT INTO users (tenant_id, kind, email) VALUES (%s, 'agent', 'bot@acme.example')", world.acme.pk)

    with unit("staff"):
        found = every("SELECT id FROM person_by_email('bot@acme.example')")

    assert found == []


def test_a_disabled_person_does_not_log_in(world: World) -> None:
    run("UPDATE users SET status = 'disabled' WHERE id = %s", world.grace.pk)

    with unit("staff"):
        assert StaffLogin().authenticate(None, username="grace@acme.example", password=PASSWORD) is None
        assert StaffLogin().get_user(world.grace.pk) is None


def test_nobody_of_a_disabled_tenant_logs_in(world: World) -> None:
    run("UPDATE tenants SET status = 'disabled' WHERE id = %s", world.acme.pk)

    with unit("staff"):
        assert StaffLogin().authenticate(None, username="grace@acme.example", password=PASSWORD) is None
        assert StaffLogin().get_user(world.grace.pk) is None


def test_a_session_finds_its_person(world: World) -> None:
    with unit("staff"):
        assert StaffLogin().get_user(world.grace.pk) == world.grace
        assert StaffLogin().get_user(str(world.grace.pk)) == world.grace


def test_a_session_finds_persons_only(world: World) -> None:
    with unit("staff"):
        assert StaffLogin().get_user(world.scout.pk) is None
        assert StaffLogin().get_user(UUID(int=9)) is None


@pytest.mark.parametrize(
    "function", ["person_by_email('x')", "person_by_id('00000000-0000-0000-0000-000000000000')"]
)
@pytest.mark.parametrize("role", ["api", "worker", "auditor"])
def test_no_machine_asks_for_persons(role: str, function: str) -> None:
    with unit(role), denied("function person_by"):
        every(f"SELECT id FROM {function}")
