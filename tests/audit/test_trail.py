"""A governed row's change writes itself into the log, once, whoever made it and however."""

from __future__ import annotations

from uuid import uuid4

import pytest

from audit.models import AuditEvent
from audit.policies import FIRST_POLICIES
from core.access import keys, people
from core.access.models import PLATFORM_TENANT_ID, ApiKey, Tenant, User
from core.database.rows import insert
from core.database.unit import unit
from markets import trading
from tests.factories import (
    PASSWORD,
    REASON,
    World,
    acting,
    as_staff,
    make_content,
    make_key,
    make_proposal,
    open_market,
)
from tests.raw import every, one, run

pytestmark = pytest.mark.django_db


class Since:
    """The rows that the log gained since this was made."""

    def __init__(self) -> None:
        self.seq = one("SELECT max(seq) FROM audit_event")

    def rows(self) -> list[AuditEvent]:
        return list(AuditEvent.objects.filter(seq__gt=self.seq).order_by("seq"))

    def tables(self) -> list[str | None]:
        return [row.entity_type for row in self.rows()]


@pytest.fixture
def since(world: World) -> Since:
    return Since()


class TestTheExactRows:
    def test_of_one_proposal(self, world: World, since: Since) -> None:
        make_proposal(world.scout, make_content(world.evidence, symbol="MARS-2030"))

        assert since.tables() == [
            "market_proposals",
            "market_revisions",
            "approval_subjects",
            "approval_requests",
        ]
        assert {row.action for row in since.rows()} == {"proposal:propose"}

    def test_of_one_approval(self, world: World, since: Since) -> None:
        open_market(world.proposal, world.grace)

        assert since.tables() == [
            "approval_decisions",
            "approval_grants",
            "approval_requests",
            "market_proposals",
            "markets",
        ]
        assert [row.action for row in since.rows()] == [
            "approval:approve",
            "approval:grant",
            "approval:approve",
            "approval:approve",
            "approval:approve",
        ]

    def test_of_one_pause(self, world: World) -> None:
        market = open_market(world.proposal, world.grace)
        since = Since()

        with as_staff(world.grace):
            trading.pause(market.pk, by=world.grace, reason=REASON)

        (row,) = since.rows()
        assert (row.action, row.entity_type, row.entity_id) == ("market:pause", "markets", str(market.pk))
        assert (row.old_value, row.new_value) == ({"status": "active"}, {"status": "paused"})
        assert row.metadata == {"operation": "update", "reason": REASON}


class TestARow:
    def test_says_who_for_whom_why_and_from_where(self, world: World, since: Since) -> None:
        correlation = uuid4()

        with unit(
            "staff",
            tenant=world.acme.pk,
            actor=world.grace.pk,
            correlation_id=correlation,
            ip="2001:db8::7",
            user_agent="Firefox",
        ):
            keys.issue(world.scout, label="laptop", scopes=["*"], by=world.grace, reason="New machine.")

        (row,) = since.rows()
        assert (row.tenant_id, row.actor_id, row.actor_type) == (world.acme.pk, world.grace.pk, "human")
        assert (row.correlation_id, row.ip_address, row.user_agent) == (correlation, "2001:db8::7", "Firefox")
        assert row.metadata == {"operation": "insert", "reason": "New machine."}

    @pytest.mark.parametrize(
        ("who", "actor_type"), [("grace", "human"), ("scout", "agent"), (None, "system")]
    )
    def test_names_the_kind_of_actor_by_itself(
        self, world: World, since: Since, who: str, actor_type: str
    ) -> None:
        actor = getattr(world, who).pk if who else None

        with unit("platform", actor=actor):
            run("INSERT INTO tenants (name) VALUES ('gamma')")

        (row,) = since.rows()
        assert (row.actor_id, row.actor_type) == (actor, actor_type)

    def test_of_a_service_is_of_the_system_with_its_name(self, world: World) -> None:
        with acting(world.grace, "staff"):
            feed = insert(User, tenant_id=world.acme.pk, kind="service", username="feed")
        since = Since()

        with unit("platform", actor=feed.pk):
            run("INSERT INTO tenants (name) VALUES ('gamma')")

        (row,) = since.rows()
        assert (row.actor_id, row.actor_type) == (feed.pk, "system")

    def test_without_a_unit_is_named_by_table_and_operation(self, world: World, since: Since) -> None:
        run("INSERT INTO tenants (name) VALUES ('gamma')")
        run("UPDATE tenants SET status = 'disabled' WHERE name = 'gamma'")
        run("DELETE FROM user_roles WHERE user_id = %s", world.vera.pk)

        assert [row.action for row in since.rows()] == [
            "tenants:insert",
            "tenants:update",
            "user_roles:delete",
        ]
        assert {row.actor_type for row in since.rows()} == {"system"}

    def test_is_kept_under_the_tenant_of_what_changed(self, world: World, since: Since) -> None:
        with unit("platform", tenant=world.acme.pk):
            run("UPDATE users SET display_name = 'Vera V.' WHERE id = %s", world.vera.pk)

        assert [row.tenant_id for row in since.rows()] == [world.acme.pk]

    def test_about_a_tenant_is_kept_under_that_tenant(self, world: World, since: Since) -> None:
        run("UPDATE tenants SET settings = '{\"a\": 1}' WHERE id = %s", world.beta.pk)

        assert [row.tenant_id for row in since.rows()] == [world.beta.pk]

    def test_about_a_policy_is_the_platforms(self, world: World) -> None:
        found = AuditEvent.objects.filter(entity_type="approval_policies")

        assert {row.tenant_id for row in found} == {PLATFORM_TENANT_ID}
        assert len(found) == len(FIRST_POLICIES)

    def test_of_a_new_policy_says_who_is_to_be_asked(self, world: World, since: Since) -> None:
        run(
            "INSERT INTO approval_policies (action, risk, quorum, required_roles, request_lifetime, grant_lifetime) "
            "VALUES ('agent:activate', 'low', 1, '{\"admin\": 1}', '1 day', '1 day')"
        )

        (row,) = since.rows()
        assert (row.entity_type, (row.new_value or {})["required_roles"]) == (
            "approval_policies",
            {"admin": 1},
        )

    def test_of_an_insert_shows_the_new_row(self, world: World, since: Since) -> None:
        with unit("platform"):
            gamma = insert(Tenant, name="gamma")

        (row,) = since.rows()
        assert (row.old_value, row.entity_id) == (None, str(gamma.pk))
        assert (row.new_value or {})["name"] == "gamma"

    def test_of_an_update_shows_only_what_changed(self, world: World, since: Since) -> None:
        run("UPDATE users SET display_name = NULL, status = 'active' WHERE id = %s", world.vera.pk)

        (row,) = since.rows()
        assert (row.old_value, row.new_value) == ({"display_name": "vera"}, {"display_name": None})

    def test_of_a_delete_shows_the_old_row(self, world: World, since: Since) -> None:
        run("DELETE FROM user_roles WHERE user_id = %s", world.vera.pk)

        (row,) = since.rows()
        assert row.new_value is None
        assert ((row.old_value or {})["role"], (row.old_value or {})["user_id"]) == (
            "viewer",
            str(world.vera.pk),
        )


