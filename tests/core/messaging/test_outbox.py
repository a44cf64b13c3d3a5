"""A message is written in the transaction of the change it tells of."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from core.access.models import PLATFORM_TENANT_ID
from core.database import seeds
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from core.messaging.outbox import emit
from core.refusals import AlreadyExists, NotFound, OutsideUnit, UnknownReference
from tests.raw import WRITERS, denied, refused, run

pytestmark = pytest.mark.django_db

TOLD = {
    "tenant_id": PLATFORM_TENANT_ID,
    "entity_type": "markets",
    "entity_id": "7",
    "payload": {"symbol": "MOON"},
}


@pytest.fixture(autouse=True)
def _platform() -> None:
    seeds.load("default")


def test_a_message_is_in_the_outbox_unpublished() -> None:
    with unit("staff", tenant=PLATFORM_TENANT_ID):
        told = emit("market.opened", **TOLD)  # type: ignore[arg-type]

    found = OutboxEvent.objects.get(pk=told.pk)
    assert (found.event_type, found.entity_type, found.entity_id, found.payload) == (
        "market.opened",
        "markets",
        "7",
        {"symbol": "MOON"},
    )
    assert (found.published_at, found.retry_count, found.last_error) == (None, 0, None)


def test_a_message_carries_the_correlation_of_its_unit() -> None:
    correlation = uuid4()

    with unit("api", tenant=PLATFORM_TENANT_ID, correlation_id=correlation):
        told = emit("market.opened", **TOLD)  # type: ignore[arg-type]

    assert told.correlation_id == correlation


def test_no_message_is_told_outside_a_unit() -> None:
    with pytest.raises(OutsideUnit):
        emit("market.opened", **TOLD)  # type: ignore[arg-type]


def test_a_message_is_gone_with_the_change_it_told_of() -> None:
    with pytest.raises(NotFound), unit("api", tenant=PLATFORM_TENANT_ID):
        emit("market.opened", **TOLD)  # type: ignore[arg-type]
        raise NotFound

    assert not OutboxEvent.objects.filter(event_type="market.opened").exists()


@pytest.mark.parametrize("role", WRITERS)
def test_every_role_that_writes_may_tell(role: str) -> None:
    with unit(role, tenant=PLATFORM_TENANT_ID):
        emit("market.opened", **TOLD)  # type: ignore[arg-type]

    assert OutboxEvent.objects.filter(event_type="market.opened").count() == 1


@pytest.mark.parametrize("role", WRITERS)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE outbox_events SET payload = '{}'",
        "UPDATE outbox_events SET published_at = now()",
        "DELETE FROM outbox_events",
        "INSERT INTO outbox_events (event_type, payload, published_at) VALUES ('a.b', '{}', now())",
        "INSERT INTO outbox_events (event_type, payload, event_id) VALUES ('a.b', '{}', gen_random_uuid())",
    ],
)
def test_what_was_told_is_not_changed_by_any_role(role: str, statement: str) -> None:
    with unit(role), denied("outbox_events"):
        run(statement)


def test_a_message_of_the_source_gets_the_rest_from_the_database() -> None:
    run("INSERT INTO outbox_events (event_type, payload) VALUES ('rfq.created', '{\"a\": 1}')")

    found = OutboxEvent.objects.get(event_type="rfq.created")
    assert (found.tenant_id, found.published_at, found.retry_count) == (PLATFORM_TENANT_ID, None, 0)
    assert found.pk.version == found.event_id.version == 7


def test_a_message_is_known_by_its_event_id_once() -> None:
    statement = "INSERT INTO outbox_events (event_type, payload, event_id) VALUES ('a.b', '{}', %s)"
    run(statement, UUID(int=1))

    with refused("message_is_sent_once", AlreadyExists):
        run(statement, UUID(int=1))


def test_a_message_belongs_to_a_known_tenant() -> None:
    with unit("api", tenant=UUID(int=9)), refused("message_has_a_known_tenant", UnknownReference):
        run(
            "INSERT INTO outbox_events (tenant_id, event_type, payload) VALUES (%s, 'a.b', '{}')", UUID(int=9)
        )
