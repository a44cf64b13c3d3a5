"""Whoever looks at a request says so, which binds nobody; whoever takes part comments on it, for ever."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from audit.approving import claims, comments
from audit.models import ApprovalGrant, Claim, Comment
from core.access.models import User
from core.database.unit import unit
from core.refusals import NotAllowed, NotFound
from tests.audit.voting import by_verb as vote
from tests.calling import client_of
from tests.factories import World, acting, as_staff, make_agent
from tests.raw import RUNTIME, denied, one, refused, run, untriggered
from tests.staff import browser

pytestmark = pytest.mark.django_db

CLAIM = "INSERT INTO approval_claims (request_id, person_id) VALUES (%s, %s)"
COMMENT = "INSERT INTO approval_comments (request_id, author_id, body) VALUES (%s, %s, %s)"
SAID = "Is the second source independent of the first?"


def claim_by_verb(world: World, by: User) -> None:
    asked = world.request.pk
    with as_staff(by, world.acme.pk):
        claims.claim(asked, by=by)


def claim_by_sql(world: World, by: User) -> None:
    asked = world.request.pk
    with as_staff(by, world.acme.pk):
        run(CLAIM, asked, by.pk)


@pytest.fixture(params=[claim_by_verb, claim_by_sql], ids=["by the verb", "by raw SQL"])
def claim(request: pytest.FixtureRequest) -> Any:
    return request.param


def holder(world: World) -> object:
    return Claim.objects.get(request=world.request, released_at=None).person


def half_an_hour_passes() -> None:
    with untriggered("approval_claims"):
        run("UPDATE approval_claims SET claimed_at = claimed_at - interval '30 minutes'")


class TestAClaim:
    def test_says_who_looks_at_it(self, world: World, claim: Any) -> None:
        claim(world, world.grace)

        assert holder(world) == world.grace
        assert Claim.objects.get().tenant_id == world.acme.pk

    def test_is_one_at_a_time(self, world: World, claim: Any) -> None:
        claim(world, world.grace)

        with refused("request_is_claimed"):
            claim(world, world.alan)

    def test_is_one_at_a_time_even_without_triggers(self, world: World) -> None:
        claim_by_verb(world, world.grace)

        with untriggered("approval_claims"), refused("one_open_claim"):
            run(
                "INSERT INTO approval_claims (tenant_id, request_id, person_id) "
                "SELECT tenant_id, request_id, person_id FROM approval_claims"
            )

    def test_is_made_anew_by_the_same_person(self, world: World, claim: Any) -> None:
        claim(world, world.grace)
        claim(world, world.grace)

        assert holder(world) == world.grace
        assert Claim.objects.count() == 2

    def test_is_taken_over_after_half_an_hour(self, world: World, claim: Any) -> None:
        claim(world, world.grace)
        half_an_hour_passes()

        claim(world, world.alan)

        assert holder(world) == world.alan

    def test_keeps_nobody_from_deciding(self, world: World, claim: Any) -> None:
        claim(world, world.grace)

        vote(world.request, world.alan)

        assert ApprovalGrant.objects.count() == 1

    def test_is_of_what_is_still_open(self, world: World, claim: Any) -> None:
        vote(world.request, world.alan)

        with refused("request_is_closed"):
            claim(world, world.grace)

    def test_is_of_what_there_is(self, world: World) -> None:
        with as_staff(world.grace), refused("decision_has_a_known_request"):
            run(CLAIM, UUID(int=9), world.grace.pk)

    def test_is_in_nobody_elses_name(self, world: World) -> None:
        asked = world.request.pk

        with as_staff(world.alan), refused("decision_is_ones_own"):
            run(CLAIM, asked, world.grace.pk)

    def test_is_not_by_staff_of_another_tenant(self, world: World) -> None:
        with refused("reviewer_is_of_another_tenant"):
            claim_by_sql(world, world.boris)
        with pytest.raises(NotAllowed):
            claim_by_verb(world, world.boris)

    @pytest.mark.parametrize("role", ["api", "worker", "auditor", "backup"])
    def test_is_never_a_machines(self, world: World, role: str) -> None:
        asked = world.request.pk

        with acting(world.grace, role), denied("approval_claims"):
            run(CLAIM, asked, world.grace.pk)

    def test_is_released_by_the_person_whose_it_is(self, world: World) -> None:
        claim_by_verb(world, world.grace)
        asked = world.request.pk

        with as_staff(world.alan), pytest.raises(NotFound):
            claims.release(asked, by=world.alan)
        with as_staff(world.alan), refused("claim_is_ones_own"):
            run("UPDATE approval_claims SET released_at = clock_timestamp()")
        with as_staff(world.grace):
            claims.release(asked, by=world.grace)

        assert Claim.objects.get().released_at is not None
        claim_by_verb(world, world.alan)

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE approval_claims SET claimed_at = 'infinity'",
            "UPDATE approval_claims SET released_at = NULL",
            "DELETE FROM approval_claims",
            "TRUNCATE approval_claims CASCADE",
        ],
    )
    def test_stays_as_it_was_made(self, world: World, statement: str) -> None:
        claim_by_verb(world, world.grace)

        with unit("owner", actor=world.grace.pk), refused("claim_never_changes"):
            run(statement)

    @pytest.mark.parametrize("column", ["tenant_id", "claimed_at", "released_at", "id"])
    def test_takes_nothing_else_from_staff(self, world: World, column: str) -> None:
        with as_staff(world.grace), denied("approval_claims"):
            run(f"INSERT INTO approval_claims (request_id, {column}) VALUES (%s, DEFAULT)", UUID(int=9))


def comment_by_verb(world: World, by: User, body: str = SAID) -> None:
    asked = world.request.pk
    with as_staff(by, world.acme.pk) if by.kind == "person" else acting(by):
        comments.comment(asked, body, by=by)


def comment_by_sql(world: World, by: User, body: str = SAID) -> None:
    asked = world.request.pk
    with as_staff(by, world.acme.pk) if by.kind == "person" else acting(by):
        run(COMMENT, asked, by.pk, body)


@pytest.fixture(params=[comment_by_verb, comment_by_sql], ids=["by the verb", "by raw SQL"])
def comment(request: pytest.FixtureRequest) -> Any:
    return request.param


class TestAComment:
    @pytest.mark.parametrize("name", ["grace", "vera", "olga", "scout", "root"])
    def test_is_by_whoever_takes_part(self, world: World, comment: Any, name: str) -> None:
        comment(world, getattr(world, name))

        said = Comment.objects.get()
        assert (said.author, said.body, said.tenant_id) == (getattr(world, name), SAID, world.acme.pk)

    def test_is_not_by_another_agent(self, world: World, comment: Any) -> None:
        with refused("comment_is_by_whoever_takes_part"):
            comment(world, make_agent("probe", world.olga))

    def test_is_not_by_another_tenant(self, world: World) -> None:
        with refused("comment_is_by_whoever_takes_part"):
            comment_by_sql(world, world.boris)
        with pytest.raises(NotAllowed):
            comment_by_verb(world, world.boris)

    def test_is_not_by_somebody_disabled(self, world: World, comment: Any) -> None:
        run("UPDATE users SET status = 'disabled' WHERE id = %s", world.vera.pk)

        with refused("comment_is_by_whoever_takes_part"):
            comment(world, world.vera)

    def test_is_in_nobody_elses_name(self, world: World) -> None:
        asked = world.request.pk

        with acting(world.scout), refused("comment_is_by_whoever_takes_part"):
            run(COMMENT, asked, world.vera.pk, SAID)

    @pytest.mark.parametrize("body", ["", "   ", "x" * 4001])
    def test_says_something_and_not_too_much(self, world: World, comment: Any, body: str) -> None:
        with refused("comment_says_something"):
            comment(world, world.vera, body)

    def test_goes_on_after_the_decision(self, world: World, comment: Any) -> None:
        vote(world.request, world.alan, "reject")

        comment(world, world.scout)

        assert Comment.objects.count() == 1

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE approval_comments SET body = 'Another.'",
            "DELETE FROM approval_comments",
            "TRUNCATE approval_comments",
        ],
    )
    def test_stays_said(self, world: World, statement: str) -> None:
        comment_by_verb(world, world.vera)

        with refused("comment_never_changes"):
            run(statement)

    @pytest.mark.parametrize("role", RUNTIME)
    def test_is_removed_by_no_role(self, world: World, role: str) -> None:
        with acting(world.grace, role), denied("approval_comments"):
            run("DELETE FROM approval_comments")

    def test_is_in_the_log_without_its_words(self, world: World) -> None:
        comment_by_verb(world, world.vera)

        logged = one("SELECT new_value::text FROM audit_event WHERE entity_type = 'approval_comments'")
        assert str(world.vera.pk) in str(logged)
        assert SAID not in str(logged)


class TestTheApi:
    def test_shows_the_thread_newest_first_with_names(self, world: World) -> None:
        comment_by_verb(world, world.root, "First.")
        comment_by_verb(world, world.vera, "Second.")

        rows = client_of(world.scout).get(f"/api/v1/approvals/{world.request.pk}/comments").json()["results"]

        assert [row["body"] for row in rows] == ["Second.", "First."]
        assert [row["author_name"] for row in rows] == [world.vera.display_name or "vera", "the platform"]

    def test_lets_the_proposer_answer(self, world: World) -> None:
        path = f"/api/v1/approvals/{world.request.pk}/comments"

        answer = client_of(world.scout).post(path, {"body": SAID}, content_type="application/json")

        assert (answer.status_code, answer.json()["body"]) == (201, SAID)
        assert answer.json()["author_name"] == world.scout.display_name or "scout"

    @pytest.mark.parametrize("body", [{}, {"body": ""}, {"body": "x" * 4001}, {"body": 7}, {"said": "x"}])
    def test_names_what_is_wrong(self, world: World, body: dict[str, Any]) -> None:
        path = f"/api/v1/approvals/{world.request.pk}/comments"

        answer = client_of(world.scout).post(path, body, content_type="application/json")

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")

    def test_knows_no_request_of_another_tenant(self, world: World) -> None:
        path = f"/api/v1/approvals/{world.request.pk}/comments"
        boris = client_of(world.boris)

        assert boris.get(path).status_code == 404
        assert boris.post(path, {"body": SAID}, content_type="application/json").status_code == 404


class TestThePages:
    def sent(self, world: World, deed: str, by: User, **form: str) -> str:
        client = browser(by)
        answer = client.post(f"/admin/audit/approvalrequest/{world.request.pk}/{deed}/", form)
        assert answer.status_code == 302
        return client.get(answer.headers["Location"]).content.decode()

    def test_claim_release_and_comment(self, world: World) -> None:
        assert "The others see that you are looking at it." in self.sent(world, "claim", world.grace)
        assert holder(world) == world.grace
        assert "you look at it no more" in self.sent(world, "release", world.grace)
        assert "part of the thread" in self.sent(world, "comment", world.vera, body=SAID)
        assert Comment.objects.get().author == world.vera

    def test_say_what_was_refused(self, world: World) -> None:
        claim_by_verb(world, world.alan)

        assert "within the last half hour" in self.sent(world, "claim", world.grace)
        assert "This field is required." in self.sent(world, "comment", world.grace)

    def test_are_not_opened(self, world: World) -> None:
        page = f"/admin/audit/approvalrequest/{world.request.pk}/claim/"

        assert browser(world.grace).get(page).status_code == 405
