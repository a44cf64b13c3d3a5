"""A turned switch waits for review as well, and people see on the first page what does."""

from __future__ import annotations

import pytest

from audit.models import (
    ApprovalDecision,
    ApprovalRequest,
    Override,
)
from core.access.models import User
from tests.audit.traces import break_glass, review, turn
from tests.audit.voting import ask_of, by_verb
from tests.factories import (
    PASSWORD,
    REASON,
    World,
    as_staff,
    make_person,
)
from tests.raw import one, run
from tests.staff import browser

pytestmark = pytest.mark.django_db


class TestASwitch:
    def test_that_is_turned_waits_for_review(self, world: World) -> None:
        turn(world)

        seen = Override.objects.get()
        assert (seen.kind, seen.person, seen.tenant_id) == ("switch", world.alan, world.acme.pk)
        assert seen.reason == f"AGENTS_MODE enabled: {REASON}"
        assert seen.about_id == one("SELECT id FROM switches WHERE for_tenant_id = %s", world.acme.pk)

    def test_may_be_turned_however_many_wait(self, world: World) -> None:
        turn(world)
        with as_staff(world.alan):
            run("UPDATE switches SET value = 'paused' WHERE for_tenant_id = %s", world.acme.pk)

        assert Override.objects.count() == 2

    def test_keeps_no_glass_from_being_broken(self, world: World) -> None:
        turn(world)

        break_glass(world)

        assert ApprovalDecision.objects.get().verdict == "break_glass"


class TestThePages:
    def test_show_on_the_first_page_what_nobody_looked_at(self, world: World) -> None:
        assert "nobody has looked at" not in browser(world.grace).get("/admin/").content.decode()

        break_glass(world)

        page = browser(world.grace).get("/admin/").content.decode()
        assert "Glass broken by" in page
        review(world)
        assert "nobody has looked at" not in browser(world.grace).get("/admin/").content.decode()
        assert "nobody has looked at" not in browser(world.boris).get("/admin/").content.decode()

    def test_review_one(self, world: World) -> None:
        seen = break_glass(world)
        page = f"/admin/audit/override/{seen.pk}/review/"

        answer = browser(world.grace).post(
            page, {"outcome": "reversed", "reason": REASON, "password": PASSWORD}
        )

        assert answer.status_code == 302
        assert Override.objects.get().outcome == "reversed"
        shown = browser(world.vera).get(answer.headers["Location"]).content.decode()
        assert "reversed" in shown

    @pytest.mark.parametrize(
        ("who", "changes", "status"),
        [
            ("alan", {}, 403),
            ("edith", {}, 403),
            ("grace", {"password": "wrong"}, 403),
            ("grace", {"outcome": "maybe"}, 422),
            ("grace", {"reason": "fine"}, 422),
        ],
    )
    def test_refuse_in_place(self, world: World, who: str, changes: dict[str, str], status: int) -> None:
        page = f"/admin/audit/override/{break_glass(world).pk}/review/"
        form = {"outcome": "confirmed", "reason": REASON, "password": PASSWORD, **changes}

        assert browser(getattr(world, who)).post(page, form).status_code == status

        assert Override.objects.get().outcome is None

    def test_break_the_glass_on_the_review_page(self, world: World) -> None:
        asked = world.request
        form = {
            "verdict": "break_glass",
            "digest": bytes(asked.digest).hex(),
            "reason": REASON,
            "password": PASSWORD,
        }

        answer = browser(world.alan).post(f"/admin/audit/approvalrequest/{asked.pk}/review/", form)

        assert answer.status_code == 302
        assert Override.objects.exists()


def test_a_person_of_the_platform_reviews_as_well(world: World) -> None:
    break_glass(world)

    review(world, by=make_person("ruth@platform.example", world.root.tenant))

    assert Override.objects.get().outcome == "confirmed"


class TestTheGlassOnTheReviewPage:
    def page(self, asked: ApprovalRequest, person: User) -> str:
        return browser(person).get(f"/admin/audit/approvalrequest/{asked.pk}/review/").content.decode()

    def test_is_offered_to_a_super_admin_where_more_than_their_own_word_is_missing(
        self, world: World
    ) -> None:
        asked = ask_of(world, admin=3)
        by_verb(asked, world.grace)

        assert "Break the glass" in self.page(asked, world.alan)
        assert "missing (2 admin)" in self.page(asked, world.alan)
        assert "Break the glass" not in self.page(asked, make_person("adam@acme.example", world.acme))

    def test_is_not_offered_where_it_would_be_refused_or_of_no_use(self, world: World) -> None:
        first = ask_of(world, admin=2)

        assert "Break the glass" not in self.page(world.request, world.alan)
        assert "Break the glass" not in self.page(first, world.alan)

    def test_waits_for_the_review_of_the_last_one(self, world: World) -> None:
        break_glass(world)
        asked = ask_of(world, admin=3)
        by_verb(asked, world.grace)

        shown = self.page(asked, world.alan)

        assert "Break the glass" not in shown
        assert "You break no glass before" in shown
