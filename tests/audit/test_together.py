"""Approving several requests of low risk together, as people do it in the admin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from audit import approvals, deciding
from audit.approving import bulk, delegations
from audit.approving.refusals import DelegationIsNotInForce
from audit.models import ApprovalDecision, ApprovalRequest, Reauthentication
from audit.together import TogetherForm
from core.access.models import User
from markets.models import Market
from tests.audit.voting import ask, lend
from tests.factories import (
    PASSWORD,
    REASON,
    World,
    as_staff,
    decide,
    make_content,
    make_person,
    make_proposal,
    request_for,
)
from tests.raw import picture, run, untriggered
from tests.staff import browser

QUEUE = "/admin/audit/approvalrequest/"
NOBODYS = "00000000-0000-0000-0000-000000000009"
TOGETHER = f"{QUEUE}together/"


def low(world: World, symbol: str) -> ApprovalRequest:
    return request_for(ask(world, symbol, type="sports", title=f"Will {symbol} win?"))


def chosen(person: User, *asked: ApprovalRequest) -> str:
    sent = {"action": "approve_together", "_selected_action": [row.pk for row in asked], "index": "0"}
    return unescape(browser(person).post(QUEUE, sent, follow=True).content.decode())


def send(person: User | Client, *asked: ApprovalRequest, **changes: Any) -> Any:
    client = browser(person) if isinstance(person, User) else person
    lines = [f"{row.pk} {bytes(row.digest).hex()}" for row in asked]
    return client.post(TOGETHER, {"line": lines, "reason": REASON, "password": PASSWORD, **changes})


class TestTheList:
    def test_shows_each_with_its_digest_and_leaves_out_what_is_not_of_low_risk(self, world: World) -> None:
        first, risky = low(world, "FIRST"), request_for(ask(world))

        shown = chosen(world.grace, world.request, first, risky)

        for asked in (world.request, first):
            assert bytes(asked.digest).hex() in shown
            assert f'value="{asked.pk} {bytes(asked.digest).hex()}"' in shown
        assert "Approve all 2" in shown
        assert bytes(risky.digest).hex() not in shown
        assert "Only what is of low risk is decided on by a list." in shown

    def test_leaves_out_what_the_person_cannot_decide_on(self, world: World) -> None:
        decide(approvals.reject, world.request, world.alan)

        shown = chosen(world.grace, world.request)

        assert "Nothing of what you chose can be approved together." in shown
        assert 'name="password"' not in shown

    def test_leaves_out_what_only_a_higher_role_could_still_approve(self, world: World) -> None:
        with untriggered("approval_policies"):
            run(
                'UPDATE approval_policies SET quorum = 2, required_roles = \'{"admin": 1, "super-admin": 1}\' '
                "WHERE risk = 'low'"
            )
        asked, ada = low(world, "FIRST"), make_person("ada@acme.example", world.acme)
        assert bytes(asked.digest).hex() in chosen(ada, asked)
        decide(approvals.approve, asked, world.grace)

        shown = chosen(ada, asked)

        assert "The policy asks for a higher role than yours. Ask somebody who holds that role." in shown
        assert 'name="password"' not in shown
        assert bytes(asked.digest).hex() in chosen(world.alan, asked)

    def test_is_not_offered_to_who_does_not_decide(self, world: World) -> None:
        assert "approve_together" in browser(world.grace).get(QUEUE).content.decode()
        assert "approve_together" not in browser(world.vera).get(QUEUE).content.decode()
        shown = browser(world.vera).get(TOGETHER, {"ids": str(world.request.pk)}).content.decode()
        assert "The policy asks for a higher role than yours. Ask somebody who holds that role." in shown
        assert 'name="password"' not in shown

    def test_shows_nothing_of_another_tenant(self, world: World) -> None:
        page = browser(world.boris).get(TOGETHER, {"ids": str(world.request.pk)}).content.decode()

        assert "MOON-2027" not in page

    @pytest.mark.parametrize("ids", ["", "rubbish", ",,", NOBODYS, "\x00"])
    def test_answers_whatever_is_asked(self, world: World, ids: str) -> None:
        assert browser(world.grace).get(TOGETHER, {"ids": ids}).status_code == 200


class TestApproving:
    def test_makes_a_decision_and_a_proof_of_each(self, world: World) -> None:
        first = low(world, "FIRST")

        answer = send(world.grace, world.request, first)

        shown = unescape(answer.content.decode())
        assert answer.status_code == 200
        assert "<strong>2</strong> of 2 approved." in shown
        assert set(Market.objects.values_list("symbol", flat=True)) == {"MOON-2027", "FIRST"}
        assert ApprovalDecision.objects.count() == 2
        assert Reauthentication.objects.count() == 2
        assert f"{QUEUE}{first.pk}/receipt/" in shown

    def test_says_of_each_what_came_of_it(self, world: World) -> None:
        first, risky = low(world, "FIRST"), request_for(ask(world))
        decide(approvals.reject, first, world.alan)

        shown = unescape(send(world.grace, world.request, first, risky).content.decode())

        assert "<strong>1</strong> of 3 approved." in shown
        assert "<code>request_is_closed</code>" in shown
        assert "<code>bulk_is_for_low_risk</code>" in shown
        assert Market.objects.get().symbol == "MOON-2027"

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"password": "wrong"}, 403),
            ({"password": ""}, 422),
            ({"reason": "short"}, 422),
            ({"line": []}, 422),
            ({"line": ["rubbish"]}, 422),
            ({"line": [f"{NOBODYS} 0f"]}, 422),
        ],
    )
    def test_refuses_in_place_and_leaves_nothing_behind(
        self, world: World, changes: dict[str, Any], status: int
    ) -> None:
        client = browser(world.grace)
        before = picture()

        assert send(client, world.request, **changes).status_code == status

        assert picture() == before

    def test_is_over_the_digest_that_was_seen(self, world: World) -> None:
        line = [f"{world.request.pk} {'0f' * 32}"]

        shown = send(world.grace, world.request, line=line).content.decode()

        assert "<strong>0</strong> of 1 approved." in shown
        assert not Market.objects.exists()


class TestByDelegation:
    def page(self, person: User, *asked: ApprovalRequest) -> str:
        ids = ",".join(str(row.pk) for row in asked)
        return unescape(browser(person).get(TOGETHER, {"ids": ids}).content.decode())

    def line(self, asked: ApprovalRequest, *given: object) -> str:
        return " ".join([str(asked.pk), bytes(asked.digest).hex(), *map(str, given)])

    def test_each_line_says_in_whose_role_it_is_decided(self, world: World) -> None:
        given = lend(world.grace, world.edith)
        first = low(world, "FIRST")

        shown = self.page(world.edith, world.request, first)

        assert "Approve all 2" in shown
        assert shown.count("in the role of grace, admin") == 2
        for asked in (world.request, first):
            assert f'value="{self.line(asked, given.pk)}"' in shown

    def test_whoever_holds_the_role_decides_in_their_own(self, world: World) -> None:
        lend(world.alan, world.grace, "super-admin")

        shown = self.page(world.grace, world.request)

        assert "in the role of" not in shown
        assert f'value="{self.line(world.request)}"' in shown

    def test_leaves_out_what_the_other_may_not_decide_on(self, world: World) -> None:
        lend(world.grace, world.edith)
        own = request_for(make_proposal(world.grace, make_content(world.evidence, symbol="OWN")))

        shown = self.page(world.edith, world.request, own)

        assert "Approve all 1" in shown
        assert "Left out" in shown
        assert bytes(own.digest).hex() not in shown

    def test_is_offered_in_the_queue_as_long_as_it_lasts(self, world: World) -> None:
        assert "approve_together" not in browser(world.edith).get(QUEUE).content.decode()
        lend(world.grace, world.edith)

        assert "Approve all 1" in chosen(world.edith, world.request)

    def test_makes_decisions_that_say_so(self, world: World) -> None:
        given, first = lend(world.grace, world.edith), low(world, "FIRST")
        lines = [self.line(asked, given.pk) for asked in (world.request, first)]

        shown = unescape(send(world.edith, line=lines).content.decode())

        assert "<strong>2</strong> of 2 approved." in shown
        assert shown.count("in the role of grace, admin") == 2
        said = ApprovalDecision.objects.values_list("reviewer_id", "delegation_id", "role_held")
        assert list(said) == [(world.edith.pk, given.pk, "admin")] * 2
        receipt = browser(world.vera).get(f"{QUEUE}{first.pk}/receipt/").content.decode()
        assert "for grace" in receipt

    def test_that_has_ended_meanwhile_is_refused_on_its_line(self, world: World) -> None:
        given, lasting = lend(world.grace, world.edith), lend(world.alan, world.edith)
        first = low(world, "FIRST")
        with as_staff(world.grace):
            delegations.end(given.pk, by=world.grace, reason=REASON)

        lines = [self.line(world.request, given.pk), self.line(first, lasting.pk)]
        shown = unescape(send(world.edith, line=lines).content.decode())

        assert "<strong>1</strong> of 2 approved." in shown
        assert "<code>delegation_is_in_force</code>" in shown
        assert DelegationIsNotInForce.hint in shown
        assert ApprovalDecision.objects.get().delegation_id == lasting.pk

    def test_of_somebody_else_is_refused_on_its_line(self, world: World) -> None:
        given = lend(world.alan, world.vera)
        lend(world.grace, world.edith)

        shown = send(world.edith, line=[self.line(world.request, given.pk)]).content.decode()

        assert "<code>delegation_is_in_force</code>" in shown
        assert not ApprovalDecision.objects.exists()

    @pytest.mark.parametrize("given", [[NOBODYS], ["rubbish"], [NOBODYS, NOBODYS]])
    def test_that_is_none_is_refused_in_place(self, world: World, given: list[str]) -> None:
        lend(world.grace, world.edith)

        answer = send(world.edith, line=[self.line(world.request, *given)])

        assert answer.status_code == 422
        assert 'class="errornote"' in answer.content.decode()
        assert not ApprovalDecision.objects.exists()


class TestHowLongItWasRead:
    def opened(self, client: Client, *asked: ApprovalRequest) -> str:
        ids = ",".join(str(row.pk) for row in asked)
        return str(client.get(TOGETHER, {"ids": ids}).context["form"].initial["opened"])

    @pytest.fixture
    def clock(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
        """Let so many seconds go by on the page."""
        began = timezone.now()

        def goes(seconds: float) -> None:
            monkeypatch.setattr("audit.deciding.timezone.now", lambda: began + timedelta(seconds=seconds))

        goes(0)
        return goes

    def kept(self) -> list[timedelta | None]:
        return [row.read_for for row in ApprovalDecision.objects.all()]

    def test_is_shared_by_all_that_the_page_showed(
        self, world: World, clock: Callable[[float], None]
    ) -> None:
        asked = [world.request, low(world, "FIRST"), low(world, "SECOND")]
        client = browser(world.grace)
        opened = self.opened(client, *asked)

        clock(27)
        send(client, *asked[:2], opened=opened)

        assert self.kept() == [timedelta(seconds=9)] * 2

    def test_goes_on_while_the_page_is_corrected(self, world: World, clock: Callable[[float], None]) -> None:
        client = browser(world.grace)
        opened = self.opened(client, world.request)
        clock(8)
        again = send(client, world.request, opened=opened, password="")
        assert f'name="opened" value="{opened}"' in again.content.decode()

        clock(20)
        send(client, world.request, opened=opened)

        assert self.kept() == [timedelta(seconds=20)]

    @pytest.mark.parametrize("opened", ["", "rubbish", "a:b:c"])
    def test_is_unknown_where_the_page_does_not_say_it(self, world: World, opened: str) -> None:
        send(world.grace, world.request, opened=opened)

        assert self.kept() == [None]

    def test_of_another_list_or_person_is_nothing(self, world: World) -> None:
        first = low(world, "FIRST")
        opened = self.opened(browser(world.grace), world.request)

        send(world.grace, world.request, first, opened=opened)
        send(world.alan, low(world, "SECOND"), opened=opened)

        assert self.kept() == [None, None, None]

    def test_the_overview_warns_of_a_list_that_nobody_can_have_read(
        self, world: World, clock: Callable[[float], None]
    ) -> None:
        asked = [world.request, low(world, "FIRST"), low(world, "SECOND")]
        client = browser(world.grace)
        opened = self.opened(client, *asked)

        clock(29)
        send(client, *asked, opened=opened)

        shown = client.get(f"{QUEUE}overview/").content.decode()
        assert "<strong>3</strong> decisions were taken within ten seconds" in shown

    def test_of_fifty_fits_into_the_form(self, world: World) -> None:
        shown = [uuid4() for _ in range(bulk.LONGEST)]
        form = TogetherForm({"opened": deciding.opened_now(shown, by=world.grace)})

        assert "opened" not in form.errors
