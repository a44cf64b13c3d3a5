"""What people are told of delegations, and the pages on which they give and end them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

import pytest

from audit import eligibility
from audit.approving import delegations
from audit.models import ApprovalDecision, Delegation
from core.access.models import User
from core.refusals import Refusal
from tests.audit.voting import ask_of, by_verb, lend
from tests.calling import client_of
from tests.factories import (
    PASSWORD,
    REASON,
    World,
)
from tests.staff import browser

pytestmark = pytest.mark.django_db


class TestWhatPeopleAreTold:
    def why_not(self, world: World, person: User) -> Refusal | None:
        asked = world.request
        return eligibility.why_not(
            asked,
            list(asked.decisions.all()),
            by=person,
            role=person.role,
            works_in=world.acme.pk,
            now=datetime.now(UTC),
            lent=delegations.held_by(person),
        )

    def test_a_delegate_may_decide(self, world: World) -> None:
        assert self.why_not(world, world.edith) is not None

        lend(world.grace, world.edith)

        assert self.why_not(world, world.edith) is None

    def test_a_delegate_of_the_operator_may_not(self, world: World) -> None:
        lend(world.olga, world.edith)

        assert self.why_not(world, world.edith) is not None

    def test_only_what_is_in_force_is_held(self, world: World) -> None:
        later = datetime.now(UTC) + timedelta(hours=1)
        lend(world.grace, world.edith, starts_at=later)

        assert delegations.held_by(world.edith) == []

    def test_the_api_shows_by_which_delegation_somebody_decided(self, world: World) -> None:
        given = lend(world.grace, world.edith)
        by_verb(world.request, world.edith, delegation=given)

        shown = client_of(world.vera).get(f"/api/v1/approvals/{world.request.pk}").json()["decisions"][0]

        assert (shown["delegation_id"], shown["role"]) == (str(given.pk), "admin")


class TestThePages:
    def sent(self, world: World, **changes: str) -> Any:
        form = {
            "to_person": str(world.edith.pk),
            "role": "admin",
            "starts_at": "2026-01-01 00:00",
            "ends_at": "2999-01-01 00:00",
            "reason": REASON,
            "password": PASSWORD,
        }
        return browser(world.grace).post("/admin/audit/delegation/give/", {**form, **changes})

    def test_give_one(self, world: World) -> None:
        assert self.sent(world).status_code == 302

        assert Delegation.objects.get().to_person == world.edith
        assert "in force" in browser(world.vera).get("/admin/audit/delegation/").content.decode()

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"role": "super-admin"}, 422),
            ({"to_person": str(UUID(int=9))}, 422),
            ({"ends_at": "soon"}, 422),
            ({"ends_at": "2026-01-02 00:00"}, 422),
            ({"password": "wrong"}, 403),
        ],
    )
    def test_refuse_in_place(self, world: World, changes: dict[str, str], status: int) -> None:
        assert self.sent(world, **changes).status_code == status

        assert not Delegation.objects.exists()

    def test_are_for_whoever_has_a_role_to_lend(self, world: World) -> None:
        assert browser(world.edith).get("/admin/audit/delegation/give/").status_code == 403
        assert "give/" not in browser(world.edith).get("/admin/audit/delegation/").content.decode()

    def test_end_one(self, world: World) -> None:
        given = lend(world.grace, world.edith)

        answer = browser(world.edith).post(f"/admin/audit/delegation/{given.pk}/end/", {"reason": REASON})

        assert answer.status_code == 302
        assert Delegation.objects.get().revoked_at is not None

    def test_decide_by_one(self, world: World) -> None:
        given = lend(world.alan, world.grace, "super-admin")
        asked = ask_of(world, super_admin=1)
        form = {
            "verdict": "approve",
            "digest": bytes(asked.digest).hex(),
            "delegation": str(given.pk),
            "reason": REASON,
            "password": PASSWORD,
        }

        answer = browser(world.grace).post(f"/admin/audit/approvalrequest/{asked.pk}/review/", form)

        assert answer.status_code == 302
        assert ApprovalDecision.objects.get().role_held == "super-admin"


class TestOnTheReviewPage:
    def page(self, world: World, person: User) -> str:
        where = f"/admin/audit/approvalrequest/{world.request.pk}/review/"
        return unescape(browser(person).get(where).content.decode())

    def test_a_delegate_is_offered_the_form_in_the_role_they_were_lent(self, world: World) -> None:
        assert 'name="password"' not in self.page(world, world.edith)

        given = lend(world.grace, world.edith)

        shown = self.page(world, world.edith)
        assert f'<option value="{given.pk}" selected>that of grace, admin</option>' in shown
        assert "your own" not in shown
        assert "Tried just now and taken back: it works." in shown

    def test_decides_in_it(self, world: World) -> None:
        given = lend(world.grace, world.edith)
        where = f"/admin/audit/approvalrequest/{world.request.pk}/review/"

        answer = browser(world.edith).post(
            where,
            {
                "verdict": "approve",
                "digest": bytes(world.request.digest).hex(),
                "delegation": str(given.pk),
                "reason": REASON,
                "password": PASSWORD,
            },
        )

        assert answer.status_code == 302
        assert ApprovalDecision.objects.get().delegation_id == given.pk
        assert "for grace" in browser(world.vera).get(answer.headers["Location"]).content.decode()

    def test_whoever_holds_the_role_decides_in_their_own_first(self, world: World) -> None:
        given = lend(world.alan, world.grace, "super-admin")

        shown = self.page(world, world.grace)

        assert '<option value="">your own, admin</option>' in shown
        assert f'<option value="{given.pk}">that of alan, super-admin</option>' in shown

    def test_what_is_mine_includes_what_i_was_lent(self, world: World) -> None:
        def mine() -> int:
            rows = browser(world.edith).get("/admin/audit/approvalrequest/", {"mine": "1"})
            return len(rows.context["cl"].result_list)

        assert mine() == 0
        lend(world.olga, world.edith)
        assert mine() == 0
        lend(world.grace, world.edith)
        assert mine() == 1
