"""Agents and jobs are stopped and released in the admin, for a reason; the first page says how they stand."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent
from core.access.switches import AGENTS_MODE, JOBS_MODE, Switch
from tests.factories import REASON, World
from tests.staff import browser

pytestmark = pytest.mark.django_db

PAGE = "/admin/agents/"
AT_FIRST = {"everywhere": "enabled"}


def turn(
    client: Client,
    mode: str = "paused",
    whose: str = "here",
    reason: str = REASON,
    name: str = AGENTS_MODE,
) -> Any:
    return client.post(PAGE, {"name": name, "whose": whose, "mode": mode, "reason": reason})


def first_page(client: Client) -> str:
    return client.get("/admin/").content.decode()


def stands(name: str = AGENTS_MODE) -> dict[str, str]:
    return {
        row.for_tenant.name if row.for_tenant else "everywhere": row.value
        for row in Switch.objects.filter(name=name)
    }


class TestTheFirstPage:
    def test_offers_to_stop_agents_only_to_who_may(self, world: World) -> None:
        assert "Stop them" in first_page(browser(world.alan))
        for name in ("vera", "edith", "grace"):
            assert "Agents and services" not in first_page(browser(getattr(world, name)))

    @pytest.mark.parametrize(("whose", "said"), [("here", "of acme"), ("everywhere", "of every tenant")])
    def test_tells_everybody_that_agents_are_stopped(self, world: World, whose: str, said: str) -> None:
        root = browser(world.root)
        root.post("/admin/tenant/", {"tenant": world.acme.pk})

        turn(root, whose=whose)

        for name in ("vera", "grace", "alan", "root"):
            page = root if name == "root" else browser(getattr(world, name))
            assert f"Agents and services {said} write nothing" in first_page(page)
        assert "Release them" in first_page(root)
        assert "Release them" not in first_page(browser(world.vera))

    @pytest.mark.parametrize(("whose", "said"), [("here", "of acme"), ("everywhere", "of any tenant")])
    def test_tells_everybody_that_jobs_are_stopped(self, world: World, whose: str, said: str) -> None:
        root = browser(world.root)
        root.post("/admin/tenant/", {"tenant": world.acme.pk})

        turn(root, whose=whose, name=JOBS_MODE)

        for name in ("vera", "grace", "alan"):
            page = first_page(browser(getattr(world, name)))
            assert f"Workers begin no jobs {said}." in page
            assert "write nothing" not in page
        assert "?mode=enabled&amp;name=JOBS_MODE" in first_page(root)

    def test_says_nothing_of_other_tenants(self, world: World) -> None:
        turn(browser(world.alan))

        assert "write nothing" not in first_page(browser(world.boris))


class TestTheForm:
    def test_stops_and_releases_the_agents_of_ones_tenant(self, world: World) -> None:
        alan = browser(world.alan)

        answer = turn(alan)
        stopped = stands()
        turn(alan, "enabled")

        assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")
        assert (stopped, stands()) == (AT_FIRST | {"acme": "paused"}, AT_FIRST | {"acme": "enabled"})

    def test_stops_and_releases_the_jobs_of_ones_tenant_and_no_agent(self, world: World) -> None:
        alan = browser(world.alan)

        turn(alan, name=JOBS_MODE)
        stopped = stands(JOBS_MODE)
        turn(alan, "enabled", name=JOBS_MODE)

        assert (stopped["acme"], stands(JOBS_MODE)["acme"]) == ("paused", "enabled")
        assert "acme" not in stands(AGENTS_MODE)

    def test_is_filled_as_the_link_says(self, world: World) -> None:
        page = browser(world.alan).get(PAGE, {"name": JOBS_MODE, "mode": "enabled"}).content.decode()

        assert f'<option value="{JOBS_MODE}" selected>' in page
        assert '<option value="enabled" selected>' in page

    def test_is_in_the_log_with_who_and_why(self, world: World) -> None:
        turn(browser(world.alan))

        event = AuditEvent.objects.get(action="switch:turn", entity_type="switches")
        assert (event.actor_id, (event.metadata or {})["reason"]) == (world.alan.pk, REASON)

    def test_stops_everybodys_agents_only_for_the_platform(self, world: World) -> None:
        assert turn(browser(world.alan), whose="everywhere").status_code == 422
        assert stands() == AT_FIRST

        assert turn(browser(world.root), whose="everywhere").status_code == 302
        assert stands() == {"everywhere": "paused"}

    @pytest.mark.parametrize(
        "wrong", [{"mode": "off"}, {"whose": "theirs"}, {"reason": "short"}, {"name": "LLM_MODE"}]
    )
    def test_is_not_taken_when_it_is_wrong(self, world: World, wrong: dict[str, str]) -> None:
        answer = turn(browser(world.alan), **wrong)

        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
        assert stands() == AT_FIRST

    @pytest.mark.parametrize("name", ["vera", "edith", "grace"])
    def test_is_not_for_who_may_not(self, world: World, name: str) -> None:
        client = browser(getattr(world, name))

        assert (client.get(PAGE).status_code, turn(client).status_code) == (403, 403)
        assert stands() == AT_FIRST
