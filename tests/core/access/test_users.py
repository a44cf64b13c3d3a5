"""Who may act: of one kind for ever, and only persons are staff."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.access import people
from core.access.models import PLATFORM_TENANT_ID, Tenant, User
from core.access.refusals import EmailTaken
from core.database.rows import insert
from core.database.unit import unit
from core.refusals import AlreadyExists, NotAccepted, UnknownReference
from tests.factories import PASSWORD, World, acting, as_staff, make_person
from tests.raw import constraint_of, denied, every, failing, one, refused, run

pytestmark = pytest.mark.django_db


class TestAPerson:
    def test_is_staff_with_one_role_and_logs_in_by_e_mail(self, world: World) -> None:
        with as_staff(world.grace):
            ada = people.create_person(
                "Ada@acme.example", tenant_id=world.acme.pk, role="editor", password=PASSWORD, by=world.grace
            )

        found = User.objects.get(pk=ada.pk)
        assert (found.kind, found.is_staff, found.status, found.is_active) == ("person", True, "active", True)
        assert (found.username, found.display_name, found.role) == ("Ada@acme.example", "Ada", "editor")

    def test_has_a_password_that_only_argon2_knows(self, world: World) -> None:
        stored = one("SELECT password_hash FROM users WHERE id = %s", world.grace.pk)

        assert str(stored).startswith("argon2$argon2id$")

    def test_made_without_a_password_cannot_log_in_yet(self, world: World) -> None:
        with as_staff(world.grace):
            ada = people.create_person(
                "ada@acme.example", tenant_id=world.acme.pk, role="editor", password=None, by=world.grace
            )

        assert str(one("SELECT password_hash FROM users WHERE id = %s", ada.pk)).startswith("!")

    def test_needs_an_e_mail_address(self, world: World) -> None:
        with refused("person_has_an_email"):
            run("INSERT INTO users (tenant_id, kind) VALUES (%s, 'person')", world.acme.pk)

    @pytest.mark.parametrize("email", ["grace@acme.example", "GRACE@ACME.EXAMPLE"])
    def test_shares_no_e_mail_address_with_another_over_all_tenants(self, world: World, email: str) -> None:
        with unit("platform", tenant=world.beta.pk), refused("email_is_taken"):
            people.create_person(email, tenant_id=world.beta.pk, role="viewer", password=None, by=None)

    def test_shares_no_e_mail_address_with_an_agent_of_the_tenant(self, world: World) -> None:
        run(
            "INSERT INTO users (tenant_id, kind, email) VALUES (%s, 'agent', 'bot@acme.example')",
            world.acme.pk,
        )

        with refused("email_is_taken_in_this_tenant"):
            run("INSERT INTO users (tenant_id, email) VALUES (%s, 'bot@acme.example')", world.acme.pk)

    def test_has_no_operator(self, world: World) -> None:
        with refused("persons_operate_themselves", NotAccepted):
            run(
                "INSERT INTO users (tenant_id, email, operated_by) VALUES (%s, 'x@acme.example', %s)",
                world.acme.pk,
                world.olga.pk,
            )

    def test_with_an_unknown_role_is_not_made_at_all(self, world: World) -> None:
        with as_staff(world.grace), refused("role_is_known", NotAccepted):
            people.create_person(
                "ada@acme.example", tenant_id=world.acme.pk, role="king", password=None, by=world.grace
            )

        assert not User.objects.filter(email="ada@acme.example").exists()

    def test_changes_the_password_for_another(self, world: World) -> None:
        before = one("SELECT password_hash FROM users WHERE id = %s", world.grace.pk)

        with as_staff(world.grace):
            people.change_password(world.grace, "another horse", by=world.grace)

        assert one("SELECT password_hash FROM users WHERE id = %s", world.grace.pk) != before

    def test_of_the_platform_is_made_by_createsuperuser(self) -> None:
        run(
            "INSERT INTO tenants (id, name) VALUES (%s, 'platform') ON CONFLICT DO NOTHING",
            PLATFORM_TENANT_ID,
        )

        root = User.objects.create_superuser("first@platform.example", PASSWORD)

        assert (root.tenant_id, root.role, root.is_staff) == (PLATFORM_TENANT_ID, "super-admin", True)


class TestAnAgent:
    def test_lives_in_its_operators_tenant(self, world: World) -> None:
        assert (world.scout.tenant_id, world.scout.operated_by_id) == (world.acme.pk, world.olga.pk)
        assert (world.scout.kind, world.scout.is_staff, world.scout.role) == ("agent", False, None)

    def test_has_no_password_that_could_be_typed(self, world: World) -> None:
        assert one("SELECT password_hash FROM users WHERE id = %s", world.scout.pk) == "!"

    @pytest.mark.parametrize("kind", ["agent", "service"])
    def test_is_never_staff(self, world: World, kind: str) -> None:
        with refused("only_persons_are_staff"):
            run("INSERT INTO users (tenant_id, kind, is_staff) VALUES (%s, %s, true)", world.acme.pk, kind)

    def test_is_never_made_staff(self, world: World) -> None:
        with acting(world.grace, "staff"), refused("only_persons_are_staff"):
            run("UPDATE users SET is_staff = true WHERE id = %s", world.scout.pk)

    def test_is_never_given_a_password(self, world: World) -> None:
        with acting(world.grace, "staff"), refused("only_persons_have_a_password"):
            run("UPDATE users SET password_hash = 'argon2$...' WHERE id = %s", world.scout.pk)

    def test_is_not_operated_from_another_tenant(self, world: World) -> None:
        with refused("user_has_a_known_operator", UnknownReference):
            run(
                "INSERT INTO users (tenant_id, kind, operated_by) VALUES (%s, 'agent', %s)",
                world.acme.pk,
                world.boris.pk,
            )

    def test_shares_no_username_within_its_tenant(self, world: World) -> None:
        with as_staff(world.olga), refused("username_is_taken"):
            people.create_agent("scout", operated_by=world.olga, by=world.olga)

    def test_may_be_named_like_one_of_another_tenant(self, world: World) -> None:
        with as_staff(world.boris):
            made = people.create_agent("scout", operated_by=world.boris, by=world.boris)

        assert made.tenant_id == world.beta.pk


class TestAUser:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("kind", "service"),
            ("tenant_id", "00000000-0000-0000-0000-000000000000"),
            ("operated_by", None),
            ("id", UUID(int=9)),
        ],
    )
    def test_stays_who_they_are(self, world: World, column: str, value: object) -> None:
        with refused("user_stays_who_they_are"):
            run(f"UPDATE users SET {column} = %s WHERE username = 'scout'", value)

    @pytest.mark.parametrize("column", ["kind", "tenant_id", "operated_by", "id", "username"])
    @pytest.mark.parametrize("role", ["staff", "platform", "api", "worker"])
    def test_is_not_made_another_by_any_role(self, world: World, role: str, column: str) -> None:
        with acting(world.grace, role), denied("users"):
            run(f"UPDATE users SET {column} = {column}")

    def test_of_an_unknown_kind_is_refused(self) -> None:
        with refused("user_kind_is_known", NotAccepted):
            run("INSERT INTO users (kind) VALUES ('robot')")

    def test_of_an_unknown_status_is_refused(self, world: World) -> None:
        with acting(world.grace, "staff"), refused("user_status_is_known", NotAccepted):
            run("UPDATE users SET status = 'gone' WHERE id = %s", world.vera.pk)

    def test_of_an_unknown_tenant_is_refused(self) -> None:
        with refused("user_has_a_known_tenant", UnknownReference):
            run("INSERT INTO users (tenant_id, kind) VALUES (%s, 'service')", UUID(int=9))

    def test_that_is_disabled_is_not_active(self, world: World) -> None:
        run("UPDATE users SET status = 'disabled' WHERE id = %s", world.vera.pk)

        assert User.objects.get(pk=world.vera.pk).is_active is False

    def test_is_never_deleted_by_any_role(self, world: World) -> None:
        for role in ("api", "staff", "worker", "platform", "auditor", "backup"):
            with unit(role), denied("users"):
                run("DELETE FROM users WHERE id = %s", world.vera.pk)

    def test_that_acted_is_not_deleted_even_by_the_owner(self, world: World) -> None:
        run("INSERT INTO users (id, kind) VALUES (%s, 'service')", UUID(int=9))
        run(
            "INSERT INTO audit_event (actor_id, actor_type, action) VALUES (%s, 'system', 'a:b')", UUID(int=9)
        )

        with refused("audit_event_has_a_known_actor", UnknownReference):
            run("DELETE FROM users WHERE id = %s", UUID(int=9))

    def test_made_by_a_source_with_omitted_columns_gets_them_from_the_database(self) -> None:
        run(
            "INSERT INTO tenants (id, name) VALUES (%s, 'platform') ON CONFLICT DO NOTHING",
            PLATFORM_TENANT_ID,
        )
        run("INSERT INTO users (email, password_hash) VALUES ('raw@example.org', 'argon2$x')")

        found = User.objects.get(email="raw@example.org")
        assert (found.tenant_id, found.kind, found.status, found.is_staff) == (
            PLATFORM_TENANT_ID,
            "person",
            "active",
            False,
        )
        assert found.pk.version == 7
        assert found.username

    def test_knows_when_it_changed(self, world: World) -> None:
        run("UPDATE users SET updated_at = '2000-01-01', display_name = 'Vera' WHERE id = %s", world.vera.pk)

        assert User.objects.get(pk=world.vera.pk).updated_at.year > 2000


class TestATenant:
    def test_made_by_a_source_gets_the_rest_from_the_database(self) -> None:
        run("INSERT INTO tenants (name) VALUES ('gamma')")

        found = Tenant.objects.get(name="gamma")
        assert (found.type, found.status, found.settings) == ("standard", "active", {})

    def test_has_a_name_of_its_own(self) -> None:
        insert(Tenant, name="gamma")

        with refused("tenant_name_is_taken", AlreadyExists):
            run("INSERT INTO tenants (name) VALUES ('gamma')")

    def test_of_an_unknown_status_is_refused(self) -> None:
        with refused("tenant_status_is_known", NotAccepted):
            run("INSERT INTO tenants (name, status) VALUES ('gamma', 'gone')")

    def test_is_found_by_name_and_by_id(self) -> None:
        gamma = insert(Tenant, name="gamma")

        assert list(Tenant.objects.named("gamma")) == list(Tenant.objects.named(str(gamma.pk))) == [gamma]

    @pytest.mark.parametrize("role", ["api", "staff", "worker", "auditor"])
    def test_is_made_by_the_platform_only(self, role: str) -> None:
        with unit(role), denied("tenants"):
            run("INSERT INTO tenants (name) VALUES ('gamma')")

    def test_knows_when_it_changed(self) -> None:
        insert(Tenant, name="gamma")

        run("UPDATE tenants SET updated_at = '2000-01-01', status = 'disabled' WHERE name = 'gamma'")

        assert Tenant.objects.get(name="gamma").updated_at.year > 2000


class TestSecrets:
    @pytest.mark.parametrize("role", ["api", "staff", "worker", "platform", "auditor"])
    def test_no_role_reads_a_password_hash(self, world: World, role: str) -> None:
        with unit(role, tenant=world.acme.pk), denied("users"):
            every("SELECT password_hash FROM users")

    @pytest.mark.parametrize("role", ["api", "worker"])
    def test_no_machine_reads_the_keys(self, world: World, role: str) -> None:
        with unit(role, tenant=world.acme.pk), denied("api_keys"):
            every("SELECT id FROM api_keys")

    @pytest.mark.parametrize("role", ["staff", "platform", "auditor"])
    def test_nobody_reads_the_digest_of_a_key(self, world: World, role: str) -> None:
        with unit(role, tenant=world.acme.pk), denied("api_keys"):
            every("SELECT digest FROM api_keys")

    @pytest.mark.parametrize("role", ["api", "worker", "auditor"])
    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO users (kind) VALUES ('service')",
            "UPDATE users SET status = 'disabled'",
            "INSERT INTO user_roles (user_id, role) SELECT id, 'admin' FROM users",
            "DELETE FROM user_roles",
            "INSERT INTO api_keys (user_id, prefix, label) SELECT id, 'p', 'l' FROM users",
        ],
    )
    def test_no_machine_changes_who_may_act(self, world: World, role: str, statement: str) -> None:
        with unit(role, tenant=world.acme.pk), denied():
            run(statement)

    def test_a_refusal_of_a_taken_address_says_what_to_do(self) -> None:
        assert EmailTaken().hint == "Use another address; a person has one account over all tenants."


def test_the_platform_makes_people_of_any_tenant(world: World) -> None:
    made = make_person("new@beta.example", world.beta, "viewer")

    assert (made.tenant_id, made.role) == (world.beta.pk, "viewer")


@pytest.mark.parametrize("table", ["tenants", "users", "user_roles", "api_keys"])
def test_who_may_act_is_never_emptied_at_one_stroke(table: str) -> None:
    with failing() as caught:
        run(f"TRUNCATE {table} CASCADE")

    assert constraint_of(caught.value) == "access_is_never_truncated"
    assert f"Rows of {table} are never" in str(caught.value)
