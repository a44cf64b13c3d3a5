"""Quotas are counted by the database to the token; floods are stopped in the process."""

from __future__ import annotations

import threading
from uuid import UUID

import psycopg
import pytest
from django.test import Client
from pytest_django import Settings

from core.access import entitlements
from core.database.unit import unit
from core.web import limits
from core.web.limits import STRANGERS, SoftLimit
from core.web.problems import TooManyRequests
from tests.calling import client_of
from tests.conftest import LoginTaker
from tests.factories import World, as_staff, make_world
from tests.raw import denied, every, one, run

EVIDENCE = {"url": "https://example.org/n", "content_type": "text/plain", "body": "New."}


def entitle(world: World, per_minute: int) -> None:
    with as_staff(world.grace):
        entitlements.entitle(
            world.scout,
            by=world.grace,
            reason="As agreed.",
            writes_per_minute=per_minute,
            proposals_per_minute=1,
        )


def take(user: UUID) -> tuple[object, ...]:
    with unit("api"):
        return every("SELECT said, quota, remaining, seconds FROM take_token(%s, 'writes')", user)[0]


@pytest.mark.django_db
class TestAHardQuota:
    def test_is_counted_to_the_token(self, world: World) -> None:
        entitle(world, 3)

        said = [take(world.scout.pk) for _ in range(4)]

        assert [row[0] for row in said] == ["taken", "taken", "taken", "too_many"]
        assert [row[2] for row in said] == [2, 1, 0, 0]
        assert said[3][3] == 20

    def test_is_refilled_as_time_goes_by_and_never_beyond(self, world: World) -> None:
        entitle(world, 3)
        for _ in range(3):
            take(world.scout.pk)

        run("UPDATE rate_buckets SET refilled_at = refilled_at - interval '41 seconds'")
        after = [take(world.scout.pk)[0] for _ in range(3)]
        run("UPDATE rate_buckets SET refilled_at = refilled_at - interval '1 day'")

        assert after == ["taken", "taken", "too_many"]
        assert take(world.scout.pk)[2] == 2

    def test_of_nothing_is_no_quota(self, world: World) -> None:
        entitle(world, 0)

        assert take(world.scout.pk)[0] == "not_entitled"
        assert take(UUID(int=9))[0] == "not_entitled"

    @pytest.mark.parametrize("role", ["staff", "worker", "auditor"])
    def test_is_taken_by_the_api_alone(self, role: str) -> None:
        with unit(role), denied("function take_token"):
            every("SELECT take_token(%s, 'writes')", UUID(int=9))

    @pytest.mark.parametrize("role", ["api", "staff", "worker", "platform"])
    def test_is_filled_by_nobody(self, world: World, role: str) -> None:
        take(world.scout.pk)

        with unit(role, tenant=world.acme.pk), denied("rate_buckets"):
            run("UPDATE rate_buckets SET tokens = 100")

    def test_is_told_with_every_write(self, world: World) -> None:
        entitle(world, 2)
        client = client_of(world.scout)

        answers = [
            client.post("/api/v1/snapshots", EVIDENCE, content_type="application/json") for _ in range(3)
        ]

        assert [answer.status_code for answer in answers] == [201, 201, 429]
        assert answers[0].headers["RateLimit-Policy"] == '"writes";q=2;w=60'
        assert answers[0].headers["RateLimit"] == '"writes";r=1;t=30'
        refused = answers[2]
        assert refused.json()["code"] == "too_many_requests"
        assert 1 <= int(refused.headers["Retry-After"]) <= 30
        assert refused.headers["RateLimit"].startswith('"writes";r=0;t=')
        assert one("SELECT count(*) FROM snapshots WHERE url = 'https://example.org/n'") == 2

    def test_is_given_back_by_a_write_that_was_refused(self, world: World) -> None:
        entitle(world, 1)
        client = client_of(world.scout)

        first = client.post("/api/v1/snapshots", {}, content_type="application/json")
        second = client.post("/api/v1/snapshots", EVIDENCE, content_type="application/json")

        assert (first.status_code, second.status_code) == (400, 201)

    def test_of_nobody_entitled_lets_nothing_be_written(self, world: World) -> None:
        run("DELETE FROM user_entitlements")

        answer = client_of(world.edith).post("/api/v1/snapshots", EVIDENCE, content_type="application/json")

        assert (answer.status_code, answer.json()["code"]) == (403, "not_entitled")
        assert one("SELECT count(*) FROM snapshots WHERE url = 'https://example.org/n'") == 0


def test_the_last_token_is_taken_once(committing_db: str, login_as: LoginTaker) -> None:
    world = make_world()
    entitle(world, 5)
    said: list[object] = []

    def race(conn: psycopg.Connection[tuple[object, ...]]) -> None:
        for _ in range(4):
            found = conn.execute("SELECT said FROM take_token(%s, 'writes')", [world.scout.pk]).fetchone()
            said.append(found and found[0])

    threads = [threading.Thread(target=race, args=(login_as("api"),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert said.count("taken") == 5
    assert len(said) == 16


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class TestASoftLimit:
    def test_lets_so_many_through_and_says_how_long_to_wait(self) -> None:
        limit = SoftLimit(lambda: 2, Clock())
        limit.take("a")
        limit.take("a")

        with pytest.raises(TooManyRequests) as caught:
            limit.take("a")

        assert caught.value.facts == {"retry_after": 30}
        limit.take("b")

    def test_is_refilled_as_time_goes_by(self) -> None:
        clock = Clock()
        limit = SoftLimit(lambda: 2, clock)
        limit.take("a")
        limit.take("a")

        clock.now += 30
        limit.take("a")

        with pytest.raises(TooManyRequests):
            limit.look("a")

    def test_of_nought_is_none(self) -> None:
        limit = SoftLimit(lambda: 0, Clock())

        for _ in range(100):
            limit.take("a")
        limit.look("a")

    def test_forgets_the_oldest_of_too_many(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(limits, "MOST", 1)
        limit = SoftLimit(lambda: 1, Clock())
        limit.take("a")
        limit.take("b")

        limit.take("a")


@pytest.mark.django_db
def test_whoever_guesses_keys_is_stopped_by_address(world: World, settings: Settings) -> None:
    settings.API_STRANGERS_PER_MINUTE = 3
    STRANGERS.clear()
    good = client_of(world.vera)
    bad = Client(headers={"Authorization": f"Bearer xm_{'0' * 12}_{'x' * 43}"})

    answers = [bad.get("/api/v1/markets") for _ in range(4)]
    from_there, elsewhere = good.get("/api/v1/markets"), good.get("/api/v1/markets", REMOTE_ADDR="192.0.2.9")

    STRANGERS.clear()
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert answers[3].headers["Retry-After"] == "20"
    assert (from_there.status_code, elsewhere.status_code) == (429, 200)
