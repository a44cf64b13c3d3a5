"""A request is what its subject and its policy say; it only ever closes, by decisions or by its proposer."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from audit import approvals
from audit.models import REQUEST_STATUSES, ApprovalRequest, ApprovalSubject
from core.access.models import User
from core.database.unit import unit
from core.refusals import AlreadyExists, NotAccepted, NotFound, Refusal, UnknownReference
from markets import proposals
from markets.models import Market
from tests.audit.voting import Vote, ask, by_verb, expire
from tests.factories import (
    PROVENANCE,
    REASON,
    World,
    acting,
    as_staff,
    make_content,
    request_for,
)
from tests.raw import RUNTIME, WRITERS, denied, grant, one, refused, run, untriggered

pytestmark = pytest.mark.django_db

PUT = "INSERT INTO approval_requests (action, subject_id, digest) VALUES (%s, %s, %s)"


def put(
    world: World, by: User, *, role: str = "api", action: str = "market:create", digest: bytes | None = None
) -> None:
    asked = world.request
    with acting(by, role):
        run(PUT, action, asked.subject_id, digest or bytes(asked.digest))


class TestANewRequest:
    def test_says_what_subject_and_policy_say(self, world: World) -> None:
        asked = world.request

        assert (asked.action, asked.subject_id, asked.risk) == ("market:create", world.proposal.pk, "low")
        assert (asked.proposed_by_id, asked.operated_by_id) == (world.scout.pk, world.olga.pk)
        assert (asked.quorum, asked.required_roles, asked.needs_reauthentication) == (1, {"admin": 1}, True)
        assert (asked.tenant_id, asked.status, asked.closed_at) == (world.acme.pk, "open", None)
        assert asked.expires_at - asked.requested_at == timedelta(hours=24)
        assert asked.grant_lifetime == timedelta(hours=24)

    def test_of_high_risk_asks_for_two_admins(self, world: World) -> None:
        asked = request_for(ask(world))

        assert (asked.risk, asked.quorum, asked.required_roles) == ("high", 2, {"admin": 2})

    def test_says_so_whatever_the_owner_sends(self, world: World) -> None:
        asked = world.request
        with unit("owner", actor=world.scout.pk):
            run(
                "INSERT INTO approval_requests (tenant_id, action, subject_id, digest, risk, proposed_by, operated_by, "
                "quorum, required_roles, grant_lifetime, needs_reauthentication, status, expires_at) "
                "VALUES (%s, %s, %s, %s, 'high', %s, %s, 0, '{}', '1 year', false, 'granted', 'infinity')",
                world.beta.pk,
                asked.action,
                asked.subject_id,
                bytes(asked.digest),
                world.boris.pk,
                world.boris.pk,
            )

        newest = world.request
        assert newest.pk != asked.pk
        assert (newest.tenant_id, newest.risk, newest.proposed_by_id) == (
            world.acme.pk,
            "low",
            world.scout.pk,
        )
        assert (newest.operated_by_id, newest.quorum, newest.required_roles) == (
            world.olga.pk,
            1,
            {"admin": 1},
        )
        assert (newest.needs_reauthentication, newest.status) == (True, "open")
        assert newest.expires_at - newest.requested_at == timedelta(hours=24)

    @pytest.mark.parametrize("role", WRITERS)
    @pytest.mark.parametrize(
        "column", ["quorum", "required_roles", "risk", "proposed_by", "status", "expires_at", "tenant_id"]
    )
    def test_takes_nothing_of_this_from_any_role(self, world: World, role: str, column: str) -> None:
        with acting(world.scout, role), denied("approval_requests"):
            run(f"INSERT INTO approval_requests (action, {column}) VALUES ('market:create', DEFAULT)")

    def test_supersedes_the_open_one(self, world: World) -> None:
        older = world.request

        put(world, world.scout)

        older.refresh_from_db()
        assert (older.status, world.request.status) == ("superseded", "open")
        assert older.closed_at is not None

    def test_counts_no_vote_on_the_older_one(self, world: World, vote: Vote) -> None:
        proposal = ask(world)
        vote(request_for(proposal), world.grace)
        with acting(world.scout):
            changed = make_content(world.evidence, symbol="ELECTION-2028", type="political", title="Another?")
            proposals.revise(proposal.pk, changed, by=world.scout, provenance=PROVENANCE)

        vote(request_for(proposal), world.alan)

        assert request_for(proposal).status == "open"

    def test_is_the_proposers_or_the_operators(self, world: World) -> None:
        put(world, world.olga, role="staff")

        assert world.request.status == "open"

    @pytest.mark.parametrize("name", ["edith", "grace", "boris", "root"])
    def test_is_nobody_elses(self, world: World, name: str) -> None:
        with refused("proposal_is_somebody_elses"):
            put(world, getattr(world, name), role="staff")

        assert ApprovalRequest.objects.count() == 1

    def test_is_not_put_where_nobody_acts(self, world: World) -> None:
        with unit("worker", tenant=world.acme.pk), refused("proposal_is_somebody_elses"):
            run(PUT, "market:create", world.proposal.pk, bytes(world.request.digest))

    def test_is_about_what_was_proposed(self, world: World) -> None:
        with refused("request_has_a_known_subject"):
            put(world, world.scout, digest=b"\0" * 32)

    def test_is_about_the_action_it_was_proposed_for(self, world: World) -> None:
        with refused("request_has_a_known_subject"):
            put(world, world.scout, action="market:void")

    def test_needs_a_policy(self, world: World) -> None:
        with untriggered("approval_policies"):
            run("DELETE FROM approval_policies")

        with refused("approval_needs_a_policy"):
            put(world, world.scout)

    @pytest.mark.parametrize("verdict", ["approve", "reject"])
    def test_does_not_open_again_what_was_decided(self, world: World, verdict: str) -> None:
        by_verb(world.request, world.grace, verdict)

        with refused("request_is_closed"):
            put(world, world.scout)

        assert world.request.status in {"granted", "rejected"}

    def test_does_not_open_again_what_was_withdrawn(self, world: World) -> None:
        with acting(world.scout):
            approvals.withdraw(world.request.pk, by=world.scout, reason=REASON)

        with refused("request_is_closed"):
            put(world, world.scout)

    @pytest.mark.parametrize("role", ["auditor", "backup"])
    def test_is_put_by_no_reader(self, world: World, role: str) -> None:
        with denied("approval_requests"):
            put(world, world.scout, role=role)


class TestAnOpenRequest:
    @pytest.mark.parametrize("status", sorted(set(REQUEST_STATUSES) - {"open", "withdrawn"}))
    @pytest.mark.parametrize("role", WRITERS)
    def test_is_closed_by_decisions_not_by_hand(self, world: World, role: str, status: str) -> None:
        with acting(world.scout, role), refused("approval_needs_its_quorum"):
            run("UPDATE approval_requests SET status = %s", status)

    def test_is_withdrawn_by_its_proposer(self, world: World) -> None:
        with acting(world.scout):
            approvals.withdraw(world.request.pk, by=world.scout, reason=REASON)

        world.proposal.refresh_from_db()
        assert (world.request.status, world.proposal.status) == ("withdrawn", "withdrawn")

    def test_is_withdrawn_by_the_operator(self, world: World) -> None:
        with acting(world.olga, "staff"):
            approvals.withdraw(world.request.pk, by=world.olga, reason=REASON)

        assert world.request.status == "withdrawn"

    @pytest.mark.parametrize("name", ["edith", "grace", "boris", "root"])
    def test_is_withdrawn_by_nobody_else(self, world: World, name: str) -> None:
        person = getattr(world, name)
        with as_staff(person, world.acme.pk), refused("proposal_is_somebody_elses"):
            approvals.withdraw(world.request.pk, by=person, reason=REASON)

    @pytest.mark.parametrize("role", WRITERS)
    def test_is_withdrawn_by_nobody_without_a_name(self, world: World, role: str) -> None:
        with unit(role, tenant=world.acme.pk), refused("proposal_is_somebody_elses"):
            run("UPDATE approval_requests SET status = 'withdrawn'")

    def test_that_does_not_exist_is_not_withdrawn(self, world: World) -> None:
        with acting(world.scout), pytest.raises(NotFound):
            approvals.withdraw(UUID(int=9), by=world.scout, reason=REASON)

    @pytest.mark.parametrize(
        "change",
        [
            "quorum = 0",
            "required_roles = '{}'",
            "expires_at = 'infinity'",
            "digest = 'x'",
            "proposed_by = operated_by",
            "operated_by = NULL",
            "risk = 'low', needs_reauthentication = false",
            "tenant_id = '00000000-0000-0000-0000-000000000000'",
        ],
    )
    def test_stays_what_it_was_when_it_was_put(self, world: World, change: str) -> None:
        with refused("request_never_changes"):
            run(f"UPDATE approval_requests SET {change}")

    @pytest.mark.parametrize("role", RUNTIME)
    @pytest.mark.parametrize("column", ["quorum", "expires_at", "digest", "proposed_by", "closed_at"])
    def test_is_changed_by_no_role(self, world: World, role: str, column: str) -> None:
        with acting(world.scout, role), denied("approval_requests"):
            run(f"UPDATE approval_requests SET {column} = {column}")

    def test_is_changed_by_no_role_that_was_given_the_right(self, world: World) -> None:
        grant("UPDATE", "approval_requests", "api")

        with acting(world.scout), refused("request_never_changes"):
            run("UPDATE approval_requests SET quorum = 0")

    @pytest.mark.parametrize(
        "statement", ["DELETE FROM approval_requests", "TRUNCATE approval_requests CASCADE"]
    )
    def test_is_never_removed(self, world: World, statement: str) -> None:
        with refused("request_never_changes"):
            run(statement)

    @pytest.mark.parametrize("role", RUNTIME)
    def test_is_removed_by_no_role(self, world: World, role: str) -> None:
        with acting(world.scout, role), denied("approval_requests"):
            run("DELETE FROM approval_requests")

    def test_waits_in_the_queue_until_its_time_is_over(self, world: World) -> None:
        assert list(ApprovalRequest.objects.awaiting_decision()) == [world.request]

        expire(world.request)

        assert not ApprovalRequest.objects.awaiting_decision()

    def test_with_the_nearest_deadline_waits_first(self, world: World) -> None:
        later = request_for(ask(world))

        assert list(ApprovalRequest.objects.awaiting_decision()) == [world.request, later]


class TestAClosedRequest:
    @pytest.mark.parametrize("verdict", ["approve", "reject"])
    @pytest.mark.parametrize("status", ["open", "withdrawn", "granted"])
    def test_stays_closed_even_for_the_owner(self, world: World, verdict: str, status: str) -> None:
        by_verb(world.request, world.grace, verdict)

        with refused("request_is_closed"):
            run("UPDATE approval_requests SET status = %s", status)

    def test_that_was_granted_is_not_withdrawn(self, world: World) -> None:
        by_verb(world.request, world.grace)

        with acting(world.scout), refused("request_is_closed"):
            approvals.withdraw(world.request.pk, by=world.scout, reason=REASON)

        assert Market.objects.exists()

    def test_that_asks_for_changes_may_be_withdrawn(self, world: World) -> None:
        by_verb(world.request, world.grace, "request_changes")

        with acting(world.scout):
            approvals.withdraw(world.request.pk, by=world.scout, reason=REASON)

        assert world.request.status == "withdrawn"

    def test_that_asks_for_changes_is_not_opened_by_hand(self, world: World) -> None:
        by_verb(world.request, world.grace, "request_changes")

        with refused("request_is_closed"):
            run("UPDATE approval_requests SET status = 'open'")

    def test_says_when_it_closed(self, world: World) -> None:
        by_verb(world.request, world.grace, "reject")

        assert one("SELECT closed_at > requested_at FROM approval_requests") is True


class TestEvenWithoutTriggers:
    @pytest.mark.parametrize(
        ("change", "name", "answer"),
        [
            ("subject_id = '00000000-0000-0000-0000-000000000009'", "request_has_a_known_subject", None),
            ("tenant_id = '00000000-0000-0000-0000-000000000000'", "request_has_a_known_subject", None),
            (
                "proposed_by = '00000000-0000-0000-0000-000000000009'",
                "request_has_a_known_proposer",
                UnknownReference,
            ),
            (
                "operated_by = '00000000-0000-0000-0000-000000000009'",
                "request_has_a_known_operator",
                UnknownReference,
            ),
            ("status = 'maybe', closed_at = now()", "request_status_is_known", NotAccepted),
            ("status = 'granted'", "closed_request_says_when", NotAccepted),
            ("closed_at = now()", "closed_request_says_when", NotAccepted),
        ],
    )
    def test_a_request_is_about_a_known_subject(
        self, world: World, change: str, name: str, answer: type[Refusal] | None
    ) -> None:
        with untriggered("approval_notices"):
            # they point at the request by its tenant, too
            run("DELETE FROM approval_notices")
        with untriggered("approval_requests"), refused(name, answer):
            run(f"UPDATE approval_requests SET {change}")

    def test_one_request_is_open_for_a_subject(self, world: World) -> None:
        columns = "tenant_id, action, subject_id, digest, risk, proposed_by, quorum, required_roles, grant_lifetime, needs_reauthentication, expires_at, due_at"
        with untriggered("approval_requests"), refused("one_open_request"):
            run(f"INSERT INTO approval_requests ({columns}) SELECT {columns} FROM approval_requests")


class TestASubject:
    @pytest.mark.parametrize("role", RUNTIME)
    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO approval_subjects (action) VALUES ('market:create')",
            "UPDATE approval_subjects SET risk = 'low'",
            "DELETE FROM approval_subjects",
        ],
    )
    def test_is_written_by_no_role(self, world: World, role: str, statement: str) -> None:
        with acting(world.scout, role), denied("approval_subjects"):
            run(statement)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE approval_subjects SET risk = 'low'",
            "DELETE FROM approval_subjects",
            "TRUNCATE approval_subjects CASCADE",
        ],
    )
    def test_never_changes(self, world: World, statement: str) -> None:
        with refused("subject_never_changes"):
            run(statement)

    @pytest.mark.parametrize(
        ("change", "name", "answer"),
        [
            ("risk = 'none'", "subject_risk_is_known", NotAccepted),
            (
                "tenant_id = '00000000-0000-0000-0000-000000000009'",
                "subject_has_a_known_tenant",
                UnknownReference,
            ),
            (
                "proposed_by = '00000000-0000-0000-0000-000000000009'",
                "subject_has_a_known_proposer",
                UnknownReference,
            ),
            (
                "operated_by = '00000000-0000-0000-0000-000000000009'",
                "subject_has_a_known_operator",
                UnknownReference,
            ),
        ],
    )
    def test_is_of_known_people_even_without_triggers(
        self, world: World, change: str, name: str, answer: type[Refusal]
    ) -> None:
        run("ALTER TABLE approval_requests DROP CONSTRAINT request_has_a_known_subject")

        with untriggered("approval_subjects"), refused(name, answer):
            run(f"UPDATE approval_subjects SET {change}")

    def test_is_one_for_each_digest(self, world: World) -> None:
        columns = "tenant_id, action, subject_id, digest, risk, proposed_by"
        with refused("subject_is_named_by_its_digest", AlreadyExists):
            run(f"INSERT INTO approval_subjects ({columns}) SELECT {columns} FROM approval_subjects")

    def test_of_a_wording_that_comes_back_is_the_same(self, world: World) -> None:
        first, second = make_content(world.evidence), make_content(world.evidence, title="Another?")

        for content in (second, first):
            with acting(world.scout):
                proposals.revise(world.proposal.pk, content, by=world.scout, provenance=PROVENANCE)

        assert ApprovalSubject.objects.count() == 2
        assert bytes(world.request.digest) == bytes(proposals.latest_revision(world.proposal).digest)
