"""What would happen is found out by doing it and taking it back, and nothing of it is kept."""

from __future__ import annotations

import pytest
from django.db import transaction

from audit import approvals, reauthentications, trial
from audit.models import ApprovalDecision, Reauthentication
from audit.refusals import ProposerCannotDecide, RequestIsClosed
from core.database.unit import current
from markets.models import Market
from tests.audit.voting import ask, by_verb
from tests.factories import (
    PASSWORD,
    REASON,
    World,
    acting,
    as_staff,
    make_content,
    make_proposal,
    request_for,
)
from tests.raw import every, one, picture, refused, run

TRY = "INSERT INTO reauthentications (tenant_id, person_id, method) VALUES (%s, %s, 'trial') RETURNING id"


def test_the_last_approval_is_tried_with_its_effect_and_leaves_nothing_behind(world: World) -> None:
    before = picture()

    with as_staff(world.grace):
        tried = trial.attempt(world.request, by=world.grace)

    assert picture() == before
    assert tried.refusal is None
    assert tried.is_last
    assert [(step.sign, step.what, step.said) for step in tried.steps] == [
        ("new", "approval_decisions", "approve"),
        ("new", "approval_grants", ""),
        ("changed", "approval_requests", "status: open \N{RIGHTWARDS ARROW} granted"),
        ("changed", "market_proposals", "status: proposed \N{RIGHTWARDS ARROW} approved"),
        ("new", "markets", "MOON-2027, active"),
        ("sent", "market.opened", ""),
    ]


def test_the_first_of_two_approvals_is_only_a_decision(world: World) -> None:
    risky = request_for(ask(world))

    with as_staff(world.grace):
        tried = trial.attempt(risky, by=world.grace)

    assert not tried.is_last
    assert [step.what for step in tried.steps] == ["approval_decisions"]


def test_what_would_be_refused_is_told_by_the_same_name(world: World) -> None:
    own = request_for(make_proposal(world.grace, make_content(world.evidence, symbol="OWN")))
    closed = world.request
    by_verb(closed, world.alan, "reject")

    with as_staff(world.grace):
        for asked, name in ((own, ProposerCannotDecide), (closed, RequestIsClosed)):
            tried = trial.attempt(asked, by=world.grace)
            assert type(tried.refusal) is name
            assert tried.steps == ()


def test_the_unit_goes_on_as_if_nothing_had_been_tried(world: World) -> None:
    with as_staff(world.grace) as opened:
        trial.attempt(world.request, by=world.grace)

        assert current() == opened
        assert one("SELECT current_setting('app.action', true)") == ""
        proof = reauthentications.confirm(PASSWORD, by=world.grace)
        asked = world.request
        seen = bytes(asked.digest)
        approvals.approve(asked.pk, digest=seen, reauthentication=proof, by=world.grace, reason=REASON)

    assert Market.objects.get().symbol == "MOON-2027"
    assert ApprovalDecision.objects.get().reason != trial.REASON


@pytest.mark.parametrize("role", ["staff", "platform"])
def test_the_database_keeps_no_proof_that_nobody_typed(world: World, role: str) -> None:
    with acting(world.grace, role), transaction.atomic():
        run(TRY, world.acme.pk, world.grace.pk)
        with refused("trial_is_taken_back"):
            run("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)

    assert not Reauthentication.objects.exists()


def test_a_decision_on_such_a_proof_falls_with_it(world: World) -> None:
    asked = world.request
    with as_staff(world.grace), transaction.atomic():
        ((proof,),) = every(TRY, world.acme.pk, world.grace.pk)
        run(
            "INSERT INTO approval_decisions (request_id, digest, reviewer_id, verdict, reason, reauthentication_id) "
            "VALUES (%s, %s, %s, 'approve', 'Nobody typed a password.', %s)",
            asked.pk,
            bytes(asked.digest),
            world.grace.pk,
            proof,
        )
        with refused("trial_is_taken_back"):
            run("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)

    assert not ApprovalDecision.objects.exists()
