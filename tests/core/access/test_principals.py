"""A process remembers a key for five seconds, by its digest, and asks each time whether it is live."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.access import keys, principals
from core.access.models import ApiKey
from core.access.principals import REMEMBERED, Principal, Remembered
from tests.audit.voting import give_role
from tests.calling import client_of
from tests.factories import World, as_staff, make_key
from tests.raw import every, run

ANYBODY = Principal(UUID(int=1), UUID(int=2), UUID(int=3), "agent", None, ("markets:read",), "active", "none")


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


class TestRemembering:
    def test_lasts_five_seconds(self, clock: Clock) -> None:
        remembered = Remembered(clock)
        remembered.put(b"digest", ANYBODY)

        clock.now += 4.999
        before = remembered.get(b"digest")
        clock.now += 0.001

        assert (before, remembered.get(b"digest")) == (ANYBODY, None)

    def test_is_of_one_key_alone(self, clock: Clock) -> None:
        remembered = Remembered(clock)
        remembered.put(b"digest", ANYBODY)

        assert remembered.get(b"another") is None

    def test_forgets_the_oldest_of_too_many(self, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(principals, "MOST", 2)
        remembered = Remembered(clock)
        for digest in (b"1", b"2", b"3"):
            remembered.put(digest, ANYBODY)

        assert [remembered.get(digest) for digest in (b"1", b"2", b"3")] == [None, ANYBODY, ANYBODY]


@pytest.mark.django_db
class TestARememberedKey:
    @pytest.fixture(autouse=True)
    def _remembers(self, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(REMEMBERED, "_clock", clock)
        REMEMBERED.clear()
        yield
        REMEMBERED.clear()

    def status(self, client: Client, path: str = "markets") -> int:
        return client.get(f"/api/v1/{path}").status_code

    def test_is_looked_up_once_in_five_seconds(self, world: World, clock: Clock) -> None:
        client = client_of(world.vera)

        found = [self.look_ups(client)]
        clock.now += 4
        found.append(self.look_ups(client))
        clock.now += 1
        found.append(self.look_ups(client))

        assert found == [1, 0, 1]

    def look_ups(self, client: Client) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/api/v1/markets")
        return sum("authenticate_key" in query["sql"] for query in captured)

    @pytest.mark.parametrize(
        "end",
        [
            "UPDATE users SET status = 'disabled' WHERE username = 'vera@acme.example'",
            "UPDATE tenants SET status = 'disabled' WHERE name = 'acme'",
            "UPDATE api_keys SET revoked_at = clock_timestamp()",
            "UPDATE api_keys SET expires_at = clock_timestamp()",
        ],
    )
    def test_is_refused_at_once_when_it_ends(self, world: World, end: str) -> None:
        client = client_of(world.vera)
        assert self.status(client) == 200

        run(end)

        assert self.status(client) == 401

    def test_holds_a_role_that_was_taken_away_for_five_seconds(self, world: World, clock: Clock) -> None:
        client = client_of(world.grace)
        assert client.post("/api/v1/snapshots", {}, content_type="application/json").status_code == 400

        give_role(world.grace, "viewer")
        within = client.post("/api/v1/snapshots", {}, content_type="application/json").status_code
        clock.now += 5
        after = client.post("/api/v1/snapshots", {}, content_type="application/json").status_code

        assert (within, after) == (400, 403)

    def test_loads_no_user_that_nobody_looks_at(self, world: World) -> None:
        client = client_of(world.vera)
        client.get("/api/v1/markets")

        with CaptureQueriesContext(connection) as captured:
            client.get("/api/v1/markets")

        assert not [query for query in captured if '"users"' in query["sql"]]


@pytest.mark.django_db
class TestTheLastUse:
    def used(self) -> list[tuple[object, ...]]:
        return every("SELECT last_used_at FROM api_keys ORDER BY last_used_at NULLS LAST")

    def test_is_noted_when_a_key_is_found(self, world: World) -> None:
        client = client_of(world.vera)

        client.get("/api/v1/markets")

        assert self.used() != [(None,)]

    def test_is_noted_even_if_the_request_is_refused(self, world: World) -> None:
        client = client_of(world.vera)

        assert client.get("/api/v1/markets/nothing").status_code == 404

        assert self.used() != [(None,)]

    def test_is_noted_once_a_minute(self, world: World) -> None:
        client = client_of(world.vera)
        client.get("/api/v1/markets")
        before = self.used()
        REMEMBERED.clear()

        client.get("/api/v1/markets")

        assert self.used() == before

    def test_is_no_news_for_the_log(self, world: World) -> None:
        client = client_of(world.vera)
        count = every("SELECT count(*) FROM audit_event")

        client.get("/api/v1/markets")

        assert every("SELECT count(*) FROM audit_event") == count

    def test_of_a_key_that_ended_is_not_noted(self, world: World) -> None:
        written = make_key(world.vera)
        with as_staff(world.grace):
            keys.revoke(ApiKey.objects.get(), by=None, reason="Lost.")

        Client(headers={"Authorization": f"Bearer {written}"}).get("/api/v1/markets")

        assert self.used() == [(None,)]
