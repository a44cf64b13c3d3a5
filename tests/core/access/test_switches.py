"""People stop agents, of one tenant or everywhere; people go on working, and everybody reads."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from core.access import switches
from core.access.models import PLATFORM_TENANT_ID, Tenant, User
from core.database import seeds
from core.database.rows import insert
from core.database.unit import unit
from core.refusals import AlreadyExists, NotAllowed
from tests.calling import client_of
from tests.factories import World, acting, as_staff, make_content, make_proposal, make_snapshot
from tests.raw import denied, every, one, refused, run
from tests.staff import browser

pytestmark = pytest.mark.django_db

EVIDENCE = {"url": "https://example.org/n", "content_type": "text/plain", "body": "New."}


def pause(world: World, tenant: Tenant | None) -> None:
    by = world.root
    with as_staff(by, tenant.pk if tenant else None):
        switches.turn("paused", tenant=tenant, by=by, reason="It writes nonsense.")


def ingest(client: Client) -> Any:
    return client.post("/api/v1/snapshots", EVIDENCE, content_type="application/json")


@pytest.fixture(params=["of the tenant", "everywhere"])
def paused(request: pytest.FixtureRequest, world: World) -> World:
    pause(world, world.acme if request.param == "of the tenant" else None)
    return world


class TestAPausedAgent:
    def test_writes_nothing_through_the_api(self, paused: World) -> None:
        answer = ingest(client_of(paused.scout))

        assert (answer.status_code, answer.json()["code"]) == (403, "agents_are_paused")

    def test_writes_nothing_by_raw_sql(self, paused: World) -> None:
        with acting(paused.scout), refused("agents_are_paused"):
            run("INSERT INTO market_proposals (symbol, proposed_by) VALUES ('X', %s)", paused.scout.pk)
        with acting(paused.scout), refused("agents_are_paused"):
            run("INSERT INTO snapshots (url, object_store_path) VALUES ('https://example.org', 'p')")
        with acting(paused.scout), refused("agents_are_paused"):
            run("UPDATE approval_requests SET status = 'withdrawn'")
        with acting(paused.scout), refused("agents_are_paused"):
            run(
                "INSERT INTO market_revisions (proposal_id, canonical, proposed_by) VALUES (%s, '{}', %s)",
                paused.proposal.pk,
                paused.scout.pk,
            )
        with acting(paused.scout), refused("agents_are_paused"):
            run(
                "INSERT INTO approval_requests (action, subject_id, digest) "
                "SELECT action, subject_id, digest FROM approval_subjects LIMIT 1"
            )

    def test_still_reads(self, paused: World) -> None:
        assert client_of(paused.scout).get("/api/v1/proposals").status_code == 200

    def test_leaves_people_at_work(self, paused: World) -> None:
        assert ingest(client_of(paused.edith)).status_code == 201
        make_proposal(paused.edith, make_content(make_snapshot(paused.edith), symbol="BY-A-PERSON"))

    def test_stands_for_services_too(self, paused: World) -> None:
        feed = insert(User, tenant_id=paused.acme.pk, kind="service", username="feed")

        with acting(feed), refused("agents_are_paused"):
            run("INSERT INTO snapshots (url, object_store_path) VALUES ('https://example.org', 'p')")

    def test_goes_on_when_people_say_so(self, paused: World) -> None:
        run("UPDATE switches SET value = 'enabled'")

        assert ingest(client_of(paused.scout)).status_code == 201


def test_another_tenants_agents_go_on(world: World) -> None:
    pause(world, world.beta)

    assert ingest(client_of(world.scout)).status_code == 201


class TestASwitch:
    def test_is_turned_by_a_super_admin_at_home(self, world: World) -> None:
        with as_staff(world.alan):
            switches.turn("paused", tenant=world.acme, by=world.alan, reason="It writes nonsense.")

        assert one("SELECT value FROM switches WHERE for_tenant_id = %s", world.acme.pk) == "paused"

    @pytest.mark.parametrize("name", ["grace", "vera", "scout"])
    def test_is_turned_by_nobody_below(self, world: World, name: str) -> None:
        by = getattr(world, name)

        with acting(by, "staff"), pytest.raises(NotAllowed):
            switches.turn("paused", tenant=world.acme, by=by, reason="It writes nonsense.")

    @pytest.mark.parametrize("where", ["beta", None])
    def test_of_others_is_not_turned_from_a_tenant(self, world: World, where: str | None) -> None:
        tenant = getattr(world, where) if where else None

        with as_staff(world.alan), pytest.raises(NotAllowed):
            switches.turn("paused", tenant=tenant, by=world.alan, reason="It writes nonsense.")
        with as_staff(world.alan), refused("switch_is_turned_at_home"):
            run(
                "INSERT INTO switches (name, for_tenant_id, value) VALUES ('AGENTS_MODE', %s, 'paused') "
                "ON CONFLICT ON CONSTRAINT one_switch_of_each_name DO UPDATE SET value = 'paused'",
                tenant and tenant.pk,
            )

    def test_of_everybody_is_not_turned_by_raw_sql_of_a_tenant(self, world: World) -> None:
        with as_staff(world.alan), refused("switch_is_turned_at_home"):
            run("UPDATE switches SET value = 'paused'")

    @pytest.mark.parametrize("role", ["api", "worker", "auditor"])
    def test_is_not_for_processes(self, world: World, role: str) -> None:
        with unit(role, tenant=world.acme.pk), denied("switches"):
            run("UPDATE switches SET value = 'paused'")

    def test_never_becomes_another_ones(self, world: World) -> None:
        pause(world, world.acme)

        with refused("switch_is_turned_at_home"):
            run("UPDATE switches SET for_tenant_id = %s", world.beta.pk)

    def test_is_one_for_each_tenant_and_one_for_all(self, world: World) -> None:
        for tenant in (None, world.acme.pk):
            pause(world, world.acme)
            with refused("one_switch_of_each_name", AlreadyExists):
                run(
                    "INSERT INTO switches (name, for_tenant_id, value) VALUES ('AGENTS_MODE', %s, 'paused')",
                    tenant,
                )

    def test_stands_as_people_left_it_when_reference_rows_are_loaded_again(self, world: World) -> None:
        pause(world, None)

        seeds.load("default")

        assert every("SELECT value FROM switches WHERE for_tenant_id IS NULL") == [("paused",)]

    def test_leaves_who_and_why_in_the_log(self, world: World) -> None:
        pause(world, None)

        assert every(
            "SELECT actor_id, tenant_id, metadata ->> 'reason' FROM audit_event "
            "WHERE action = 'switch:turn' AND entity_type = 'switches'"
        ) == [(world.root.pk, PLATFORM_TENANT_ID, "It writes nonsense.")]


class TestWhoeverIsDisabled:
    @pytest.mark.parametrize(
        "disable",
        [
            "UPDATE users SET status = 'disabled' WHERE kind = 'person'",
            "UPDATE tenants SET status = 'disabled'",
        ],
    )
    def test_is_out_with_the_next_request(self, world: World, disable: str) -> None:
        api, admin = client_of(world.grace), browser(world.grace)
        assert (api.get("/api/v1/markets").status_code, admin.get("/admin/").status_code) == (200, 200)

        run(disable)

        assert api.get("/api/v1/markets").status_code == 401
        assert admin.get("/admin/").status_code == 302

    def test_proposes_nothing_by_the_verb(self, world: World) -> None:
        content = make_content(world.evidence, symbol="NEW-1")
        run("UPDATE users SET status = 'disabled' WHERE id = %s", world.scout.pk)
        world.scout.refresh_from_db(fields=["status"])

        with pytest.raises(NotAllowed):
            make_proposal(world.scout, content)
