"""A unit is one transaction that knows who acts, and nothing of it is left when it ends."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import transaction

from audit.models import AuditEvent
from core.access.models import PLATFORM_TENANT_ID, Tenant, User
from core.access.permissions import ROLES
from core.database.rows import insert
from core.database.unit import Unit, current, hold, role_name, unit, verb
from core.refusals import AlreadyExists, NotFound, OutsideUnit
from tests.raw import denied, every, one, refused, run

SETTINGS = ("tenant_id", "actor_id", "action", "reason", "correlation_id", "ip", "user_agent")
SHOWN = ", ".join(f"COALESCE(current_setting('app.{name}', true), '')" for name in SETTINGS)


def settings_of_the_database() -> tuple[object, ...]:
    return every(f"SELECT current_user, {SHOWN}")[0]


def events(action: str) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(action=action))


@verb("tenant:make")
def make_tenant(name: str, *, by: User | None = None, reason: str = "") -> Tenant:
    return insert(Tenant, name=name)


@verb("tenant:make_two")
def make_two_tenants(first: str, second: str, *, by: User | None = None, reason: str = "") -> None:
    make_tenant(first, by=None, reason="the inner reason")
    make_tenant(second, by=None)


@pytest.mark.django_db
class TestAUnit:
    def test_tells_the_database_all_it_knows(self) -> None:
        tenant, actor, correlation = uuid4(), uuid4(), uuid4()
        known: dict[str, Any] = {
            "tenant": tenant,
            "actor": actor,
            "action": "a:b",
            "reason": "because",
            "correlation_id": correlation,
            "ip": "192.0.2.7",
            "user_agent": "curl",
        }

        with unit("api", **known) as opened:
            found = settings_of_the_database()

        assert found == (
            "xm_api",
            str(tenant),
            str(actor),
            "a:b",
            "because",
            str(correlation),
            "192.0.2.7",
            "curl",
        )
        assert opened == Unit("api", **known)

    @pytest.mark.parametrize("role", ["api", "staff", "worker", "platform", "auditor", "owner"])
    def test_takes_the_database_role(self, role: str) -> None:
        with unit(role):
            found = one("SELECT current_user")

        assert found == role_name(role)

    def test_leaves_nothing_set_behind_and_gives_the_role_back(self) -> None:
        before = one("SELECT current_user")

        with unit("staff", tenant=uuid4(), actor=uuid4(), action="a:b", reason="r", ip="192.0.2.7"):
            pass

        assert settings_of_the_database() == (before, *[""] * len(SETTINGS))

    def test_leaves_nothing_set_behind_when_it_fails(self) -> None:
        before = one("SELECT current_user")

        with pytest.raises(NotFound), unit("staff", tenant=uuid4(), actor=uuid4(), action="a:b"):
            raise NotFound

        assert settings_of_the_database() == (before, *[""] * len(SETTINGS))
        with pytest.raises(OutsideUnit):
            current()

    def test_can_be_asked_for_while_it_is_open_only(self) -> None:
        with unit("api") as opened:
            inside = current()

        assert inside is opened
        with pytest.raises(OutsideUnit):
            current()

    def test_does_not_open_inside_another(self) -> None:
        with unit("api"), pytest.raises(RuntimeError, match="durable"), unit("staff"):
            pass

    def test_rolls_back_whole(self) -> None:
        with pytest.raises(NotFound), unit("platform"):
            insert(Tenant, name="half")
            raise NotFound

        assert not Tenant.objects.filter(name="half").exists()


@pytest.mark.django_db
class TestHold:
    def test_changes_what_the_open_unit_knows(self) -> None:
        tenant = uuid4()

        with unit("staff"):
            hold(role="platform", tenant=tenant)
            found = settings_of_the_database()
            known = current()

        assert found[:2] == ("xm_platform", str(tenant))
        assert known == Unit("platform", tenant=tenant)

    def test_keeps_what_is_not_named(self) -> None:
        with unit("api", actor=UUID(int=5), ip="192.0.2.7"):
            hold(tenant=UUID(int=6))
            known = current()

        assert known == Unit("api", tenant=UUID(int=6), actor=UUID(int=5), ip="192.0.2.7")

    def test_needs_an_open_unit(self) -> None:
        with pytest.raises(OutsideUnit):
            hold(tenant=UUID(int=6))


@pytest.mark.django_db
class TestAVerb:
    def test_is_refused_outside_a_unit(self) -> None:
        with pytest.raises(OutsideUnit):
            make_tenant("gamma_one")

        assert not Tenant.objects.filter(name="gamma_one").exists()

    def test_is_refused_in_a_transaction_that_is_no_unit(self) -> None:
        with pytest.raises(OutsideUnit), transaction.atomic():
            make_tenant("gamma_one")

    def test_names_action_and_reason_of_what_it_changes(self) -> None:
        with unit("platform"):
            make_tenant("gamma_one", reason="They signed.")

        (event,) = events("tenant:make")
        assert event.metadata == {"operation": "insert", "reason": "They signed."}
        assert event.actor_id is None

    def test_names_the_actor_of_what_it_changes(self) -> None:
        with unit("platform", tenant=PLATFORM_TENANT_ID):
            ada = insert(User, kind="service", username="ada")

        with unit("platform", tenant=PLATFORM_TENANT_ID):
            make_tenant("gamma_one", by=ada)

        (event,) = events("tenant:make")
        assert event.actor_id == ada.pk

    def test_names_what_the_verbs_it_calls_do(self) -> None:
        with unit("platform"):
            make_two_tenants("gamma_one", "gamma_two", reason="the outer reason")

        found = events("tenant:make_two")
        assert [(event.metadata or {})["reason"] for event in found] == ["the outer reason"] * 2
        assert events("tenant:make") == []

    def test_gives_the_name_back_when_it_is_done(self) -> None:
        with unit("platform"):
            make_tenant("gamma_one", reason="They signed.")
            make_two_tenants("gamma_two", "gamma_three")

        assert [len(events("tenant:make")), len(events("tenant:make_two"))] == [1, 2]
        assert {(event.metadata or {}).get("reason") for event in events("tenant:make_two")} == {None}

    def test_that_was_refused_leaves_the_unit_to_the_next_one(self) -> None:
        with unit("platform", tenant=PLATFORM_TENANT_ID):
            ada = insert(User, kind="service", username="ada")
            make_tenant("gamma_one")
            with refused("tenant_name_is_taken", AlreadyExists):
                make_two_tenants("gamma_two", "gamma_one", by=ada, reason="This goes wrong.")
            make_tenant("gamma_three")

        assert [(event.new_value or {})["name"] for event in events("tenant:make")] == [
            "gamma_one",
            "gamma_three",
        ]
        assert {event.actor_id for event in events("tenant:make")} == {None}
        assert {(event.metadata or {}).get("reason") for event in events("tenant:make")} == {None}

    def test_keeps_its_own_name_and_docstring(self) -> None:
        assert make_tenant.__name__ == "make_tenant"


class TestWithRealCommits:
    def test_everything_ends_with_the_commit(self, committing_db: str) -> None:
        with unit("platform", tenant=UUID(int=0), actor=None, action="a:b", reason="r"):
            insert(Tenant, name="gamma_one")

        assert settings_of_the_database() == ("xm_owner", *[""] * len(SETTINGS))
        assert Tenant.objects.filter(name="gamma_one").exists()
        with pytest.raises(OutsideUnit):
            current()

    def test_a_refusal_rolls_everything_back(self, committing_db: str) -> None:
        with pytest.raises(NotFound), unit("platform", tenant=UUID(int=0)):
            make_tenant("gamma_one")
            raise NotFound

        assert settings_of_the_database() == ("xm_owner", *[""] * len(SETTINGS))
        assert not Tenant.objects.filter(name="gamma_one").exists()
        assert not AuditEvent.objects.filter(action="tenant:make").exists()

    def test_no_unit_opens_inside_a_transaction(self, committing_db: str) -> None:
        with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), unit("api"):
            pass


@pytest.mark.django_db
def test_the_roles_of_people_are_not_roles_of_the_database() -> None:
    known = {name for (name,) in every("SELECT rolname FROM pg_roles")}

    assert not {role_name(role) for role in ROLES} & known


@pytest.mark.django_db
def test_a_role_without_a_grant_is_refused_whatever_the_unit_says() -> None:
    with unit("auditor", actor=uuid4()), denied("tenants"):
        run("INSERT INTO tenants (name) VALUES ('gamma_one')")