class TestNothingEscapes:
    def test_bulk_create(self, world: World, since: Since) -> None:
        Tenant.objects.bulk_create([Tenant(name="gamma"), Tenant(name="delta")])

        assert [(row.new_value or {})["name"] for row in since.rows()] == ["gamma", "delta"]

    def test_bulk_update(self, world: World, since: Since) -> None:
        for person in (people := [world.vera, world.edith]):
            person.display_name = "Somebody"

        User.objects.bulk_update(people, ["display_name"])

        assert {row.entity_id for row in since.rows()} == {str(world.vera.pk), str(world.edith.pk)}

    def test_queryset_update(self, world: World, since: Since) -> None:
        User.objects.filter(tenant=world.acme).update(email_verified=True)

        assert len(since.rows()) == User.objects.filter(tenant=world.acme).count()

    def test_raw_sql(self, world: World, since: Since) -> None:
        with acting(world.grace, "staff"):
            run("UPDATE users SET status = 'disabled' WHERE id = %s", world.vera.pk)

        assert since.tables() == ["users"]

    def test_an_update_that_changes_nothing_is_no_news(self, world: World, since: Since) -> None:
        run("UPDATE users SET display_name = display_name")
        run("UPDATE tenants SET name = name")

        assert since.rows() == []

    def test_a_login_alone_is_no_news(self, world: World, since: Since) -> None:
        with acting(world.grace, "staff"):
            run("UPDATE users SET last_login_at = now() WHERE id = %s", world.grace.pk)

        assert since.rows() == []

    def test_a_change_that_comes_with_a_login_is_news(self, world: World, since: Since) -> None:
        with acting(world.grace, "staff"):
            run("UPDATE users SET last_login_at = now(), display_name = 'G' WHERE id = %s", world.grace.pk)

        (row,) = since.rows()
        assert row.new_value == {"display_name": "G"}


class TestSecrets:
    def test_a_new_password_is_news_without_its_value(self, world: World, since: Since) -> None:
        with as_staff(world.grace):
            people.change_password(world.grace, "another horse", by=world.grace, reason="It is old.")

        (row,) = since.rows()
        assert not row.old_value
        assert not row.new_value
        assert row.metadata == {
            "operation": "update",
            "reason": "It is old.",
            "changed_unseen": ["password_hash"],
        }

    def test_no_password_hash_is_ever_in_the_log(self, world: World) -> None:
        with as_staff(world.grace):
            people.change_password(world.grace, PASSWORD, by=world.grace)

        assert one("SELECT count(*) FROM audit_event e WHERE e::text LIKE '%%argon2%%'") == 0

    def test_no_digest_and_no_key_is_ever_in_the_log(self, world: World) -> None:
        written = make_key(world.scout)
        key = ApiKey.objects.get(user=world.scout)
        with as_staff(world.grace):
            keys.revoke(key, by=world.grace, reason="Lost.")

        secrets = [written, keys.digest_of(written).hex(), written.removeprefix(f"xm_{key.prefix}_")]
        assert [
            one("SELECT count(*) FROM audit_event e WHERE strpos(e::text, %s) > 0", secret)
            for secret in secrets
        ] == [
            0,
            0,
            0,
        ]

    def test_bulk_is_known_by_its_digest_only(self, world: World) -> None:
        market = open_market(world.proposal, world.grace)

        found = every(
            "SELECT new_value ? 'canonical', new_value ? 'digest' FROM audit_event WHERE entity_type = 'market_revisions'"
        )

        assert found == [(False, True)]
        assert (
            one(
                "SELECT new_value ? 'resolution_criteria' FROM audit_event WHERE entity_id = %s",
                str(market.pk),
            )
            is False
        )
