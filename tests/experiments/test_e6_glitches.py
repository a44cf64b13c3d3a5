"""E6: a connection that is lost before any SQL step, or just after COMMIT, changes nothing of how it ends."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django_tasks.base import Task

from audit import approvals
from audit.models import ApprovalRequest
from core.access.models import PLATFORM_TENANT_ID, User
from core.database.unit import unit
from core.jobs import claims
from core.jobs.models import Job
from core.jobs.queue import Wanted, enqueue
from core.jobs.worker import Pace, Worker
from tests.core.jobs import work
from tests.factories import World, decide, make_content, make_proposal, make_world, request_for
from tests.raw import constraint_of, every

pytestmark = pytest.mark.experiment("E6")

FULL = bool(os.environ.get("FULL_SIZE"))
# at small size only every so many places
STEP = 1 if FULL else 9
PLACES = 150
STEPS = 20
TRIES = 5
numbers = count(1)

State = list[tuple[object, ...]]
GROWN = "SELECT (SELECT count(*) FROM audit_event), (SELECT count(*) FROM outbox_events)"


class Glitch:
    """Counts every place at which a connection can be lost, and loses it at one of them."""

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.places = 0

    @contextmanager
    def happening(self) -> Iterator[None]:
        held: Any = connection
        commit = held._commit

        def committed() -> None:
            self._is_lost()
            commit()
            if self._is_lost():
                # it is done, and nobody hears of it
                connection.cursor().execute("SELECT 1")

        with pytest.MonkeyPatch.context() as patch, connection.execute_wrapper(self._step):
            patch.setattr(held, "_commit", committed)
            yield

    def _step(self, execute: Callable[..., Any], *said: Any) -> Any:
        self._is_lost()
        return execute(*said)

    def _is_lost(self) -> bool:
        self.places += 1
        if self.places == self.at and connection.connection is not None:
            connection.connection.close()
        return self.places == self.at


def until_it_is_done(act: Callable[[], None]) -> None:
    """Try again after a lost connection, as a worker, a client or a person does."""
    for _ in range(TRIES):
        try:
            act()
        except (OperationalError, InterfaceError):
            connection.close()
        else:
            return
    pytest.fail("It never ended.")


def a_job(glitch: Glitch, kind: Task[Any, Any], **payload: Any) -> State:
    """Ask for a job, claim it, run it, complete it or fail, and tell the outbox."""
    key = f"job-{next(numbers)}"
    (before,) = every(GROWN)

    with glitch.happening():
        until_it_is_done(lambda: asked(key, kind, payload))
        until_it_is_done(lambda: worked(key))

    events = "SELECT event_type, count(*) n FROM job_events WHERE job_id = j.job_id AND event_type <> 'retry' GROUP BY 1"
    told = (
        "SELECT array_agg(event_type ORDER BY event_type) FROM outbox_events WHERE entity_id = j.job_id::text"
    )
    return every(
        f"SELECT j.status, j.result, (SELECT json_object_agg(e.event_type, e.n ORDER BY e.event_type)::text "
        f"FROM ({events}) e), ({told}), j.attempts <= 3 FROM jobs j WHERE idempotency_key = %s",
        key,
    ) + grown(before)


def asked(key: str, kind: Task[Any, Any], payload: dict[str, Any]) -> None:
    with unit("platform", tenant=PLATFORM_TENANT_ID):
        enqueue(kind, payload, Wanted(key=key))


def worked(key: str) -> None:
    with unit("worker"):
        # what a lost connection left with a worker
        claims.reap()
    Worker(["default"], threads=1, name=f"glitch-{next(numbers)}", pace=Pace(lease=-1)).once()
    if not Job.objects.filter(idempotency_key=key, completed_at__isnull=False).exists():
        raise OperationalError


def an_approval(glitch: Glitch, world: World, kind: str) -> State:
    """Approve a proposal, as many people as its risk asks for: its market exists from the last word on."""
    content = make_content(world.evidence, symbol=f"GLITCH-{next(numbers)}", type=kind)
    request = request_for(make_proposal(world.scout, content))
    (before,) = every(GROWN)

    with glitch.happening():
        for person in (world.grace, world.alan)[: request.quorum]:
            until_it_is_done(partial(approved, request, person))

    of_request = "SELECT count(*) FROM {} t WHERE t.request_id = r.id"
    of_subject = "SELECT count(*) FROM {} t WHERE t.{} = r.subject_id"
    return every(
        f"SELECT r.status, ({of_request.format('approval_decisions')}), "
        f"({of_subject.format('approval_grants', 'subject_id')}), ({of_subject.format('markets', 'proposal_id')}) "
        "FROM approval_requests r WHERE r.id = %s",
        request.pk,
    ) + grown(before)


def approved(request: ApprovalRequest, person: User) -> None:
    try:
        decide(approvals.approve, request, person)
    except IntegrityError as error:
        # it was decided, and nobody heard of it
        if constraint_of(error) not in {"request_is_closed", "reviewer_decides_once"}:
            raise


def grown(before: tuple[Any, ...]) -> State:
    """How many rows of the audit log and of the outbox came."""
    ((audited, told),) = every(GROWN)
    return [(int(str(audited)) - before[0], int(str(told)) - before[1])]


def test_a_lost_connection_changes_nothing_of_how_it_ends(committing_db: str) -> None:
    world = make_world()
    ways: list[Callable[[Glitch], State]] = [
        partial(a_job, kind=work.take_steps, steps=STEPS),
        partial(a_job, kind=work.break_twice),
        partial(an_approval, world=world, kind="technology"),
        partial(an_approval, world=world, kind="political"),
    ]

    places, other = 0, []
    for way in ways:
        counting = Glitch()
        expected = way(counting)
        for place in range(1, counting.places + 1, STEP):
            places += 1
            found = way(Glitch(place))
            other += [(place, found, expected)] * (found != expected)

    passes = not other and (places >= PLACES or not FULL)
    print(  # noqa: T201 - an experiment prints its line
        f"\nE6 glitches: {places} places, {len(other)} other ends (target {PLACES} places, the same end) "
        f"{'PASS' if passes else 'FAIL'}"
    )
    assert other == []
    assert passes
