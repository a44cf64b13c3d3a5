"""What a reviewer is told beside the content: who proposed it, what was decided before, what has moved on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from artifacts import snapshots
from audit import approvals, background
from audit.models import ApprovalDecision
from core.refusals import NotAccepted
from tests.audit.voting import ask, by_verb, proof_of
from tests.factories import (
    REASON,
    World,
    acting,
    as_staff,
    decide,
    make_content,
    make_proposal,
    request_for,
)
from tests.markets.reviewing import filled, read, where
from tests.raw import refused, run, untriggered
from tests.staff import browser


class TestTheProposersRecord:
    def test_counts_how_their_other_requests_ended(self, world: World) -> None:
        ends = {"A": "approve", "B": "reject", "C": "request_changes", "D": "abstain"}
        for symbol, verdict in ends.items():
            by_verb(request_for(ask(world, symbol, type="sports")), world.grace, verdict)

        found = background.record(world.request)

        assert (found.approved, found.rejected, found.sent_back, found.others) == (1, 1, 1, 1)
        assert found.decided == 3
        page = read(world.request, world.grace)
        assert (
            "<strong>1</strong> approved, <strong>1</strong> rejected, <strong>1</strong> sent back" in page
        )

    def test_forgets_what_is_older_than_ninety_days(self, world: World) -> None:
        by_verb(request_for(ask(world, "OLD", type="sports")), world.grace, "reject")
        with untriggered("approval_requests"):
            run(
                "UPDATE approval_requests SET requested_at = clock_timestamp() - interval '91 days' "
                "WHERE status = 'rejected'"
            )

        assert background.record(world.request).decided == 0
        assert "Nothing else of theirs was decided in 90 days." in read(world.request, world.grace)

    def test_is_the_proposers_alone(self, world: World) -> None:
        other = make_proposal(world.edith, make_content(world.evidence, symbol="EDITHS"))
        by_verb(request_for(other), world.grace, "reject")

        assert background.record(world.request).decided == 0


class TestWhatWasDecidedBefore:
    def test_is_shown_with_the_reasons_where_it_is_about_the_same_symbol(self, world: World) -> None:
        decide(approvals.reject, world.request, world.alan, reason="Nobody can tell what an orbit is.")
        again = make_proposal(world.scout, make_content(world.evidence, title="Will it orbit again?"))

        page = read(request_for(again), world.grace)

        assert "Decided before" in page
        assert "Nobody can tell what an orbit is." in page
        assert where(world.request) in page

    def test_is_left_out_where_there_is_none(self, world: World) -> None:
        assert "Decided before" not in read(world.request, world.grace)


class TestEvidenceThatMovedOn:
    def later(self, world: World, body: bytes) -> None:
        with acting(world.scout):
            snapshots.ingest(
                world.evidence.url,
                body,
                content_type="text/html",
                by=world.scout,
                fetched_at=datetime(2026, 11, 2, 12, tzinfo=UTC),
            )

    def test_a_later_fetch_with_another_content_is_a_warning(self, world: World) -> None:
        self.later(world, b"<p>Corrected.</p>")

        page = read(world.request, world.grace)

        assert "changed since" in page
        assert "fetch of 2026-11-02 12:00Z</a> says something else." in page
        assert "<strong>1</strong> changed at its source since" in page

    def test_a_later_fetch_of_the_same_content_is_no_warning(self, world: World) -> None:
        self.later(world, b"<p>Evidence.</p>")

        page = read(world.request, world.grace)

        assert "the same at its" in page
        assert "changed since" not in page

    def test_no_later_fetch_is_said_too(self, world: World) -> None:
        assert "not fetched again since." in read(world.request, world.grace)

    def test_looking_for_them_costs_one_query_however_many_there_are(self, world: World) -> None:
        client = browser(world.grace)
        with CaptureQueriesContext(connection) as before:
            client.get(where(world.request))

        for minute in range(5):
            with acting(world.scout):
                snapshots.ingest(
                    world.evidence.url,
                    b"again",
                    content_type="text/plain",
                    by=world.scout,
                    fetched_at=datetime(2026, 11, 3, 12, minute, tzinfo=UTC),
                )
        with CaptureQueriesContext(connection) as after:
            client.get(where(world.request))

        assert len(after) == len(before)


class TestTheTrial:
    def test_says_that_it_works_and_what_it_would_write(self, world: World) -> None:
        page = read(world.request, world.grace)

        assert "Tried just now and taken back: it works." in page
        assert "<code>markets</code> MOON-2027, active" in page
        assert not ApprovalDecision.objects.exists()

    def test_says_that_the_first_of_two_does_nothing_yet(self, world: World) -> None:
        page = read(request_for(ask(world)), world.grace)

        assert "your word is recorded, and nothing else happens yet." in page

    def test_warns_of_a_refusal_before_anybody_presses(self, world: World) -> None:
        again = make_proposal(world.scout, make_content(world.evidence, symbol="TAKEN"))
        decide(approvals.approve, request_for(again), world.alan)
        with untriggered("market_proposals"):
            run("UPDATE market_proposals SET status = 'withdrawn' WHERE symbol = 'TAKEN'")
        second = make_proposal(world.scout, make_content(world.evidence, symbol="TAKEN", title="Once more?"))

        page = read(request_for(second), world.grace)

        assert "It would be refused now." in page
        assert "<code>market_symbol_is_taken</code>" in page or "<code>symbol_is_taken</code>" in page

    @pytest.mark.parametrize("who", ["vera", "edith", "olga"])
    def test_is_for_those_who_can_approve(self, world: World, who: str) -> None:
        assert "It is tried out for those who can approve it." in read(world.request, getattr(world, who))


class TestHowLongItWasRead:
    def opened(self, world: World) -> str:
        page = browser(world.grace).get(where(world.request))
        return str(page.context["form"].initial["opened"])

    def test_is_kept_with_the_decision(self, world: World) -> None:
        opened = self.opened(world)

        browser(world.grace).post(where(world.request), filled(world.request, opened=opened))

        read_for = ApprovalDecision.objects.get().read_for
        assert read_for is not None
        assert timedelta(0) <= read_for < timedelta(minutes=1)

    @pytest.mark.parametrize("opened", ["", "rubbish", "a:b:c"])
    def test_is_unknown_where_the_page_does_not_say_it(self, world: World, opened: str) -> None:
        browser(world.grace).post(where(world.request), filled(world.request, opened=opened))

        assert ApprovalDecision.objects.get().read_for is None

    def test_of_another_page_or_person_is_nothing(self, world: World) -> None:
        opened = self.opened(world)
        other = request_for(ask(world))

        browser(world.alan).post(where(world.request), filled(world.request, opened=opened))
        browser(world.grace).post(where(other), filled(other, opened=opened))

        assert [row.read_for for row in ApprovalDecision.objects.all()] == [None, None]

    def test_is_never_less_than_nothing(self, world: World) -> None:
        asked = world.request
        proof = proof_of(world.grace)
        with as_staff(world.grace), refused("nobody_decides_before_reading", NotAccepted):
            run(
                "INSERT INTO approval_decisions (request_id, digest, reviewer_id, verdict, reason, "
                "reauthentication_id, read_for) VALUES (%s, %s, %s, 'approve', %s, %s, interval '-1 second')",
                asked.pk,
                bytes(asked.digest),
                world.grace.pk,
                REASON,
                proof.pk,
            )
