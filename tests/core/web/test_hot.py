"""What the database writes as JSON text is what the serializer says, and only plain requests get it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from pytest_django import Settings

from audit.api import AuditEvents
from core.access import keys, signing_keys
from core.access.models import ApiKey, User
from core.access.principals import Principal
from core.web import hot, limits
from core.web.views import ApiView
from tests.calling import client_of
from tests.factories import World, as_staff, make_content, make_proposal, make_world, open_market
from tests.markets.life.changing import live_through
from tests.raw import every, one, run

EVENTS, MARKETS = "/api/v1/audit-events", "/api/v1/markets"
TABLES = {EVENTS: "audit_event", MARKETS: "markets"}
VARIED = """
    INSERT INTO audit_event (tenant_id, actor_id, actor_type, action, entity_type, entity_id, old_value, new_value,
                             payload_hash, signature, job_id, correlation_id, ip_address, user_agent, metadata,
                             created_at, epoch)
    VALUES (%(tenant)s, NULL, 'system', 'a:b', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
            '2026-01-02T03:04:05.000006Z', 7),
           (%(tenant)s, %(actor)s, 'agent', 'Zeit “ö” ☃ 𝄞', 'tab\t"quoted"', E'line\\nback\\\\slash\\u2028\\x7f\\x01',
            '{}', '{"a": [1, 2.50, 1e3, -0.1, 12345678901234567890, true, null, {"ü": "\\u0007 / 𝄞"}]}',
            repeat('a', 64), 'sig', %(actor)s, %(actor)s, '2001:db8::1', '</script>', '{"reason": ""}',
            '1999-12-31T23:59:59.999999+05:30', 1),
           (%(tenant)s, %(actor)s, 'human', 'c:d', '', '', '{"x": 0.1}', '{"y": ""}', NULL, NULL, NULL, NULL,
            '192.0.2.0/24', '', '{}', '2026-06-01', 1)
"""
in_a_transaction = pytest.mark.django_db


@contextmanager
def ordinary() -> Iterator[None]:
    """Let nothing be plain."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hot, "is_plain", lambda request: False)
        yield


