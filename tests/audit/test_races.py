"""Two people at once: one of them is refused by name, and never both succeed."""

from __future__ import annotations

import threading
from uuid import UUID

import psycopg

from audit.models import ApprovalGrant
from core.database.roles import Connection
from tests.audit.test_revocations import REVOKE
from tests.audit.voting import proof_of
from tests.conftest import LoginTaker
from tests.factories import REASON, make_world, open_market
from tests.raw import every


def test_of_two_revocations_at_once_one_stands(committing_db: str, login_as: LoginTaker) -> None:
    world = make_world()
    open_market(world.proposal, world.grace)
    granted = ApprovalGrant.objects.get().pk
    people = [(by, proof_of(by)) for by in (world.grace, world.alan)]
    logins = [login_as("staff") for _ in people]
    together = threading.Barrier(len(people))
    said: list[str | None] = []

    def go(conn: Connection, by: UUID, proof: UUID) -> None:
        together.wait()
        try:
            with conn.transaction():
                conn.execute("SELECT set_config('app.actor_id', %s, true)", [str(by)])
                conn.execute("SELECT set_config('app.tenant_id', %s, true)", [str(world.acme.pk)])
                conn.execute(REVOKE, [granted, by, REASON, proof])
        except psycopg.Error as error:
            said.append(error.diag.constraint_name)

    threads = [
        threading.Thread(target=go, args=(conn, by.pk, proof.pk))
        for conn, (by, proof) in zip(logins, people, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert said == ["grant_is_revoked_once"]
    assert every("SELECT count(*) FROM approval_revocations") == [(1,)]
