"""E2: what every actor is answered at every address is written down, and it is so."""

from __future__ import annotations

import os
from uuid import UUID

import pytest
from django.test import Client

from core.access import permissions
from core.web.etags import READING
from core.web.views import ApiView
from core.web.waiting import WaitView
from tests.experiments import matrix
from tests.experiments.matrix import ACTORS, METHODS, TABLE, Address, Cast
from tests.factories import World

pytestmark = [pytest.mark.experiment("E2"), pytest.mark.django_db]

HOW = "Run `make prove ONLY=E2 WRITE=1`, and read what changes in tests/experiments/matrix.txt."


def test_every_address_answers_every_actor_as_the_table_says(world: World) -> None:
    is_written, is_whole = "WRITE" in os.environ, "FULL_SIZE" in os.environ
    now = matrix.written(matrix.asked(Cast(world), whole=is_whole or is_written))
    if is_written:
        TABLE.write_text(now, encoding="utf-8")

    said, found = matrix.listed(TABLE.read_text(encoding="utf-8")), matrix.listed(now)
    there = {(address.pattern, method) for address in matrix.addresses() for method in METHODS}
    unlisted, gone = sorted(there - said.keys()), sorted(said.keys() - there)
    differing = [
        f"{method} {address}: {actor} gets {new}, and the table says {old}"
        for (address, method) in sorted(found.keys() & said.keys())
        for actor, old, new in zip(ACTORS, said[address, method], found[address, method], strict=True)
        if old != new
    ]

    _line(len(found), len(unlisted), len(differing) + len(gone))
    assert not unlisted, f"These are not in the table: {unlisted}. {HOW}"
    assert not gone, f"The table lists what is not there: {gone}. {HOW}"
    assert not differing, "\n".join([*differing, HOW])


def test_the_table_lists_no_defect() -> None:
    said = matrix.listed(TABLE.read_text(encoding="utf-8"))

    assert [row for row in said.items() if any(cell.startswith("5") for cell in row[1])] == []


def test_the_table_agrees_with_the_one_file_of_permissions() -> None:
    said = matrix.listed(TABLE.read_text(encoding="utf-8"))
    kinds = {"agent": "agent", "service": "service"}

    for address in matrix.addresses():
        for method, wanted in _asked_for(address).items():
            anonymous, *known = said[address.pattern, method]
            assert anonymous == "401 not_authenticated"
            for actor, cell in zip(ACTORS[1:], known, strict=True):
                may = permissions.allows(wanted, kind=kinds.get(actor, "person"), role=actor)
                assert (cell == "403 not_allowed") is not may, f"{method} {address.pattern}: {actor} {cell}"


def test_a_parameter_that_nobody_knows_stands_for_no_row() -> None:
    new = Address("/api/v1/markets/<str:market_id>/secrets/<str:secret_id>", None)

    *known, unknown = new.filled({"market_id": 7}).split("/")

    assert known == ["", "api", "v1", "markets", "7", "secrets"]
    assert str(UUID(unknown)) == unknown


def test_a_table_says_of_each_method_what_was_written_for_all_that_are_alike() -> None:
    row = ("/new", "GET HEAD", *("200" for _ in ACTORS))

    assert matrix.listed(matrix.written([row])) == {("/new", "GET"): row[2:], ("/new", "HEAD"): row[2:]}


def test_an_outcome_names_the_refusal_and_the_goal(client: Client) -> None:
    assert matrix.outcome(client.get("/api/v1/nothing")) == "404 not_found"  # type: ignore[arg-type]
    assert matrix.outcome(client.get("/")) == "302 /admin/"  # type: ignore[arg-type]


def _asked_for(address: Address) -> dict[str, str]:
    view = getattr(address.view, "cls", None)
    if not view or not issubclass(view, ApiView):
        return {}
    # who waits is asked where they wait
    away = READING if issubclass(view, WaitView) else ()
    return {method: wanted for method, wanted in view.permission.items() if method not in away}


def _line(count: int, unlisted: int, different: int) -> None:
    verdict = "FAIL" if unlisted or different else "PASS"
    share = 100 * (count - unlisted) / count
    print(  # noqa: T201 - an experiment prints its line
        f"\nE2 permission matrix: {count} x {len(ACTORS)} asked, {share:.0f} % listed, "
        f"{different} different (target 100 %, 0) {verdict}"
    )
