"""Keys are made and ended in the admin; a new one is seen once, on the answer that made it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent
from core.access import keys
from core.access.models import ApiKey, User
from tests.factories import REASON, World, make_key
from tests.staff import browser

pytestmark = pytest.mark.django_db

ISSUE = "/admin/core/apikey/issue/"


def issue(client: Client, holder: User, **changes: Any) -> Any:
    form = {
        "user": holder.pk,
        "label": "laptop",
        "scopes": ["markets:read"],
        "expires_at": "",
        "reason": REASON,
    }
    return client.post(ISSUE, {**form, **changes})


def end(client: Client, key: ApiKey, move: str, reason: str = REASON) -> Any:
    return client.post(f"/admin/core/apikey/{key.pk}/end/{move}/", {"reason": reason})


def shown_in(answer: Any) -> str:
    found = re.search(keys.WRITTEN.pattern, answer.content.decode())
    assert found
    return found[0]


class TestANewKey:
    def test_is_shown_once_and_works(self, world: World) -> None:
        grace = browser(world.grace)

        answer = issue(grace, world.scout)

        written = shown_in(answer)
        key = ApiKey.objects.get()
        assert "no-store" in answer.headers["Cache-Control"]
        assert (key.label, key.scopes, key.expires_at) == ("laptop", ["markets:read"], None)
        assert (
            Client(headers={"Authorization": f"Bearer {written}"}).get("/api/v1/markets").status_code == 200
        )
        secret = written.split("_", 2)[2]
        for page in (
            f"/admin/core/apikey/{key.pk}/change/",
            "/admin/core/apikey/",
            "/admin/audit/auditevent/",
        ):
            assert secret not in grace.get(page).content.decode()

    def test_is_in_the_log_with_who_and_why_and_without_the_key(self, world: World) -> None:
        written = shown_in(issue(browser(world.grace), world.scout))

        event = AuditEvent.objects.get(action="key:issue")
        assert (event.actor_id, (event.metadata or {})["reason"]) == (world.grace.pk, REASON)
        assert written.split("_", 2)[2] not in f"{event.new_value} {event.metadata}"

    def test_ends_when_it_is_to_end(self, world: World) -> None:
        issue(browser(world.grace), world.scout, expires_at="2999-01-31")

        assert ApiKey.objects.get().expires_at == datetime(2999, 1, 31, tzinfo=UTC)

    @pytest.mark.parametrize(
        "changes",
        [
            {"user": ""},
            {"label": ""},
            {"scopes": []},
            {"scopes": ["markets:buy"]},
            {"expires_at": "soon"},
            {"reason": "short"},
        ],
    )
    def test_is_not_made_of_a_wrong_form(self, world: World, changes: dict[str, Any]) -> None:
        answer = issue(browser(world.grace), world.scout, **changes)

        assert answer.status_code == 422
        assert 'class="error" role="alert"' in answer.content.decode()
        assert not ApiKey.objects.exists()

    def test_is_not_made_for_somebody_of_another_tenant(self, world: World) -> None:
        assert issue(browser(world.grace), world.boris).status_code == 422
        assert str(world.boris.pk) not in browser(world.grace).get(ISSUE).content.decode()

    def test_is_refused_in_place_with_what_to_do(self, world: World) -> None:
        answer = issue(browser(world.grace), world.vera)

        assert answer.status_code == 403
        assert "not_allowed" in answer.content.decode()
        assert not ApiKey.objects.exists()

    @pytest.mark.parametrize("name", ["vera", "edith"])
    def test_is_not_made_by_who_may_not(self, world: World, name: str) -> None:
        client = browser(getattr(world, name))

        assert (client.get(ISSUE).status_code, issue(client, world.scout).status_code) == (403, 403)
        assert not ApiKey.objects.exists()


class TestTheEnd:
    @pytest.fixture
    def key(self, world: World) -> ApiKey:
        make_key(world.scout)
        return ApiKey.objects.get()

    def test_of_a_rotated_key_comes_with_its_successor(self, world: World, key: ApiKey) -> None:
        answer = end(browser(world.grace), key, "rotate")

        written = shown_in(answer)
        assert written.split("_")[1] != key.prefix
        assert ApiKey.objects.get(pk=key.pk).expires_at is not None

    def test_of_a_revoked_key_is_now(self, world: World, key: ApiKey) -> None:
        answer = end(browser(world.grace), key, "revoke")

        assert answer.headers["Location"] == f"/admin/core/apikey/{key.pk}/change/"
        assert ApiKey.objects.get(pk=key.pk).is_revoked

    def test_is_offered_while_it_lives(self, world: World, key: ApiKey) -> None:
        grace, page = browser(world.grace), f"/admin/core/apikey/{key.pk}/change/"

        before = grace.get(page).content.decode()
        end(grace, key, "revoke")
        after = grace.get(page).content.decode()

        assert "Rotate" in before
        assert "Revoke" in before
        assert "/end/" not in after

    @pytest.mark.parametrize("move", ["rotate", "revoke"])
    def test_needs_a_reason(self, world: World, key: ApiKey, move: str) -> None:
        assert end(browser(world.grace), key, move, "short").status_code == 422
        assert ApiKey.objects.get().state(datetime.now(UTC)) == "live"

    @pytest.mark.parametrize("move", ["rotate", "revoke"])
    def test_is_not_for_who_may_not_nor_for_other_tenants(self, world: World, key: ApiKey, move: str) -> None:
        assert end(browser(world.vera), key, move).status_code == 403
        assert end(browser(world.boris), key, move).status_code == 404
        assert end(browser(world.root), key, move).status_code == 409
        assert ApiKey.objects.get().state(datetime.now(UTC)) == "live"

    def test_is_of_two_kinds(self, world: World, key: ApiKey) -> None:
        assert end(browser(world.grace), key, "explode").status_code == 404
