"""A request is due before it expires; the database escalates it, once and only while it is open."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.audit.voting import by_verb
from tests.factories import World, acting
from tests.raw import RUNTIME, WRITERS, denied, grant, refused, run

pytestmark = pytest.mark.django_db

ESCALATE = "UPDATE approval_requests SET escalated_at = clock_timestamp()"


def test_a_request_is_due_when_its_policy_says_so(world: World) -> None:
    asked = world.request

    assert asked.due_at - asked.requested_at == timedelta(hours=12)
    assert (asked.escalated_at, asked.barred) == (None, [])


@pytest.mark.parametrize("role", WRITERS)
@pytest.mark.parametrize("column", ["due_at", "escalated_at", "barred"])
def test_nobody_says_so_instead(world: World, role: str, column: str) -> None:
    with acting(world.scout, role), denied("approval_requests"):
        run(f"INSERT INTO approval_requests (action, {column}) VALUES ('market:create', DEFAULT)")


@pytest.mark.parametrize("role", RUNTIME)
def test_no_role_escalates_by_hand(world: World, role: str) -> None:
    with acting(world.scout, role), denied("approval_requests"):
        run(ESCALATE)


def test_no_role_escalates_that_was_given_the_right(world: World) -> None:
    grant("UPDATE", "approval_requests", "staff")

    with acting(world.grace, "staff"), refused("request_never_changes"):
        run(ESCALATE)


def test_a_request_is_escalated_once(world: World) -> None:
    run(ESCALATE)

    assert world.request.status == "open"
    assert world.request.escalated_at is not None
    with refused("request_never_changes"):
        run(ESCALATE)


def test_an_escalation_is_not_taken_back(world: World) -> None:
    run(ESCALATE)

    with refused("request_never_changes"):
        run("UPDATE approval_requests SET escalated_at = NULL")


def test_what_is_closed_is_not_escalated(world: World) -> None:
    by_verb(world.request, world.grace, "reject")

    with refused("request_never_changes"):
        run(ESCALATE)


def test_nothing_is_escalated_and_closed_at_once(world: World) -> None:
    with refused("request_never_changes"):
        run(f"{ESCALATE}, status = 'withdrawn'")


def test_what_was_escalated_can_be_decided(world: World) -> None:
    run(ESCALATE)

    by_verb(world.request, world.grace)

    assert world.request.status == "granted"
