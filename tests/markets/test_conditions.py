"""Revising, withdrawing and resubmitting act on the state that was seen, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from audit import approvals
from markets import proposals
from tests.bad_input.sending import MARKET, refused, send
from tests.calling import client_of
from tests.conftest import LoginTaker
from tests.factories import PROVENANCE, World, acting, decide, make_content, make_world
from tests.markets.test_api import let_the_time_run_out
from tests.raw import picture

in_one_transaction = pytest.mark.django_db
VERBS = ("revisions", "withdraw", "resubmit")


def where(world: World, verb: str = "") -> str:
    return f"proposals/{world.proposal.pk}" + (f"/{verb}" if verb else "")


def tag_of(client: Client, world: World) -> str:
    return str(client.get(f"/api/v1/{where(world)}").headers["ETag"])


def body(world: World, verb: str) -> dict[str, Any]:
    wording: dict[str, Any] = {**MARKET, "symbol": "MOON-2027", "snapshot_ids": [world.evidence.snapshot_id]}
    bodies: dict[str, dict[str, Any]] = {
        "revisions": wording,
        "withdraw": {"reason": "A mistake."},
        "resubmit": {},
    }
    return bodies[verb]


def act(client: Client, world: World, verb: str, if_match: str | None) -> Any:
    return send(client, where(world, verb), body(world, verb), headers={"If-Match": if_match})


@in_one_transaction
@pytest.mark.parametrize("verb", VERBS)
def test_it_says_which_state_it_acts_on(world: World, verb: str) -> None:
    scout = client_of(world.scout)

    refused(act(scout, world, verb, None), 428, "if_match_is_required")


@in_one_transaction
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("given", ["abc", "", '*, "a"', '"a" "b"'])
def test_what_is_no_etag_is_refused_by_its_header(world: World, verb: str, given: str) -> None:
    response = act(client_of(world.scout), world, verb, given)

    refused(response, 400, "invalid_input")
    assert [fault["header"] for fault in response.json()["errors"]] == ["If-Match"]


@in_one_transaction
@pytest.mark.parametrize("verb", VERBS)
def test_the_state_that_was_seen_is_acted_on(world: World, verb: str) -> None:
    scout = client_of(world.scout)
    if verb == "resubmit":
        let_the_time_run_out(world.proposal)

    assert act(scout, world, verb, f'"another", {tag_of(scout, world)}').status_code == 200


@in_one_transaction
@pytest.mark.parametrize("verb", VERBS)
def test_a_star_acts_on_whatever_there_is(world: World, verb: str) -> None:
    if verb == "resubmit":
        let_the_time_run_out(world.proposal)

    assert act(client_of(world.scout), world, verb, "*").status_code == 200


@in_one_transaction
@pytest.mark.parametrize("verb", VERBS)
def test_a_state_that_is_gone_is_not_acted_on(world: World, verb: str) -> None:
    scout = client_of(world.scout)
    seen = tag_of(scout, world)
    with acting(world.scout):
        content = make_content(world.evidence, title="Will a crewed mission land on the Moon in 2027?")
        proposals.revise(world.proposal.pk, content, by=world.scout, provenance=PROVENANCE)
    if verb == "resubmit":
        let_the_time_run_out(world.proposal)
    before = picture()

    for stale in (seen, f"W/{tag_of(scout, world)}", '"nonsense"'):
        refused(act(scout, world, verb, stale), 412, "if_match_failed")

    assert picture() == before


@in_one_transaction
@pytest.mark.parametrize("verb", VERBS)
def test_whose_it_is_counts_before_what_they_saw(world: World, verb: str) -> None:
    refused(act(client_of(world.edith), world, verb, '"stale"'), 403, "proposal_is_somebody_elses")
    refused(act(client_of(world.boris), world, verb, '"stale"'), 404, "not_found")


@contextmanager
def several(callers: list[Any]) -> Iterator[list[Any]]:
    together = threading.Barrier(len(callers))
    said: list[Any] = []

    def run(call: Any) -> None:
        together.wait()
        said.append(call())
        connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in callers]
    for thread in threads:
        thread.start()
    yield said
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("state", ["proposed", "changes_requested"])
def test_of_many_who_saw_the_same_state_one_acts_on_it(committing_db: str, state: str) -> None:
    world = make_world()
    if state == "changes_requested":
        decide(approvals.request_changes, world.request, world.grace)
    scouts = [client_of(world.scout) for _ in range(6)]
    seen = tag_of(scouts[0], world)
    bodies = [{**body(world, "revisions"), "title": f"Will the mission {n} land?"} for n in range(6)]

    def revise(scout: Client, wording: dict[str, Any]) -> Any:
        return lambda: send(scout, where(world, "revisions"), wording, headers={"If-Match": seen})

    with several([revise(scout, wording) for scout, wording in zip(scouts, bodies, strict=True)]) as said:
        pass

    assert sorted(answer.status_code for answer in said) == [200, 412, 412, 412, 412, 412]
    assert world.proposal.revisions.count() == 2


def test_what_changes_while_it_waits_for_the_lock_is_seen(committing_db: str, login_as: LoginTaker) -> None:
    world = make_world()
    scout = client_of(world.scout)
    seen = tag_of(scout, world)
    other = login_as("owner")

    with other.transaction():
        # a decision takes this lock first; whoever waits for it must look again
        other.execute("SELECT 1 FROM approval_requests WHERE id = %s FOR UPDATE", [world.request.pk])
        with several([lambda: act(scout, world, "withdraw", seen)]) as said:
            wait_until_somebody_waits(other)
            other.execute(
                "SELECT set_config('app.actor_id', %s, true), set_config('app.tenant_id', %s, true)",
                [str(world.scout.pk), str(world.acme.pk)],
            )
            other.execute(
                "UPDATE approval_requests SET status = 'changes_requested' WHERE id = %s", [world.request.pk]
            )
            other.execute("COMMIT")

    refused(said[0], 412, "if_match_failed")


def wait_until_somebody_waits(other: Any) -> None:
    for _ in range(20_000):
        if other.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()[0]:
            return
    pytest.fail("Nobody waited.")
