"""What became of a market is told newest first, page by page, and each thing once."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from core.web.pagination import Cursor
from markets import trading
from markets.life.history import KINDS
from markets.models import Market
from tests.calling import client_of, queries_of
from tests.events import open_another
from tests.factories import World, open_market
from tests.markets.life.changing import KNOWN, live_through, move
from tests.raw import run, untriggered
from tests.staff import browser

pytestmark = pytest.mark.django_db
BORN = datetime(2026, 11, 3, 9, tzinfo=UTC)
CLARIFY = (
    "INSERT INTO market_clarifications (id, tenant_id, market_id, text, known_at, written_by, created_at) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s)"
)


@pytest.fixture
def market(world: World) -> Market:
    return live_through(open_market(world.proposal, world.grace), world)


@pytest.fixture
def vera(world: World) -> Client:
    return client_of(world.vera)


def place(market: Market) -> str:
    return f"/api/v1/markets/{market.pk}/history"


def change(market: Market) -> str:
    return f"/admin/markets/market/{market.pk}/change/"


def named(entry: dict[str, Any]) -> str:
    """The id of what an entry is about."""
    row = entry[entry["kind"]]
    return str(row.get("id") or row["audit_id"])


def turned(client: Client, address: str, way: str = "next") -> list[list[str]]:
    """The ids of every page from here on."""
    pages: list[list[str]] = []
    following: str | None = address
    while following:
        answer = client.get(following).json()
        pages.append([named(entry) for entry in answer["results"]])
        following = answer[way]
    return pages


def clarified(world: World, market: Market, *ids: UUID) -> None:
    """Clarifications of one moment."""
    with untriggered("market_clarifications"):
        for number, known in enumerate(ids):
            told = (market.tenant_id, market.pk, f"Word {number}.", KNOWN, world.grace.pk, BORN)
            run(CLARIFY, known, *told)


class TestThePages:
    @pytest.mark.parametrize("limit", [1, 2, 4, 100])
    def test_tell_everything_once_and_newest_first(self, market: Market, vera: Client, limit: int) -> None:
        pages = turned(vera, f"{place(market)}?limit={limit}")

        told = [name for page in pages for name in page]
        assert len(told) == 9
        assert told == sorted(set(told), reverse=True)
        assert [len(page) for page in pages[:-1]] == [limit] * (len(pages) - 1)

    def test_are_turned_back_as_they_were_turned(self, market: Market, vera: Client) -> None:
        forward = turned(vera, f"{place(market)}?limit=2")
        last = vera.get(f"{place(market)}?limit=2")
        while last.json()["next"]:
            last = vera.get(last.json()["next"])

        back = turned(vera, last.json()["previous"], "previous")

        assert [forward[-1], *back] == forward[::-1]

    def test_lose_nothing_where_many_things_are_of_one_moment(
        self, world: World, market: Market, vera: Client
    ) -> None:
        same = [UUID(f"019a48a0-0000-7000-8000-{number:012x}") for number in range(7)]
        clarified(world, market, *same)

        told = [name for page in turned(vera, f"{place(market)}?limit=3") for name in page]

        assert len(told) == len(set(told)) == 16
        assert told[-7:] == [str(name) for name in reversed(same)]

    def test_do_not_move_by_what_happens_meanwhile(self, world: World, market: Market, vera: Client) -> None:
        before = turned(vera, f"{place(market)}?limit=3")
        second = vera.get(f"{place(market)}?limit=3").json()["next"]
        clarified(world, market, UUID("ffffffff-0000-7000-8000-000000000000"))

        assert turned(vera, second) == before[1:]

    def test_tell_nothing_of_another_market(self, world: World, market: Market, vera: Client) -> None:
        closed = move(open_another(world), trading.close, world.grace)

        (ours,), (theirs,) = turned(vera, place(market)), turned(vera, place(closed))

        assert (len(ours), len(theirs)) == (9, 1)
        assert not set(ours) & set(theirs)

    def test_cost_as_much_as_the_first_one(self, world: World, market: Market, vera: Client) -> None:
        few = queries_of(lambda: vera.get(place(market)))
        clarified(world, market, *(UUID(f"019a48a0-0000-7000-8000-{n:012x}") for n in range(40)))
        third = vera.get(f"{place(market)}?limit=20").json()["next"]

        assert queries_of(lambda: vera.get(place(market))) == few
        assert queries_of(lambda: vera.get(third)) == few

    def test_have_a_name_of_their_own(self, market: Market, vera: Client) -> None:
        first = vera.get(f"{place(market)}?limit=2")

        again = vera.get(f"{place(market)}?limit=2", headers={"If-None-Match": first.headers["ETag"]})

        assert again.status_code == 304
        assert vera.get(first.json()["next"]).headers["ETag"] != first.headers["ETag"]

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("cursor=nonsense", "cursor"),
            ("cursor=", "cursor"),
            ("cursor=%00", "cursor"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=x", "limit"),
            ("page=2", "page"),
        ],
    )
    def test_that_nobody_wrote_are_refused_by_name(
        self, market: Market, vera: Client, query: str, parameter: str
    ) -> None:
        answer = vera.get(f"{place(market)}?{query}")

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
        assert [error["parameter"] for error in answer.json()["errors"]] == [parameter]

    def test_after_the_oldest_thing_are_empty(self, market: Market, vera: Client) -> None:
        answer = vera.get(f"{place(market)}?cursor={Cursor(UUID(int=1))}").json()

        assert answer == {"next": None, "previous": None, "results": []}


class TestThePageInTheAdmin:
    def told(self, page: str) -> list[str]:
        history = page[page.index('id="history"') :]
        return re.findall(r"Word (\d+)\.", history)

    def link(self, page: str, name: str) -> str | None:
        found = re.search(rf'<a href="([^"]+)#history">{name}</a>', page)
        return unescape(found[1]) if found else None

    def test_leads_to_older_and_back_to_newer(self, world: World, market: Market) -> None:
        clarified(world, market, *(UUID(f"019a48a0-0000-7000-8000-{n:012x}") for n in range(60)))
        client = browser(world.vera)

        first = client.get(change(market)).content.decode()
        older = self.link(first, "Older")
        assert older is not None
        second = client.get(older).content.decode()

        assert self.told(first) + self.told(second) == [str(number) for number in reversed(range(60))]
        assert (self.link(first, "Newer"), self.link(second, "Older")) == (None, None)
        newer = self.link(second, "Newer")
        assert newer is not None
        assert self.told(client.get(newer).content.decode()) == self.told(first)

    def test_tells_each_kind_in_its_own_words(self, world: World, market: Market) -> None:
        page = " ".join(browser(world.vera).get(change(market)).content.decode().split())

        said = (
            "from resolved to <strong>disputed</strong>",
            "resolution 1: <strong>yes</strong>",
            "disputed: NASA",
            "amendment 1",
            "opened again until 2028-06-30 12:00Z",
            "An orbit is one orbit.",
        )
        assert [words for words in said if words not in page] == []
        assert len(said) == len(KINDS)

    def test_of_a_new_market_is_empty(self, world: World) -> None:
        market = open_market(world.proposal, world.grace)

        assert "Nothing became of it yet." in browser(world.vera).get(change(market)).content.decode()

    @pytest.mark.parametrize("cursor", ["nonsense", "", "\x00", "bg"])
    def test_refuses_a_cursor_that_nobody_wrote(self, world: World, market: Market, cursor: str) -> None:
        answer = browser(world.vera).get(change(market), {"cursor": cursor})

        assert answer.status_code == 400
        assert "invalid_input" in answer.content.decode()

    def test_is_for_those_who_may_see_the_market(self, world: World, market: Market) -> None:
        closed = move(open_another(world), trading.close, world.grace)

        assert browser(world.boris).get(change(market)).status_code == 404
        assert (
            "from active to <strong>closed</strong>"
            in browser(world.root).get(change(closed)).content.decode()
        )
