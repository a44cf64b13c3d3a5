"""An event shows its evidence, each piece of it real, and stays as it was published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from core.database.unit import unit
from core.refusals import AlreadyExists, NotAccepted, Refusal, UnknownReference
from markets.models import Event, EventSnapshot, Market
from tests.factories import World, make_snapshot, open_market
from tests.raw import RUNTIME, WRITERS, denied, every, failing, grant, one, refused, run, untriggered

pytestmark = pytest.mark.django_db

RAW = "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids) VALUES (%s, %s, 'It flew.', %s)"


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


@pytest.fixture
def event(world: World, market: Market) -> Event:
    run(RAW, world.acme.pk, market.pk, [world.evidence.snapshot_id])
    return Event.objects.get()


class TestItsEvidence:
    def test_is_linked_when_it_is_published(self, world: World, market: Market) -> None:
        other = make_snapshot(world.scout, url="https://example.org/other")

        run(RAW, world.acme.pk, market.pk, [world.evidence.snapshot_id, other.snapshot_id])

        links = EventSnapshot.objects.values_list("tenant_id", "event_id", "snapshot_id")
        event = Event.objects.get()
        assert set(links) == {
            (world.acme.pk, event.pk, world.evidence.snapshot_id),
            (world.acme.pk, event.pk, other.snapshot_id),
        }

    @pytest.mark.parametrize("shown", [[], [None], ["same", "same"], ["known", None]])
    def test_is_there_named_and_shown_once(self, world: World, market: Market, shown: list[Any]) -> None:
        known = {"same": world.evidence.snapshot_id, "known": world.evidence.snapshot_id}

        with refused("event_shows_evidence"):
            run(RAW, world.acme.pk, market.pk, [known.get(each) for each in shown])

    def test_is_there_where_none_is_named_at_all(self, world: World, market: Market) -> None:
        with refused("event_shows_evidence"):
            run(
                "INSERT INTO events (tenant_id, market_id, summary) VALUES (%s, %s, 's')",
                world.acme.pk,
                market.pk,
            )

    def test_exists(self, world: World, market: Market) -> None:
        with refused("evidence_is_a_known_snapshot"):
            run(RAW, world.acme.pk, market.pk, ["0" * 64])

        assert not Event.objects.exists()

    def test_is_of_the_same_tenant(self, world: World, market: Market) -> None:
        theirs = make_snapshot(world.boris, url="https://example.org/theirs")

        with refused("evidence_is_a_known_snapshot"):
            run(RAW, world.acme.pk, market.pk, [theirs.snapshot_id])

    @pytest.mark.parametrize("role", ["owner", *WRITERS])
    def test_is_linked_by_its_event_alone(self, world: World, event: Event, role: str) -> None:
        grant("INSERT", "event_snapshots", "api, xm_staff, xm_worker, xm_platform")
        other = make_snapshot(world.scout, url="https://example.org/other")

        with unit(role), refused("evidence_is_linked_by_its_event"):
            run(
                "INSERT INTO event_snapshots (tenant_id, event_id, snapshot_id) VALUES (%s, %s, %s)",
                world.acme.pk,
                event.pk,
                other.snapshot_id,
            )

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE event_snapshots SET snapshot_id = 'x'",
            "DELETE FROM event_snapshots",
            "TRUNCATE event_snapshots",
        ],
    )
    def test_stays_linked(self, event: Event, statement: str) -> None:
        with refused("event_never_changes"):
            run(statement)

    @pytest.mark.parametrize(
        ("change", "name", "answer"),
        [
            (
                "event_id = '00000000-0000-0000-0000-000000000009'",
                "evidence_has_a_known_event",
                UnknownReference,
            ),
            ("snapshot_id = 'x'", "evidence_is_a_known_snapshot", None),
        ],
    )
    def test_is_a_real_link_even_without_triggers(
        self, event: Event, change: str, name: str, answer: type[Refusal] | None
    ) -> None:
        with untriggered("event_snapshots"), refused(name, answer):
            run(f"UPDATE event_snapshots SET {change}")

    def test_is_linked_once_even_without_triggers(self, event: Event) -> None:
        with untriggered("event_snapshots"), refused("evidence_is_linked_once", AlreadyExists):
            run(
                "INSERT INTO event_snapshots (tenant_id, event_id, snapshot_id) "
                "SELECT tenant_id, event_id, snapshot_id FROM event_snapshots"
            )


class TestAnEvent:
    def test_of_the_source_gets_the_rest_from_the_database(self, event: Event) -> None:
        assert event.pk.version == 7
        assert (event.event_type, event.confidence, event.metadata) == (None, None, {})
        assert one("SELECT published_at > now() FROM events") is True

    def test_is_on_a_known_market(self, world: World) -> None:
        with refused("event_has_a_known_market", UnknownReference):
            run(RAW, world.acme.pk, UUID(int=9), [world.evidence.snapshot_id])

    def test_is_on_a_market_of_its_tenant(self, world: World, market: Market) -> None:
        theirs = make_snapshot(world.boris, url="https://example.org/theirs")

        with refused("event_has_a_known_market", UnknownReference):
            run(RAW, world.beta.pk, market.pk, [theirs.snapshot_id])

    @pytest.mark.parametrize("confidence", ["-0.01", "1.01"])
    def test_is_known_with_a_confidence_of_0_to_1(
        self, world: World, market: Market, confidence: str
    ) -> None:
        with refused("confidence_is_0_to_1", NotAccepted):
            run(
                "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids, confidence) VALUES (%s, %s, 's', %s, %s)",
                world.acme.pk,
                market.pk,
                [world.evidence.snapshot_id],
                confidence,
            )

    @pytest.mark.parametrize("confidence", ["0", "1", "0.5"])
    def test_may_be_as_sure_as_it_is(self, world: World, market: Market, confidence: str) -> None:
        run(
            "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids, confidence) VALUES (%s, %s, 's', %s, %s)",
            world.acme.pk,
            market.pk,
            [world.evidence.snapshot_id],
            confidence,
        )

        assert Event.objects.count() == 1

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE events SET summary = 'It fell.'",
            "UPDATE events SET snapshot_ids = '{}'",
            "DELETE FROM events",
            "TRUNCATE events CASCADE",
        ],
    )
    def test_never_changes(self, event: Event, statement: str) -> None:
        with refused("event_never_changes"):
            run(statement)

    @pytest.mark.parametrize("table", ["events", "event_snapshots"])
    def test_is_written_by_no_role(self, table: str) -> None:
        for role in RUNTIME:
            for statement in (
                f"INSERT INTO {table} (tenant_id) VALUES (NULL)",
                f"UPDATE {table} SET tenant_id = NULL",
                f"DELETE FROM {table}",
            ):
                with unit(role), denied(table):
                    run(statement)

    def test_writes_itself_into_the_log(self, event: Event) -> None:
        found = every("SELECT entity_type, action FROM audit_event ORDER BY seq DESC LIMIT 2")

        assert found[::-1] == [("events", "events:insert"), ("event_snapshots", "event_snapshots:insert")]

    @pytest.mark.parametrize("table", ["events", "event_snapshots"])
    def test_is_never_emptied_at_one_stroke(self, table: str) -> None:
        with failing() as caught:
            run(f"TRUNCATE {table} CASCADE")

        assert f"Rows of {table} are never" in str(caught.value)
