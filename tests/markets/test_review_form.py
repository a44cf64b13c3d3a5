"""What comes of the form on the review page."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client

from audit import approvals, reauthentications
from audit.models import ApprovalDecision, AuditEvent, Reauthentication
from core.refusals import BY_CONSTRAINT, AlreadyExists
from markets import proposals
from markets.models import Market
from tests.audit.voting import ask_of, bar, proof_of
from tests.factories import (
    REASON,
    World,
    acting,
    decide,
    make_content,
    make_proposal,
    request_for,
)
from tests.markets.reviewing import (
    OTHER_DIGEST,
    Change,
    filled,
    make_risky,
    nothing,
    read,
    revise,
    run_out,
    send,
    where,
)
from tests.raw import picture
from tests.staff import browser


def what_to_do(code: str) -> str:
    """The end of a refusal, as the page shows it."""
    return f"{BY_CONSTRAINT[code].hint} <small><code>{code}</code></small>"


def barred(world: World) -> None:
    bar(world.grace, world.proposal.pk)


def withdrawn(world: World) -> None:
    with acting(world.scout):
        proposals.withdraw(world.proposal.pk, by=world.scout, reason=REASON)


class TestDeciding:
    def test_an_approval_opens_the_market_and_leads_to_its_receipt(self, world: World) -> None:
        answer = browser(world.grace).post(where(world.request), filled(world.request), follow=True)

        market = Market.objects.get()
        page = unescape(answer.content.decode())
        assert answer.redirect_chain[-1][0] == where(world.request).replace("review", "receipt")
        assert "You approved this digest." in page
        assert "Approved: the market exists" in page
        assert f"/api/v1/markets/{market.pk}/proof" in page
        assert str(market.human_approval_audit_id) in page
        assert bytes(market.digest).hex() in page
        decision = ApprovalDecision.objects.get()
        recorded = AuditEvent.objects.get(entity_type="approval_decisions", entity_id=str(decision.pk))
        assert str(recorded.pk) in page

    def test_the_first_of_two_approvals_opens_nothing(self, world: World) -> None:
        risky = request_for(make_risky(world))

        answer = browser(world.grace).get(send(risky, world.grace).headers["Location"])

        assert "1 of 2 approvals" in answer.content.decode()
        assert "Nothing happens until the quorum is met." in answer.content.decode()
        assert not Market.objects.exists()

    @pytest.mark.parametrize(
        ("verdict", "status", "shown"),
        [
            ("reject", "rejected", "Rejected"),
            ("request_changes", "changes_requested", "Sent back to the proposer"),
            ("abstain", "open", "0 of 1 approvals"),
        ],
    )
    def test_the_other_verdicts_are_recorded_with_their_reason(
        self, world: World, verdict: str, status: str, shown: str
    ) -> None:
        answer = send(world.request, world.grace, verdict=verdict)

        receipt = browser(world.vera).get(answer.headers["Location"]).content.decode()
        assert world.request.status == status
        assert shown in receipt
        assert REASON in receipt

    def test_afterwards_the_page_shows_the_outcome_instead_of_the_form(self, world: World) -> None:
        send(world.request, world.grace)

        page = read(world.request, world.alan)

        assert '<h2 id="outcome-heading">Approved</h2>' in page
        assert REASON in page
        assert 'name="password"' not in page


class TestRefusals:
    @pytest.mark.parametrize(
        ("who", "before", "changes", "said"),
        [
            ("grace", nothing, {"password": "wrong"}, (403, "wrong_password")),
            ("grace", nothing, {"digest": OTHER_DIGEST}, (409, "digest_is_not_the_one_under_review")),
            ("olga", nothing, {}, (403, "operator_cannot_decide")),
            ("grace", barred, {}, (403, "reviewer_is_barred")),
            ("alan", withdrawn, {}, (409, "request_is_closed")),
            ("vera", nothing, {}, (403, "not_allowed")),
            ("edith", nothing, {}, (403, "not_allowed")),
            ("grace", run_out, {}, (409, "request_has_expired")),
        ],
    )
    def test_each_is_shown_in_place_and_leaves_nothing_behind(
        self, world: World, who: str, before: Change, changes: dict[str, str], said: tuple[int, str]
    ) -> None:
        before(world)
        client = browser(getattr(world, who))
        unchanged = picture()

        answer = client.post(where(world.request), filled(world.request, **changes))

        page = unescape(answer.content.decode())
        status, code = said
        assert answer.status_code == status
        assert what_to_do(code) in page
        assert "Will a crewed mission orbit the Moon in 2027?" in page
        assert picture() == unchanged

    def test_a_proposer_is_refused(self, world: World) -> None:
        own = request_for(make_proposal(world.grace, make_content(world.evidence, symbol="OWN")))

        answer = send(own, world.grace)

        assert answer.status_code == 403
        assert what_to_do("proposer_cannot_decide") in answer.content.decode()
        assert not Reauthentication.objects.exists()

    def test_a_second_vote_is_refused(self, world: World) -> None:
        risky = request_for(make_risky(world))
        send(risky, world.grace)

        answer = send(risky, world.grace, verdict="reject")

        assert answer.status_code == 409
        assert what_to_do("reviewer_decides_once") in answer.content.decode()
        assert ApprovalDecision.objects.get().verdict == "approve"

    def test_a_vote_on_what_others_decided_meanwhile_is_refused_and_shows_the_outcome(
        self, world: World
    ) -> None:
        send(world.request, world.grace)

        answer = send(world.request, world.alan)

        page = answer.content.decode()
        assert answer.status_code == 409
        assert what_to_do("request_is_closed") in page
        assert '<h2 id="outcome-heading">Approved</h2>' in page

    def test_a_vote_on_a_replaced_wording_is_refused(self, world: World) -> None:
        seen = world.request
        revise(world, title="Will a crewed mission orbit the Moon twice in 2027?")

        answer = send(seen, world.grace)

        assert answer.status_code == 409
        assert what_to_do("request_is_closed") in answer.content.decode()
        assert not Market.objects.exists()

    def test_a_role_that_does_not_reach_is_refused(self, world: World) -> None:
        asked = ask_of(world, super_admin=1)

        answer = send(asked, world.grace)

        assert answer.status_code == 403
        assert what_to_do("reviewer_lacks_the_role") in answer.content.decode()

    def test_a_password_that_served_already_is_refused(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        used = proof_of(world.grace)
        decide(approvals.abstain, request_for(make_risky(world)), world.grace, reauthentication=used)
        monkeypatch.setattr(reauthentications, "confirm", lambda password, *, by: used)

        answer = send(world.request, world.grace)

        assert answer.status_code == 403
        assert what_to_do("reauthentication_is_used_once") in answer.content.decode()
        assert not Market.objects.exists()

    @pytest.mark.parametrize("reason", ["", "too short", "         .          "])
    def test_a_short_reason_is_refused_beside_its_field(self, world: World, reason: str) -> None:
        answer = send(world.request, world.grace, reason=reason)

        page = answer.content.decode()
        assert answer.status_code == 422
        assert (
            'id="id_reason_error" role="alert">A decision carries a reason of at least ten characters.'
            in page
        )
        assert not ApprovalDecision.objects.exists()

    @pytest.mark.parametrize("digest", ["", "rubbish", "0f", OTHER_DIGEST + "0f"])
    def test_a_digest_that_is_none_asks_to_read_the_page_again(self, world: World, digest: str) -> None:
        answer = send(world.request, world.grace, digest=digest)

        assert answer.status_code == 422
        assert "Read the page again." in answer.content.decode()
        assert not ApprovalDecision.objects.exists()

    @pytest.mark.parametrize(
        "changes", [{"verdict": "veto"}, {"password": ""}, {"reason": "With a \x00 in it."}]
    )
    def test_a_form_that_no_page_sent_is_refused(self, world: World, changes: dict[str, str]) -> None:
        assert send(world.request, world.grace, **changes).status_code == 422

    def test_what_was_typed_stays_but_the_password_does_not(self, world: World) -> None:
        answer = send(
            world.request, world.grace, password="not-the-password", reason="Typed with <care> & time."
        )

        page = answer.content.decode()
        assert "Typed with &lt;care&gt; &amp; time.</textarea>" in page
        assert "not-the-password" not in page

    def test_a_refused_effect_takes_the_decision_back_with_it(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(grant: Any) -> None:
            raise AlreadyExists

        monkeypatch.setitem(approvals._effects, "market:create", refuse)

        answer = send(world.request, world.grace)

        assert answer.status_code == 409
        assert world.request.status == "open"
        assert not ApprovalDecision.objects.exists()
        assert not Reauthentication.objects.exists()
        assert not AuditEvent.objects.filter(action__startswith="approval:").exists()

    def test_without_the_sites_token_nothing_is_decided(self, world: World) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(world.grace)

        answer = client.post(where(world.request), {"verdict": "approve"})

        assert answer.status_code == 403
        assert not ApprovalDecision.objects.exists()


def test_approving_leaves_the_rows_of_a_decision_and_no_other(world: World) -> None:
    before = AuditEvent.objects.count()

    send(world.request, world.grace)

    written = AuditEvent.objects.order_by("seq")[before:]
    assert [row.entity_type for row in written] == [
        "approval_decisions",
        "approval_grants",
        "approval_requests",
        "market_proposals",
        "markets",
    ]
