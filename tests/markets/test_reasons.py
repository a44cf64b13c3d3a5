"""Moving a market and taking an event back ask why on the same page, each in its own words."""

from __future__ import annotations

import pytest

from markets.models import Market
from tests.events import publish_event
from tests.factories import World, open_market
from tests.staff import browser

pytestmark = pytest.mark.django_db
Places = dict[str, tuple[str, str, tuple[str, ...]]]
TOO_SHORT = "A decision carries a reason of at least ten characters."


@pytest.fixture
def places(world: World) -> Places:
    """By deed: its page, the page of its row, and what it says."""
    market: Market = open_market(world.proposal, world.grace)
    event = publish_event(world, market)
    of_market, of_event = f"/admin/markets/market/{market.pk}", f"/admin/markets/event/{event.pk}"
    paused = (
        "<h1>Pause MOON-2027</h1>",
        '<a href="/admin/markets/market/">Markets</a>',
        f'<a href="{of_market}/change/">MOON-2027</a> &rsaquo; Pause',
        f"<strong>{market.title}</strong>",
        "It is active. Trading stops until somebody resumes it.",
        ">Pause</button>",
    )
    taken_back = (
        "<h1>Take the event back</h1>",
        '<a href="/admin/markets/event/">Events</a>',
        f'<a href="{of_event}/change/">{event.summary}</a> &rsaquo; Take back',
        f"<strong>{event.summary}</strong>",
        "The event stays to be seen, as taken back by you for this reason. Nobody can undo that.",
        ">Take back</button>",
    )
    return {
        "pause": (f"{of_market}/move/pause/", f"{of_market}/change/", paused),
        "retract": (f"{of_event}/retract/", f"{of_event}/change/", taken_back),
    }


@pytest.mark.parametrize("deed", ["pause", "retract"])
class TestThePageThatAsksWhy:
    def test_says_what_is_done_to_what(self, world: World, places: Places, deed: str) -> None:
        page, row, said = places[deed]

        shown = browser(world.grace).get(page).content.decode()

        assert [words for words in said if words not in shown] == []
        assert f'href="{row}">Cancel' in shown

    @pytest.mark.parametrize("reason", ["", "short", " " * 12])
    def test_refuses_a_short_reason_in_place(
        self, world: World, places: Places, deed: str, reason: str
    ) -> None:
        answer = browser(world.grace).post(places[deed][0], {"reason": reason})

        assert answer.status_code == 422
        assert TOO_SHORT in answer.content.decode()

    def test_leads_back_to_the_row(self, world: World, places: Places, deed: str) -> None:
        page, row, _ = places[deed]

        answer = browser(world.grace).post(page, {"reason": "It is the right thing to do."})

        assert (answer.status_code, answer.headers["Location"]) == (302, row)
