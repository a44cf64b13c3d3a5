"""E12, the fifth part: ways to make an event public, or to take one back, past people and past the policy."""

from __future__ import annotations

from typing import Any

from audit.models import ApprovalGrant
from core.access import switches
from core.access.models import User
from markets.models import Candidate, Event, Market
from tests.audit.test_revocations import by_verb as revoke
from tests.audit.voting import by_sql
from tests.events import (
    ASK,
    asked_about,
    let_out_by_itself,
    open_political,
    propose_event,
    propose_raw,
    publish_event,
    written_event,
)
from tests.experiments.bypass import NO_GRANT, attack, vote, way
from tests.factories import REASON, World, as_staff, open_market
from tests.markets.life.changing import amended, approve, carry, put, voided
from tests.markets.test_publishing import BY_HAND, RETRACT, granted
from tests.raw import run, untriggered

PUBLISH = "INSERT INTO events (candidate_id) VALUES (%s)"
PUBLISH_APPROVED = "INSERT INTO events (candidate_id, human_approval_audit_id) VALUES (%s, %s)"


def _market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def _unasked(world: World) -> Candidate:
    """An event that was proposed past the verb, so that nobody was asked about it."""
    market = _market(world)
    propose_raw(world, written_event(world, market))
    return Candidate.objects.get()


def _amend(market: Market, world: World, **changes: Any) -> None:
    """Let two people raise what is at stake."""
    approve(put(amended(market, world, **changes), world.scout), world.grace, world.alan)


def _approved(world: World) -> ApprovalGrant:
    return granted(world, propose_event(world, _market(world)))


def _take_back(event: Event, by: User) -> None:
    run(RETRACT, event.pk, by.pk, REASON)


@way
def an_api_process_publishes_what_no_policy_lets_out(world: World) -> None:
    candidate = _unasked(world)
    with attack("api", world.scout, "event_needs_human_approval"):
        run(PUBLISH, candidate.pk)


@way
def an_api_process_publishes_what_people_are_asked_about_already(world: World) -> None:
    candidate = propose_event(world, _market(world))
    let_out_by_itself()
    with attack("api", world.scout, "event_needs_human_approval"):
        run(PUBLISH, candidate.pk)


@way
def an_api_process_publishes_by_policy_on_a_market_that_became_political(world: World) -> None:
    let_out_by_itself()
    candidate = _unasked(world)
    _amend(Market.objects.get(), world, type="political")
    with attack("api", world.scout, "event_needs_human_approval"):
        run(PUBLISH, candidate.pk)


@way
def an_api_process_publishes_by_policy_on_a_market_that_became_risky(world: World) -> None:
    let_out_by_itself()
    candidate = _unasked(world)
    _amend(Market.objects.get(), world, risk_level="high")
    with attack("api", world.scout, "event_needs_human_approval"):
        run(PUBLISH, candidate.pk)


@way
def one_admin_lets_an_event_out_on_a_market_that_became_political(world: World) -> None:
    grant = _approved(world)
    _amend(Market.objects.get(), world, type="political")
    with attack("staff", world.grace, "market_has_moved_on"):
        run(PUBLISH_APPROVED, grant.subject_id, grant.pk)


@way
def a_worker_publishes_in_the_name_of_the_proposer(world: World) -> None:
    let_out_by_itself()
    candidate = _unasked(world)
    with attack("worker", None, "proposal_is_ones_own"):
        run(PUBLISH, candidate.pk)


@way
def an_agent_that_is_stopped_publishes_by_policy(world: World) -> None:
    let_out_by_itself()
    candidate = _unasked(world)
    with as_staff(world.alan):
        switches.turn("paused", tenant=world.acme, by=world.alan, reason=REASON)
    with attack("api", world.scout, "agents_are_paused"):
        run(PUBLISH, candidate.pk)


@way
def an_agent_asks_again_about_an_event_that_was_sent_back(world: World) -> None:
    candidate = propose_event(world, _market(world))
    by_sql(asked_about(candidate), world.grace, "request_changes")
    with attack("api", world.scout, "candidate_is_closed"):
        run(ASK, candidate.pk, bytes(candidate.digest))


@way
def an_agent_asks_about_an_event_that_a_policy_let_out(world: World) -> None:
    let_out_by_itself()
    candidate = propose_event(world, _market(world))
    with attack("api", world.scout, "candidate_is_closed"):
        run(ASK, candidate.pk, bytes(candidate.digest))


@way
def an_api_process_uses_the_approval_of_an_event(world: World) -> None:
    grant = _approved(world)
    with attack("api", world.scout, NO_GRANT):
        run(PUBLISH_APPROVED, grant.subject_id, grant.pk)


@way
def an_api_process_calls_an_event_approved(world: World) -> None:
    propose_event(world, _market(world))
    with attack("api", world.scout, NO_GRANT):
        run("UPDATE candidate_events SET status = 'approved'")


@way
def staff_of_another_tenant_publishes_by_its_own_approval(world: World) -> None:
    grant = _approved(world)
    with attack("staff", world.boris, NO_GRANT, within="beta"):
        run(PUBLISH_APPROVED, grant.subject_id, grant.pk)


@way
def staff_publishes_by_the_approval_of_another_event(world: World) -> None:
    grant = _approved(world)
    other = propose_event(world, Market.objects.get(), summary="The capsule has landed.")
    with attack("staff", world.grace, "event_needs_human_approval"):
        run(PUBLISH_APPROVED, other.pk, grant.pk)


