"""A key is shown once, known by its sha256, and found before anybody knows the tenant."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from core.access import keys
from core.access.models import ApiKey, User
from core.access.refusals import KeyIsNoLongerLive, UnknownScope
from core.database.unit import unit
from core.refusals import AlreadyExists, NotAccepted, NotAllowed, UnknownReference
from tests.factories import World, acting, make_key
from tests.raw import denied, every, one, refused, run, untriggered

pytestmark = pytest.mark.django_db

RAW = "INSERT INTO api_keys (tenant_id, user_id, prefix, digest, label, scopes) VALUES (%s, %s, %s, %s, 'raw', %s)"


def look_up(written: str) -> list[tuple[object, ...]]:
    prefix = written.split("_")[1]
    with unit("api"):
        return every(
            "SELECT user_id, tenant_id, kind, role, state FROM authenticate_key(%s, %s)",
            prefix,
            keys.digest_of(written),
        )


def state(written: str) -> object:
    ((*_, found),) = look_up(written)
    return found


class TestIssuing:
    def test_shows_a_key_of_the_written_form(self, world: World) -> None:
        written = make_key(world.scout)

        assert keys.WRITTEN.fullmatch(written)

    def test_keeps_only_the_sha256(self, world: World) -> None:
        written = make_key(world.scout)

        digest, everything = every("SELECT digest, api_keys::text FROM api_keys")[0]
        assert bytes(digest) == hashlib.sha256(written.encode()).digest()  # type: ignore[call-overload]
        assert written.removeprefix(f"xm_{ApiKey.objects.get().prefix}_") not in str(everything)

    def test_gives_another_key_each_time(self, world: World) -> None:
        assert make_key(world.scout) != make_key(world.scout)

    def test_leaves_the_first_key_alive_for_rotation(self, world: World) -> None:
        first, second = make_key(world.scout), make_key(world.scout)

        assert [state(first), state(second)] == ["active", "active"]

    def test_is_written_down_under_its_name(self, world: World) -> None:
        with acting(world.grace, "staff"):
            key, _ = keys.issue(
                world.scout, label="laptop", scopes=["*"], by=world.grace, reason="New machine."
            )

        found = every(
            "SELECT actor_id, metadata ->> 'reason', new_value ->> 'label' FROM audit_event "
            "WHERE action = 'key:issue' AND entity_id = %s",
            str(key.pk),
        )
        assert found == [(world.grace.pk, "New machine.", "laptop")]


class TestFinding:
    def test_names_the_principal_and_its_tenant(self, world: World) -> None:
        written = make_key(world.scout)

        assert look_up(written) == [(world.scout.pk, world.acme.pk, "agent", None, "active")]

    def test_names_the_highest_role_of_a_person(self, world: World) -> None:
        written = make_key(world.edith)

        assert look_up(written) == [(world.edith.pk, world.acme.pk, "person", "editor", "active")]

    def test_finds_nobody_by_another_secret(self, world: World) -> None:
        written = make_key(world.scout)

        assert look_up(written[:-1] + ("A" if written[-1] != "A" else "B")) == []

    def test_finds_nobody_by_another_prefix(self, world: World) -> None:
        written = make_key(world.scout)

        with unit("api"):
            found = every("SELECT 1 FROM authenticate_key('ffffffffffff', %s)", keys.digest_of(written))

        assert found == []

    def test_says_that_a_key_was_revoked(self, world: World) -> None:
        written = make_key(world.scout)
        with acting(world.grace, "staff"):
            keys.revoke(ApiKey.objects.get(user=world.scout), by=world.grace, reason="Lost.")

        assert state(written) == "revoked"

    def test_says_that_a_key_has_expired(self, world: World) -> None:
        with acting(world.grace, "staff"):
            _, written = keys.issue(
                world.scout, label="old", scopes=["*"], by=None, expires_at=datetime(2026, 1, 1, tzinfo=UTC)
            )

        with untriggered("api_keys"):
            run("UPDATE api_keys SET expires_at = clock_timestamp() - interval '1 second'")

        assert state(written) == "expired"

    def test_knows_a_key_that_expires_later(self, world: World) -> None:
        with acting(world.grace, "staff"):
            _, written = keys.issue(
                world.scout, label="new", scopes=["*"], by=None, expires_at=datetime(2999, 1, 1, tzinfo=UTC)
            )

        assert state(written) == "active"

    def test_says_that_the_principal_is_disabled(self, world: World) -> None:
        written = make_key(world.scout)
        run("UPDATE users SET status = 'disabled' WHERE id = %s", world.scout.pk)

        assert state(written) == "disabled"

    def test_says_that_the_tenant_is_disabled(self, world: World) -> None:
        written = make_key(world.scout)
        run("UPDATE tenants SET status = 'disabled' WHERE id = %s", world.acme.pk)

        assert state(written) == "disabled"

    @pytest.mark.parametrize("role", ["staff", "platform", "worker", "auditor"])
    def test_is_for_the_api_only(self, role: str) -> None:
        with unit(role), denied("function authenticate_key"):
            every("SELECT 1 FROM authenticate_key('p', 'd')")

    @pytest.mark.parametrize("role", ["api", "staff", "platform", "worker", "auditor"])
    def test_nobody_asks_for_the_role_of_another(self, world: World, role: str) -> None:
        with unit(role), denied("function highest_role"):
            every("SELECT highest_role(%s)", world.grace.pk)


class TestRevoking:
    def test_says_when_and_is_written_down(self, world: World) -> None:
        make_key(world.scout)
        key = ApiKey.objects.get(user=world.scout)

        with acting(world.grace, "staff"):
            keys.revoke(key, by=world.grace, reason="The laptop is lost.")

        key.refresh_from_db(fields=["revoked_at"])
        assert key.is_revoked
        assert (
            one("SELECT metadata ->> 'reason' FROM audit_event WHERE action = 'key:revoke'")
            == "The laptop is lost."
        )

    def test_again_leaves_the_first_time_standing(self, world: World) -> None:
        make_key(world.scout)
        key = ApiKey.objects.get(user=world.scout)
        with acting(world.grace, "staff"):
            keys.revoke(key, by=world.grace, reason="Lost.")
            keys.revoke(key, by=world.grace, reason="Lost, once more.")

        assert one("SELECT count(*) FROM audit_event WHERE action = 'key:revoke'") == 1

    @pytest.mark.parametrize("column", ["digest", "prefix", "user_id", "scopes", "label", "last_used_at"])
    def test_is_the_only_change_of_a_key(self, world: World, column: str) -> None:
        make_key(world.scout)

        with acting(world.grace, "staff"), denied("api_keys"):
            run(f"UPDATE api_keys SET {column} = DEFAULT")

    @pytest.mark.parametrize("role", ["staff", "platform"])
    def test_is_the_only_end_of_a_key(self, world: World, role: str) -> None:
        with unit(role, tenant=world.acme.pk), denied("api_keys"):
            run("DELETE FROM api_keys")


class TestAKeyInTheDatabase:
    INSERT = "INSERT INTO api_keys (tenant_id, user_id, prefix, digest, label) VALUES (%s, %s, %s, %s, 'raw')"

    def test_belongs_to_a_user_of_its_tenant(self, world: World) -> None:
        with acting(world.boris, "staff"), refused("key_has_a_known_user", UnknownReference):
            run(self.INSERT, world.beta.pk, world.scout.pk, "p", b"d" * 32)

    def test_belongs_to_somebody(self, world: World) -> None:
        with acting(world.grace, "staff"), refused("key_has_a_known_user", UnknownReference):
            run(self.INSERT, world.acme.pk, UUID(int=9), "p", b"d" * 32)

    def test_is_known_by_32_bytes(self, world: World) -> None:
        with acting(world.grace, "staff"), refused("key_digest_is_a_sha256", NotAccepted):
            run(self.INSERT, world.acme.pk, world.scout.pk, "p", b"short")

    def test_has_a_prefix_of_its_own_over_all_tenants(self, world: World) -> None:
        run(self.INSERT, world.acme.pk, world.scout.pk, "p", b"d" * 32)

        with refused("key_prefix_is_taken", AlreadyExists):
            run(self.INSERT, world.beta.pk, world.boris.pk, "p", b"e" * 32)


def test_a_user_with_keys_is_not_deleted(world: World) -> None:
    run("INSERT INTO users (id, tenant_id, kind) VALUES (%s, %s, 'service')", UUID(int=9), world.acme.pk)
    run(TestAKeyInTheDatabase.INSERT, world.acme.pk, UUID(int=9), "p", b"d" * 32)

    with refused("key_has_a_known_user", UnknownReference):
        run("DELETE FROM users WHERE id = %s", UUID(int=9))


class TestScopes:
    def test_are_names_of_permissions_or_everything(self, world: World) -> None:
        with acting(world.grace, "staff"), pytest.raises(UnknownScope) as caught:
            keys.issue(world.scout, label="a", scopes=["markets:read", "markets:buy"], by=world.grace)

        assert caught.value.facts == {"unknown": ["markets:buy"]}

    @pytest.mark.parametrize(
        "scopes", [[None], ["markets"], ["*:*"], ["Markets:Read"], ["a:b "], ["a:b", ""]]
    )
    def test_are_written_plainly(self, world: World, scopes: list[str | None]) -> None:
        with acting(world.grace, "staff"), refused("scopes_are_written_plainly"):
            run(RAW, world.acme.pk, world.scout.pk, "p", b"d" * 32, scopes)

    def test_are_none_where_none_are_named(self, world: World) -> None:
        run(TestAKeyInTheDatabase.INSERT, world.acme.pk, world.scout.pk, "p", b"d" * 32)

        assert one("SELECT scopes FROM api_keys") == []

    @pytest.mark.parametrize(
        ("scopes", "answers"),
        [
            (["*"], (200, 200)),
            (["markets:read"], (200, 403)),
            (["events:read"], (403, 200)),
            ([], (403, 403)),
        ],
    )
    def test_limit_what_a_key_is_good_for(
        self, world: World, scopes: list[str], answers: tuple[int, int]
    ) -> None:
        with acting(world.grace, "staff"):
            _, written = keys.issue(world.vera, label="a", scopes=scopes, by=None)
        client = Client(headers={"Authorization": f"Bearer {written}"})

        said = [client.get(f"/api/v1/{path}") for path in ("markets", "events")]

        assert tuple(answer.status_code for answer in said) == answers
        refusals = [answer.json() for answer in said if answer.status_code == 403]
        assert {refusal["code"] for refusal in refusals} <= {"scope_is_missing"}
        assert all(refusal["scope"].endswith(":read") for refusal in refusals)

    def test_give_nothing_that_the_holder_may_not_do(self, world: World) -> None:
        client = Client(headers={"Authorization": f"Bearer {make_key(world.vera)}"})

        answer = client.post("/api/v1/snapshots", {}, content_type="application/json")

        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


class TestRotating:
    def rotated(self, world: World, **changes: Any) -> tuple[ApiKey, ApiKey, str]:
        make_key(world.scout)
        old = ApiKey.objects.get()
        with acting(world.grace, "staff"):
            new, written = keys.rotate(old, by=world.grace, reason="Every 90 days.", **changes)
        return ApiKey.objects.get(pk=old.pk), new, written

    def test_leaves_two_live_keys_of_one_label_and_scopes(self, world: World) -> None:
        old, new, written = self.rotated(world)

        assert (new.label, new.scopes) == (old.label, old.scopes)
        assert state(written) == "active"
        assert every(
            "SELECT expires_at - clock_timestamp() BETWEEN '23 hours' AND '24 hours' FROM api_keys WHERE id = %s",
            old.pk,
        ) == [(True,)]

    def test_ends_the_old_one_at_once_where_nothing_overlaps(self, world: World) -> None:
        old, _, _ = self.rotated(world, overlap=timedelta(0))

        assert one("SELECT expires_at <= clock_timestamp() FROM api_keys WHERE id = %s", old.pk) is True

    def test_never_lets_a_key_live_longer(self, world: World) -> None:
        make_key(world.scout)
        run("UPDATE api_keys SET expires_at = clock_timestamp() + interval '1 hour'")
        old = ApiKey.objects.get()

        with acting(world.grace, "staff"):
            keys.rotate(old, by=world.grace, reason="Every 90 days.")

        assert ApiKey.objects.get(pk=old.pk).expires_at == old.expires_at

    def test_is_refused_for_a_third(self, world: World) -> None:
        _, new, _ = self.rotated(world)

        with acting(world.grace, "staff"), refused("two_keys_are_live"):
            keys.rotate(new, by=world.grace, reason="Every 90 days.")

    @pytest.mark.parametrize("column", ["revoked_at", "expires_at"])
    def test_is_refused_for_a_key_that_ended(self, world: World, column: str) -> None:
        make_key(world.scout)
        run(f"UPDATE api_keys SET {column} = clock_timestamp()")

        with acting(world.grace, "staff"), pytest.raises(KeyIsNoLongerLive):
            keys.rotate(ApiKey.objects.get(), by=world.grace, reason="Every 90 days.")


class TestTwoLiveKeys:
    def test_of_one_label_are_the_most(self, world: World) -> None:
        with acting(world.grace, "staff"):
            for prefix in ("a", "b"):
                run(RAW, world.acme.pk, world.scout.pk, prefix, b"d" * 32, [])
            with refused("two_keys_are_live"):
                run(RAW, world.acme.pk, world.scout.pk, "c", b"d" * 32, [])

    def test_leave_room_for_other_labels_people_and_for_the_ones_that_ended(self, world: World) -> None:
        with acting(world.grace, "staff"):
            for prefix in ("a", "b"):
                run(RAW, world.acme.pk, world.scout.pk, prefix, b"d" * 32, [])
            run(RAW.replace("'raw'", "'other'"), world.acme.pk, world.scout.pk, "c", b"d" * 32, [])
            run(RAW, world.acme.pk, world.vera.pk, "d", b"d" * 32, [])
            run("UPDATE api_keys SET revoked_at = clock_timestamp() WHERE prefix = 'a'")
            run(RAW, world.acme.pk, world.scout.pk, "e", b"d" * 32, [])

        assert one("SELECT count(*) FROM api_keys") == 5


class TestAKey:
    @pytest.mark.parametrize(
        "change",
        [
            "expires_at = expires_at + interval '1 second'",
            "expires_at = NULL",
            "revoked_at = NULL",
            "revoked_at = clock_timestamp()",
        ],
    )
    @pytest.mark.parametrize("role", ["staff", "platform"])
    def test_only_ends(self, world: World, role: str, change: str) -> None:
        make_key(world.scout)
        run("UPDATE api_keys SET expires_at = clock_timestamp() + interval '1 hour', revoked_at = now()")

        with unit(role, tenant=world.acme.pk), refused("key_only_ends"):
            run(f"UPDATE api_keys SET {change}")

    @pytest.mark.parametrize("column", ["digest = 'x'", "scopes = '{*}'", "label = 'x'", "prefix = 'x'"])
    def test_never_changes_not_even_for_the_owner(self, world: World, column: str) -> None:
        with acting(world.grace, "staff"):
            keys.issue(world.scout, label="a", scopes=[], by=None)

        with refused("key_only_ends"):
            run(f"UPDATE api_keys SET {column}")


class TestWhoIsResponsible:
    def may(self, by: User, user: User) -> bool:
        try:
            with acting(by, "staff"):
                key, _ = keys.issue(user, label="a", scopes=[], by=by)
                keys.rotate(key, by=by, reason="Every 90 days.")
                keys.revoke(key, by=by, reason="It leaked.")
        except NotAllowed:
            return False
        return True

    def test_an_admin_is_for_agents_and_for_themselves(self, world: World) -> None:
        assert self.may(world.grace, world.scout)
        assert self.may(world.grace, world.grace)
        assert not self.may(world.grace, world.vera)

    def test_a_super_admin_is_for_everybody(self, world: World) -> None:
        assert self.may(world.alan, world.scout)
        assert self.may(world.alan, world.vera)

    @pytest.mark.parametrize("name", ["vera", "edith", "scout"])
    def test_nobody_else_is(self, world: World, name: str) -> None:
        assert not self.may(getattr(world, name), world.scout)
        assert not self.may(getattr(world, name), getattr(world, name))
