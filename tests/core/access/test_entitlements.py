"""Nobody proposes what they are not entitled to, and nothing is granted until somebody says so."""

from __future__ import annotations

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from core.access import entitlements
from core.access.models import User
from core.database.rows import insert
from core.database.unit import unit
from core.refusals import NotAccepted, NotAllowed
from markets import proposals
from markets.models import Proposal, Revision
from tests.conftest import LoginTaker
from tests.factories import PROVENANCE, World, acting, as_staff, make_content, make_proposal, make_world
from tests.raw import denied, every, one, refused, run

EVERYTHING: dict[str, Any] = {
    "asset_classes": ["*"],
    "instruments": ["*"],
    "venues": ["*"],
    "max_notional": Decimal(1000),
    "open_proposals": 100,
}
Way = Callable[..., None]


def entitle(world: World, **changes: Any) -> None:
    with as_staff(world.grace):
        entitlements.entitle(world.scout, by=world.grace, reason="As agreed.", **{**EVERYTHING, **changes})


def by_verb(world: World, **changes: Any) -> None:
    with acting(world.scout):
        proposals.propose(
            make_content(world.evidence, **{"symbol": "NEW-1", **changes}),
            by=world.scout,
            provenance=PROVENANCE,
        )


def by_sql(world: World, **changes: Any) -> None:
    content = make_content(world.evidence, **{"symbol": "NEW-1", **changes})
    with acting(world.scout):
        made = insert(Proposal, tenant_id=world.acme.pk, symbol=content.symbol, proposed_by_id=world.scout.pk)
        insert(
            Revision,
            tenant_id=world.acme.pk,
            proposal_id=made.pk,
            canonical=content.canonical(),
            proposed_by_id=world.scout.pk,
            producer="scout",
            schema_version="v1",
            safety_assertions=list(PROVENANCE.safety_assertions),
        )


WAYS = pytest.mark.parametrize("propose", [by_verb, by_sql], ids=["by the verb", "by raw SQL"])


@pytest.mark.django_db
class TestAList:
    @pytest.mark.parametrize(
        ("granted", "wanted", "answer"),
        [
            (["*"], "FRED-1", True),
            (["FRED-*"], "FRED-1", True),
            (["FRED-*"], "FRED", False),
            (["FRED-1"], "FRED-1", True),
            (["FRED-1"], "FRED-12", False),
            (["A", "B*"], "BCD", True),
            ([], "FRED-1", False),
            (None, "FRED-1", False),
            (["fred-*"], "FRED-1", False),
            (["%"], "FRED-1", False),
        ],
    )
    def test_entitles_to_what_it_names(self, granted: list[str] | None, wanted: str, answer: bool) -> None:
        assert one("SELECT entitles(%s::text[], %s)", granted, wanted) is answer


@pytest.mark.django_db
class TestAProposal:
    @WAYS
    def test_is_made_by_whoever_is_entitled(self, world: World, propose: Way) -> None:
        entitle(world)

        propose(world, region="EU", exposure=Decimal(1000))

        assert Proposal.objects.filter(symbol="NEW-1").exists()

    @WAYS
    @pytest.mark.parametrize(
        ("granted", "content", "name"),
        [
            ({"asset_classes": []}, {}, "not_entitled_to_this_type"),
            ({"asset_classes": ["sports", "tech"]}, {}, "not_entitled_to_this_type"),
            ({"instruments": ["OLD-*"]}, {}, "not_entitled_to_this_symbol"),
            ({"venues": []}, {"region": "EU"}, "not_entitled_to_this_region"),
            ({"venues": ["US"]}, {"region": "EU"}, "not_entitled_to_this_region"),
            ({}, {"exposure": Decimal("1000.0001")}, "exposure_is_within_the_limit"),
            ({"open_proposals": 1}, {}, "open_proposals_are_within_the_limit"),
        ],
    )
    def test_is_refused_to_whoever_is_not(
        self, world: World, propose: Way, granted: dict[str, Any], content: dict[str, Any], name: str
    ) -> None:
        entitle(world, **granted)

        with refused(name):
            propose(world, **content)

        assert not Proposal.objects.filter(symbol="NEW-1").exists()

    @WAYS
    def test_is_refused_to_whom_nothing_was_granted(self, world: World, propose: Way) -> None:
        run("DELETE FROM user_entitlements WHERE user_id = %s", world.scout.pk)

        with refused("not_entitled_to_this_type"):
            propose(world)

    @WAYS
    def test_without_a_region_needs_no_venue(self, world: World, propose: Way) -> None:
        entitle(world, venues=[])

        propose(world)

    def test_of_a_person_is_held_to_the_same(self, world: World) -> None:
        run("DELETE FROM user_entitlements WHERE user_id = %s", world.edith.pk)

        with refused("not_entitled_to_this_type"):
            make_proposal(world.edith, make_content(world.evidence, symbol="NEW-1"))

    def test_is_revised_within_what_is_granted(self, world: World) -> None:
        entitle(world)

        with acting(world.scout), refused("exposure_is_within_the_limit"):
            proposals.revise(
                world.proposal.pk,
                make_content(world.evidence, exposure=Decimal(2000)),
                by=world.scout,
                provenance=PROVENANCE,
            )

    def test_that_was_decided_counts_no_more(self, world: World) -> None:
        entitle(world, open_proposals=1)
        with acting(world.scout):
            proposals.withdraw(world.proposal.pk, by=world.scout, reason="It is not needed.")

        by_verb(world)


