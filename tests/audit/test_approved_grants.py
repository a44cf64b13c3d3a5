"""Whoever switches guards off has the wrong people decide, or nobody review it; verifying names that."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from audit import approvals
from audit.approving import delegations
from audit.models import ApprovalDecision, ApprovalGrant, ApprovalRequest
from core.access.models import User
from tests.audit import traces
from tests.audit.test_approved import faults
from tests.audit.voting import Vote, ask, lend
from tests.factories import (
    REASON,
    World,
    acting,
    as_staff,
    decide,
    make_content,
    make_person,
    make_proposal,
    open_market,
    request_for,
)
from tests.raw import run, untriggered

pytestmark = pytest.mark.django_db

HOLDER = "UPDATE approval_delegations SET from_person_id = %s"
REVIEW = (
    "UPDATE approval_overrides SET outcome = 'confirmed', reviewed_by = %s, review_reason = 'It was needed then.', "
    "reviewed_at = clock_timestamp()"
)


@pytest.fixture
def grant(world: World) -> UUID:
    open_market(world.proposal, world.grace)
    found: UUID = ApprovalGrant.objects.get().pk
    return found


def rewrite(table: str, statement: str, *values: object) -> None:
    """Change rows as only their owner can."""
    with untriggered(table):
        run(statement, *values)


def put_again(world: World, barred: User) -> ApprovalRequest:
    """The same question, with somebody barred by the room that owns it."""
    rewrite("approval_subjects", "UPDATE approval_subjects SET barred = %s", [barred.pk])
    asked = world.request
    with acting(world.scout):
        return approvals.request(
            asked.action, asked.subject_id, bytes(asked.digest), by=world.scout, reason=REASON
        )


def named() -> list[str]:
    """What is said of the only grant."""
    lead = f"approval_grants {ApprovalGrant.objects.get().pk}: "
    return [said.removeprefix(lead) for said in faults()]


class TestAGrant:
    def test_whose_decision_was_rewritten_is_named(self, world: World, grant: UUID) -> None:
        rewrite("approval_decisions", "UPDATE approval_decisions SET reason = 'I never said this.'")

        assert faults() == [f"approval_grants {grant}: the decisions on it are not those of the log"]

    def test_of_too_few_people_is_named(self, world: World, grant: UUID) -> None:
        operator = world.proposal.operated_by_id
        rewrite("approval_decisions", "UPDATE approval_decisions SET reviewer_id = %s", operator)

        assert faults() == [f"approval_grants {grant}: 0 of 1 people approved it"]

    def test_whose_request_asked_for_more_is_named(self, world: World, grant: UUID) -> None:
        rewrite("approval_requests", "UPDATE approval_requests SET quorum = 2")

        assert faults() == [f"approval_grants {grant}: its request is about something else"]

    def test_whose_row_of_the_log_is_about_something_else_is_named(self, world: World, grant: UUID) -> None:
        rewrite("audit_event", "UPDATE audit_event SET action = 'approval:other' WHERE audit_id = %s", grant)

        assert faults() == [f"approval_grants {grant}: its row of the log is about something else"]

    @pytest.mark.parametrize(
        "change",
        [
            "risk = 'high'",
            "proposed_by = operated_by",
            "operated_by = NULL",
            "barred = ARRAY[proposed_by]",
        ],
    )
    def test_whose_request_was_rewritten_is_named(self, world: World, grant: UUID, change: str) -> None:
        rewrite("approval_requests", f"UPDATE approval_requests SET {change}")

        assert f"approval_grants {grant}: its request is not what the log says" in faults()

    def test_of_a_request_that_the_log_does_not_know_is_compared_without_it(
        self, world: World, grant: UUID
    ) -> None:
        rewrite("audit_event", "DELETE FROM audit_event WHERE entity_type = 'approval_requests'")

        assert faults() == []


class TestABarredPerson:
    @pytest.fixture
    def asked(self, world: World) -> ApprovalRequest:
        return put_again(world, world.grace)

    def test_leaves_it_to_others_whom_nobody_names(self, world: World, asked: ApprovalRequest) -> None:
        decide(approvals.approve, asked, world.alan)

        assert named() == []

    def test_who_approved_while_the_guards_were_told_otherwise_does_not_count(
        self, world: World, asked: ApprovalRequest, vote: Vote
    ) -> None:
        rewrite("approval_requests", "UPDATE approval_requests SET barred = '{}'")
        vote(asked, world.grace)
        rewrite("approval_requests", "UPDATE approval_requests SET barred = ARRAY[%s]", world.grace.pk)

        assert named() == ["0 of 1 people approved it"]

    def test_who_is_barred_no_more_is_still_barred_by_the_log(
        self, world: World, asked: ApprovalRequest, vote: Vote
    ) -> None:
        rewrite("approval_requests", "UPDATE approval_requests SET barred = '{}'")
        vote(asked, world.grace)

        assert named() == ["its request is not what the log says"]

    def test_who_breaks_the_glass_does_not_stand_for_the_others(
        self, world: World, asked: ApprovalRequest, vote: Vote
    ) -> None:
        rewrite(
            "approval_requests",
            "UPDATE approval_requests SET barred = '{}', quorum = 2, required_roles = '{\"admin\": 2}'",
        )
        decide(approvals.approve, asked, world.grace)
        vote(asked, world.alan, "break_glass")
        rewrite("approval_requests", "UPDATE approval_requests SET barred = ARRAY[%s]", world.grace.pk)
        assert named() == []

        rewrite("approval_requests", "UPDATE approval_requests SET barred = ARRAY[%s]", world.alan.pk)
        rewrite("audit_event", "DELETE FROM audit_event WHERE entity_type = 'approval_requests'")

        assert named() == ["1 of 2 people approved it"]


class TestAWordByDelegation:
    """Every guard sees a delegation that may be used; afterwards it says again whose it was."""

    @pytest.mark.parametrize("kept", [True, False], ids=["as it was given", "as it was rewritten"])
    @pytest.mark.parametrize("who", ["olga", "grace"])
    def test_of_whoever_may_not_decide_does_not_count(
        self, world: World, vote: Vote, who: str, kept: bool
    ) -> None:
        giver: User = getattr(world, who)
        asked = put_again(world, world.grace)
        lent = lend(giver, world.edith)
        rewrite("approval_delegations", HOLDER, world.alan.pk)
        vote(asked, world.edith, delegation=lent)
        if kept:
            rewrite("approval_delegations", HOLDER, giver.pk)

        assert named() == ["0 of 1 people approved it"]

    def test_of_whoever_proposed_does_not_count(self, world: World, vote: Vote) -> None:
        asked = request_for(make_proposal(world.grace, make_content(world.evidence, symbol="OWN")))
        lent = lend(world.grace, world.edith)
        rewrite("approval_delegations", HOLDER, world.alan.pk)
        vote(asked, world.edith, delegation=lent)
        rewrite("approval_delegations", HOLDER, world.grace.pk)

        assert named() == ["0 of 1 people approved it"]

    @pytest.mark.parametrize("first", ["approve", "abstain"])
    def test_beside_that_of_whoever_lent_it_is_one_word(self, world: World, vote: Vote, first: str) -> None:
        asked = request_for(ask(world))
        lent = lend(world.grace, world.edith)
        decide(getattr(approvals, first), asked, world.grace)
        if first == "abstain":
            decide(approvals.approve, asked, world.alan)
        rewrite("approval_delegations", HOLDER, make_person("ivan@acme.example", world.acme).pk)
        vote(asked, world.edith, delegation=lent)
        rewrite("approval_delegations", HOLDER, world.grace.pk)

        assert named() == ["1 of 2 people approved it"]

    def test_beside_that_of_another_delegate_is_one_word(self, world: World, vote: Vote) -> None:
        asked = request_for(ask(world))
        decide(approvals.approve, asked, world.edith, delegation=lend(world.grace, world.edith))
        lent = lend(world.grace, world.vera)
        rewrite("approval_delegations", f"{HOLDER} WHERE id = %s", world.alan.pk, lent.pk)
        vote(asked, world.vera, delegation=lent)
        rewrite("approval_delegations", HOLDER, world.grace.pk)

        assert named() == ["1 of 2 people approved it"]

    @pytest.mark.parametrize("kept", [True, False], ids=["as it ended", "as it was rewritten"])
    def test_that_had_ended_does_not_count(self, world: World, vote: Vote, kept: bool) -> None:
        lent = lend(world.grace, world.edith)
        with as_staff(world.grace):
            ended = delegations.end(lent.pk, by=world.grace, reason=REASON).revoked_at
        rewrite("approval_delegations", "UPDATE approval_delegations SET revoked_at = NULL")
        vote(world.request, world.edith, delegation=lent)
        if kept:
            rewrite("approval_delegations", "UPDATE approval_delegations SET revoked_at = %s", ended)

        assert named() == ["0 of 1 people approved it"]

    @pytest.mark.parametrize("is_known", [True, False], ids=["the log knows it", "the log does not know it"])
    @pytest.mark.parametrize(
        "change",
        [
            "to_person_id = from_person_id, from_person_id = to_person_id",
            "role = 'super-admin'",
            "starts_at = ends_at - interval '1 hour'",
            "ends_at = starts_at + interval '1 second'",
        ],
    )
    def test_that_was_of_another_kind_does_not_count(
        self, world: World, vote: Vote, change: str, is_known: bool
    ) -> None:
        lent = lend(world.grace, world.edith)
        vote(world.request, world.edith, delegation=lent)
        rewrite("approval_delegations", f"UPDATE approval_delegations SET {change}")
        if not is_known:
            rewrite("audit_event", "DELETE FROM audit_event WHERE entity_type = 'approval_delegations'")

        assert named() == ["0 of 1 people approved it"]

    @pytest.mark.parametrize(
        ("given", "change"),
        [
            (
                {"holder": "vera"},
                "to_person_id = (SELECT id FROM users WHERE username = 'edith@acme.example')",
            ),
            ({}, "role = 'super-admin'"),
            ({"starts_at": datetime(2999, 1, 1, tzinfo=UTC)}, "starts_at = now() - interval '1 day'"),
        ],
    )
    def test_that_the_log_knows_otherwise_does_not_count(
        self, world: World, vote: Vote, given: dict[str, Any], change: str
    ) -> None:
        said = {"ends_at": datetime(2999, 2, 1, tzinfo=UTC), **given}
        lent = lend(world.alan, getattr(world, said.pop("holder", "edith")), **said)
        rewrite("approval_delegations", f"UPDATE approval_delegations SET {change}")
        vote(world.request, world.edith, delegation=lent)

        assert named() == ["0 of 1 people approved it"]

    def test_that_was_given_and_has_ended_since_is_named_by_nobody(self, world: World, vote: Vote) -> None:
        lent = lend(world.grace, world.edith)
        vote(world.request, world.edith, delegation=lent)
        with as_staff(world.grace):
            delegations.end(lent.pk, by=world.grace, reason=REASON)

        assert named() == []


class TestABrokenGlass:
    @pytest.fixture
    def broken(self, world: World) -> str:
        traces.break_glass(world)
        return f"approval_decisions {ApprovalDecision.objects.get().pk}: the glass was broken and"

    @pytest.mark.parametrize("outcome", [None, "confirmed", "reversed"])
    def test_is_named_by_nobody(self, world: World, broken: str, outcome: str | None) -> None:
        if outcome:
            traces.review(world, outcome)

        assert faults() == []

    @pytest.mark.parametrize(
        "statement",
        ["DELETE FROM approval_overrides", "UPDATE approval_overrides SET person_id = reviewed_by"],
    )
    def test_that_nobody_owes_a_review_of_is_named(self, world: World, broken: str, statement: str) -> None:
        traces.review(world)
        rewrite("approval_overrides", statement)

        assert faults() == [f"{broken} nobody owes a review"]

    @pytest.mark.parametrize(
        "change",
        ["review_due_at = review_due_at + interval '1 year'", "opened_at = now()", "about_id = id"],
    )
    def test_whose_review_was_put_off_is_named(self, world: World, broken: str, change: str) -> None:
        rewrite("approval_overrides", f"UPDATE approval_overrides SET {change}")

        assert faults() == [f"{broken} its review is owed for something else, or at another time"]

    @pytest.mark.parametrize("who", ["alan", "olga", "scout"])
    def test_that_somebody_reviewed_who_may_not_is_named(self, world: World, broken: str, who: str) -> None:
        traces.review(world)
        reviewer = getattr(world, who).pk
        rewrite("approval_overrides", "UPDATE approval_overrides SET reviewed_by = %s", reviewer)

        assert faults() == [f"{broken} somebody reviewed it who may not"]

    def test_that_somebody_reviewed_who_decided_on_it_is_named(self, world: World) -> None:
        decide(approvals.abstain, world.request, world.grace)
        glass = decide(approvals.break_glass, world.request, world.alan)
        rewrite("approval_overrides", REVIEW, world.grace.pk)

        assert faults() == [
            f"approval_decisions {glass.pk}: the glass was broken and somebody reviewed it who may not"
        ]

    def test_whose_review_the_log_does_not_know_is_named(self, world: World, broken: str) -> None:
        rewrite("approval_overrides", REVIEW, world.grace.pk)

        assert faults() == [f"{broken} the log does not know its review"]

    def test_whose_review_came_to_something_else_is_named(self, world: World, broken: str) -> None:
        traces.review(world, "reversed")
        rewrite("approval_overrides", "UPDATE approval_overrides SET outcome = 'confirmed'")

        assert faults() == [f"{broken} the log does not know its review"]
