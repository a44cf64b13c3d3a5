"""How deciding goes, in numbers that people can check."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit import approvals
from core.access.models import User
from tests.audit.history import decided
from tests.factories import World, decide
from tests.raw import run, untriggered
from tests.staff import browser

OVERVIEW = "/admin/audit/approvalrequest/overview/"
HOUR = timedelta(hours=1)


def page(person: User) -> str:
    return " ".join(unescape(browser(person).get(OVERVIEW).content.decode()).split())


def tile(shown: str, name: str) -> str:
    value = shown.split(f"<dt>{name}</dt><dd>", 1)[1].split("</dd>", 1)[0]
    return value.split(">", 1)[1].split("<", 1)[0] if value.startswith("<a") else value


def test_says_what_waits_and_what_is_late(world: World) -> None:
    assert (tile(page(world.grace), "wait now"), tile(page(world.grace), "overdue")) == ("1", "0")

    with untriggered("approval_requests"):
        run("UPDATE approval_requests SET due_at = clock_timestamp()")

    assert tile(page(world.grace), "overdue") == "1"


def test_the_median_and_the_share_of_refusals_are_of_what_people_decided(world: World) -> None:
    for hours, verdict in ((1, "approve"), (5, "reject"), (9, "request_changes")):
        decided(world, world.grace, verdict, after=hours * HOUR)
    decided(world, world.grace, "reject", after=HOUR, days_ago=15)

    shown = page(world.vera)

    assert tile(shown, "decided in 14 days") == "3"
    assert tile(shown, "median time to decide") == "5 h"
    assert tile(shown, "rejected or sent back") == "66 %"
    assert "3 decisions in all" in shown
    assert "The slowest day took 5 h" in shown


def test_what_waits_is_counted_by_its_age(world: World) -> None:
    with untriggered("approval_requests"):
        run("UPDATE approval_requests SET requested_at = clock_timestamp() - interval '2 days'")

    assert "1 requests in all; the most, 1, at 1 to 3 d." in page(world.grace)


def test_warns_of_people_who_decide_before_they_can_have_read(world: World) -> None:
    decided(world, world.alan, "approve", after=HOUR, read=9.9)
    decided(world, world.alan, "approve", after=HOUR, read=10.0)
    decided(world, world.grace, "approve", after=HOUR, read=60.0)
    decided(world, world.grace, "approve", after=HOUR)

    shown = page(world.vera)

    assert "<strong>1</strong> decision was taken within ten seconds" in shown
    assert (
        '<th scope="row">alan</th><td>2</td><td>10 s</td> <td><strong class="warned">1</strong></td>' in shown
    )
    assert '60 s <span class="quiet">(known of 1)</span>' in shown


def test_says_so_where_nothing_was_decided(world: World) -> None:
    shown = page(world.grace)

    assert "Nothing was decided." in shown
    assert "Nobody decided within ten seconds" in shown


def test_is_of_ones_own_tenant_alone(world: World) -> None:
    decided(world, world.grace, "approve", after=HOUR)

    assert tile(page(world.boris), "wait now") == "0"
    assert tile(page(world.boris), "decided in 14 days") == "0"
    assert tile(page(world.root), "decided in 14 days") == "1"


def test_a_person_of_the_platform_is_not_named_to_tenants(world: World) -> None:
    decide(approvals.abstain, world.request, world.root)

    assert '<th scope="row">the platform</th>' in page(world.grace)


def test_costs_the_same_number_of_queries_however_much_was_decided(world: World) -> None:
    client = browser(world.grace)
    decided(world, world.grace, "approve", after=HOUR)
    with CaptureQueriesContext(connection) as before:
        client.get(OVERVIEW)

    for person in (world.alan, world.grace, world.olga):
        decided(world, person, "reject", after=HOUR, days_ago=2)
    with CaptureQueriesContext(connection) as after:
        client.get(OVERVIEW)

    assert len(after) == len(before)


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_shows(world: World, method: str) -> None:
    assert getattr(browser(world.grace), method)(OVERVIEW).status_code == 405


class TestMyDecisions:
    def test_shows_ones_own_with_what_they_were_about(self, world: World) -> None:
        decide(approvals.abstain, world.request, world.alan)
        decide(approvals.approve, world.request, world.grace)
        client = browser(world.grace)

        shown = unescape(client.get("/admin/audit/approvaldecision/", {"by": "me"}).content.decode())

        assert "Will a crewed mission orbit the Moon in 2027?" in shown
        assert f"/admin/audit/approvalrequest/{world.request.pk}/receipt/" in shown
        assert "grace" in shown
        rows = client.get("/admin/audit/approvaldecision/").context["cl"].result_list
        assert {row.reviewer_id for row in rows} == {world.alan.pk, world.grace.pk}

    def test_the_queue_leads_there(self, world: World) -> None:
        shown = browser(world.grace).get("/admin/audit/approvalrequest/").content.decode()

        assert "/admin/audit/approvaldecision/?by=me" in shown
        assert OVERVIEW in shown
