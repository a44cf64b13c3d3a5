"""The review queue, and the pages about what was decided and what happened."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit import approvals, eligibility, subjects
from audit.models import ApprovalGrant, ApprovalRequest, AuditEvent
from core.access.models import User
from core.refusals import Refusal, translate
from tests.audit.voting import bar, proof_of
from tests.factories import World, as_staff, decide, make_content, make_proposal, open_market, request_for
from tests.raw import run, untriggered
from tests.staff import browser

QUEUE = "/admin/audit/approvalrequest/"
TYPES = ("political", "economic", "social", "technology", "finance", "culture", "sports")


def propose(
    world: World, symbol: str, market_type: str = "political", by: User | None = None
) -> ApprovalRequest:
    content = make_content(world.evidence, symbol=symbol, type=market_type, title=f"Will {symbol} happen?")
    return request_for(make_proposal(by or world.scout, content))


def deadline(request: ApprovalRequest, hours: int) -> None:
    with untriggered("approval_requests"):
        run(
            "UPDATE approval_requests SET expires_at = clock_timestamp() + %s * interval '1 hour' "
            "WHERE id = %s",
            hours,
            request.pk,
        )


def symbols(person: User, **asked: str) -> list[str]:
    rows = browser(person).get(QUEUE, asked).context["cl"].result_list
    return [row.line.subject.name for row in rows]


def page(person: User, **asked: str) -> str:
    return " ".join(unescape(browser(person).get(QUEUE, asked).content.decode()).split())


class TestTheQueue:
    def test_shows_what_waits_with_the_nearest_deadline_first(self, world: World) -> None:
        deadline(propose(world, "LATER"), 9)
        deadline(propose(world, "SOONER"), 2)

        assert symbols(world.grace) == ["SOONER", "LATER", "MOON-2027"]
        assert '<strong class="soon">' in page(world.grace)

    def test_a_row_says_what_it_is_who_proposed_it_and_whose_word_is_missing(self, world: World) -> None:
        risky = propose(world, "VOTE-2027")
        decide(approvals.approve, risky, world.alan)

        shown = page(world.grace, q="VOTE")

        assert f'href="{subjects.review_url(risky.pk)}">Will VOTE-2027 happen?</a>' in shown
        assert "<code>VOTE-2027</code> political market" in shown
        assert '<span class="badge risk-high">high</span>' in shown
        assert "agent:scout" in shown
        assert "operated by olga" in shown
        assert "1 / 2" in shown
        assert "missing: 1 admin" in shown

    @pytest.mark.parametrize(
        ("who", "why"),
        [
            ("vera", "No: it takes a higher role"),
            ("edith", "No: it takes a higher role"),
            ("olga", "No: you operate the agent"),
            ("grace", '<span class="yours">Yes</span>'),
            ("root", "Once you work in this tenant"),
        ],
    )
    def test_says_to_each_whether_they_can_decide(self, world: World, who: str, why: str) -> None:
        assert why in page(getattr(world, who))

    def test_says_so_to_a_proposer_and_to_whoever_decided(self, world: World) -> None:
        propose(world, "OWN", by=world.grace)
        decide(approvals.abstain, world.request, world.grace)

        assert "No: you proposed it" in page(world.grace, q="OWN")
        assert "You have decided: abstain" in page(world.grace, q="MOON")

    def test_finds_by_the_beginning_of_a_symbol_and_by_id(self, world: World) -> None:
        risky = propose(world, "VOTE-2027")

        assert symbols(world.grace, q="vote") == ["VOTE-2027"]
        assert symbols(world.grace, q=str(risky.pk)) == ["VOTE-2027"]
        assert symbols(world.grace, q=str(risky.subject_id)) == ["VOTE-2027"]
        assert symbols(world.grace, q="OTE") == []

    def test_finds_a_symbol_of_any_case_in_any_case(self, world: World) -> None:
        propose(world, "XMARKET-15ce354b1c80")

        for wanted in ("XMARKET-15ce354b1c80", "xmarket-15CE", "XMARKET-15CE354B1C80"):
            assert symbols(world.grace, q=wanted) == ["XMARKET-15ce354b1c80"]

    def test_is_filtered_by_risk_and_type(self, world: World) -> None:
        propose(world, "VOTE-2027")
        propose(world, "RATE-2027", "finance")

        assert symbols(world.grace, risk="high") == ["VOTE-2027"]
        assert symbols(world.grace, risk="medium") == ["RATE-2027"]
        assert symbols(world.grace, type="technology") == ["MOON-2027"]
        assert symbols(world.grace, type="sports") == []

    def test_is_filtered_by_what_became_of_a_request(self, world: World) -> None:
        decide(approvals.approve, propose(world, "GRANTED", "sports"), world.grace)
        decide(approvals.reject, propose(world, "REJECTED"), world.grace)
        decide(approvals.request_changes, propose(world, "CHANGE"), world.grace)
        deadline(propose(world, "EXPIRED"), -1)

        assert symbols(world.grace) == ["MOON-2027"]
        assert symbols(world.grace, state="granted") == ["GRANTED"]
        assert symbols(world.grace, state="rejected") == ["REJECTED"]
        assert symbols(world.grace, state="changes_requested") == ["CHANGE"]
        assert symbols(world.grace, state="expired") == ["EXPIRED"]
        assert symbols(world.grace, state="withdrawn") == []
        assert len(symbols(world.grace, state="all")) == 5
        assert "expired" in page(world.grace, state="expired")

    @pytest.mark.parametrize(
        "asked", [{"state": "rubbish"}, {"risk": "'"}, {"type": "\x00"}, {"p": "x"}, {"o": "9"}]
    )
    def test_answers_whatever_is_asked(self, world: World, asked: dict[str, str]) -> None:
        assert browser(world.grace).get(QUEUE, asked, follow=True).status_code == 200

    def test_costs_the_same_number_of_queries_for_one_row_and_for_many(self, world: World) -> None:
        client = browser(world.grace)
        decide(approvals.abstain, world.request, world.alan)
        with CaptureQueriesContext(connection) as before:
            client.get(QUEUE)

        for number, market_type in enumerate(TYPES * 2):
            request = propose(
                world, f"MANY-{number}", market_type, by=world.edith if number % 2 else world.scout
            )
            decide(approvals.abstain, request, world.alan)
        with CaptureQueriesContext(connection) as after:
            client.get(QUEUE)

        assert len(after) == len(before)
        assert len(after) <= 18

    def test_names_the_tenant_to_the_platform(self, world: World) -> None:
        assert "acme" in page(world.root)
        assert symbols(world.boris) == []

    def test_a_row_of_the_queue_leads_to_its_review(self, world: World) -> None:
        answer = browser(world.grace).get(f"{QUEUE}{world.request.pk}/change/")

        assert answer.headers["Location"] == subjects.review_url(world.request.pk)


class TestWhoMayDecide:
    @pytest.mark.parametrize("barred", [False, True], ids=["as they are", "barred"])
    @pytest.mark.parametrize("who", ["grace", "alan", "vera", "edith", "olga", "boris", "root"])
    def test_what_people_are_told_is_what_the_database_would_say(
        self, world: World, who: str, barred: bool
    ) -> None:
        person: User = getattr(world, who)
        if barred:
            bar(person, world.proposal.pk)
        told = eligibility.why_not(
            world.request, [], by=person, role=person.role, works_in=world.acme.pk, now=timezone.now()
        )

        said: Refusal | None = None
        try:
            decide(approvals.abstain, world.request, person)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is translated
            said = translate(error)

        assert type(told) is type(said)

    def test_a_higher_role_fills_a_lower_slot(self) -> None:
        assert eligibility.reaches("super-admin", ["admin"])
        assert not eligibility.reaches("admin", ["super-admin"])
        assert not eligibility.reaches(None, ["admin"])

    def test_an_action_that_no_room_presents_is_named_by_itself(self, world: World) -> None:
        request = world.request
        request.action = "agent:activate"

        (described,) = subjects.describe([request]).values()

        assert described == subjects.Description("agent:activate", str(request.subject_id), "")
        assert subjects.noun("agent:activate") == "agent:activate"
        assert subjects.presented("agent:activate") is None


class TestTheLog:
    def test_shows_old_and_new_values_spread_out(self, world: World) -> None:
        open_market(world.proposal, world.grace)
        event = AuditEvent.objects.filter(entity_type="market_proposals", old_value__isnull=False).get()

        shown = unescape(
            browser(world.vera).get(f"/admin/audit/auditevent/{event.pk}/change/").content.decode()
        )

        assert '<pre class="json">{\n  "status": "proposed"\n}</pre>' in shown
        assert '<pre class="json">{\n  "status": "approved"\n}</pre>' in shown
        assert "Sources checked, criteria are clear." in shown
        assert f"/ {event.seq}" in shown

    def test_finds_by_entity_correlation_and_the_beginning_of_an_action(self, world: World) -> None:
        client = browser(world.vera)
        open_market(world.proposal, world.grace)

        def found(wanted: str) -> set[str]:
            rows = client.get("/admin/audit/auditevent/", {"q": wanted}).context["cl"].result_list
            return {row.action for row in rows}

        assert found("approval:") == {"approval:approve", "approval:grant"}
        assert found(str(world.proposal.pk)) == {"proposal:propose", "approval:approve"}
        assert found("pproval") == set()

    @pytest.mark.parametrize("wanted", ["01980000-0000-7000-8000-000000000000", "market:rev"])
    def test_no_search_reads_more_of_it_than_it_finds(self, world: World, wanted: str) -> None:
        run(
            "INSERT INTO audit_event (tenant_id, actor_type, action, entity_id) SELECT %s, 'system', "
            "'market:pause', 'MOON-' || n FROM generate_series(1, 5000) n",
            world.acme.pk,
        )
        run("ANALYZE audit_event")
        with CaptureQueriesContext(connection) as asked:
            browser(world.grace).get("/admin/audit/auditevent/", {"q": wanted})
        searches = [each["sql"] for each in asked if wanted in each["sql"]]

        with as_staff(world.grace), connection.cursor() as cursor:
            for search in searches:
                cursor.execute(f"EXPLAIN {search}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                assert re.search(rf"Index Cond: .*{wanted}", plan), plan
                assert not re.search(rf" Filter: .*{wanted}", plan), plan
        assert searches


class TestWhatIsMine:
    @pytest.mark.parametrize("who", ["grace", "alan", "vera", "edith", "olga", "boris", "root"])
    def test_is_exactly_what_each_could_decide(self, world: World, who: str) -> None:
        person: User = getattr(world, who)
        propose(world, "OWN", by=world.grace)
        deadline(propose(world, "EXPIRED"), -1)
        decide(approvals.abstain, propose(world, "SAID"), world.alan)
        decide(approvals.reject, propose(world, "CLOSED"), world.alan)
        now, works_in = timezone.now(), world.acme.pk
        mine = ApprovalRequest.objects.filter(
            eligibility.decidable(by=person, role=person.role, works_in=works_in)
        )

        assert set(mine) == {
            row
            for row in ApprovalRequest.objects.all()
            if not eligibility.why_not(
                row, row.decisions.all(), by=person, role=person.role, works_in=works_in, now=now
            )
        }

    def test_is_offered_as_a_filter(self, world: World) -> None:
        propose(world, "OWN", by=world.grace)

        assert symbols(world.grace, mine="1") == ["MOON-2027"]
        assert symbols(world.vera, mine="1") == []
        assert symbols(world.alan, mine="1") == ["MOON-2027", "OWN"]

    def test_nobody_barred_finds_it(self, world: World) -> None:
        with untriggered("approval_requests"):
            run("UPDATE approval_requests SET barred = ARRAY[%s]::uuid[]", world.grace.pk)

        assert symbols(world.grace, mine="1") == []
        assert "No: you decided on an earlier step" in page(world.grace)


class TestWhatIsLate:
    def test_is_marked_and_found(self, world: World) -> None:
        propose(world, "LATER")
        with untriggered("approval_requests"):
            run("UPDATE approval_requests SET due_at = clock_timestamp() WHERE id = %s", world.request.pk)

        assert symbols(world.grace, state="overdue") == ["MOON-2027"]
        assert '<strong class="overdue">overdue</strong>' in page(world.grace, q="MOON")
        assert "due in 11 h" in page(world.grace, q="LATER")


def test_requests_are_found_by_kind(world: World) -> None:
    assert symbols(world.grace, kind="market:create") == ["MOON-2027"]
    assert symbols(world.grace, kind="market:rubbish") == ["MOON-2027"]


class TestOnward:
    def test_the_first_page_says_what_is_late_and_mine(self, world: World) -> None:
        propose(world, "OWN", by=world.grace)
        with untriggered("approval_requests"):
            run("UPDATE approval_requests SET due_at = clock_timestamp()")

        shown = unescape(browser(world.grace).get("/admin/").content.decode())

        assert "2 are overdue." in shown
        assert "1 for you to decide" in shown
        assert "for you to decide" not in browser(world.vera).get("/admin/").content.decode()

    def test_a_receipt_leads_to_what_is_next_for_the_person(self, world: World) -> None:
        later = propose(world, "LATER")
        sooner = propose(world, "SOONER")
        deadline(sooner, 2)
        decide(approvals.approve, world.request, world.grace)

        def receipt(person: User) -> str:
            where = f"{QUEUE}{world.request.pk}/receipt/"
            return unescape(browser(person).get(where).content.decode())

        assert "Next for you: Will SOONER happen?" in receipt(world.grace)
        assert "Next for you" not in receipt(world.vera)
        decide(approvals.reject, sooner, world.alan)
        decide(approvals.reject, later, world.alan)
        assert "Next for you" not in receipt(world.grace)

    def test_a_revoked_approval_says_so_where_it_is_read(self, world: World) -> None:
        decide(approvals.approve, world.request, world.grace)
        proof = proof_of(world.alan)
        with as_staff(world.alan):
            grant = ApprovalGrant.objects.get()
            why = "The source was withdrawn."
            approvals.revoke(grant.pk, reauthentication=proof, by=world.alan, reason=why)

        for page_of in ("review", "receipt"):
            shown = browser(world.vera).get(f"{QUEUE}{world.request.pk}/{page_of}/").content.decode()
            assert "Approved, and revoked" in shown
            assert "The source was withdrawn." in shown
