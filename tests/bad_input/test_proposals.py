"""What a proposal does not allow is refused by name."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from audit import approvals
from core.access.models import User
from markets import proposals
from markets.models import Proposal
from tests.bad_input.sending import GONE, changed, counted, refused, send, without_instance
from tests.calling import client_of
from tests.factories import (
    World,
    acting,
    decide,
    make_agent,
    make_snapshot,
    request_for,
)

pytestmark = pytest.mark.django_db


def test_an_agent_without_safety_assertions_is_refused(scout: Client, market: dict[str, Any]) -> None:
    before = counted()
    silent = changed(market, producer=GONE, schema_version=GONE, safety_assertions=GONE)

    refused(send(scout, "proposals", silent), 422, "agent_states_its_safety")
    refused(send(scout, "proposals", changed(market, safety_assertions=[])), 422, "agent_states_its_safety")
    one = changed(market, safety_assertions=["no-seed-data"])
    refused(send(scout, "proposals", one), 422, "agent_states_its_safety")

    assert counted() == before


def test_unknown_and_foreign_evidence_are_refused_alike(
    scout: Client, world: World, market: dict[str, Any]
) -> None:
    foreign = make_snapshot(make_agent("spy", world.boris), url="https://example.org/secret").snapshot_id
    before = counted()

    answers = [send(scout, "proposals", {**market, "snapshot_ids": [each]}) for each in ("0" * 64, foreign)]

    for response in answers:
        refused(response, 422, "evidence_is_a_known_snapshot")
    assert without_instance(answers[0]) == without_instance(answers[1])
    assert counted() == before


def test_a_symbol_is_taken_once(scout: Client, market: dict[str, Any]) -> None:
    before = counted()

    refused(send(scout, "proposals", {**market, "symbol": "MOON-2027"}), 409, "symbol_is_taken")

    assert counted() == before


def test_somebody_elses_proposal_is_neither_revised_nor_withdrawn_nor_put_again(
    world: World, market: dict[str, Any]
) -> None:
    edith = client_of(world.edith)
    before = counted()

    for verb, body in (
        ("revisions", {**market, "symbol": "MOON-2027"}),
        ("withdraw", {"reason": "It is not mine."}),
        ("resubmit", {}),
    ):
        response = send(edith, f"proposals/{world.proposal.pk}/{verb}", body)
        refused(response, 403, "proposal_is_somebody_elses")

    assert counted() == before


def test_the_operator_of_an_agent_does_not_revise_for_it(world: World, market: dict[str, Any]) -> None:
    revised = {**market, "symbol": "MOON-2027"}

    response = send(client_of(world.olga), f"proposals/{world.proposal.pk}/revisions", revised)

    refused(response, 403, "proposal_is_somebody_elses")


@pytest.mark.parametrize("end", ["withdrawn", "rejected", "approved"])
def test_a_closed_proposal_stays_closed(
    scout: Client, world: World, market: dict[str, Any], end: str
) -> None:
    if end == "withdrawn":
        with acting(world.scout):
            proposals.withdraw(world.proposal.pk, by=world.scout, reason="A mistake.")
    else:
        decide(approvals.reject if end == "rejected" else approvals.approve, world.request, world.grace)
    before = counted()

    for verb, body in (
        ("revisions", {**market, "symbol": "MOON-2027"}),
        ("withdraw", {"reason": "Once more."}),
        ("resubmit", {}),
    ):
        refused(send(scout, f"proposals/{world.proposal.pk}/{verb}", body), 409, "proposal_is_closed")

    assert counted() == before


def test_a_revision_keeps_the_symbol(scout: Client, world: World, market: dict[str, Any]) -> None:
    before = counted()

    refused(send(scout, f"proposals/{world.proposal.pk}/revisions", market), 422, "symbol_never_changes")

    assert counted() == before


def test_the_same_wording_is_no_answer_to_a_request_for_changes(
    scout: Client, market: dict[str, Any]
) -> None:
    made = send(scout, "proposals", market).json()
    found = Proposal.objects.get(pk=made["id"])
    grace = User.objects.get(email="grace@acme.example")
    decide(approvals.request_changes, request_for(found), grace)

    refused(send(scout, f"proposals/{found.pk}/revisions", market), 409, "nothing_changed")


def test_a_proposal_that_is_still_open_is_not_put_again(scout: Client, world: World) -> None:
    refused(send(scout, f"proposals/{world.proposal.pk}/resubmit", {}), 409, "request_is_still_open")


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": "  "}, {"reason": 5}, {"reason": "x" * 2_001}]
)
def test_a_withdrawal_says_why(scout: Client, world: World, body: dict[str, Any]) -> None:
    refused(send(scout, f"proposals/{world.proposal.pk}/withdraw", body), 400, "invalid_input", "/reason")
