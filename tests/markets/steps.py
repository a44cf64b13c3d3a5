"""What a market goes through, one step at a time, for tests that look at what each step leaves."""

from __future__ import annotations

from collections.abc import Callable

from core.database.unit import unit
from markets import candidates, publishing, trading
from markets.life import disputes
from markets.life.clarifications import clarify
from markets.life.closing import close_due
from markets.models import Candidate, Event, Market
from tests.events import propose_event, publish_event
from tests.factories import REASON, World, acting, as_staff, open_market
from tests.markets.life.changing import KNOWN, carry, change
from tests.raw import run, untriggered

Step = Callable[[World], object]


def open_one(world: World) -> None:
    open_market(world.proposal, world.grace)


def open_and_pause(world: World) -> None:
    open_one(world)
    moving(trading.pause)(world)


def moving(verb: Callable[..., Market]) -> Step:
    def move(world: World) -> None:
        with as_staff(world.grace):
            verb(Market.objects.get().pk, by=world.grace, reason=REASON)

    return move


def have_a_candidate(world: World) -> None:
    open_one(world)
    propose_event(world, Market.objects.get())


def propose_candidate(world: World) -> None:
    propose_event(world, Market.objects.get())


def miss_a_candidate(world: World) -> None:
    have_a_candidate(world)
    with untriggered("approval_requests"):
        run("UPDATE approval_requests SET expires_at = clock_timestamp() WHERE action = 'event:publish'")


def resubmit_candidate(world: World) -> None:
    with acting(world.scout):
        candidates.resubmit(Candidate.objects.get().pk, by=world.scout)


def withdraw_candidate(world: World) -> None:
    with acting(world.scout):
        candidates.withdraw(Candidate.objects.get().pk, by=world.scout, reason=REASON)


def publish(world: World) -> None:
    open_one(world)
    publish_event(world, Market.objects.get())


def retract(world: World) -> None:
    with as_staff(world.grace):
        publishing.retract(Event.objects.get().pk, by=world.grace, reason=REASON)


def carried(kind: str) -> Step:
    def carry_one(world: World) -> None:
        carry(change(kind, Market.objects.get(), world), world)

    return carry_one


def resolve_one(world: World) -> None:
    open_one(world)
    carried("resolve")(world)


def dispute_it(world: World) -> None:
    with acting(world.edith):
        evidence = [world.evidence.snapshot_id]
        disputes.dispute(Market.objects.get().pk, by=world.edith, reason=REASON, snapshot_ids=evidence)


def clarify_it(world: World) -> None:
    with as_staff(world.grace):
        clarify(Market.objects.get().pk, "One orbit.", known_at=KNOWN, by=world.grace)


def open_one_that_is_due(world: World) -> None:
    open_one(world)
    with untriggered("markets"):
        run("UPDATE markets SET closes_at = clock_timestamp()")


def close_what_is_due(world: World) -> None:
    with unit("worker"):
        close_due(by=None, reason=REASON)
