"""Jobs in the admin: how they stand, what became of each, and what people do about it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils import timezone

from audit.models import AuditEvent
from core.jobs import handlers
from core.jobs.models import STATUSES, Job, JobEvent
from core.web.masks import HIDDEN
from tests.core.jobs import work
from tests.core.web.job_rows import CAST, event, job, text_of
from tests.factories import REASON, World
from tests.raw import run
from tests.staff import browser

pytestmark = pytest.mark.django_db

LIST = "/admin/core/job/"
DRIVE_AGAIN = f"{LIST}drive-again/"
CANCELS = {"pending", "retry", "processing"}
DRIVES_AGAIN = {"retry", "failed", "dlq", "cancelled"}


def page_of(job_id: UUID) -> str:
    return f"{LIST}{job_id}/change/"


def move(client: Client, job_id: UUID, name: str, reason: str = REASON) -> Any:
    return client.post(f"{LIST}{job_id}/move/{name}/", {"reason": reason})


def listed(answer: Any) -> set[UUID]:
    return {row.pk for row in answer.context["cl"].result_list}


class TestTheList:
    def test_shows_state_attempts_error_and_owner(self, world: World) -> None:
        job(world, attempts=3, error_message="ValueError: " + "x" * 200, owner_id=world.edith.pk, lane="slow")

        page = text_of(browser(world.grace).get(LIST))

        assert "dlq test:add slow" in page
        assert "3 of 5 ValueError: xxx" in page
        assert "x" * 100 not in page
        assert "edith" in page

    def test_hides_secrets_in_an_error(self, world: World) -> None:
        job(world, error_message="ConnectionError: https://ada:hunter2@example.org")

        assert "hunter2" not in text_of(browser(world.grace).get(LIST))

    @pytest.mark.parametrize("status", STATUSES)
    def test_is_filtered_by_state(self, world: World, status: str) -> None:
        made = {each: job(world, each) for each in STATUSES}

        assert listed(browser(world.grace).get(LIST, {"status": status})) == {made[status]}

    def test_is_filtered_by_the_beginning_of_a_type_there_is(self, world: World) -> None:
        added, other = job(world, job_type=handlers.of(work.add).kind), job(world, job_type="other:work")
        grace = browser(world.grace)

        assert listed(grace.get(LIST, {"kind": "test:"})) == {added}
        # no beginning of any type: as if it had not been asked for
        assert listed(grace.get(LIST, {"kind": "oth\x00"})) == {added, other}

    def test_is_of_ones_own_tenant_and_for_the_platform_of_all(self, world: World) -> None:
        here = job(world)
        there = job(world, tenant_id=world.beta.pk, requested_by=None)

        assert listed(browser(world.grace).get(LIST)) == {here}
        assert listed(browser(world.boris).get(LIST)) == {there}
        seen = browser(world.root).get(LIST)
        assert listed(seen) == {here, there}
        assert "acme" in text_of(seen)

    def test_leaves_what_others_own_to_whoever_manages_jobs(self, world: World) -> None:
        shared, own = job(world), job(world, owner_id=world.edith.pk)
        others = job(world, owner_id=world.grace.pk)

        assert listed(browser(world.vera).get(LIST)) == {shared}
        assert listed(browser(world.edith).get(LIST)) == {shared, own}
        assert listed(browser(world.alan).get(LIST)) == {shared, own, others}
        codes = {who: browser(getattr(world, who)).get(page_of(others)).status_code for who in CAST}
        assert codes == {"vera": 404, "edith": 404, "grace": 200, "alan": 200, "boris": 404, "root": 200}


class TestAJob:
    def test_shows_payload_and_result_without_their_secrets(self, world: World) -> None:
        made = job(
            world,
            "completed",
            payload='{"url": "https://example.org", "headers": {"X-Api-Key": "hunter2"}}',
            result='{"cookie": "hunter2", "status": 200}',
            error_message="password=hunter2",
        )

        page = browser(world.grace).get(page_of(made)).content.decode()

        assert "hunter2" not in page
        assert page.count(HIDDEN) == 3
        assert "https://example.org" in page
        assert "&quot;status&quot;: 200" in page

    def test_tells_what_happened_and_who_did_it(self, world: World) -> None:
        made = job(world, "retry", attempts=1)
        event(world, made, "retry", timedelta(minutes=2), payload='{"attempt": 1, "error": "It <broke>."}')
        said = f'{{"reason": "Wrong day.", "by": "{world.grace.pk}", "token": "hunter2"}}'
        event(world, made, "cancelled", payload=said)
        event(world, made, "odd", payload='["hm"]')
        event(world, made, "stranger", payload=f'{{"by": "{world.root.pk}"}}')
        event(world, made, "nobody", payload='{"by": "nobody at all"}')

        answer = browser(world.alan).get(page_of(made))

        page = text_of(answer)
        assert re.search(r"retry It <broke>\. .*cancelled by grace Wrong day\.", page)
        assert "hunter2" not in page
        assert "stranger by the platform" in page
        assert len(answer.context["thread"]) == 5

    def test_tells_the_end_of_a_long_story(self, world: World) -> None:
        made = job(world)
        for number in range(103):
            event(world, made, f"e{number:03}", timedelta(minutes=200 - number))

        answer = browser(world.grace).get(page_of(made))

        assert "The latest 100 events." in text_of(answer)
        assert "e003" in answer.context["thread"][0]["badge"]
        assert "e102" in answer.context["thread"][-1]["badge"]

    def test_leads_to_what_the_log_knows_of_it_and_of_its_trace(self, world: World) -> None:
        made = job(world)
        grace = browser(world.grace)
        move(grace, made, "drive-again")

        page = grace.get(page_of(made)).content.decode()
        history = grace.get(f"{LIST}{made}/history/", follow=True)

        trace = Job.objects.get(pk=made).trace_id
        assert f'href="/admin/audit/auditevent/?q={trace}"' in page
        assert [row.action for row in history.context["cl"].result_list] == ["job:drive_again"]

    @pytest.mark.parametrize("status", STATUSES)
    def test_offers_what_can_be_done_to_who_may(self, world: World, status: str) -> None:
        made = job(world, status)

        offered = {
            who: set(
                re.findall(
                    r"/move/([a-z-]+)/", browser(getattr(world, who)).get(page_of(made)).content.decode()
                )
            )
            for who in ("vera", "edith", "grace")
        }

        cancels = {"cancel"} if status in CANCELS else set()
        drives = {"drive-again"} if status in DRIVES_AGAIN else set()
        assert offered == {"vera": set(), "edith": cancels, "grace": cancels | drives}

    @pytest.mark.parametrize("payload", ["{}", "[]", "null", '"text"', "7"])
    def test_is_shown_whatever_it_was_asked(self, world: World, payload: str) -> None:
        assert browser(world.grace).get(page_of(job(world, payload=payload))).status_code == 200


class TestAMove:
    @pytest.mark.parametrize(
        ("name", "status", "after", "said"),
        [
            ("cancel", "pending", "cancelled", "Now cancelled: test:add."),
            ("cancel", "processing", "processing", "The worker is asked to stop test:add."),
            ("drive-again", "dlq", "pending", "Now pending: test:add."),
            ("drive-again", "failed", "pending", "Now pending: test:add."),
        ],
    )
    def test_is_done_for_a_reason_and_logged(
        self, world: World, name: str, status: str, after: str, said: str
    ) -> None:
        made, grace = job(world, status), browser(world.grace)

        answer = move(grace, made, name)

        assert answer.headers["Location"] == page_of(made)
        assert Job.objects.get(pk=made).status == after
        page = text_of(grace.get(page_of(made)))
        assert said in page
        assert REASON in page
        logged = AuditEvent.objects.get(entity_type="jobs")
        assert (logged.actor_id, (logged.metadata or {})["reason"]) == (world.grace.pk, REASON)
        assert logged.ip_address

    @pytest.mark.parametrize("name", ["cancel", "drive-again"])
    def test_needs_a_reason(self, world: World, name: str) -> None:
        made = job(world, "retry")

        assert move(browser(world.grace), made, name, "short").status_code == 422
        assert Job.objects.get().status == "retry"

    @pytest.mark.parametrize(("name", "status"), [("cancel", "completed"), ("drive-again", "processing")])
    def test_that_cannot_be_is_refused_in_place(self, world: World, name: str, status: str) -> None:
        made = job(world, status)

        answer = move(browser(world.grace), made, name)

        assert answer.status_code == 409
        assert "job_moves_as_it_may" in answer.content.decode()
        assert REASON in answer.content.decode()

    def test_is_not_for_who_may_not_nor_for_other_tenants(self, world: World) -> None:
        made = job(world, "retry")

        for name, codes in (
            ("cancel", {"vera": 403, "boris": 404, "root": 409}),
            ("drive-again", {"vera": 403, "edith": 403, "boris": 404, "root": 409}),
            ("explode", {"grace": 404}),
        ):
            assert {who: move(browser(getattr(world, who)), made, name).status_code for who in codes} == codes
        assert Job.objects.get().status == "retry"

    def test_of_the_platform_is_made_in_the_tenant_that_was_picked(self, world: World) -> None:
        made, root = job(world), browser(world.root)
        root.post("/admin/tenant/", {"tenant": world.acme.pk})

        assert move(root, made, "drive-again").status_code == 302
        assert Job.objects.get(pk=made).status == "pending"

    def test_is_not_made_by_who_does_not_see_the_job(self, world: World) -> None:
        made = job(world, "pending", owner_id=world.grace.pk)

        assert move(browser(world.edith), made, "cancel").status_code == 404
        assert Job.objects.get().status == "pending"


class TestManyAtOnce:
    def drive(self, client: Client, job_type: str = "test:add", reason: str = REASON) -> Any:
        return client.post(DRIVE_AGAIN, {"job_type": job_type, "reason": reason})

    def test_are_driven_again_for_one_reason(self, world: World) -> None:
        stranded = {job(world) for _ in range(3)}
        left = {job(world, job_type="other:work"), job(world, "failed")}
        job(world, tenant_id=world.beta.pk, requested_by=None)
        grace = browser(world.grace)

        answer = self.drive(grace)

        assert answer.headers["Location"] == LIST
        assert "3 of test:add wait at the front again." in text_of(grace.get(LIST))
        assert set(Job.objects.filter(status="pending").values_list("pk", flat=True)) == stranded
        assert not Job.objects.filter(pk__in=left, status="pending").exists()
        told = JobEvent.objects.filter(event_type="driven_again")
        assert {event.job_id for event in told} == stranded
        assert {event.payload["reason"] for event in told} == {REASON}
        assert AuditEvent.objects.filter(action="job:drive_again").count() == 3

    def test_are_at_most_500_the_oldest_first(self, world: World) -> None:
        run(
            "INSERT INTO jobs (tenant_id, job_type, idempotency_key, status, created_at) "
            "SELECT %s, 'test:add', n::text, 'dlq', now() - n * interval '1 minute' FROM generate_series(1, 502) n",
            world.acme.pk,
        )

        self.drive(browser(world.grace))

        left = Job.objects.filter(status="dlq").values_list("idempotency_key", flat=True)
        assert set(left) == {"1", "2"}

    def test_are_offered_by_type_with_their_number(self, world: World) -> None:
        job(world)
        job(world)
        job(world, "failed", job_type="other:work")
        grace = browser(world.grace)

        assert DRIVE_AGAIN in grace.get(LIST).content.decode()
        page = text_of(grace.get(DRIVE_AGAIN))
        assert "test:add (2)" in page
        assert "other:work" not in page

    @pytest.mark.parametrize(
        ("job_type", "reason"), [("test:add", "short"), ("other:work", REASON), ("", REASON)]
    )
    def test_are_not_driven_by_a_wrong_form(self, world: World, job_type: str, reason: str) -> None:
        job(world)

        assert self.drive(browser(world.grace), job_type, reason).status_code == 422
        assert Job.objects.get().status == "dlq"

    def test_are_not_for_who_may_not(self, world: World) -> None:
        job(world)

        for who in ("vera", "edith"):
            client = browser(getattr(world, who))
            assert (client.get(DRIVE_AGAIN).status_code, self.drive(client).status_code) == (403, 403)
            assert DRIVE_AGAIN not in client.get(LIST).content.decode()
        # for other tenants there is nothing of the type
        assert self.drive(browser(world.boris)).status_code == 422
        assert Job.objects.get().status == "dlq"


class TestTheFirstPage:
    def test_says_what_is_out_of_attempts_to_who_manages_jobs(self, world: World) -> None:
        job(world, created_at=timezone.now() - timedelta(hours=30))
        job(world)

        pages = {who: browser(getattr(world, who)).get("/admin/") for who in CAST}

        said = "2 jobs ran out of attempts, the oldest 30 h old."
        assert {who: said in text_of(page) for who, page in pages.items()} == {
            "vera": False, "edith": False, "grace": True, "alan": True, "boris": False, "root": True,
        }  # fmt: skip
        assert f'href="{LIST}?status=dlq"' in pages["grace"].content.decode()

    def test_says_nothing_where_there_is_nothing(self, world: World) -> None:
        job(world, "failed")

        assert "out of attempts" not in text_of(browser(world.grace).get("/admin/"))

    def test_says_one(self, world: World) -> None:
        job(world)

        assert "1 job ran out of attempts, < 1 min old. Look at it" in text_of(
            browser(world.grace).get("/admin/")
        )