@contextmanager
def at_once() -> Iterator[None]:
    """Let nothing go the ordinary way."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ApiView, "dispatch", None)
        yield


@pytest.fixture
def varied(world: World) -> World:
    with connection.cursor() as cursor:
        cursor.execute(VARIED, {"tenant": world.acme.pk, "actor": world.scout.pk})
    strange = make_content(
        world.evidence,
        symbol="STRANGE-1",
        title="Wird es “schneien”? ☃ 𝄞",
        description="",
        region="Zürich",
        exposure=Decimal("1234567890123456.7800"),
        metadata={"deep": [{"ü": 0.1}], "empty": {}, "none": None},
    )
    lived = make_proposal(world.scout, make_content(world.evidence, symbol="LIVED-1"))
    for proposal in (world.proposal, make_proposal(world.scout, strange)):
        open_market(proposal, world.grace)
    live_through(open_market(lived, world.grace), world)
    run("UPDATE markets SET status = 'paused' WHERE symbol = 'STRANGE-1'")
    return world


def known(user: User) -> Client:
    """A client whose key the process remembers."""
    client = client_of(user)
    client.get("/api/v1/events")
    return client


def both_ways(client: Client, path: str, **headers: str) -> tuple[Any, Any]:
    with ordinary():
        by_serializer = client.get(path, headers={"X-Request-Id": "same", **headers})
    return by_serializer, client.get(path, headers={"X-Request-Id": "same", **headers})


def unsized(answer: Any) -> dict[str, str]:
    """Its headers, but for the length: both write the same with other blanks."""
    return {name: value for name, value in answer.headers.items() if name != "Content-Length"}


@in_a_transaction
class TestThePlainAnswer:
    @pytest.mark.parametrize("path", [EVENTS, MARKETS])
    @pytest.mark.parametrize("limit", [1, 2, 7, 100])
    def test_of_a_list_is_the_serializers_on_every_page_there_and_back(
        self, varied: World, path: str, limit: int
    ) -> None:
        client = client_of(varied.scout)
        address, seen = f"{path}?limit={limit}", 0
        pages: list[str] = []

        while address:
            by_serializer, plain = both_ways(client, address)
            assert plain.json() == by_serializer.json()
            assert unsized(plain) == unsized(by_serializer)
            seen += len(plain.json()["results"])
            pages.append(plain.json()["previous"])
            address = plain.json()["next"]

        assert seen == one(f"SELECT count(*) FROM {TABLES[path]} WHERE tenant_id = %s", varied.acme.pk)
        for before in filter(None, pages):
            by_serializer, plain = both_ways(client, before)
            assert plain.json() == by_serializer.json()

    @pytest.mark.parametrize(("path", "key"), [(EVENTS, "audit_id"), (MARKETS, "market_id")])
    def test_of_every_row_is_the_serializers(self, varied: World, path: str, key: str) -> None:
        client = client_of(varied.vera)
        with ordinary():
            rows = client.get(f"{path}?limit=100").json()["results"]
        assert rows

        for row in rows:
            by_unit, plain = both_ways(client, f"{path}/{row[key]}")
            assert plain.json() == row
            assert (plain.content, plain.headers["ETag"]) == (by_unit.content, by_unit.headers["ETag"])

    def test_is_spared_whoever_has_it_already(self, varied: World) -> None:
        client = client_of(varied.vera)
        path = f"{MARKETS}/{client.get(MARKETS).json()['results'][0]['market_id']}"
        with at_once():
            tag = client.get(path).headers["ETag"]

        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304

    @pytest.mark.parametrize("path", [EVENTS, MARKETS])
    def test_takes_no_other_way(self, varied: World, path: str) -> None:
        client = known(varied.vera)

        with at_once():
            first = client.get(path).json()["results"][0]
            shown = client.get(f"{path}/{first.get('market_id', first.get('audit_id'))}").json()

        assert shown == first

    def test_of_an_empty_list_is_empty(self, varied: World) -> None:
        boris = known(varied.boris)

        with at_once():
            shown = boris.get(MARKETS).json()

        assert shown == {"next": None, "previous": None, "results": []}

    @pytest.mark.parametrize("path", [EVENTS, MARKETS])
    def test_shows_nothing_of_another_tenant(self, varied: World, path: str) -> None:
        theirs = {str(row) for row in client_of(varied.vera).get(path).json()["results"]}

        ours = {str(row) for row in client_of(varied.boris).get(path).json()["results"]}

        assert theirs
        assert not theirs & ours


@in_a_transaction
class TestWhatIsNotPlain:
    @pytest.mark.parametrize(
        "query",
        [
            "?limit=0",
            "?limit=x",
            "?limit=1&limit=2",
            "?cursor=nonsense",
            "?cursor=",
            "?status=active",
            "?status=%00",
            "?unknown=1",
            "/0189a1c0-0000-7000-8000-000000000000",
            "/7",
            "/%00",
        ],
    )
    @pytest.mark.parametrize("path", [EVENTS, MARKETS])
    def test_is_answered_the_ordinary_way(self, varied: World, path: str, query: str) -> None:
        by_serializer, answer = both_ways(client_of(varied.vera), path + query)

        assert answer.status_code == by_serializer.status_code
        assert answer.content == by_serializer.content

    @pytest.mark.parametrize(
        "headers",
        [
            {"Authorization": ""},
            {"Authorization": "Bearer xm_000000000000_" + "x" * 43},
            {"Authorization": "Basic eDp5"},
            {"Accept": "text/html"},
            {"Accept": "application/json; indent=4"},
        ],
    )
    def test_is_refused_the_ordinary_way(self, varied: World, headers: dict[str, str]) -> None:
        by_serializer, answer = both_ways(client_of(varied.vera), EVENTS, **headers)

        assert answer.status_code == by_serializer.status_code
        assert answer.content == by_serializer.content

    def test_a_key_that_was_taken_back_opens_nothing(self, varied: World) -> None:
        client = client_of(varied.vera)
        with as_staff(varied.grace):
            keys.revoke(ApiKey.objects.get(user=varied.vera), by=None, reason="It was lost.")

        answer = client.get(EVENTS)

        assert answer.status_code == 401
        assert answer.json()["code"] == "key_revoked"

    @pytest.mark.parametrize(
        "end",
        [
            "UPDATE api_keys SET revoked_at = clock_timestamp()",
            "UPDATE users SET status = 'disabled' WHERE kind = 'person'",
            "UPDATE tenants SET status = 'disabled'",
        ],
    )
    def test_a_remembered_key_that_ended_opens_nothing(self, varied: World, end: str) -> None:
        client = known(varied.vera)

        run(end)

        assert client.get(EVENTS).status_code == 401

    def test_a_scope_that_is_missing_is_refused(self, varied: World) -> None:
        with as_staff(varied.grace):
            written = keys.issue(varied.vera, label="events", scopes=["events:read"], by=None)[1]
        client = Client(headers={"Authorization": f"Bearer {written}"})
        client.get("/api/v1/events")

        assert client.get(EVENTS).json()["code"] == "scope_is_missing"

    def test_who_has_to_sign_is_refused_unsigned(self, varied: World) -> None:
        with as_staff(varied.grace):
            signing_keys.require(varied.scout, "hmac", by=None, reason="It is to sign.")
        client = known(varied.scout)

        assert client.get(MARKETS).json()["code"] == "signature_is_required"

    def test_a_flood_is_refused(self, varied: World, settings: Settings) -> None:
        client = known(varied.vera)
        settings.API_REQUESTS_PER_MINUTE = 2
        limits.PRINCIPALS.clear()

        answers = [client.get(MARKETS).status_code for _ in range(3)]

        limits.PRINCIPALS.clear()
        assert answers == [200, 200, 429]

    def test_a_permission_that_is_not_held_is_refused(
        self, varied: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(AuditEvents, "permission", {"GET": "approvals:decide"})

        answers = {
            user.username: client_of(user).get(EVENTS).status_code for user in (varied.vera, varied.scout)
        }

        assert set(answers.values()) == {403}
        assert client_of(varied.grace).get(EVENTS).status_code == 200


def test_all_that_a_principal_says_is_looked_at() -> None:
    # whoever adds to it decides in core.web.hot what it means for a plain answer
    looked_at = {"key_id", "user_id", "tenant_id", "kind", "role", "scopes", "state", "policy"}

    assert {field.name for field in fields(Principal)} == looked_at


class TestBetweenRequests:
    def test_nothing_of_the_unit_stays(self, committing_db: str) -> None:
        world = make_world()
        client = known(world.vera)
        before = every("SELECT current_setting('role'), current_setting('app.tenant_id', true)")

        with at_once():
            assert client.get(EVENTS).status_code == 200

        assert every(
            "SELECT current_setting('role'), NULLIF(current_setting('app.tenant_id', true), '')"
        ) == [(before[0][0], None)]

    def test_a_connection_that_was_lost_is_opened_again(self, committing_db: str) -> None:
        client = client_of(make_world().vera)
        assert client.get(EVENTS).status_code == 200
        with connection.cursor() as cursor, pytest.raises(Exception, match="terminat"):
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

        assert client.get(EVENTS).status_code == 200
