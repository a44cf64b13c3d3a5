"""Who is looking and what was said, on the pages where people see it."""

from __future__ import annotations

from html import unescape

from audit.approving import comments
from core.access.models import User
from tests.factories import World, acting
from tests.raw import run, untriggered
from tests.staff import browser

QUEUE = "/admin/audit/approvalrequest/"


def act(world: World, person: User, deed: str, **said: str) -> str:
    answer = browser(person).post(f"{QUEUE}{world.request.pk}/{deed}/", said, follow=True)
    return unescape(answer.content.decode())


def page(world: World, person: User) -> str:
    return unescape(browser(person).get(f"{QUEUE}{world.request.pk}/review/").content.decode())


def queue(person: User, **asked: str) -> str:
    return unescape(browser(person).get(QUEUE, asked).content.decode())


class TestLooking:
    def test_is_told_to_the_others_on_both_pages(self, world: World) -> None:
        assert "Nobody is looking at it." in page(world, world.grace)

        act(world, world.alan, "claim")

        assert "<strong>alan</strong> has been looking at it since" in page(world, world.grace)
        assert "alan is looking, &lt; 1 min" in browser(world.grace).get(QUEUE).content.decode()
        assert 'name="password"' in page(world, world.grace)

    def test_ends_with_a_press(self, world: World) -> None:
        assert "I look no more" in act(world, world.alan, "claim")

        assert "Nobody is looking at it." in act(world, world.alan, "release")

    def test_is_forgotten_after_half_an_hour(self, world: World) -> None:
        act(world, world.alan, "claim")
        with untriggered("approval_claims"):
            run("UPDATE approval_claims SET claimed_at = clock_timestamp() - interval '31 minutes'")

        assert "Nobody is looking at it." in page(world, world.grace)
        assert "is looking" not in queue(world.grace)

    def test_is_something_to_filter_by(self, world: World) -> None:
        assert "MOON-2027" in queue(world.grace, claimed="0")
        act(world, world.alan, "claim")

        assert "MOON-2027" in queue(world.grace, claimed="1")
        assert "MOON-2027" not in queue(world.grace, claimed="0")

    def test_is_not_offered_to_who_works_elsewhere(self, world: World) -> None:
        shown = page(world, world.root)

        assert "I am looking" not in shown
        assert "Say something" not in shown


class TestComments:
    def test_stand_in_the_thread_with_their_author(self, world: World) -> None:
        with acting(world.scout):
            comments.comment(world.request.pk, "The orbit is a <complete> one.", by=world.scout)

        shown = act(world, world.grace, "comment", body="Which craft counts?")

        assert shown.index("The orbit is a <complete> one.") < shown.index("Which craft counts?")
        assert "<strong>agent:scout</strong> said" in shown

    def test_stay_text(self, world: World) -> None:
        answer = browser(world.grace).post(
            f"{QUEUE}{world.request.pk}/comment/", {"body": "<script>alert(1)</script>"}, follow=True
        )

        assert "<script>alert" not in answer.content.decode()
