from __future__ import annotations

import hashlib
from typing import Any

import pytest
from django.test import Client

from audit import approvals
from core.web.etags import etag
from core.web.waiting import WaitView
from tests.calling import client_of
from tests.factories import World, decide, make_content, make_proposal, open_market, request_for
from tests.test_openapi import Stage, routes, stage

pytestmark = pytest.mark.django_db
__all__ = ["stage"]

MALFORMED = ["", "abc", '"abc', 'abc"', '"a" "b"', '*, "a"', '"a",', 'w/"a"', '"a\x00"', "**"]
# what waits answers in a process of its own, by the same shape
TAGGED = [route for route in routes() if route.view.is_tagged and not issubclass(route.view, WaitView)]


def get(client: Client, path: str, **headers: str) -> Any:
    return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def test_an_etag_is_the_digest_of_exactly_the_bytes() -> None:
    assert etag(b"{}") == f'"{hashlib.sha256(b"{}").hexdigest()[:32]}"'


def test_every_detail_has_an_etag() -> None:
    assert {route.path.split("/")[3] for route in TAGGED} == {
        "proposals",
        "markets",
        "approvals",
        "snapshots",
        "events",
        "candidate-events",
        "audit-events",
        "jobs",
    }


@pytest.mark.parametrize("route", TAGGED, ids=lambda route: route.path)
def test_who_has_it_already_is_spared_the_body(stage: Stage, route: Any) -> None:
    vera = client_of(stage.world.vera)
    path = route.at(stage.ids)
    first = get(vera, path)
    own = first.headers["ETag"]

    assert own == etag(first.content)
    assert get(vera, path).headers["ETag"] == own
    for given in (own, f"W/{own}", f'"other", {own}', f'"other" ,\t{own}', "*"):
        spared = get(vera, path, If_None_Match=given)
        assert (spared.status_code, spared.content) == (304, b""), given
        assert spared.headers["ETag"] == own
        assert spared.headers["Cache-Control"] == "no-store"
    for given in ('"other"', f'"{own.strip(chr(34))}x"'):
        assert get(vera, path, If_None_Match=given).content == first.content


@pytest.mark.parametrize("given", MALFORMED)
def test_a_list_of_tags_that_is_none_is_refused_by_its_header(world: World, given: str) -> None:
    response = get(client_of(world.vera), f"/api/v1/proposals/{world.proposal.pk}", If_None_Match=given)

    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")
    assert [fault["header"] for fault in response.json()["errors"]] == ["If-None-Match"]


def test_head_is_answered_as_get_is(world: World) -> None:
    vera = client_of(world.vera)
    path = f"/api/v1/proposals/{world.proposal.pk}"

    own = vera.head(path).headers["ETag"]

    assert own == get(vera, path).headers["ETag"]
    assert vera.head(path, headers={"If-None-Match": own}).status_code == 304


def test_who_may_not_read_it_is_not_told_that_they_have_it(world: World) -> None:
    path = f"/api/v1/proposals/{world.proposal.pk}"
    own = get(client_of(world.vera), path).headers["ETag"]

    assert get(client_of(world.boris), path, If_None_Match=own).status_code == 404
    assert get(Client(), path, If_None_Match="*").status_code == 401


def test_no_accept_header_makes_other_bytes_of_the_same_representation(world: World) -> None:
    vera = client_of(world.vera)
    path = f"/api/v1/proposals/{world.proposal.pk}"

    assert get(vera, path, Accept="application/json; indent=4").content == get(vera, path).content


def test_the_etag_of_a_proposal_changes_with_each_thing_that_happens_to_it(world: World) -> None:
    scout = client_of(world.scout)
    risky = make_proposal(world.scout, make_content(world.evidence, symbol="VOTE-2027", type="political"))
    path = f"/api/v1/proposals/{risky.pk}"
    seen = [get(scout, path).headers["ETag"]]

    for person in (world.grace, world.alan):
        decide(approvals.approve, request_for(risky), person)
        seen.append(get(scout, path).headers["ETag"])

    assert len(set(seen)) == len(seen)


def test_what_is_answered_to_a_write_has_the_etag_that_a_read_has(world: World) -> None:
    scout = client_of(world.scout)
    path = f"/api/v1/proposals/{world.proposal.pk}"

    written = scout.post(f"{path}/withdraw", {"reason": "A mistake."}, content_type="application/json")

    assert written.headers["ETag"] == get(scout, path).headers["ETag"]


def test_a_market_and_its_approval_change_their_etags_too(world: World) -> None:
    vera = client_of(world.vera)
    asked = f"/api/v1/approvals/{world.request.pk}"
    before = get(vera, asked).headers["ETag"]

    open_market(world.proposal, world.grace)

    assert get(vera, asked).headers["ETag"] != before
