from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from core.idempotency import answers
from core.idempotency.answers import Attempt
from core.idempotency.models import KeptAnswer
from core.idempotency.refusals import KeyIsReused, RequestIsInFlight
from core.refusals import NotAccepted, UnknownReference
from tests.conftest import LoginTaker, RoleTaker
from tests.factories import World, acting, make_world
from tests.raw import RUNTIME, denied, every, grant, one, refused, run, walled

PATH = "/api/v1/proposals"
COLUMNS = "tenant_id, principal_id, method, path, key, payload_digest, status_code, body"
INSERT = f"INSERT INTO idempotency_keys ({COLUMNS}) VALUES (%s, %s, 'POST', '/x', %s, sha256('x'), %s, '')"
OLD = f"INSERT INTO idempotency_keys ({COLUMNS}, created_at) SELECT %s, %s, 'POST', '/x', 'old-' || n, sha256('x'), 200, '', clock_timestamp() - interval '24 hours 1 second' FROM generate_series(1, %s) n"
in_one_transaction = pytest.mark.django_db


def attempt(world: World, **changes: Any) -> Attempt:
    first = Attempt(
        tenant=world.acme.pk,
        principal=world.scout.pk,
        method="POST",
        path=PATH,
        key="first",
        payload_digest=hashlib.sha256(b"{}").digest(),
    )
    return replace(first, **changes)


def keep(given: Attempt) -> None:
    answers.keep(given, status=201, headers={"Location": "/there"}, body=b'{"a": 1}')


def kept(world: World, key: str = "k") -> None:
    run(INSERT, world.acme.pk, world.scout.pk, key, 201)


@in_one_transaction
def test_what_was_answered_under_a_key_is_found_as_it_was(world: World) -> None:
    with acting(world.scout):
        assert answers.begin(attempt(world)) is None
        keep(attempt(world))

    with acting(world.scout):
        found = answers.begin(attempt(world))

    assert found is not None
    assert (found.status_code, found.headers, bytes(found.body)) == (201, {"Location": "/there"}, b'{"a": 1}')


@in_one_transaction
@pytest.mark.parametrize(
    "changes", [{"method": "PUT"}, {"path": "/api/v1/snapshots"}, {"key": "First"}], ids=str
)
def test_a_key_belongs_to_one_method_and_one_path(world: World, changes: dict[str, str]) -> None:
    with acting(world.scout):
        keep(attempt(world))

        assert answers.begin(attempt(world, **changes)) is None


@in_one_transaction
def test_a_key_belongs_to_one_principal(world: World) -> None:
    with acting(world.scout):
        keep(attempt(world))
    with acting(world.edith):
        assert answers.begin(attempt(world, principal=world.edith.pk)) is None


@in_one_transaction
def test_a_key_with_other_bytes_is_refused(world: World) -> None:
    with acting(world.scout):
        keep(attempt(world))

        with pytest.raises(KeyIsReused):
            answers.begin(attempt(world, payload_digest=hashlib.sha256(b"[]").digest()))


@in_one_transaction
def test_another_tenant_reads_no_answer(world: World) -> None:
    with acting(world.scout):
        keep(attempt(world))
        assert KeptAnswer.objects.count() == 1

    with acting(world.boris):
        assert every("SELECT * FROM idempotency_keys") == []


@in_one_transaction
def test_nobody_keeps_an_answer_for_another_tenant(world: World) -> None:
    with acting(world.boris), walled("idempotency_keys"):
        kept(world)


@in_one_transaction
@pytest.mark.parametrize("role", sorted({*RUNTIME} - {"api", "backup"}))
def test_no_other_role_reads_what_was_answered(world: World, role: str) -> None:
    with acting(world.scout, role), denied("idempotency_keys"):
        every("SELECT body FROM idempotency_keys")


@in_one_transaction
@pytest.mark.parametrize("column", ["id", "created_at"])
def test_the_database_names_and_dates_an_answer_itself(world: World, column: str) -> None:
    with acting(world.scout), denied("idempotency_keys"):
        run(
            f"INSERT INTO idempotency_keys ({COLUMNS}, {column}) SELECT {COLUMNS}, {column} FROM idempotency_keys"
        )


