"""A market changes only by people's approval of exactly that change."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from core.messaging.models import OutboxEvent
from markets import trading
from markets.models import Amendment, Market, Reopening, Resolution
from tests.factories import World, acting, as_staff, open_market, request_for
from tests.markets.life.changing import (
    KINDS_OF_CHANGE,
    KNOWN,
    LATER,
    PROMISE,
    TABLE,
    amended,
    carry,
    change,
    granted,
    move,
    put,
    ready,
    reopened,
    resolved,
    use,
    voided,
)
from tests.raw import denied, one, refused, run, untriggered, walled

pytestmark = pytest.mark.django_db


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


class TestAnApprovedChange:
    def test_of_content_is_what_the_market_says(self, world: World, market: Market) -> None:
        content = amended(market, world, closes_at=LATER, region="US", metadata={"a": 1})

        now = carry(content, world)

        assert (now.title, now.closes_at, now.region, now.metadata) == (
            content.content.title,
            LATER,
            "US",
            {"a": 1},
        )
        assert (now.version, now.status, now.symbol) == (2, "active", market.symbol)
        assert bytes(now.content_digest) == bytes(Amendment.objects.get().digest)
        assert bytes(now.digest) == bytes(market.digest) == bytes(Amendment.objects.get().previous_digest)

    def test_follows_another(self, world: World, market: Market) -> None:
        once = carry(amended(market, world), world)
        twice = carry(amended(once, world, title="Will anybody orbit the Moon in 2027?"), world)

        numbers = list(Amendment.objects.order_by("number").values_list("number", flat=True))
        assert (twice.version, numbers) == (3, [1, 2])
        assert twice.title == "Will anybody orbit the Moon in 2027?"

    def test_that_resolves_ends_the_market(self, world: World, market: Market) -> None:
        ended = carry(resolved(market, world), world)

        resolution = Resolution.objects.get()
        assert (ended.status, ended.outcome, ended.known_at) == ("resolved", "yes", KNOWN)
        assert (ended.resolved_at, ended.challenge_until) == (
            resolution.recorded_at,
            resolution.recorded_at + timedelta(hours=24),
        )

    @pytest.mark.parametrize(("risk", "hours"), [("low", 24), ("medium", 24), ("high", 72)])
    def test_that_resolves_can_be_challenged_the_longer_the_riskier(self, risk: str, hours: int) -> None:
        assert one("SELECT challenge_window(%s)", risk) == timedelta(hours=hours)

    def test_that_voids_ends_the_market_for_good(self, world: World, market: Market) -> None:
        ended = carry(voided(market, world), world)

        assert (ended.status, ended.outcome, ended.known_at, ended.challenge_until) == (
            "voided",
            "void",
            None,
            None,
        )

    def test_that_reopens_lets_it_trade_until_then(self, world: World, market: Market) -> None:
        closed = move(market, trading.close, world.grace)

        opened = carry(reopened(closed, world), world)

        assert (opened.status, opened.closes_at, opened.reopened) == ("active", LATER, 1)
        assert Reopening.objects.get().closes_at == LATER

    @pytest.mark.parametrize(
        ("kind", "event"),
        [
            ("amend", "market.amended"),
            ("resolve", "market.resolved"),
            ("void", "market.voided"),
            ("reopen", "market.reopened"),
        ],
    )
    def test_is_told(self, world: World, market: Market, kind: str, event: str) -> None:
        carry(change(kind, ready(kind, market, world), world), world)

        told = OutboxEvent.objects.get(event_type=event)
        assert (told.entity_id, told.payload["symbol"]) == (str(market.pk), market.symbol)

    @pytest.mark.parametrize("kind", KINDS_OF_CHANGE)
    def test_leaves_its_market_in_the_log_once(self, world: World, market: Market, kind: str) -> None:
        place = ready(kind, market, world)
        before = int(one("SELECT count(*) FROM audit_event WHERE entity_type = 'markets'"))  # type: ignore[call-overload]

        carry(change(kind, place, world), world)

        assert one("SELECT count(*) FROM audit_event WHERE entity_type = 'markets'") == before + 1
        assert one("SELECT count(*) FROM audit_event WHERE entity_type = %s", TABLE[kind]) == 1


class TestWithoutAnApproval:
    @pytest.mark.parametrize("role", ["staff", "platform", "owner"])
    @pytest.mark.parametrize("kind", KINDS_OF_CHANGE)
    def test_nothing_changes(self, world: World, market: Market, kind: str, role: str) -> None:
        proposal = put(change(kind, ready(kind, market, world), world), world.scout)

        with acting(world.grace, role), refused(PROMISE[kind]):
            use(kind, UUID(int=9), proposal.pk, bytes(request_for(proposal).digest))

    @pytest.mark.parametrize("kind", KINDS_OF_CHANGE)
    def test_nothing_changes_even_without_the_guards(self, world: World, market: Market, kind: str) -> None:
        grant = granted(kind, market, world)
        other = one("SELECT audit_id FROM audit_event WHERE entity_type = 'markets' LIMIT 1")
        values = {
            "amend": ("previous_digest", "'x'"),
            "resolve": ("outcome, known_at, challenge_until", "'yes', '2026-01-01', now()"),
            "void": ("outcome", "'void'"),
            "reopen": ("closes_at", "now()"),
        }[kind]

        with untriggered(TABLE[kind]), refused(PROMISE[kind]):
            run(
                f"INSERT INTO {TABLE[kind]} (human_approval_audit_id, proposal_id, digest, tenant_id, market_id, number, {values[0]}) "
                f"VALUES (%s, %s, %s, %s, %s, 1, {values[1]})",
                other,
                grant.subject_id,
                bytes(grant.digest),
                world.acme.pk,
                market.pk,
            )

    @pytest.mark.parametrize("role", ["api", "worker", "auditor", "backup"])
    @pytest.mark.parametrize("kind", KINDS_OF_CHANGE)
    def test_no_machine_changes_a_market_even_with_one(
        self, world: World, market: Market, kind: str, role: str
    ) -> None:
        grant = granted(kind, market, world)

        with acting(world.grace, role), denied(TABLE[kind]):
            use(kind, grant.pk, grant.subject_id, bytes(grant.digest))

    @pytest.mark.parametrize("role", ["staff", "owner"])
    @pytest.mark.parametrize("kind", KINDS_OF_CHANGE)
    def test_the_grant_of_another_kind_changes_nothing(
        self, world: World, market: Market, kind: str, role: str
    ) -> None:
        grant = granted(kind, market, world)

        for other in {"amend", "resolve", "reopen"} - {"resolve" if kind == "void" else kind}:
            with acting(world.grace, role), refused(PROMISE[other]):
                use(other, grant.pk, grant.subject_id, bytes(grant.digest))

    def test_a_granted_void_is_no_yes_and_a_granted_yes_no_void(self, world: World, market: Market) -> None:
        grant = granted("void", market, world)

        with acting(world.grace, "staff"):
            use("resolve", grant.pk, grant.subject_id, bytes(grant.digest))

        assert Resolution.objects.get().outcome == "void"


class TestAGrant:
    @pytest.mark.parametrize("kind", KINDS_OF_CHANGE)
    def test_of_another_content_changes_nothing(self, world: World, market: Market, kind: str) -> None:
        grant = granted(kind, market, world)

        with as_staff(world.grace), refused(PROMISE[kind]):
            use(kind, grant.pk, grant.subject_id, b"\0" * 32)

    @pytest.mark.parametrize("kind", KINDS_OF_CHANGE)
    def test_that_has_expired_changes_nothing(self, world: World, market: Market, kind: str) -> None:
        grant = granted(kind, market, world)
        with untriggered("approval_grants"):
            run("UPDATE approval_grants SET expires_at = clock_timestamp()")

        with as_staff(world.grace), refused("approval_has_expired"):
            use(kind, grant.pk, grant.subject_id, bytes(grant.digest))

    @pytest.mark.parametrize(
        ("kind", "name"),
        [
            ("amend", "amendment_approval_is_used_once"),
            ("resolve", "resolution_approval_is_used_once"),
            ("void", "resolution_approval_is_used_once"),
            ("reopen", "reopening_approval_is_used_once"),
        ],
    )
    def test_is_used_once(self, world: World, market: Market, kind: str, name: str) -> None:
        grant = granted(kind, market, world)

        with as_staff(world.grace):
            use(kind, grant.pk, grant.subject_id, bytes(grant.digest))
            with refused(name):
                use(kind, grant.pk, grant.subject_id, bytes(grant.digest))

    @pytest.mark.parametrize("kind", KINDS_OF_CHANGE)
    def test_is_used_in_its_own_tenant(self, world: World, market: Market, kind: str) -> None:
        grant = granted(kind, market, world)

        with acting(world.boris, "staff"), walled(TABLE[kind]):
            use(kind, grant.pk, grant.subject_id, bytes(grant.digest))
