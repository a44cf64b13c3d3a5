"""P25: what the guards of an approval cost.

One decision is the INSERT of a vote that completes a quorum: the guard's look-ups, the grant with its audit
row, the request and the proposal it moves, and their audit rows. Timed over one statement of many votes and
divided by their number: what the database does for one, without the way to the client and back.

Using a grant is the INSERT of the market with its guard, its foreign keys and its audit row, beside a bare
INSERT of the same columns into a table with the same indexes and checks, and no guard, no key and no audit.
Timed one statement at a time, in turns, as an application sends them.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from audit import reauthentications
from audit.models import ApprovalGrant
from bench.database import own_database
from bench.figures import Figure, median_figure, seconds
from core.database.unit import hold
from markets.models import Market
from tests.factories import PASSWORD, World, as_staff, make_content, make_proposal, make_world, request_for

ROUNDS = 5
PER_ROUND = 200
VOTE = (
    "INSERT INTO approval_decisions (request_id, digest, reviewer_id, verdict, reason, reauthentication_id) "
    "SELECT request_id, digest, %s, 'approve', 'Sources checked, criteria are clear.', proof_id "
    "FROM unnest(%s::uuid[], %s::bytea[], %s::uuid[]) AS vote (request_id, digest, proof_id)"
)
USE = "INSERT INTO markets (human_approval_audit_id, proposal_id, digest) VALUES (%s, %s, %s)"
COLUMNS = ", ".join(str(field.column) for field in Market._meta.concrete_fields if not field.generated)
BARE = f"INSERT INTO bare_markets ({COLUMNS}) VALUES ({'%s, ' * COLUMNS.count(',')}%s)"
READ = f"SELECT {COLUMNS} FROM markets WHERE human_approval_audit_id = %s"


def measure() -> Iterator[Figure]:
    """Measure in rounds that take turns: votes, guarded use, bare use."""
    with own_database("xm_bench"):
        world = make_world()
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE bare_markets (LIKE markets INCLUDING ALL)")
            cursor.execute("GRANT INSERT ON bare_markets TO xm_staff")
        rounds = [_round(world, number) for number in range(ROUNDS + 1)][1:]  # the first one warms up
    votes, guarded, bare = zip(*rounds, strict=True)
    yield median_figure(
        "P25", "one approval decision with all guards", [1000 * t for t in votes], target=1, unit="ms"
    )
    ratios = [with_guard / without for with_guard, without in zip(guarded, bare, strict=True)]
    yield median_figure("P25", "guarded use of a grant vs bare INSERT", ratios, target=2, unit="x")


def _round(world: World, number: int) -> tuple[float, float, float]:
    requests = [_waiting(world, f"BENCH-{number}-{n}") for n in range(PER_ROUND)]
    with as_staff(world.grace), connection.cursor() as cursor:
        with transaction.atomic():
            proof = reauthentications.confirm(PASSWORD, by=world.grace)
        hold(action="approval:approve", reason="Sources checked, criteria are clear.")
        proofs = [proof.pk, *_more_proofs(cursor, world, PER_ROUND - 1)]
        subjects = [(request.pk, bytes(request.digest)) for request in requests]
        ids, digests = zip(*subjects, strict=True)
        vote = seconds(cursor.execute, VOTE, [world.grace.pk, list(ids), list(digests), proofs])
        grants = ApprovalGrant.objects.filter(request_id__in=ids)
        guarded, bare = zip(*[_used(cursor, grant) for grant in grants], strict=True)
    return vote / PER_ROUND, statistics.median(guarded), statistics.median(bare)


def _used(cursor: Any, grant: ApprovalGrant) -> tuple[float, float]:
    guarded = seconds(cursor.execute, USE, [grant.pk, grant.subject_id, bytes(grant.digest)])
    cursor.execute(READ, [grant.pk])
    return guarded, seconds(cursor.execute, BARE, list(cursor.fetchone()))


def _waiting(world: World, symbol: str) -> Any:
    return request_for(make_proposal(world.scout, make_content(world.evidence, symbol=symbol)))


def _more_proofs(cursor: Any, world: World, number: int) -> list[Any]:
    # one typing of the password is timed nowhere; argon2 would be most of the bench
    cursor.execute(
        "INSERT INTO reauthentications (tenant_id, person_id, method) "
        "SELECT %s, %s, 'password' FROM generate_series(1, %s) RETURNING id",
        [world.grace.tenant_id, world.grace.pk, number],
    )
    return [row[0] for row in cursor.fetchall()]
