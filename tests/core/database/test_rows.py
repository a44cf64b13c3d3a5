"""An INSERT names only what it is given, so no role needs a grant on what the database decides."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.access.models import ApiKey, Tenant, User
from core.database.rows import insert
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from core.refusals import AlreadyExists
from markets.models import Market
from tests.factories import World, open_market
from tests.raw import refused

pytestmark = pytest.mark.django_db


def test_an_insert_names_only_the_columns_it_is_given() -> None:
    with CaptureQueriesContext(connection) as seen:
        insert(Tenant, name="gamma", type="standard")

    statement = seen.captured_queries[0]["sql"]
    assert statement.startswith(
        'INSERT INTO "tenants" ("name", "type") VALUES (\'gamma\', \'standard\') RETURNING '
    )


def test_the_row_comes_back_as_the_database_wrote_it() -> None:
    made = insert(Tenant, name="gamma")

    found = Tenant.objects.get(pk=made.pk)
    assert isinstance(made.pk, UUID)
    assert (made.status, made.settings, made.created_at) == ("active", {}, found.created_at)
    assert not made._state.adding


def test_json_numbers_and_bytes_come_back_as_python_knows_them(world: World) -> None:
    market = open_market(world.proposal, world.grace)

    assert market.metadata == {}
    assert market.exposure == Decimal(0)
    assert isinstance(Market.objects.get(pk=market.pk).digest, bytes | memoryview)


def test_json_is_written_as_json() -> None:
    with unit("worker"):
        made = insert(OutboxEvent, event_type="a.b", payload={"list": [1, None, "text"]})

    assert OutboxEvent.objects.get(pk=made.pk).payload == made.payload == {"list": [1, None, "text"]}


@pytest.mark.parametrize("model", [User, ApiKey])
def test_a_secret_is_not_read_back(model: type[User | ApiKey], world: World) -> None:
    with unit("staff", tenant=world.acme.pk):
        made = (
            insert(User, kind="service", username="feed")
            if model is User
            else insert(
                ApiKey,
                user_id=world.scout.pk,
                tenant_id=world.acme.pk,
                prefix="p",
                digest=b"d" * 32,
                label="l",
            )
        )

    assert set(model.UNREADABLE) <= made.get_deferred_fields()


def test_a_field_that_the_model_does_not_have_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        insert(Tenant, nickname="gamma")


def test_the_database_refuses_by_name() -> None:
    insert(Tenant, name="gamma")

    with refused("tenant_name_is_taken", AlreadyExists):
        insert(Tenant, name="gamma")
