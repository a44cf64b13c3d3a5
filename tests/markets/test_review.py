"""The page on which people read a proposed market, and who may decide on it."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit import approvals
from audit.models import AuditEvent
from markets.models import Market
from tests.factories import (
    World,
    decide,
    make_content,
    make_proposal,
    make_snapshot,
    open_market,
    request_for,
)
from tests.markets.reviewing import (
    make_risky,
    read,
    revise,
    run_out,
    send,
    send_from,
    where,
)
from tests.raw import run, untriggered
from tests.staff import browser


class TestReading:
    def test_a_first_wording_shows_every_field_and_its_whole_digest(self, world: World) -> None:
        page = read(world.request, world.grace)

        assert "Will a crewed mission orbit the Moon in 2027?" in page
        assert "Resolves YES if a crewed craft completes one orbit of the Moon in 2027 (UTC)." in page
        assert "2027-12-31T23:59:00.000000Z" in page
        assert f'<code class="digest" id="digest">{bytes(world.request.digest).hex()}</code>' in page
        assert "<ins>" not in page
        assert "4 fields left empty" in page

    def test_a_revision_marks_what_was_added_and_removed_and_folds_the_rest(self, world: World) -> None:
        revise(world, title="Will a crewed mission land on the Moon in 2027?", metadata={"unit": "landing"})

        page = read(world.request, world.grace)

        assert "What changes since revision 1" in page
        assert "mission <del>orbit</del> the" in page
        assert "mission <ins>land on</ins> the" in page
        assert "<ins>landing</ins>" in page
        assert "<summary>10 fields unchanged</summary>" in page

    def test_the_digest_that_was_seen_travels_with_the_form(self, world: World) -> None:
        page = read(world.request, world.grace)

        assert f'<input type="hidden" name="digest" value="{bytes(world.request.digest).hex()}"' in page

    def test_says_what_an_approval_does(self, world: World) -> None:
        risky = request_for(make_risky(world))

        assert "One approval is missing. It opens the market at once" in read(world.request, world.grace)
        assert "Two approvals are missing. The last of them opens" in read(risky, world.grace)
        assert "Approve this digest (1/2)" in read(risky, world.grace)

    def test_counts_the_approvals_that_were_given(self, world: World) -> None:
        risky = request_for(make_risky(world))
        decide(approvals.approve, risky, world.alan)

        page = read(risky, world.grace)

        assert "Approve this digest (2/2)" in page
        assert "admin: alan" in page
        assert "admin: nobody yet" in page

    def test_evidence_is_read_again_and_quoted_without_its_tags(self, world: World) -> None:
        page = read(world.request, world.grace)

        assert "content verified" in page
        assert "<blockquote>Evidence.</blockquote>" in page
        assert world.evidence.snapshot_id in page
        assert bytes(world.evidence.content_digest or b"").hex() in page

    def test_damaged_evidence_is_named_and_quarantined(self, world: World) -> None:
        with untriggered("blobs"):
            run("UPDATE blobs SET body = %s", b"something else")

        page = read(world.request, world.grace)

        assert "damaged: quarantined" in page
        assert "0 of 1 snapshots" in page
        assert "Evidence." not in page
        assert AuditEvent.objects.filter(action="blob:quarantine", actor=world.grace).count() == 1

    def test_what_an_agent_sent_stays_text(self, world: World) -> None:
        hostile = make_snapshot(
            world.scout,
            url="https://example.org/<script>",
            body=b"<p>Hi</p><script>steal()</script><b onclick=x>!</b>",
        )
        content = make_content(
            hostile, symbol="EVIL", title="<script>alert(1)</script> \N{RIGHT-TO-LEFT OVERRIDE}x?"
        )
        request = request_for(make_proposal(world.scout, content))

        page = browser(world.grace).get(where(request)).content.decode()

        assert "<script>alert" not in page
        assert "steal()" not in page
        assert "onclick" not in page
        assert "[U+202E]" in page

    def test_the_checks_say_why_the_risk_is_what_it_is(self, world: World) -> None:
        stated = make_content(world.evidence, symbol="STATED", risk_level="high")
        proposal = make_proposal(world.scout, stated)

        assert "low, as every technology market is at least" in read(world.request, world.grace)
        assert "high, stated by the proposer; technology markets are at least low" in read(
            request_for(proposal), world.grace
        )

    def test_the_checks_find_a_market_that_has_the_symbol(self, world: World) -> None:
        first = open_market(world.proposal, world.grace)
        with untriggered("market_proposals"):
            run("UPDATE market_proposals SET status = 'withdrawn' WHERE id = %s", world.proposal.pk)
        again = make_proposal(world.scout, make_content(world.evidence, title="Will it orbit again?"))

        page = read(request_for(again), world.grace)

        assert f"a market {first.symbol} exists already" in page

    def test_the_thread_tells_earlier_requests_and_decisions(self, world: World) -> None:
        decide(approvals.request_changes, world.request, world.grace, reason="Which orbit is meant?")
        revise(world, title="Will a crewed mission orbit the Moon twice in 2027?")

        page = read(world.request, world.alan)

        assert "Which orbit is meant?" in page
        assert "Clearer words." in page
        assert page.index("put revision 1 to people") < page.index("Which orbit is meant?")
        assert page.index("Which orbit is meant?") < page.index("put revision 2 to people")

    def test_an_older_request_leads_to_the_newest(self, world: World) -> None:
        older = world.request
        revise(world, title="Will a crewed mission orbit the Moon twice in 2027?")

        page = read(older, world.grace)

        assert "Replaced by a newer request" in page
        assert where(world.request) in page
        assert "decision-bar" not in page

    def test_costs_the_same_number_of_queries_however_many_decided(self, world: World) -> None:
        risky = request_for(make_risky(world))
        client = browser(world.grace)
        decide(approvals.abstain, risky, world.alan)
        with CaptureQueriesContext(connection) as before:
            client.get(where(risky))

        decide(approvals.abstain, risky, world.root)
        with CaptureQueriesContext(connection) as after:
            client.get(where(risky))

        assert len(after) == len(before)


class TestWhoDecides:
    @pytest.mark.parametrize(
        ("who", "why"),
        [
            ("vera", "The policy asks for a higher role than yours."),
            ("edith", "The policy asks for a higher role than yours."),
            ("olga", "Whoever operates the proposing agent cannot decide."),
        ],
    )
    def test_others_see_the_page_without_the_form_and_are_told_why(
        self, world: World, who: str, why: str
    ) -> None:
        page = read(world.request, getattr(world, who))

        assert "Will a crewed mission orbit the Moon in 2027?" in page
        assert why in page
        assert 'name="password"' not in page

    def test_a_proposer_sees_no_form(self, world: World) -> None:
        own = make_proposal(world.grace, make_content(world.evidence, symbol="OWN"))

        page = read(request_for(own), world.grace)

        assert "Whoever proposed cannot decide." in page
        assert 'name="password"' not in page

    def test_whoever_decided_sees_no_form(self, world: World) -> None:
        risky = request_for(make_risky(world))
        decide(approvals.approve, risky, world.grace)

        page = read(risky, world.grace)

        assert "You have decided on this request already." in page
        assert 'name="password"' not in page

    def test_an_expired_request_has_no_form(self, world: World) -> None:
        run_out(world)

        page = read(world.request, world.grace)

        assert "The time to decide ran out" in page
        assert 'name="password"' not in page

    def test_another_tenants_request_is_as_unknown_as_one_that_does_not_exist(self, world: World) -> None:
        boris = browser(world.boris)

        answers = [
            boris.get(where(world.request)),
            boris.post(where(world.request), {}),
            boris.get(f"/admin/audit/approvalrequest/{uuid4()}/review/"),
            boris.get(where(world.request).replace("review", "receipt")),
            boris.get(where(world.request).replace("review", "change")),
        ]

        assert {answer.status_code for answer in answers} == {404}
        assert (
            len({re.sub(r"request <code>[0-9a-f-]+", "", answer.content.decode()) for answer in answers}) == 1
        )

    def test_the_platform_decides_everywhere(self, world: World) -> None:
        root = browser(world.root)
        there = root.get(where(world.request)).content.decode()
        assert "Work in acme" in there
        assert send(world.request, world.root).status_code == 409

        root.post("/admin/tenant/", {"tenant": world.acme.pk, "next": where(world.request)})
        answer = send_from(root, world.request)

        assert answer.status_code == 302
        assert Market.objects.get().tenant_id == world.acme.pk

    def test_strangers_are_asked_to_log_in(self, world: World) -> None:
        answer = Client().get(where(world.request))

        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/admin/login/")