@in_one_transaction
@pytest.mark.parametrize(
    "statement",
    ["UPDATE idempotency_keys SET body = ''", "DELETE FROM idempotency_keys", "TRUNCATE idempotency_keys"],
)
def test_no_role_changes_an_answer(world: World, as_role: RoleTaker, statement: str) -> None:
    kept(world)

    for role in RUNTIME:
        with as_role(role), denied("idempotency_keys"):
            run(statement)


@in_one_transaction
@pytest.mark.parametrize("privilege", ["UPDATE", "DELETE"])
def test_an_answer_is_not_changed_by_who_was_given_the_right(world: World, privilege: str) -> None:
    kept(world)
    grant(privilege, "idempotency_keys", "api")
    statement = {"UPDATE": "UPDATE idempotency_keys SET body = ''", "DELETE": "DELETE FROM idempotency_keys"}

    with acting(world.scout), refused("kept_answer_stays_for_a_day"):
        run(statement[privilege])


@in_one_transaction
def test_the_owner_changes_no_answer_and_takes_none_away_before_its_day_is_over(world: World) -> None:
    kept(world)

    with refused("kept_answer_stays_for_a_day"):
        run("UPDATE idempotency_keys SET body = ''")
    with refused("kept_answer_stays_for_a_day"):
        run("DELETE FROM idempotency_keys")


def test_the_owner_empties_no_table_of_answers(committing_db: str) -> None:
    with refused("kept_answer_stays_for_a_day"):
        run("TRUNCATE idempotency_keys")


@in_one_transaction
def test_one_key_has_one_answer(world: World) -> None:
    kept(world)

    with refused("request_is_answered_once"):
        kept(world)


@in_one_transaction
@pytest.mark.parametrize("status", [199, 300, 404, 500])
def test_only_a_success_is_kept(world: World, status: int) -> None:
    with refused("kept_answer_is_a_success", NotAccepted):
        run(INSERT, world.acme.pk, world.scout.pk, "k", status)


@in_one_transaction
def test_an_answer_belongs_to_somebody_of_its_own_tenant(world: World) -> None:
    with refused("kept_answer_has_a_known_principal", UnknownReference):
        run(INSERT, world.beta.pk, world.scout.pk, "k", 200)


@in_one_transaction
def test_a_digest_is_a_sha256(world: World) -> None:
    with refused("kept_answer_digest_is_a_sha256", NotAccepted):
        run(INSERT.replace("sha256('x')", "'x'"), world.acme.pk, world.scout.pk, "k", 200)


@in_one_transaction
def test_who_keeps_an_answer_takes_a_hundred_old_ones_away_of_whatever_tenant(world: World) -> None:
    run(OLD, world.beta.pk, world.boris.pk, 130)
    kept(world)

    with acting(world.scout):
        keep(attempt(world))
    left = one("SELECT count(*) FROM idempotency_keys WHERE key LIKE 'old-%%'")

    assert left == 30
    assert one("SELECT count(*) FROM idempotency_keys") == 32


@in_one_transaction
@pytest.mark.parametrize("role", sorted({*RUNTIME} - {"api"}))
def test_nobody_else_takes_old_answers_away(world: World, role: str) -> None:
    with acting(world.scout, role), denied("function prune_kept_answers"):
        run("SELECT prune_kept_answers()")


def test_a_key_that_another_request_holds_is_in_flight_until_it_ends(
    committing_db: str, login_as: LoginTaker
) -> None:
    world = make_world()
    other = login_as("api")

    with other.transaction():
        other.execute("SELECT pg_advisory_xact_lock(%s)", [answers.lock_of(attempt(world).scope())])
        with acting(world.scout), pytest.raises(RequestIsInFlight):
            answers.begin(attempt(world))
    with acting(world.scout):
        assert answers.begin(attempt(world)) is None
