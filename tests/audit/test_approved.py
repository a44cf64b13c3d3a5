"""Whoever switches guards off makes rows without an approval; verifying names each of them."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.core.management import CommandError, call_command

from audit import approvals, approved
from audit.models import ApprovalGrant, ApprovalPolicy
from config.tables import TABLES
from core.database import sessions
from core.database.unit import unit
from markets import trading
from markets.models import MARKET_TYPES, Market
from tests.audit.policing.people import asked_about, make_platform, propose, standing
from tests.events import publish_event
from tests.factories import World, decide, make_content, make_proposal, make_world, open_market
from tests.markets.life.changing import amended, carry, move, reopened, resolved, voided
from tests.raw import one, run, untriggered
from tests.sealing import seal_everything


def faults(at_once: int = approved.AT_ONCE) -> list[str]:
    with unit("auditor"):
        return [str(fault) for fault in approved.faults(at_once)]


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def test_every_row_that_points_at_a_grant_is_compared() -> None:
    assert approved.tables() == [
        "approval_decisions",
        "approval_grants",
        "approval_policies",
        "events",
        "market_amendments",
        "market_reopenings",
        "market_resolutions",
        "markets",
    ]
    proved = {name for name, table in TABLES.items() if "human_approval_audit_id" in table.logged}
    assert proved <= set(approved.tables())


@pytest.mark.django_db
class TestAMarket:
    def test_that_was_approved_is_named_by_nobody(self, world: World, market: Market) -> None:
        assert faults() == []
        with untriggered("markets"):
            run("UPDATE markets SET status = 'paused'")
        assert faults() == []

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("symbol", "OTHER"),
            ("subtype", "other"),
            ("region", "XX"),
            ("risk_level", "medium"),
            ("title", "Will it rain?"),
            ("description", "Other."),
            ("resolution_criteria", "Whatever I say."),
            ("closes_at", "2030-01-01T00:00:00Z"),
            ("exposure", "1.0000"),
            ("metadata", '{"other": 1}'),
        ],
    )
    def test_whose_content_was_changed_is_named_with_what_was(
        self, world: World, market: Market, column: str, value: str
    ) -> None:
        with untriggered("markets"):
            run(f"UPDATE markets SET {column} = %s", value)

        assert faults() == [f"markets {market.pk}: it is not what was approved in {column}"]

    def test_of_another_type_and_creator_is_named(self, world: World, market: Market) -> None:
        other = next(name for name in MARKET_TYPES if name != market.type)
        with untriggered("markets"):
            run("UPDATE markets SET type = %s, created_by = %s", other, world.grace.pk)

        assert faults() == [f"markets {market.pk}: it is not what was approved in type, created_by"]

    def test_is_compared_in_every_column_of_its_content(self) -> None:
        content = TABLES["markets"].logged | TABLES["markets"].left_out
        beside = {"market_id", "approval_action", "digest", "created_at", "updated_at"}
        keys = {"human_approval_audit_id", "tenant_id", "proposal_id"}
        compared = approved._known["markets"].compared

        assert {name for name in content - beside - keys if f"THEN '{name}'" not in compared} == set()

    def test_whose_approved_text_was_changed_with_it_is_named(self, world: World, market: Market) -> None:
        with untriggered("market_revisions"), untriggered("markets"):
            run(
                "UPDATE market_revisions SET canonical = convert_to(replace(convert_from(canonical, 'UTF8'), 'a', 'b'), 'UTF8')"
            )

        assert faults() == [f"markets {market.pk}: the revision that was approved is not there"]


@pytest.mark.django_db
class TestWhatChangedAMarket:
    @pytest.fixture
    def ended(self, world: World, market: Market) -> Market:
        once = carry(amended(market, world), world)
        again = carry(reopened(move(once, trading.close, world.grace), world), world)
        return carry(resolved(again, world), world)

    def test_and_was_approved_is_named_by_nobody(self, world: World, ended: Market) -> None:
        publish_event(world, ended)

        assert faults() == []
        carry(voided(ended, world), world)
        assert faults() == []

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("content_digest", b"x" * 32),
            ("version", 7),
            ("reopened", 0),
            ("outcome", "no"),
            ("known_at", "2026-11-01T00:00:00Z"),
            ("resolved_at", "2030-01-01T00:00:00Z"),
            ("challenge_until", "2030-01-01T00:00:00Z"),
            ("status", "closed"),
            ("closes_at", "2030-01-01T00:00:00Z"),
            ("title", "Will it rain?"),
        ],
    )
    def test_and_was_not_approved_is_named_with_what_it_is(
        self, world: World, ended: Market, column: str, value: object
    ) -> None:
        with untriggered("markets"):
            run(f"UPDATE markets SET {column} = %s", value)

        assert faults() == [f"markets {ended.pk}: it is not what was approved in {column}"]

    @pytest.mark.parametrize(
        ("table", "column", "value"),
        [
            ("market_amendments", "previous_digest", b"x" * 32),
            ("market_resolutions", "known_at", "2026-11-01T00:00:00Z"),
            ("market_reopenings", "closes_at", "2030-01-01T00:00:00Z"),
        ],
    )
    def test_and_was_rewritten_is_named(
        self, world: World, ended: Market, table: str, column: str, value: object
    ) -> None:
        with untriggered(table):
            row = one(f"UPDATE {table} SET {column} = %s RETURNING id", value)

        assert f"{table} {row}: it is not what was approved in {column}" in faults()


@pytest.mark.django_db
class TestAnEvent:
    @pytest.mark.parametrize(("column", "value"), [("summary", "Other."), ("confidence", "0.01")])
    def test_that_was_rewritten_is_named(self, world: World, market: Market, column: str, value: str) -> None:
        event = publish_event(world, market)
        with untriggered("events"):
            run(f"UPDATE events SET {column} = %s", value)

        assert faults() == [f"events {event.pk}: it is not what was proposed in {column}"]

    def test_without_a_grant_on_a_political_market_is_named(self, world: World, market: Market) -> None:
        event = publish_event(world, market)
        with untriggered("markets"), untriggered("events"):
            run("UPDATE markets SET type = 'political'")
            run("UPDATE events SET human_approval_audit_id = NULL, basis = 'policy'")

        assert f"events {event.pk}: there is no grant for it" in faults()


@pytest.mark.django_db
class TestAPolicy:
    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("risk", "high"),
            ("action", "other:action"),
            ("request_lifetime", "1 day 1 second"),
            ("grant_lifetime", "2 days"),
            ("needs_reauthentication", "false"),
            ("required_roles", json.dumps({"super-admin": 1})),
        ],
    )
    def test_that_was_changed_is_named_with_what_was(self, world: World, column: str, value: str) -> None:
        policy = ApprovalPolicy.objects.get(action="market:create", risk="low")
        run("ALTER TABLE approval_policies DROP CONSTRAINT IF EXISTS one_policy_for_each_risk")
        with untriggered("approval_policies"):
            run("DELETE FROM approval_policies WHERE risk = 'high'")
            run(f"UPDATE approval_policies SET {column} = %s WHERE id = %s", value, policy.pk)

        assert faults() == [f"approval_policies {policy.pk}: it is not what the log says in {column}"]

    def test_with_a_smaller_quorum_is_named(self, world: World) -> None:
        policy = ApprovalPolicy.objects.get(action="market:create", risk="high")
        with untriggered("approval_policies"):
            run(
                "UPDATE approval_policies SET quorum = 1, required_roles = %s WHERE id = %s",
                json.dumps({"admin": 1}),
                policy.pk,
            )

        assert faults() == [
            f"approval_policies {policy.pk}: it is not what the log says in quorum, required_roles"
        ]

    def test_that_the_log_does_not_know_is_named(self, world: World) -> None:
        with untriggered("approval_policies"):
            run(
                "INSERT INTO approval_policies (action, risk, quorum, required_roles, request_lifetime, "
                "grant_lifetime, due_after) SELECT 'other:action', risk, quorum, required_roles, "
                "request_lifetime, grant_lifetime, due_after FROM approval_policies WHERE action = 'market:create' AND risk = 'low'"
            )
        policy = ApprovalPolicy.objects.get(action="other:action")

        assert faults() == [f"approval_policies {policy.pk}: the log does not know it"]

    def test_that_changed_without_people_is_named_though_the_log_says_so(self, world: World) -> None:
        policy = ApprovalPolicy.objects.get(action="market:create", risk="low")
        run("ALTER TABLE approval_policies DISABLE TRIGGER policy_change_needs_approval")
        run("UPDATE approval_policies SET request_lifetime = interval '36 hours' WHERE id = %s", policy.pk)

        assert faults() == [f"approval_policies {policy.pk}: there is no grant for what it became"]


@pytest.mark.django_db
def test_a_policy_that_people_changed_is_named_by_nobody(world: World) -> None:
    platform = make_platform(world)
    asked = asked_about(propose(platform.root))
    for person in (platform.ada, platform.sue):
        decide(approvals.approve, asked, person)

    assert standing().quorum == 2
    assert faults() == []


class TestWhoeverMayDoAnything:
    """A superuser with every trigger off, keys as well."""

    @pytest.fixture
    def there(self, committing_db: str) -> World:
        world = make_world()
        open_market(world.proposal, world.grace)
        return world

    @pytest.fixture
    def superuser(self, there: World, committing_db: str) -> Any:
        with sessions.connect(database=committing_db) as conn:
            conn.execute("SET session_replication_role = replica")
            for table in (
                "markets",
                "market_revisions",
                "approval_grants",
                "approval_requests",
                "audit_event",
            ):
                conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL".encode())
            for name in ("approval_is_used_once", "proposal_becomes_one_market"):
                conn.execute(f"ALTER TABLE markets DROP CONSTRAINT {name}".encode())
            yield conn

    def test_makes_a_market_that_is_named_with_exit_1(
        self, there: World, superuser: psycopg.Connection[Any]
    ) -> None:
        forged = make(superuser, human_approval_audit_id=uuid4())
        seal_everything()
        said = StringIO()

        with pytest.raises(CommandError, match="1 things are not as they were sealed"):
            call_command("audit", "verify", "--jobs", "1", stdout=said)

        assert said.getvalue() == f"unapproved: markets {forged}: there is no grant for it\n"

    def test_makes_a_market_by_the_grant_of_another_that_is_named(
        self, there: World, superuser: psycopg.Connection[Any]
    ) -> None:
        copied = make(superuser, market_id=UUID(int=2**128 - 1))
        other = make(superuser, proposal_id=uuid4())

        first, second = faults()

        assert {first, second} == {
            f"markets {copied}: its grant made another market",
            f"markets {other}: its grant is for something else",
        }

    def test_makes_a_grant_that_is_named(self, there: World, superuser: psycopg.Connection[Any]) -> None:
        forged = uuid4()
        superuser.execute(
            "INSERT INTO approval_grants (audit_id, action, subject_id, digest, granted_at, expires_at, "
            "request_id, tenant_id) SELECT %s, action, subject_id, sha256('other'), granted_at, expires_at, "
            "%s, tenant_id FROM approval_grants",
            [forged, uuid4()],
        )

        assert faults() == [f"approval_grants {forged}: the log does not know it"]

    def test_removes_the_row_of_the_log_and_the_grant_is_named(
        self, there: World, superuser: psycopg.Connection[Any]
    ) -> None:
        superuser.execute("DELETE FROM audit_event WHERE action = 'approval:grant'")

        assert faults() == [f"approval_grants {ApprovalGrant.objects.get().pk}: the log does not know it"]

    def test_makes_content_that_is_no_json_and_every_row_is_still_compared(
        self, there: World, superuser: psycopg.Connection[Any]
    ) -> None:
        forged = make(superuser, human_approval_audit_id=uuid4())
        superuser.execute("ALTER TABLE market_revisions DISABLE TRIGGER ALL")
        superuser.execute("UPDATE market_revisions SET canonical = '\\xff'")
        superuser.execute("UPDATE markets SET digest = sha256('\\xff') WHERE market_id <> %s", [forged])
        superuser.execute("UPDATE approval_grants SET digest = sha256('\\xff')")
        market = Market.objects.exclude(pk=forged).get()

        found = faults()

        assert f"markets {forged}: there is no grant for it" in found
        assert f"markets {market.pk}: what was approved cannot be read" in found


@pytest.mark.django_db
@pytest.mark.parametrize("at_once", [1, 2, 3, 1000])
def test_every_row_is_compared_however_many_at_once(world: World, at_once: int) -> None:
    proposals = [
        make_proposal(world.scout, make_content(world.evidence, symbol=f"M-{number}")) for number in range(3)
    ]
    markets = [open_market(proposal, world.grace) for proposal in (world.proposal, *proposals)]
    with untriggered("markets"):
        run("UPDATE markets SET title = 'Other'")

    assert faults(at_once) == [
        f"markets {pk}: it is not what was approved in title"
        for pk in sorted(market.pk for market in markets)
    ]


def make(superuser: psycopg.Connection[Any], **other: object) -> UUID:
    """Copy the market that there is, with other values in some columns."""
    known: dict[str, object] = {"market_id": uuid4(), "symbol": f"COPY-{uuid4().hex[:8]}", **other}
    rows = superuser.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'markets'::regclass AND attnum > 0 "
        "AND NOT attisdropped AND attgenerated = ''"
    ).fetchall()
    names = [name for (name,) in rows]
    values = ", ".join(f"%({name})s" if name in known else name for name in names)
    superuser.execute(
        f"INSERT INTO markets ({', '.join(names)}) SELECT {values} FROM markets LIMIT 1".encode(), known
    )
    return known["market_id"]  # type: ignore[return-value]
