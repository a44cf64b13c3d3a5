"""Agents and editors propose what is to become of a market, and everybody reads what became of it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from markets import trading
from markets.life.history import KINDS
from markets.models import Market, Proposal
from tests.calling import client_of
from tests.factories import REASON, World, open_market
from tests.markets.life.changing import SAID, approve, live_through, move
from tests.staff import browser

pytestmark = pytest.mark.django_db

PLACE = {"amend": "amendments", "resolve": "resolutions", "void": "voids", "reopen": "reopenings"}


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def shown(market: Market) -> dict[str, Any]:
    return {"base_digest": bytes(market.content_digest).hex(), "reason": REASON}


def body(kind: str, market: Market, world: World, **changes: Any) -> dict[str, Any]:
    agent = {
        "producer": "scout",
        "schema_version": "v1",
        "safety_assertions": ["requires-human-approval", "no-seed-data"],
        "snapshot_ids": [world.evidence.snapshot_id],
    }
    own = {
        "amend": {
            "type": "technology",
            "title": "Will anybody orbit the Moon in 2027?",
            "resolution_criteria": "One orbit.",
            "closes_at": "2027-12-31T23:59:00Z",
        },
        "resolve": {"outcome": "no", "known_at": "2026-11-02T08:00:00Z", "explanation": SAID},
        "void": {"explanation": SAID},
        "reopen": {"explanation": SAID, "closes_at": "2028-06-30T12:00:00Z"},
    }[kind]
    return {**agent, **own, **shown(market), **changes}


def post(client: Client, where: str, sent: dict[str, Any]) -> Any:
    return client.post(f"/api/v1/{where}", sent, content_type="application/json")


def propose(world: World, market: Market, kind: str, **changes: Any) -> Any:
    where = f"markets/{market.pk}/{PLACE[kind]}"
    return post(client_of(world.scout), where, body(kind, market, world, **changes))


class TestProposing:
    @pytest.mark.parametrize("kind", PLACE)
    def test_a_change_shows_what_waits(self, world: World, market: Market, kind: str) -> None:
        if kind == "reopen":
            move(market, trading.close, world.grace)

        answer = propose(world, market, kind)

        assert answer.status_code == 201, answer.content
        made = answer.json()
        assert (made["kind"], made["market_id"], made["symbol"]) == (kind, str(market.pk), market.symbol)
        assert made["open_request"]["status"] == "open"
        assert answer.headers["Location"].endswith(f"/api/v1/proposals/{made['id']}")
        assert client_of(world.vera).get(answer.headers["Location"]).json() == made

    def test_a_change_says_the_market_and_what_it_said(self, world: World, market: Market) -> None:
        made = propose(world, market, "resolve").json()

        assert json.loads(made["latest_revision"]["canonical"]) == {
            "symbol": market.symbol,
            "market_id": str(market.pk),
            "base_digest": bytes(market.content_digest).hex(),
            "outcome": "no",
            "known_at": "2026-11-02T08:00:00.000000Z",
            "explanation": SAID,
            "snapshot_ids": [world.evidence.snapshot_id],
        }

    def test_an_approved_one_is_what_the_market_shows(self, world: World, market: Market) -> None:
        made = propose(world, market, "amend").json()
        approve(Proposal.objects.get(pk=made["id"]), world.grace)

        now = client_of(world.vera).get(f"/api/v1/markets/{market.pk}").json()

        assert (now["title"], now["version"]) == ("Will anybody orbit the Moon in 2027?", 2)
        assert now["content_digest"] == made["latest_revision"]["digest"] != now["digest"]

    @pytest.mark.parametrize("kind", PLACE)
    def test_on_what_the_market_said_before_is_refused(self, world: World, market: Market, kind: str) -> None:
        if kind == "reopen":
            move(market, trading.close, world.grace)

        answer = propose(world, market, kind, base_digest="0" * 64)

        assert (answer.status_code, answer.json()["code"]) == (409, "market_has_moved_on")

    def test_a_second_one_of_a_kind_is_refused(self, world: World, market: Market) -> None:
        propose(world, market, "void")

        answer = propose(world, market, "void")

        assert (answer.status_code, answer.json()["code"]) == (409, "change_is_proposed_already")

    @pytest.mark.parametrize(
        ("kind", "change", "pointer"),
        [
            ("amend", {"symbol": "OTHER"}, "/symbol"),
            ("resolve", {"outcome": "void"}, "/outcome"),
            ("resolve", {"known_at": "yesterday"}, "/known_at"),
            ("resolve", {"base_digest": "abc"}, "/base_digest"),
            ("void", {"explanation": ""}, "/explanation"),
            ("reopen", {"closes_at": None}, "/closes_at"),
        ],
    )
    def test_names_what_cannot_be_read(
        self, world: World, market: Market, kind: str, change: dict[str, Any], pointer: str
    ) -> None:
        answer = propose(world, market, kind, **change)

        assert answer.status_code == 400
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]

    @pytest.mark.parametrize("kind", PLACE)
    def test_about_a_market_of_another_tenant_finds_none(
        self, world: World, market: Market, kind: str
    ) -> None:
        where = f"markets/{market.pk}/{PLACE[kind]}"
        nobodys = f"markets/{UUID(int=9)}/{PLACE[kind]}"
        boris = client_of(world.boris)

        answers = [post(boris, place, body(kind, market, world)) for place in (where, nobodys)]

        assert [answer.status_code for answer in answers] == [404, 404]

    @pytest.mark.parametrize("kind", PLACE)
    def test_is_not_for_viewers(self, world: World, market: Market, kind: str) -> None:
        answer = post(client_of(world.vera), f"markets/{market.pk}/{PLACE[kind]}", body(kind, market, world))

        assert answer.status_code == 403

    def test_is_revised_in_the_words_of_its_kind(self, world: World, market: Market) -> None:
        made = propose(world, market, "resolve").json()

        where = f"proposals/{made['id']}/revisions"
        wrong = post(client_of(world.scout), where, body("void", market, world))
        answer = post(client_of(world.scout), where, body("resolve", market, world, outcome="yes"))

        assert wrong.status_code == 400
        assert answer.status_code == 200
        assert json.loads(answer.json()["latest_revision"]["canonical"])["outcome"] == "yes"

    def test_is_found_by_kind_and_market(self, world: World, market: Market) -> None:
        made = propose(world, market, "void").json()
        vera = client_of(world.vera)

        for wanted in ({"kind": "void"}, {"market_id": str(market.pk)}):
            found = vera.get("/api/v1/proposals", wanted).json()["results"]
            assert [row["id"] for row in found] == [made["id"]]


class TestDisputing:
    def test_shows_the_dispute(self, world: World, market: Market) -> None:
        approve(Proposal.objects.get(pk=propose(world, market, "resolve").json()["id"]), world.grace)
        sent = {"reason": REASON, "snapshot_ids": [world.evidence.snapshot_id]}

        answer = post(client_of(world.edith), f"markets/{market.pk}/disputes", sent)

        assert answer.status_code == 201
        assert answer.json()["raised_by"] == str(world.edith.pk)
        assert client_of(world.vera).get(f"/api/v1/markets/{market.pk}").json()["status"] == "disputed"

    def test_of_what_is_not_resolved_is_refused(self, world: World, market: Market) -> None:
        sent = {"reason": REASON, "snapshot_ids": [world.evidence.snapshot_id]}

        answer = post(client_of(world.edith), f"markets/{market.pk}/disputes", sent)

        assert (answer.status_code, answer.json()["code"]) == (409, "dispute_is_about_a_resolution")

    def test_is_not_for_viewers(self, world: World, market: Market) -> None:
        assert post(client_of(world.vera), f"markets/{market.pk}/disputes", {}).status_code == 403


class TestHistory:
    def test_tells_all_that_became_of_a_market(self, world: World, market: Market) -> None:
        live_through(market, world)

        told = client_of(world.vera).get(f"/api/v1/markets/{market.pk}/history").json()["results"]

        assert Counter(entry["kind"] for entry in told) == {
            "amendment": 1,
            "resolution": 1,
            "reopening": 1,
            "dispute": 1,
            "clarification": 1,
            "move": 4,
        }
        assert all([name for name in KINDS if entry[name]] == [entry["kind"]] for entry in told)
        moves = [entry["move"] for entry in told if entry["kind"] == "move"]
        assert [(row["before"], row["after"], row["action"]) for row in moves] == [
            ("resolved", "disputed", "market:dispute"),
            ("active", "resolved", "approval:approve"),
            ("closed", "active", "approval:approve"),
            ("active", "closed", "market:close"),
        ]

    def test_tells_what_was_known_apart_from_what_was_recorded(self, world: World, market: Market) -> None:
        live_through(market, world)

        told = client_of(world.vera).get(f"/api/v1/markets/{market.pk}/history").json()["results"]

        resolution, clarification = (
            next(entry[kind] for entry in told if entry["kind"] == kind)
            for kind in ("resolution", "clarification")
        )
        for row in (resolution, clarification):
            assert row["known_at"] == "2026-11-02T08:00:00.000000Z" < row["recorded_at"]

    def test_of_another_tenant_is_not_found(self, world: World, market: Market) -> None:
        assert client_of(world.boris).get(f"/api/v1/markets/{market.pk}/history").status_code == 404

    def test_is_shown_on_the_markets_page(self, world: World, market: Market) -> None:
        live_through(market, world)

        page = browser(world.vera).get(f"/admin/markets/market/{market.pk}/change/").content.decode()

        assert "from resolved to <strong>disputed</strong>" in page
        assert "An orbit is one orbit." in page