@way
def staff_publishes_by_the_approval_of_the_market(world: World) -> None:
    market = _market(world)
    candidate = propose_event(world, market)
    with attack("staff", world.grace, "event_needs_human_approval"):
        run(PUBLISH_APPROVED, candidate.pk, market.human_approval_audit_id)


@way
def staff_publishes_by_an_approval_that_was_revoked(world: World) -> None:
    grant = _approved(world)
    revoke(grant.pk, world.alan)
    with attack("staff", world.grace, "approval_is_revoked"):
        run(PUBLISH_APPROVED, grant.subject_id, grant.pk)


@way
def staff_publishes_by_an_approval_that_has_expired(world: World) -> None:
    grant = _approved(world)
    with untriggered("approval_grants"):
        run("UPDATE approval_grants SET expires_at = clock_timestamp()")
    with attack("staff", world.grace, "approval_has_expired"):
        run(PUBLISH_APPROVED, grant.subject_id, grant.pk)


@way
def staff_publishes_an_event_twice(world: World) -> None:
    event = publish_event(world, _market(world))
    with attack("staff", world.grace, "candidate_is_published_once"):
        run(PUBLISH_APPROVED, event.candidate_id, event.human_approval_audit_id)


@way
def staff_publishes_on_a_market_that_was_voided(world: World) -> None:
    grant = _approved(world)
    carry(voided(Market.objects.get(), world), world)
    with attack("staff", world.grace, "market_takes_no_events"):
        run(PUBLISH_APPROVED, grant.subject_id, grant.pk)


@way
def staff_publishes_other_words_than_were_approved(world: World) -> None:
    grant = _approved(world)
    with attack("staff", world.grace, NO_GRANT):
        run(
            "INSERT INTO events (candidate_id, human_approval_audit_id, summary) VALUES (%s, %s, 'It failed.')",
            grant.subject_id,
            grant.pk,
        )


@way
def staff_publishes_what_nobody_proposed(world: World) -> None:
    grant = _approved(world)
    with attack("staff", world.grace, "event_needs_human_approval"):
        run(PUBLISH_APPROVED, None, grant.pk)


@way
def the_orm_publishes_events_in_bulk(world: World) -> None:
    grant = _approved(world)
    made = Event(candidate_id=grant.subject_id, human_approval_audit_id=grant.pk, summary="It failed.")
    with attack("staff", world.grace, NO_GRANT):
        Event.objects.bulk_create([made])


@way
def the_owner_writes_an_event_on_a_political_market(world: World) -> None:
    market = open_political(world)
    with attack("owner", world.grace, "event_needs_human_approval"):
        run(BY_HAND, world.acme.pk, market.pk, [world.evidence.snapshot_id])


@way
def the_owner_publishes_with_the_guards_off(world: World) -> None:
    candidate = propose_event(world, _market(world))
    with attack("owner", world.grace, "event_needs_human_approval"), untriggered("events"):
        run(
            "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids, candidate_id, digest, basis, "
            "human_approval_audit_id) SELECT c.tenant_id, c.market_id, c.summary, c.snapshot_ids, c.candidate_id, "
            "c.digest, 'approval', m.human_approval_audit_id FROM candidate_events c "
            "JOIN markets m ON m.market_id = c.market_id WHERE c.candidate_id = %s",
            candidate.pk,
        )


@way
def the_owner_rewrites_an_event_that_was_proposed(world: World) -> None:
    _approved(world)
    with attack("owner", world.grace, "candidate_never_changes"):
        run("UPDATE candidate_events SET summary = 'It failed.'")


@way
def the_orm_rewrites_published_events_in_bulk(world: World) -> None:
    event = publish_event(world, _market(world))
    event.summary = "It failed."
    with attack("owner", world.grace, "event_never_changes"):
        Event.objects.bulk_update([event], ["summary"])


@way
def the_owner_lays_evidence_under_an_event(world: World) -> None:
    publish_event(world, _market(world))
    with attack("owner", world.grace, "evidence_is_linked_by_its_event"):
        run(
            "INSERT INTO event_snapshots (tenant_id, event_id, snapshot_id) SELECT tenant_id, event_id, 'other' FROM events"
        )


@way
def the_operator_of_the_agent_lets_its_event_out(world: World) -> None:
    candidate = propose_event(world, _market(world))
    with attack("staff", world.olga, "operator_cannot_decide"):
        vote(world, world.olga, asked=asked_about(candidate))


@way
def an_api_process_takes_an_event_back(world: World) -> None:
    event = publish_event(world, _market(world))
    with attack("api", world.grace, NO_GRANT):
        _take_back(event, world.grace)


@way
def an_agent_takes_an_event_back(world: World) -> None:
    event = publish_event(world, _market(world))
    with attack("staff", world.scout, "retraction_is_by_staff"):
        _take_back(event, world.scout)


@way
def an_admin_of_another_tenant_takes_an_event_back(world: World) -> None:
    event = publish_event(world, _market(world))
    with attack("staff", world.boris, "retraction_is_by_staff"):
        _take_back(event, world.boris)


@way
def nobody_takes_an_event_back(world: World) -> None:
    event = publish_event(world, _market(world))
    with attack("staff", None, "retraction_is_ones_own"):
        _take_back(event, world.grace)


@way
def the_owner_takes_a_retraction_back(world: World) -> None:
    event = publish_event(world, _market(world))
    revoke(ApprovalGrant.objects.get(action="event:publish").pk, world.alan)
    with attack("owner", world.grace, "retraction_never_changes"):
        run("DELETE FROM event_retractions WHERE event_id = %s", event.pk)
