"""A nonce is taken once for each key, by one statement, and forgotten ten minutes later."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest

from core.access.credentials import SigningKey
from core.database.unit import unit
from core.refusals import UnknownReference
from tests.conftest import LoginTaker
from tests.factories import World, make_world
from tests.raw import every, one, refused, run
from tests.signing import make_ed25519_key, make_hmac_key

TAKE = "SELECT take_nonce(%s, %s)"
AGE = "UPDATE request_nonces SET taken_at = clock_timestamp() - interval '{}'"


def key_of(world: World) -> UUID:
    return SigningKey.objects.get(key_id=make_hmac_key(world.scout).key_id).pk


def take(key: UUID, nonce: str = "n1") -> object:
    with unit("api"):
        return one(TAKE, key, nonce)


@pytest.mark.django_db
def test_the_first_gets_it_and_nobody_after(world: World) -> None:
    key = key_of(world)

    assert [take(key), take(key), take(key, "n2")] == [True, False, True]


@pytest.mark.django_db
def test_another_key_may_use_the_same(world: World) -> None:
    other = SigningKey.objects.get(key_id=make_ed25519_key(world.scout).key_id).pk

    assert [take(key_of(world)), take(other)] == [True, True]


@pytest.mark.django_db
def test_without_a_key_there_is_none_to_take(world: World) -> None:
    assert take(UUID(int=9)) is False


@pytest.mark.django_db
def test_it_is_of_the_keys_tenant_whatever_the_unit_says(world: World) -> None:
    key = key_of(world)

    with unit("api", tenant=world.beta.pk):
        one(TAKE, key, "n1")

    assert one("SELECT tenant_id FROM request_nonces") == world.acme.pk


@pytest.mark.django_db
def test_it_is_kept_for_ten_minutes_and_pruned_by_the_next(world: World) -> None:
    key = key_of(world)
    take(key)
    run(AGE.format("9 minutes 59 seconds"))
    take(key, "n2")
    kept = every("SELECT nonce FROM request_nonces ORDER BY nonce")
    run(AGE.format("10 minutes 1 second"))

    take(key, "n3")

    assert kept == [("n1",), ("n2",)]
    assert every("SELECT nonce FROM request_nonces") == [("n3",)]


@pytest.mark.django_db
def test_no_call_prunes_more_than_a_hundred_nor_those_of_another_key(world: World) -> None:
    key, other = key_of(world), SigningKey.objects.get(key_id=make_ed25519_key(world.scout).key_id).pk
    fill = (
        "INSERT INTO request_nonces (tenant_id, signing_key_id, nonce, taken_at) "
        "SELECT %s, %s, n::text, clock_timestamp() - interval '1 hour' FROM generate_series(1, 150) n"
    )
    run(fill, world.acme.pk, key)
    run(fill, world.acme.pk, other)

    take(key, "fresh")

    assert one("SELECT count(*) FROM request_nonces WHERE signing_key_id = %s", key) == 51
    assert one("SELECT count(*) FROM request_nonces WHERE signing_key_id = %s", other) == 150


@pytest.mark.django_db
def test_it_belongs_to_a_key_of_its_tenant(world: World) -> None:
    insert = "INSERT INTO request_nonces (tenant_id, signing_key_id, nonce) VALUES (%s, %s, 'n')"

    with refused("nonce_has_a_known_key", UnknownReference):
        run(insert, world.beta.pk, key_of(world))


@pytest.mark.django_db
def test_using_a_key_says_when_at_most_once_a_minute_and_is_no_news(world: World) -> None:
    key = key_of(world)
    told = one("SELECT count(*) FROM audit_event")

    take(key)
    first = one("SELECT last_used_at FROM signing_keys")
    take(key, "n2")
    again = one("SELECT last_used_at FROM signing_keys")
    run("UPDATE signing_keys SET last_used_at = last_used_at - interval '61 seconds'")
    take(key, "n3")

    assert first is not None
    assert again == first
    assert one("SELECT last_used_at FROM signing_keys") > first  # type: ignore[operator]
    assert one("SELECT count(*) FROM audit_event") == told


def test_of_eight_at_once_one_gets_it(committing_db: str, login_as: LoginTaker) -> None:
    key = key_of(make_world())
    logins = [login_as("api") for _ in range(8)]
    together = threading.Barrier(8)
    said: list[object] = []

    def race(number: int) -> None:
        together.wait()
        for nonce in range(20):
            found = logins[number].execute(TAKE, [key, str(nonce)]).fetchone()
            said.append(found and found[0])

    threads = [threading.Thread(target=race, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (said.count(True), said.count(False)) == (20, 140)
