"""Orion's tables, met by the INSERTs that its seed files and its services write."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from core.database import seeds
from core.refusals import AlreadyExists, NotAccepted, UnknownReference
from tests.factories import World
from tests.raw import every, one, picture, refused, run

pytestmark = pytest.mark.django_db

ACME, BETA = "a0000000-0000-0000-0000-000000000001", "a0000000-0000-0000-0000-000000000002"
NOBODYS = "a0000000-0000-0000-0000-00000000000f"
TRADER = "b0000000-0000-0000-0000-000000000001"
MESSAGE = "c0000000-0000-0000-0000-000000000001"


@pytest.fixture(autouse=True)
def _tenants(db: None, _writes_as_owner: None) -> None:
    run(
        "INSERT INTO tenants (id, name, type, status) VALUES (%s, 'Acme Capital', 'standard', 'active'), "
        "(%s, 'Beta Trading', 'standard', 'active')",
        ACME,
        BETA,
    )


def insert_user(tenant: str, *, email: str = "trader@acme.example", username: str = "trader") -> int:
    return run(
        "INSERT INTO users (tenant_id, email, username, display_name) VALUES (%s, %s, %s, 'A Trader')",
        tenant,
        email,
        username,
    )


def insert_trader() -> int:
    return run(
        "INSERT INTO users (id, tenant_id, email, username, display_name, status) "
        "VALUES (%s, %s, 'trader@acme.example', 'trader', 'A Trader', 'active')",
        TRADER,
        ACME,
    )


class TestTenants:
    def test_an_insert_of_a_name_finds_every_default(self) -> None:
        run("INSERT INTO tenants (name) VALUES ('Gamma Markets')")

        (found,) = every("SELECT type, status, settings::text FROM tenants WHERE name = 'Gamma Markets'")
        assert found == ("standard", "active", "{}")

    def test_an_update_moves_updated_at_whatever_the_caller_says(self) -> None:
        run("UPDATE tenants SET updated_at = '2000-01-01' WHERE id = %s", ACME)

        assert one("SELECT updated_at > '2000-01-01' FROM tenants WHERE id = %s", ACME)


class TestReferenceRows:
    PLATFORM = "SELECT name, type FROM tenants WHERE id = '00000000-0000-0000-0000-000000000000'"
    POLICIES = (
        "SELECT risk, quorum FROM approval_policies WHERE action = 'market:create' ORDER BY quorum, risk"
    )

    def test_are_the_platform_and_the_first_policies(self) -> None:
        assert every(self.PLATFORM) == [("platform", "platform")]
        assert every(self.POLICIES) == [("low", 1), ("medium", 1), ("high", 2)]

    def test_loading_them_again_changes_nothing(self) -> None:
        before = picture()

        seeds.load("default")

        assert picture() == before


class TestUsers:
    def test_an_insert_finds_every_default(self) -> None:
        insert_user(ACME)

        (found,) = every("SELECT tenant_id::text, status, kind FROM users WHERE username = 'trader'")
        assert found == (ACME, "active", "person")

    def test_a_user_of_no_tenant_is_refused(self) -> None:
        with refused("user_has_a_known_tenant", UnknownReference):
            insert_user(NOBODYS)

    def test_an_address_is_unique_in_its_tenant(self) -> None:
        insert_user(ACME)

        with refused("email_is_taken_in_this_tenant"):
            insert_user(ACME, username="another")

    def test_an_address_is_unique_among_people_of_all_tenants_although_the_source_accepts_it(self) -> None:
        insert_user(ACME)

        with refused("email_is_taken"):
            insert_user(BETA)

    def test_a_username_is_unique_in_its_tenant_and_free_in_another(self) -> None:
        insert_user(ACME)
        insert_user(BETA, email="trader@beta.example")

        with refused("username_is_taken"):
            insert_user(ACME, email="another@acme.example")

    def test_an_update_moves_updated_at_whatever_the_caller_says(self) -> None:
        insert_user(ACME)

        run("UPDATE users SET updated_at = '2000-01-01' WHERE username = 'trader'")

        assert one("SELECT updated_at > '2000-01-01' FROM users WHERE username = 'trader'")


class TestUserRoles:
    def test_an_insert_of_user_and_role_lands_in_the_users_tenant(self) -> None:
        insert_trader()

        run("INSERT INTO user_roles (user_id, role) VALUES (%s, 'editor')", TRADER)

        assert one("SELECT tenant_id::text FROM user_roles WHERE user_id = %s", TRADER) == ACME

    def test_a_role_is_held_once(self) -> None:
        insert_trader()
        run("INSERT INTO user_roles (user_id, role) VALUES (%s, 'editor')", TRADER)

        with refused("role_is_held_already"):
            run("INSERT INTO user_roles (user_id, role) VALUES (%s, 'editor')", TRADER)

    @pytest.mark.parametrize("role", ["TRADER", "VIEWER", "ADMIN"])
    def test_a_role_in_the_words_of_the_source_is_refused_although_it_accepts_any(self, role: str) -> None:
        insert_trader()

        with refused("role_is_known", NotAccepted):
            run("INSERT INTO user_roles (user_id, role) VALUES (%s, %s)", TRADER, role)

    def test_roles_go_with_their_user(self) -> None:
        insert_trader()
        run("INSERT INTO user_roles (user_id, role) VALUES (%s, 'editor')", TRADER)

        run("DELETE FROM users WHERE id = %s", TRADER)

        assert one("SELECT count(*) FROM user_roles WHERE user_id = %s", TRADER) == 0


class TestUserEntitlements:
    INSERT = (
        "INSERT INTO user_entitlements (user_id, asset_classes, instruments, venues, max_notional, "
        "rfq_rate_limit, order_rate_limit, max_open_orders) VALUES (%s, '{}', '{}', '{}', 100000000.0000, 20, 200, 50)"
    )

    def test_an_insert_runs_as_written_in_the_users_tenant(self) -> None:
        insert_trader()

        run(self.INSERT, TRADER)

        assert every(
            "SELECT tenant_id::text, rfq_rate_limit, order_rate_limit, max_open_orders, max_notional "
            "FROM user_entitlements WHERE user_id = %s",
            TRADER,
        ) == [(ACME, 20, 200, 50, 100_000_000)]

    def test_an_insert_of_the_user_alone_finds_the_defaults_of_the_source(self) -> None:
        insert_trader()

        run("INSERT INTO user_entitlements (user_id) VALUES (%s)", TRADER)

        assert every(
            "SELECT asset_classes, instruments, venues, max_notional, rfq_rate_limit, order_rate_limit, "
            "max_open_orders FROM user_entitlements"
        ) == [([], [], [], None, 10, 100, 100)]

    def test_empty_lists_entitle_to_nothing_although_the_source_is_silent(self) -> None:
        insert_trader()
        run(self.INSERT, TRADER)

        assert one("SELECT bool_or(entitles(asset_classes, 'technology')) FROM user_entitlements") is False

    def test_a_user_is_entitled_once(self) -> None:
        insert_trader()
        run(self.INSERT, TRADER)

        with refused("user_is_entitled_once"):
            run(self.INSERT, TRADER)

    def test_entitlements_go_with_their_user_and_say_when_they_changed(self) -> None:
        insert_trader()
        run(self.INSERT, TRADER)
        run("UPDATE user_entitlements SET max_notional = 1")
        later = one("SELECT updated_at > created_at FROM user_entitlements")

        run("DELETE FROM users WHERE id = %s", TRADER)

        assert (later, one("SELECT count(*) FROM user_entitlements")) == (True, 0)


class TestOutboxEvents:
    INSERT = (
        "INSERT INTO outbox_events (event_type, event_id, tenant_id, entity_type, entity_id, payload) "
        "VALUES ('order.created', %s, %s, 'order', 'o-1', '{\"quantity\": 1}')"
    )

    def test_an_insert_finds_every_default(self) -> None:
        run(self.INSERT, MESSAGE, ACME)

        (found,) = every(
            "SELECT id IS NULL, created_at IS NULL, published_at, retry_count, last_error "
            "FROM outbox_events WHERE event_id = %s",
            MESSAGE,
        )
        assert found == (False, False, None, 0, None)

    def test_a_message_is_written_once(self) -> None:
        run(self.INSERT, MESSAGE, ACME)

        with refused("message_is_sent_once", AlreadyExists):
            run(self.INSERT, MESSAGE, ACME)

    def test_a_message_of_no_tenant_is_refused_although_the_source_accepts_it(self) -> None:
        with refused("message_has_a_known_tenant", UnknownReference):
            run(self.INSERT, MESSAGE, NOBODYS)


class TestAuditLog:
    def test_its_columns_are_read_from_the_one_log(self, world: World) -> None:
        (found,) = every(
            "SELECT user_id, action, entity_type, entity_id FROM audit_log "
            "WHERE tenant_id = %s AND entity_type = 'market_proposals'",
            world.acme.pk,
        )

        assert found == (world.scout.pk, "proposal:propose", "market_proposals", str(world.proposal.pk))

    def test_an_insert_through_it_is_refused_because_it_cannot_say_what_kind_of_actor_it_was(self) -> None:
        with pytest.raises(DatabaseError, match="actor_type"), transaction.atomic():
            run(
                "INSERT INTO audit_log (tenant_id, action, entity_type, entity_id) "
                "VALUES (%s, 'test', 'order', 'o-1')",
                ACME,
            )

    @pytest.mark.parametrize("statement", ["UPDATE audit_log SET action = 'x'", "DELETE FROM audit_log"])
    def test_it_only_grows(self, statement: str) -> None:
        with refused("audit_event_only_grows"):
            run(statement)