def test_two_proposals_at_once_do_not_share_the_last_place(committing_db: str, login_as: LoginTaker) -> None:
    world = make_world()
    entitle(world, open_proposals=2)
    contents = [make_content(world.evidence, symbol=f"RACE-{number}") for number in range(2)]
    together, said = threading.Barrier(2), []

    def race(conn: psycopg.Connection[tuple[object, ...]], content: Any) -> None:
        try:
            with conn.transaction():
                for name, value in (("tenant_id", world.acme.pk), ("actor_id", world.scout.pk)):
                    conn.execute("SELECT set_config(%s, %s, true)", [f"app.{name}", str(value)])
                found = conn.execute(
                    "INSERT INTO market_proposals (symbol, proposed_by) VALUES (%s, %s) RETURNING id",
                    [content.symbol, world.scout.pk],
                ).fetchone()
                together.wait()
                conn.execute(
                    "INSERT INTO market_revisions (proposal_id, canonical, proposed_by, producer, "
                    "schema_version, safety_assertions) VALUES (%s, %s, %s, 'scout', 'v1', %s)",
                    [
                        found and found[0],
                        content.canonical(),
                        world.scout.pk,
                        list(PROVENANCE.safety_assertions),
                    ],
                )
        except psycopg.Error as error:
            said.append(error.diag.constraint_name)

    threads = [threading.Thread(target=race, args=(login_as("api"), content)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert said == ["open_proposals_are_within_the_limit"]
    assert Proposal.objects.filter(symbol__startswith="RACE").count() == 1


@pytest.mark.django_db
class TestEntitling:
    def test_says_it_whole_and_once(self, world: World) -> None:
        entitle(world, instruments=["A-*"])
        entitle(world, venues=["EU"])

        rows = every(
            "SELECT instruments, venues, max_notional FROM user_entitlements WHERE user_id = %s",
            world.scout.pk,
        )
        assert rows == [(["*"], ["EU"], Decimal(1000))]

    def test_grants_nothing_that_is_not_named(self, world: World) -> None:
        with as_staff(world.grace):
            given = entitlements.entitle(world.vera, by=world.grace, reason="Nothing yet.")

        assert every(
            "SELECT asset_classes, instruments, venues, max_notional FROM user_entitlements WHERE id = %s",
            given.pk,
        ) == [([], [], [], 0)]

    def test_is_taken_back(self, world: World) -> None:
        with as_staff(world.grace):
            entitlements.withdraw(world.scout, by=world.grace, reason="It misbehaves.")

        with refused("not_entitled_to_this_type"):
            by_verb(world)

    @pytest.mark.parametrize("name", ["vera", "edith", "scout"])
    def test_is_for_admins(self, world: World, name: str) -> None:
        by: User = getattr(world, name)

        with acting(by, "staff"), pytest.raises(NotAllowed):
            entitlements.entitle(by, by=by, reason="I want more.", **EVERYTHING)

    @pytest.mark.parametrize("role", ["api", "worker", "auditor"])
    @pytest.mark.parametrize(
        "statement",
        ["UPDATE user_entitlements SET max_notional = 1", "DELETE FROM user_entitlements"],
    )
    def test_is_for_staff(self, world: World, role: str, statement: str) -> None:
        with unit(role, tenant=world.acme.pk), denied("user_entitlements"):
            run(statement)

    @pytest.mark.parametrize(
        "column", ["rfq_rate_limit", "order_rate_limit", "max_open_orders", "max_notional"]
    )
    def test_counts_nothing_below_zero(self, world: World, column: str) -> None:
        with as_staff(world.grace), refused("entitlements_are_not_negative", NotAccepted):
            run(f"UPDATE user_entitlements SET {column} = -1")

    def test_stays_in_the_tenant_of_its_user(self, world: World) -> None:
        run("UPDATE user_entitlements SET tenant_id = %s WHERE user_id = %s", world.beta.pk, world.scout.pk)

        assert (
            one("SELECT tenant_id FROM user_entitlements WHERE user_id = %s", world.scout.pk) == world.acme.pk
        )
