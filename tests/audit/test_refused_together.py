"""Whatever refuses a decision says so where the person is, and what to do next: on the page of several requests."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

import pytest

from audit import approvals, refusals
from audit.approving import bulk
from audit.approving.refusals import BulkIsForLowRisk
from audit.models import ApprovalDecision, ApprovalRequest, Reauthentication
from core.database.rows import insert
from core.refusals import NotAllowed, Refusal
from markets import proposals
from markets.models import Market
from tests.audit.test_together import TOGETHER, low, send
from tests.audit.voting import ask, bar, expire, lend, proof_of
from tests.factories import REASON, World, acting, decide, make_content, make_proposal, request_for
from tests.markets.reviewing import revise
from tests.raw import picture
from tests.staff import browser

Met = Callable[[World], ApprovalRequest]


def decided(world: World) -> ApprovalRequest:
    decide(approvals.reject, world.request, world.alan)
    return world.request


def replaced(world: World) -> ApprovalRequest:
    before = world.request
    revise(world, title="Will a crewed mission orbit the Moon twice in 2027?")
    return before


def withdrawn(world: World) -> ApprovalRequest:
    with acting(world.scout):
        proposals.withdraw(world.proposal.pk, by=world.scout, reason=REASON)
    return world.request


def late(world: World) -> ApprovalRequest:
    expire(world.request)
    return world.request


def said_before(world: World) -> ApprovalRequest:
    decide(approvals.abstain, world.request, world.grace)
    return world.request


def proposed_by_oneself(world: World) -> ApprovalRequest:
    return request_for(make_proposal(world.grace, make_content(world.evidence, symbol="OWN")))


def by_ones_own_agent(world: World) -> ApprovalRequest:
    return world.request


def of_an_earlier_step(world: World) -> ApprovalRequest:
    bar(world.grace, world.proposal.pk)
    return world.request


def of_high_risk(world: World) -> ApprovalRequest:
    return request_for(ask(world))


MET: list[tuple[Met, str, type[Refusal]]] = [
    (decided, "grace", refusals.RequestIsClosed),
    (replaced, "grace", refusals.RequestIsClosed),
    (withdrawn, "grace", refusals.RequestIsClosed),
    (late, "grace", refusals.RequestHasExpired),
    (said_before, "grace", refusals.AlreadyDecided),
    (proposed_by_oneself, "grace", refusals.ProposerCannotDecide),
    (by_ones_own_agent, "olga", refusals.OperatorCannotDecide),
    (of_an_earlier_step, "grace", refusals.ReviewerIsBarred),
    (of_high_risk, "grace", BulkIsForLowRisk),
]
NAMES = [met.__name__ for met, _, _ in MET]


def shown(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode()).split())


@pytest.mark.parametrize(("met", "who", "refusal"), MET, ids=NAMES)
def test_the_list_says_beforehand_what_is_left_out_and_why(
    world: World, met: Met, who: str, refusal: type[Refusal]
) -> None:
    asked, fine = met(world), proposal_of(world, "FINE")

    page = shown(browser(getattr(world, who)).get(TOGETHER, {"ids": f"{asked.pk},{fine.pk}"}))

    assert "Approve all 1" in page
    assert f"{refusal().message} {refusal.hint}" in page.split("Left out")[1]
    assert f'value="{asked.pk}' not in page


@pytest.mark.parametrize(("met", "who", "refusal"), MET, ids=NAMES)
def test_whoever_sends_it_all_the_same_is_told_on_its_line(
    world: World, met: Met, who: str, refusal: type[Refusal]
) -> None:
    asked, fine = met(world), proposal_of(world, "FINE")
    before = ApprovalDecision.objects.count()

    answer = send(getattr(world, who), asked, fine)

    page = shown(answer)
    assert answer.status_code == 200
    assert "<strong>1</strong> of 2 approved." in page
    assert f"{refusal.hint}</span> <small><code>{refusal.code}</code></small>" in page
    assert ApprovalDecision.objects.count() == before + 1
    assert Market.objects.get().symbol == "FINE"


def proposal_of(world: World, symbol: str) -> ApprovalRequest:
    """Something of low risk that anybody else may decide on."""
    return request_for(make_proposal(world.edith, make_content(world.evidence, symbol=symbol)))


def test_a_stale_digest_is_told_on_its_line(world: World) -> None:
    line = [f"{world.request.pk} {'0f' * 32}"]

    page = shown(send(world.grace, world.request, line=line))

    assert "<code>digest_is_not_the_one_under_review</code>" in page
    assert refusals.DigestDiffers.hint in page
    assert not ApprovalDecision.objects.exists()


@pytest.mark.parametrize("who", ["vera", "edith"])
def test_a_missing_role_is_told_in_place(world: World, who: str) -> None:
    client, asked = browser(getattr(world, who)), low(world, "FIRST")
    before = picture()

    answer = send(client, asked)

    page = shown(answer)
    assert answer.status_code == 403
    assert f"{NotAllowed.hint} <small><code>not_allowed</code></small>" in page
    assert f"{refusals.ReviewerLacksTheRole().message} {refusals.ReviewerLacksTheRole.hint}" in page
    assert picture() == before


def test_a_role_that_was_lent_and_is_not_named_is_told_on_its_line(world: World) -> None:
    lend(world.grace, world.edith)

    page = shown(send(world.edith, world.request))

    assert "<code>reviewer_lacks_the_role</code>" in page
    assert refusals.ReviewerLacksTheRole.hint in page


def test_a_password_that_served_already_is_told_on_its_line(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    used = proof_of(world.grace)
    decide(approvals.approve, low(world, "FIRST"), world.grace, reauthentication=used)

    def again(model: Any, **values: Any) -> Any:
        return used if model is Reauthentication else insert(model, **values)

    monkeypatch.setattr(bulk, "insert", again)

    page = shown(send(world.grace, world.request))

    assert "<code>reauthentication_is_used_once</code>" in page
    assert refusals.ReauthenticationIsUsed.hint in page
    assert Market.objects.get().symbol == "FIRST"


def test_a_wrong_password_is_told_in_place(world: World) -> None:
    answer = send(world.grace, world.request, password="wrong")

    assert answer.status_code == 403
    assert f"{refusals.WrongPassword.hint} <small><code>wrong_password</code></small>" in shown(answer)
    assert not ApprovalDecision.objects.exists()
