"""E12: nothing governed is had past people, whatever is tried and as whom."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest

from audit.models import ApprovalGrant
from core.database.roles import Connection
from core.database.unit import role_name
from core.refusals import INSUFFICIENT_PRIVILEGE
from tests.audit.voting import DECIDE, proof_of
from tests.conftest import LoginTaker
from tests.experiments import (  # noqa: F401 - each counts its ways
    bypass_events,
    bypass_life,
    bypass_policies,
    bypass_powers,
    bypass_standing,
    bypass_votes,
)
from tests.experiments.bypass import WAYS, Way
from tests.factories import REASON, World, make_world, request_for

pytestmark = pytest.mark.experiment("E12")

TARGET = 204
WITH_LOGINS = ("a_login_takes_the_owners_role", "two_votes_at_once_grant_twice")
_refused: set[str] = set()


@pytest.fixture(scope="module", autouse=True)
def _line() -> Iterator[None]:
    yield
    tried = len(WAYS) + len(WITH_LOGINS)
    verdict = "PASS" if len(_refused) == tried >= TARGET else "FAIL"
    print(  # noqa: T201 - an experiment prints its line
        f"\nE12 approval bypass: {len(_refused)} of {tried} refused (target {TARGET} of {TARGET}) {verdict}"
    )


def test_the_ways_are_as_many_as_promised() -> None:
    assert len({attempt.__name__ for attempt in WAYS} | set(WITH_LOGINS)) >= TARGET


@pytest.mark.django_db
@pytest.mark.parametrize("attempt", WAYS, ids=lambda attempt: attempt.__name__)
def test_the_database_refuses_it(world: World, attempt: Way) -> None:
    attempt(world)

    _refused.add(attempt.__name__)


@pytest.mark.parametrize("role", ["api", "staff", "worker", "platform", "auditor"])
def test_no_login_of_a_process_takes_the_owners_role(login_as: LoginTaker, role: str) -> None:
    conn = login_as(role)

    with pytest.raises(psycopg.errors.InsufficientPrivilege) as caught:
        conn.execute(f"SET ROLE {role_name('owner')}")

    assert caught.value.sqlstate == INSUFFICIENT_PRIVILEGE
    _refused.add(WITH_LOGINS[0])


def test_two_votes_at_once_grant_once(committing_db: str, login_as: LoginTaker) -> None:
    world = make_world()
    asked = request_for(world.proposal)
    votes = [(by, proof_of(by)) for by in (world.grace, world.alan)]
    logins = [login_as("staff") for _ in votes]
    together = threading.Barrier(len(votes))
    said: list[str | None] = []

    def decide(conn: Connection, by: object, proof: object) -> None:
        together.wait()
        try:
            with conn.transaction():
                conn.execute("SELECT set_config('app.actor_id', %s, true)", [str(by)])
                conn.execute("SELECT set_config('app.tenant_id', %s, true)", [str(world.acme.pk)])
                conn.execute(DECIDE, [asked.pk, bytes(asked.digest), by, "approve", REASON, proof])
        except psycopg.Error as error:
            said.append(error.diag.constraint_name)

    threads = [
        threading.Thread(target=decide, args=(conn, by.pk, proof.pk))
        for conn, (by, proof) in zip(logins, votes, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert said == ["request_is_closed"]
    assert ApprovalGrant.objects.count() == 1
    _refused.add(WITH_LOGINS[1])
