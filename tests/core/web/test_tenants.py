"""People of the platform read every tenant and write in the one they picked; everybody else works at home."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.db import DatabaseError

from audit.models import ApprovalDecision, AuditEvent
from core.access.models import PLATFORM_TENANT_ID, User
from core.access.refusals import WorksInAnotherTenant
from core.database.unit import unit
from core.web import words
from core.web.tenants import refuse_elsewhere
from tests.factories import World, as_staff, open_market
from tests.raw import run, walled
from tests.staff import browser

pytestmark = pytest.mark.django_db

PICK = "/admin/tenant/"


class TestThePick:
    def test_is_shown_at_the_head_of_every_page(self, world: World) -> None:
        root = browser(world.root)
        before = root.get("/admin/").content.decode()

        answer = root.post(PICK, {"tenant": world.acme.pk})

        after = root.get("/admin/").content.decode()
        assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
        assert "Working in <strong>platform</strong>" in before
        assert "Working in <strong>acme</strong>" in after

    def test_goes_back_to_where_it_came_from_and_nowhere_else(self, world: World) -> None:
        root = browser(world.root)

        there = [
            root.post(PICK, {"tenant": world.acme.pk, "next": wanted}).headers["Location"]
            for wanted in (
                "/admin/markets/market/",
                "https://evil.example/",
                "//evil.example/",
                "javascript:x",
            )
        ]

        assert there == ["/admin/markets/market/", "/admin/", "/admin/", "/admin/"]

    @pytest.mark.parametrize("wanted", ["", "acme", str(UUID(int=9))])
    def test_is_of_a_tenant_that_exists(self, world: World, wanted: str) -> None:
        root = browser(world.root)

        assert root.post(PICK, {"tenant": wanted, "next": "/admin/"}).status_code == 422
        assert "Working in <strong>platform</strong>" in root.get("/admin/").content.decode()

    def test_is_of_a_tenant_that_is_active(self, world: World) -> None:
        run("UPDATE tenants SET status = 'disabled' WHERE id = %s", world.acme.pk)

        assert browser(world.root).post(PICK, {"tenant": world.acme.pk}).status_code == 422

    @pytest.mark.parametrize("name", ["grace", "alan", "boris"])
    def test_is_nobodys_but_the_platforms(self, world: World, name: str) -> None:
        client = browser(getattr(world, name))

        assert client.get(PICK).status_code == client.post(PICK, {"tenant": world.beta.pk}).status_code == 403
        assert "Working in" not in client.get("/admin/").content.decode()

    def test_is_forgotten_with_the_session(self, world: World) -> None:
        root = browser(world.root)
        root.post(PICK, {"tenant": world.acme.pk})

        assert "Working in <strong>platform</strong>" in browser(world.root).get("/admin/").content.decode()


class TestAPersonOfThePlatform:
    def test_reads_every_tenant_wherever_they_work(self, world: World) -> None:
        for tenant in (PLATFORM_TENANT_ID, world.acme.pk, world.beta.pk):
            with as_staff(world.root, tenant):
                assert set(User.objects.values_list("tenant_id", flat=True)) == {
                    PLATFORM_TENANT_ID,
                    world.acme.pk,
                    world.beta.pk,
                }

    def test_writes_where_they_work(self, world: World) -> None:
        with as_staff(world.root, world.acme.pk):
            assert run("UPDATE users SET display_name = 'V' WHERE id = %s", world.vera.pk) == 1

    def test_writes_nowhere_else(self, world: World) -> None:
        with as_staff(world.root):
            assert run("UPDATE users SET display_name = 'V' WHERE id = %s", world.vera.pk) == 0
            with walled("users"):
                run("INSERT INTO users (tenant_id, kind, username) VALUES (%s, 'agent', 'a')", world.acme.pk)

    def test_is_told_where_to_work(self, world: World) -> None:
        with as_staff(world.root), pytest.raises(WorksInAnotherTenant):
            refuse_elsewhere(world.acme.pk)

        with as_staff(world.root, world.acme.pk):
            refuse_elsewhere(world.acme.pk)


def test_who_of_the_platform_acted_is_no_tenants_business(world: World) -> None:
    open_market(world.proposal, world.root)

    with as_staff(world.grace):
        decision = ApprovalDecision.objects.prefetch_related("reviewer").get()
        event = AuditEvent.objects.filter(actor_id=world.root.pk).prefetch_related("actor")[0]
        assert words.who(decision, "reviewer") == words.who(event, "actor") == "the platform"
        system = AuditEvent.objects.filter(actor_id=None).first()
        assert system is None or words.who(system, "actor") == "system"
    with as_staff(world.root):
        assert words.who(ApprovalDecision.objects.get(), "reviewer") == "root"


def test_pages_name_the_platform_where_it_acted(world: World) -> None:
    market = open_market(world.proposal, world.root)
    grace = browser(world.grace)

    for page in (
        f"/admin/markets/market/{market.pk}/change/",
        f"/admin/audit/approvalrequest/{world.request.pk}/receipt/",
        "/admin/audit/approvaldecision/",
    ):
        shown = grace.get(page).content.decode()
        assert "the platform" in shown
        assert "root" not in shown


def test_a_login_finds_its_person_and_only_then_the_tenant(world: World) -> None:
    with unit("staff"), pytest.raises(DatabaseError, match="did not affect"):
        world.grace.save(update_fields=["last_login"])
