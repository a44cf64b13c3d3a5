"""What says nearly the same as a proposal is found, in its tenant, through an index."""

from __future__ import annotations

import pytest

from artifacts import likeness
from core.database.unit import unit
from markets import duplicates
from markets.models import Revision
from markets.proposals import latest_revision
from tests.artifacts.test_likeness import CRITERIA
from tests.factories import World, as_staff, make_content, make_proposal, make_snapshot, open_market
from tests.raw import denied, every, one, run, untriggered

pytestmark = pytest.mark.django_db


def revision(world: World, symbol: str, criteria: str = CRITERIA) -> Revision:
    content = make_content(world.evidence, symbol=symbol, resolution_criteria=criteria)
    return latest_revision(make_proposal(world.scout, content))


def found(world: World, wanted: Revision) -> list[tuple[str, str]]:
    with as_staff(world.grace):
        return [(like.name, like.standing) for like in duplicates.near_duplicates(wanted)]


def test_a_revision_keeps_the_simhash_of_what_it_asks(world: World) -> None:
    made = revision(world, "ORBIT-2027")

    text = f"{made.title}\n{CRITERIA}\n"
    assert made.simhash == likeness.simhash(text) == duplicates.simhash_of(bytes(made.canonical))
    assert len(made.simhash_bands) == 8


def test_the_same_words_under_another_symbol_are_found_with_what_became_of_them(world: World) -> None:
    first = make_proposal(world.scout, make_content(world.evidence, symbol="A", resolution_criteria=CRITERIA))
    open_market(first, world.grace)
    revision(world, "B", CRITERIA.replace("two of the", "three of the"))
    made = revision(world, "C")

    assert found(world, made) == [("A", "active"), ("B", "proposed")]


def test_the_check_says_which_and_how_much(world: World) -> None:
    first = revision(world, "A")
    made = revision(world, "B")
    with as_staff(world.grace):
        check = duplicates.check(duplicates.near_duplicates(made))
        nothing = duplicates.check(duplicates.near_duplicates(latest_revision(world.proposal)))

    assert (check.passed, check.said) == (None, "1.00 similar to A, which is proposed")
    assert (nothing.passed, first.pk != made.pk) == (True, True)


def test_other_questions_and_ones_own_earlier_wordings_are_not_found(world: World) -> None:
    made = revision(world, "A")

    assert found(world, made) == []


def test_what_another_tenant_asks_is_not_found(world: World) -> None:
    theirs = make_snapshot(world.boris)
    there = make_proposal(world.boris, make_content(theirs, symbol="A", resolution_criteria=CRITERIA))
    made = revision(world, "A")

    assert found(world, made) == []
    for role in ("staff", "platform"):
        with unit(role, tenant=world.beta.pk):
            alike = every("SELECT revision_id FROM revisions_alike(%s)", made.simhash)
        assert alike == [(latest_revision(there).pk,)]


def test_nobody_looks_but_those_who_work_in_a_tenant(world: World) -> None:
    for role in ("auditor", "backup"):
        with unit(role, tenant=world.acme.pk), denied("function revisions_alike"):
            run("SELECT * FROM revisions_alike(0)")


def test_they_are_found_through_the_index(world: World) -> None:
    made = revision(world, "A")
    with untriggered("market_revisions"):
        run(
            "INSERT INTO market_revisions (tenant_id, proposal_id, revision_no, canonical, title, type, risk, snapshot_ids, "
            "proposed_by, simhash) SELECT tenant_id, proposal_id, n, canonical, title, type, risk, snapshot_ids, proposed_by, "
            "('x' || substr(md5(n::text), 1, 16))::bit(64)::bigint FROM market_revisions, generate_series(2, 5000) n WHERE id = %s",
            made.pk,
        )
    run("ANALYZE market_revisions")
    scans = "SELECT pg_stat_get_xact_numscans('idx_market_revisions_likeness'::regclass)"
    before = int(str(one(scans)))

    with as_staff(world.grace):
        alike = every("SELECT revision_id FROM revisions_alike(%s)", made.simhash)

    assert (made.pk,) in alike
    assert int(str(one(scans))) == before + 1


def test_the_marks_of_two_tenants_have_nothing_in_common(world: World) -> None:
    assert one("SELECT likeness_bands(%s, 7) && likeness_bands(%s, 7)", world.acme.pk, world.beta.pk) is False
    assert one("SELECT likeness_bands(%s, NULL)", world.acme.pk) is None
