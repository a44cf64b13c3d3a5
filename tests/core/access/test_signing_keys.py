"""A signing key is shown once, never changes, ends once, and is found before anybody knows the tenant."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from core.access import signing_keys, vault
from core.access.credentials import SigningKey
from core.access.refusals import (
    PublicKeyIsEd25519,
    PublicKeyIsGiven,
    SigningKeyIsNoLongerLive,
)
from core.database.unit import unit
from core.refusals import AlreadyExists, NotAccepted, UnknownReference
from tests.conftest import LoginTaker
from tests.factories import REASON, World, acting, make_world
from tests.raw import WRITERS, denied, every, one, refused, run, walled
from tests.signing import make_ed25519_key, make_hmac_key

PUBLIC = bytes(range(32))
INSERT = (
    "INSERT INTO signing_keys (tenant_id, user_id, key_id, algorithm, secret, public_key, label) "
    "VALUES (%s, %s, %s, %s, %s, %s, 'raw')"
)
KEY_ID = "xms_0123456789abcdef"
in_one_transaction = pytest.mark.django_db


def look_up(key_id: str) -> list[tuple[object, ...]]:
    with unit("api"):
        return every(
            "SELECT user_id, tenant_id, kind, role, state, algorithm, policy, scopes FROM signing_key(%s)",
            key_id,
        )


def state(key_id: str) -> object:
    ((*_, found, _algorithm, _policy, _scopes),) = look_up(key_id)
    return found


def row(key_id: str) -> SigningKey:
    return SigningKey.objects.get(key_id=key_id)


@in_one_transaction
class TestMakingOne:
    def test_shows_a_secret_of_32_bytes_and_keeps_it_encrypted(self, world: World) -> None:
        key = make_hmac_key(world.scout)

        kept = bytes(one("SELECT secret FROM signing_keys"))  # type: ignore[call-overload]
        assert len(bytes.fromhex(key.secret)) == 32
        assert bytes.fromhex(key.secret) not in kept
        assert key.secret.encode() not in kept
        assert vault.opened(kept).hex() == key.secret

    def test_keeps_of_ed25519_the_public_key_alone(self, world: World) -> None:
        with acting(world.grace, "staff"):
            key = signing_keys.register_ed25519(world.scout, PUBLIC, label="laptop", by=world.grace)

        assert every("SELECT secret, public_key FROM signing_keys") == [(None, PUBLIC)]
        assert signing_keys.WRITTEN.fullmatch(key.key_id)

    @pytest.mark.parametrize("length", [0, 31, 33, 64])
    def test_refuses_another_length_of_public_key(self, world: World, length: int) -> None:
        with acting(world.grace, "staff"), pytest.raises(PublicKeyIsEd25519):
            signing_keys.register_ed25519(world.scout, b"k" * length, label="laptop", by=world.grace)

    def test_is_written_down_without_its_secret(self, world: World) -> None:
        with acting(world.grace, "staff"):
            key, secret = signing_keys.issue_hmac(world.scout, label="laptop", by=world.grace, reason=REASON)

        ((actor, key_id, shows, text),) = every(
            "SELECT actor_id, new_value ->> 'key_id', new_value ? 'secret', audit_event::text FROM audit_event "
            "WHERE action = 'signing_key:issue'"
        )
        assert (actor, key_id, shows) == (world.grace.pk, key.key_id, False)
        assert secret not in str(text)

    def test_twice_of_one_label_is_enough(self, world: World) -> None:
        for _ in range(2):
            make_hmac_key(world.scout, label="laptop")

        with acting(world.grace, "staff"), refused("two_signing_keys_are_live"):
            run(
                INSERT.replace("'raw'", "'laptop'"),
                world.acme.pk,
                world.scout.pk,
                KEY_ID,
                "hmac-sha256",
                b"s",
                None,
            )
        make_hmac_key(world.scout, label="server")
        make_ed25519_key(world.scout, label="laptop")
        make_hmac_key(world.olga, label="laptop")

    def test_is_possible_again_once_one_of_two_has_ended(self, world: World) -> None:
        first, _ = make_hmac_key(world.scout), make_hmac_key(world.scout)
        with acting(world.grace, "staff"):
            signing_keys.revoke(row(first.key_id), by=world.grace, reason=REASON)

        make_hmac_key(world.scout)

        assert one("SELECT count(*) FROM signing_keys WHERE revoked_at IS NULL") == 2


def test_two_at_once_are_not_three(committing_db: str, login_as: LoginTaker) -> None:
    world = make_world()
    make_hmac_key(world.scout, label="raw")
    logins = [login_as("staff") for _ in range(2)]
    together = threading.Barrier(2)
    said: list[str | None] = []

    def make(number: int) -> None:
        together.wait()
        try:
            with logins[number].transaction():
                logins[number].execute("SELECT set_config('app.tenant_id', %s, true)", [str(world.acme.pk)])
                values = [world.acme.pk, world.scout.pk, f"xms_{number:016x}", "hmac-sha256", b"s", None]
                logins[number].execute(INSERT.encode(), values)
        except psycopg.Error as error:
            said.append(error.diag.constraint_name)

    threads = [threading.Thread(target=make, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert said == ["two_signing_keys_are_live"]


@in_one_transaction
class TestRotating:
    def test_leaves_both_alive_for_a_day(self, world: World) -> None:
        old = make_hmac_key(world.scout)

        with acting(world.grace, "staff"):
            new, secret = signing_keys.rotate(row(old.key_id), by=world.grace, reason=REASON)

        assert secret
        assert secret != old.secret
        assert [state(old.key_id), state(new.key_id)] == ["active", "active"]
        ends = one("SELECT expires_at - clock_timestamp() FROM signing_keys WHERE key_id = %s", old.key_id)
        assert timedelta(hours=23) < ends <= timedelta(hours=24)  # type: ignore[operator]

    def test_keeps_label_and_scopes(self, world: World) -> None:
        old = make_hmac_key(world.scout, label="laptop", scopes=["markets:read"])

        with acting(world.grace, "staff"):
            new, _ = signing_keys.rotate(row(old.key_id), by=world.grace, reason=REASON)

        assert (new.label, new.scopes, new.user_id) == ("laptop", ["markets:read"], world.scout.pk)

    def test_of_a_leaked_key_ends_it_at_once(self, world: World) -> None:
        old = make_hmac_key(world.scout)

        with acting(world.grace, "staff"):
            signing_keys.rotate(row(old.key_id), by=world.grace, reason=REASON, overlap=timedelta())

        assert state(old.key_id) == "expired"

    def test_never_lets_the_old_one_live_longer(self, world: World) -> None:
        ends = datetime(2999, 1, 1, tzinfo=UTC)
        soon = make_hmac_key(world.scout, expires_at=ends)
        run("UPDATE signing_keys SET expires_at = clock_timestamp() + interval '1 minute'")

        with acting(world.grace, "staff"):
            signing_keys.rotate(row(soon.key_id), by=world.grace, reason=REASON)

        left = one("SELECT expires_at - clock_timestamp() FROM signing_keys WHERE key_id = %s", soon.key_id)
        assert left < timedelta(minutes=1)  # type: ignore[operator]

    def test_of_ed25519_takes_the_new_public_key(self, world: World) -> None:
        old = make_ed25519_key(world.scout)

        with acting(world.grace, "staff"):
            new, secret = signing_keys.rotate(
                row(old.key_id), by=world.grace, reason=REASON, public_key=PUBLIC
            )

        assert secret is None
        assert bytes(new.public_key or b"") == PUBLIC

    def test_asks_for_a_public_key_where_there_is_one_and_nowhere_else(self, world: World) -> None:
        ours, theirs = make_ed25519_key(world.scout), make_hmac_key(world.scout)

        with acting(world.grace, "staff"):
            with pytest.raises(PublicKeyIsGiven):
                signing_keys.rotate(row(ours.key_id), by=world.grace, reason=REASON)
            with pytest.raises(PublicKeyIsGiven):
                signing_keys.rotate(row(theirs.key_id), by=world.grace, reason=REASON, public_key=PUBLIC)

    def test_of_a_key_that_ended_is_refused(self, world: World) -> None:
        old = make_hmac_key(world.scout)

        with acting(world.grace, "staff"):
            signing_keys.revoke(row(old.key_id), by=world.grace, reason=REASON)
            with pytest.raises(SigningKeyIsNoLongerLive):
                signing_keys.rotate(row(old.key_id), by=world.grace, reason=REASON)


@in_one_transaction
class TestFinding:
    def test_names_the_principal_its_policy_and_its_scopes(self, world: World) -> None:
        key = make_hmac_key(world.edith, scopes=["markets:read"])

        assert look_up(key.key_id) == [
            (
                world.edith.pk,
                world.acme.pk,
                "person",
                "editor",
                "active",
                "hmac-sha256",
                "none",
                ["markets:read"],
            )
        ]

    def test_finds_nobody_by_another_id(self, world: World) -> None:
        make_hmac_key(world.scout)

        assert look_up(KEY_ID) == []

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ("UPDATE signing_keys SET revoked_at = now()", "revoked"),
            ("UPDATE signing_keys SET expires_at = clock_timestamp() - interval '1 second'", "expired"),
            ("UPDATE signing_keys SET expires_at = clock_timestamp() + interval '1 hour'", "active"),
            ("UPDATE users SET status = 'disabled'", "disabled"),
            ("UPDATE tenants SET status = 'disabled'", "disabled"),
        ],
    )
    def test_says_what_became_of_the_key(self, world: World, change: str, said: str) -> None:
        key = make_hmac_key(world.scout)

        run(change)

        assert state(key.key_id) == said

    @pytest.mark.parametrize("role", ["staff", "platform", "worker", "auditor"])
    @pytest.mark.parametrize("call", ["signing_key('x')", "take_nonce(NULL, 'n')"])
    def test_is_for_the_api_only(self, role: str, call: str) -> None:
        with unit(role), denied(f"function {call.partition('(')[0]}"):
            every(f"SELECT * FROM {call}")

    @pytest.mark.parametrize("table", ["signing_keys", "request_nonces"])
    def test_is_all_the_api_sees_of_keys_and_nonces(self, world: World, table: str) -> None:
        with unit("api", tenant=world.acme.pk), denied(table):
            every(f"SELECT id FROM {table}")

    @pytest.mark.parametrize("role", ["staff", "platform", "worker", "auditor"])
    def test_nobody_else_reads_a_secret(self, world: World, role: str) -> None:
        make_hmac_key(world.scout)

        with unit(role, tenant=world.acme.pk), denied("signing_keys"):
            every("SELECT secret FROM signing_keys")


@in_one_transaction
class TestAKeyInTheDatabase:
    def test_belongs_to_a_user_of_its_tenant(self, world: World) -> None:
        with acting(world.boris, "staff"), refused("signing_key_has_a_known_user", UnknownReference):
            run(INSERT, world.beta.pk, world.scout.pk, KEY_ID, "ed25519", None, PUBLIC)

    def test_belongs_to_somebody(self, world: World) -> None:
        with acting(world.grace, "staff"), refused("signing_key_has_a_known_user", UnknownReference):
            run(INSERT, world.acme.pk, UUID(int=9), KEY_ID, "ed25519", None, PUBLIC)

    def test_is_made_in_ones_own_tenant(self, world: World) -> None:
        with acting(world.grace, "staff"), walled("signing_keys"):
            run(INSERT, world.beta.pk, world.boris.pk, KEY_ID, "ed25519", None, PUBLIC)

    def test_of_another_tenant_is_not_seen(self, world: World) -> None:
        make_hmac_key(world.scout)

        with acting(world.boris, "staff"):
            assert every("SELECT id FROM signing_keys") == []

    @pytest.mark.parametrize(
        ("algorithm", "secret", "public"),
        [
            ("hmac-sha256", None, PUBLIC),
            ("hmac-sha256", b"s", PUBLIC),
            ("ed25519", b"s", None),
            ("ed25519", b"s", PUBLIC),
            ("ed25519", None, None),
            ("rsa", b"s", None),
        ],
    )
    def test_holds_what_its_algorithm_needs(
        self, world: World, algorithm: str, secret: bytes | None, public: bytes | None
    ) -> None:
        name = "signing_key_holds_what_its_algorithm_needs"
        with acting(world.grace, "staff"), refused(name, NotAccepted):
            run(INSERT, world.acme.pk, world.scout.pk, KEY_ID, algorithm, secret, public)

    @pytest.mark.parametrize("scopes", ["{Markets}", "{markets:read,NULL}", '{"markets:read "}', '{"a:b c"}'])
    def test_has_scopes_that_are_written_plainly(self, world: World, scopes: str) -> None:
        insert = (
            "INSERT INTO signing_keys (tenant_id, user_id, key_id, algorithm, public_key, label, scopes) "
            "VALUES (%s, %s, %s, 'ed25519', %s, 'raw', %s)"
        )
        values = (world.acme.pk, world.scout.pk, KEY_ID, PUBLIC)

        with acting(world.grace, "staff"), refused("signing_scopes_are_written_plainly", NotAccepted):
            run(insert, *values, scopes)
        run(insert, *values, "{markets:read,proposals:propose,*}")

    def test_has_a_public_key_of_32_bytes(self, world: World) -> None:
        with acting(world.grace, "staff"), refused("public_key_is_ed25519"):
            run(INSERT, world.acme.pk, world.scout.pk, KEY_ID, "ed25519", None, b"short")

    def test_has_an_id_of_its_own_over_all_tenants(self, world: World) -> None:
        run(INSERT, world.acme.pk, world.scout.pk, KEY_ID, "ed25519", None, PUBLIC)

        with refused("signing_key_id_is_taken", AlreadyExists):
            run(INSERT, world.beta.pk, world.boris.pk, KEY_ID, "ed25519", None, PUBLIC)

    @pytest.mark.parametrize("written", ["xms_short", "XMS_0123456789ABCDEF", f"{KEY_ID}|"])
    def test_has_an_id_that_is_written_plainly(self, world: World, written: str) -> None:
        with acting(world.grace, "staff"), refused("signing_key_id_is_written_plainly", NotAccepted):
            run(INSERT, world.acme.pk, world.scout.pk, written, "ed25519", None, PUBLIC)

    @pytest.mark.parametrize(
        "column", ["secret", "public_key", "key_id", "user_id", "label", "scopes", "last_used_at"]
    )
    def test_is_not_changed_by_staff(self, world: World, column: str) -> None:
        make_hmac_key(world.scout)

        with acting(world.grace, "staff"), denied("signing_keys"):
            run(f"UPDATE signing_keys SET {column} = DEFAULT")

    @pytest.mark.parametrize(
        "change",
        [
            "label = 'other'",
            "scopes = '{*}'",
            "secret = 'other'",
            f"key_id = '{KEY_ID}'",
            "created_at = created_at + interval '1 day'",
        ],
    )
    def test_is_not_changed_by_its_owner_either(self, world: World, change: str) -> None:
        make_hmac_key(world.scout, scopes=["markets:read"])

        with refused("signing_key_only_ends"):
            run(f"UPDATE signing_keys SET {change}")

    @pytest.mark.parametrize("change", ["revoked_at = NULL", "revoked_at = now() + interval '1 day'"])
    def test_that_was_revoked_stays_so(self, world: World, change: str) -> None:
        make_hmac_key(world.scout)
        run("UPDATE signing_keys SET revoked_at = now()")

        with acting(world.grace, "staff"), refused("signing_key_only_ends"):
            run(f"UPDATE signing_keys SET {change}")

    @pytest.mark.parametrize("change", ["expires_at = NULL", "expires_at = expires_at + interval '1 second'"])
    def test_ends_no_later_than_was_said(self, world: World, change: str) -> None:
        make_hmac_key(world.scout)
        run("UPDATE signing_keys SET expires_at = now()")

        with acting(world.grace, "staff"), refused("signing_key_only_ends"):
            run(f"UPDATE signing_keys SET {change}")

    @pytest.mark.parametrize("table", ["signing_keys", "request_nonces"])
    @pytest.mark.parametrize("role", WRITERS)
    def test_and_its_nonces_are_deleted_by_nobody(self, world: World, role: str, table: str) -> None:
        with unit(role, tenant=world.acme.pk), denied(table):
            run(f"DELETE FROM {table}")
