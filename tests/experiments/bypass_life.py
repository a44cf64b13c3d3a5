"""E12, the third part: ways to change, end, dispute or open a market again without people's approval of exactly that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from audit.models import ApprovalGrant
from markets import proposals, trading
from markets.life.content import ChangeContent
from markets.models import Market, Proposal, Reopening, Resolution
from tests.audit.test_revocations import by_verb as revoke
from tests.audit.voting import by_sql
from tests.events import open_another
from tests.experiments.bypass import NO_GRANT, attack, vote, way
from tests.factories import PROVENANCE, REASON, World, acting, open_market, request_for
from tests.markets.life.changing import (
    LATER,
    amended,
    carry,
    granted,
    move,
    put,
    reopened,
    resolved,
    use,
)
from tests.markets.life.test_disputes import RAW as DISPUTE
from tests.markets.life.test_disputes import dispute
from tests.raw import run, untriggered

REWORD = (
    "INSERT INTO market_revisions (tenant_id, proposal_id, canonical, proposed_by, producer, schema_version, "
    "safety_assertions) VALUES (%s, %s, %s, %s, 'scout', 'v1', '{no-seed-data,requires-human-approval}')"
)


def _market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


def _ended(world: World) -> Market:
    return carry(resolved(_market(world), world), world)


def _closed(market: Market, world: World) -> Market:
    return move(market, trading.close, world.grace)


def _use(kind: str, grant: ApprovalGrant, proposal_id: UUID | None = None) -> None:
    use(kind, grant.pk, proposal_id or grant.subject_id, bytes(grant.digest))


def _used(kind: str) -> ApprovalGrant:
    return ApprovalGrant.objects.get(action=f"market:{kind}")


def _reword(world: World, proposal: Proposal, content: ChangeContent) -> None:
    run(REWORD, world.acme.pk, proposal.pk, content.canonical(), world.scout.pk)


def _revised(world: World) -> tuple[Proposal, bytes]:
    """An amendment in its second wording, and the digest of the first."""
    market = _market(world)
    proposal = put(amended(market, world), world.scout)
    first = bytes(request_for(proposal).digest)
    with acting(world.scout):
        content = amended(market, world, title="Will anybody orbit the Moon in 2027?")
        proposals.revise(proposal.pk, content, by=world.scout, provenance=PROVENANCE)
    return proposal, first


@way
def an_api_process_amends_a_market(world: World) -> None:
    grant = granted("amend", _market(world), world)
    with attack("api", world.scout, NO_GRANT):
        _use("amend", grant)


@way
def a_worker_resolves_a_market(world: World) -> None:
    grant = granted("resolve", _market(world), world)
    with attack("worker", None, NO_GRANT):
        _use("resolve", grant)


@way
def an_auditor_voids_a_market(world: World) -> None:
    grant = granted("void", _market(world), world)
    with attack("auditor", world.grace, NO_GRANT):
        _use("void", grant)


@way
def staff_of_another_tenant_reopens_a_market_by_its_own_approval(world: World) -> None:
    grant = granted("reopen", _market(world), world)
    with attack("staff", world.boris, NO_GRANT, within="beta"):
        _use("reopen", grant)


@way
def staff_resolves_a_market_while_people_are_still_asked(world: World) -> None:
    asked = request_for(put(resolved(_market(world), world), world.scout))
    with attack("staff", world.grace, "resolution_needs_human_approval"):
        use("resolve", None, asked.subject_id, bytes(asked.digest))


@way
def staff_amends_a_market_by_the_approval_that_opened_it(world: World) -> None:
    _market(world)
    with attack("staff", world.grace, "amendment_needs_human_approval"):
        _use("amend", _used("create"))


@way
def staff_merges_a_reopening_in_by_the_approval_that_opened_it(world: World) -> None:
    _closed(_market(world), world)
    with attack("staff", world.grace, "reopening_needs_human_approval"):
        run(
            "MERGE INTO market_reopenings r USING markets m ON r.market_id = m.market_id WHEN NOT MATCHED THEN "
            "INSERT (human_approval_audit_id, proposal_id, digest) "
            "VALUES (m.human_approval_audit_id, m.proposal_id, m.digest)"
        )


@way
def the_platform_reopens_a_market_by_the_approval_of_its_end(world: World) -> None:
    grant = granted("void", _closed(_market(world), world), world)
    with attack("platform", world.root, "reopening_needs_human_approval"):
        _use("reopen", grant)


@way
def staff_resolves_a_market_by_the_approval_of_another_resolution(world: World) -> None:
    asked = put(resolved(_market(world), world), world.scout)
    grant = granted("resolve", open_another(world), world)
    with attack("staff", world.grace, "resolution_needs_human_approval"):
        _use("resolve", grant, asked.pk)


@way
def staff_amends_a_market_to_a_wording_that_was_revised(world: World) -> None:
    proposal, first = _revised(world)
    by_sql(request_for(proposal), world.grace)
    with attack("staff", world.grace, "amendment_needs_human_approval"):
        use("amend", _used("amend").pk, proposal.pk, first)


@way
def staff_approves_the_wording_that_it_saw_before(world: World) -> None:
    proposal, first = _revised(world)
    asked = request_for(proposal)
    asked.digest = first
    with attack("staff", world.grace, "digest_is_not_the_one_under_review"):
        vote(world, world.grace, asked=asked)


@way
def staff_approves_the_request_for_a_wording_that_was_revised(world: World) -> None:
    market = _market(world)
    proposal = put(amended(market, world), world.scout)
    superseded = request_for(proposal)
    with acting(world.scout):
        content = amended(market, world, title="Will anybody orbit the Moon in 2027?")
        proposals.revise(proposal.pk, content, by=world.scout, provenance=PROVENANCE)
    with attack("staff", world.grace, "request_is_closed"):
        vote(world, world.grace, asked=superseded)


@way
def an_agent_rewords_what_was_approved(world: World) -> None:
    market = _market(world)
    proposal = Proposal.objects.get(pk=granted("resolve", market, world).subject_id)
    with attack("api", world.scout, "proposal_is_closed"):
        _reword(world, proposal, resolved(market, world, "no"))


@way
def an_agent_ends_another_market_than_it_proposed_to(world: World) -> None:
    market, other = _market(world), open_another(world)
    proposal = put(resolved(market, world), world.scout)
    with attack("api", world.scout, "symbol_never_changes"):
        _reword(world, proposal, replace(resolved(market, world), market_id=other.pk))


@way
def the_owner_turns_an_approved_amendment_into_a_void(world: World) -> None:
    grant = granted("amend", _market(world), world)
    with attack("owner", world.grace, "proposal_never_changes"):
        run("UPDATE market_proposals SET kind = 'void' WHERE id = %s", grant.subject_id)


@way
def staff_amends_a_market_twice_by_one_approval(world: World) -> None:
    carry(amended(_market(world), world), world)
    with attack("staff", world.grace, "amendment_approval_is_used_once"):
        _use("amend", _used("amend"))


@way
def staff_ends_a_dispute_by_the_approval_that_is_disputed(world: World) -> None:
    dispute(world, _ended(world), world.edith)
    with attack("staff", world.grace, "resolution_approval_is_used_once"):
        _use("resolve", _used("resolve"))


@way
def staff_reopens_a_market_twice_by_one_approval(world: World) -> None:
    _closed(carry(reopened(_closed(_market(world), world), world), world), world)
    with attack("staff", world.grace, "reopening_approval_is_used_once"):
        _use("reopen", _used("reopen"))


@way
def staff_resolves_a_market_by_an_approval_that_has_expired(world: World) -> None:
    grant = granted("resolve", _market(world), world)
    with untriggered("approval_grants"):
        run("UPDATE approval_grants SET expires_at = clock_timestamp()")
    with attack("staff", world.grace, "approval_has_expired"):
        _use("resolve", grant)


@way
def staff_voids_a_market_by_an_approval_that_was_revoked(world: World) -> None:
    grant = granted("void", _market(world), world)
    revoke(grant.pk, world.alan)
    with attack("staff", world.grace, "approval_is_revoked"):
        _use("void", grant)


@way
def staff_amends_what_was_amended_since(world: World) -> None:
    market = _market(world)
    grant = granted("amend", market, world)
    carry(amended(market, world, title="Will anybody orbit the Moon in 2027?"), world)
    with attack("staff", world.grace, "market_has_moved_on"):
        _use("amend", grant)


@way
def staff_resolves_what_was_opened_again_since(world: World) -> None:
    market = _closed(_market(world), world)
    grant = granted("resolve", market, world)
    carry(reopened(market, world), world)
    with attack("staff", world.grace, "market_has_moved_on"):
        _use("resolve", grant)


@way
def an_agent_proposes_the_other_outcome_while_it_can_be_disputed(world: World) -> None:
    market = _ended(world)
    with attack("api", world.scout, "market_moves_as_it_may"):
        run(
            "INSERT INTO market_proposals (tenant_id, kind, market_id, symbol, proposed_by) "
            "VALUES (%s, 'resolve', %s, 'MOON-2027', %s)",
            world.acme.pk,
            market.pk,
            world.scout.pk,
        )
        proposal = Proposal.objects.get(kind="resolve", status="proposed")
        _reword(world, proposal, resolved(market, world, "no"))


@way
def staff_voids_what_is_final(world: World) -> None:
    grant = granted("void", _ended(world), world)
    with untriggered("markets"):
        run("UPDATE markets SET challenge_until = clock_timestamp()")
    with attack("staff", world.grace, "resolution_is_final"):
        _use("void", grant)


@way
def an_agent_disputes_what_is_final(world: World) -> None:
    market = _ended(world)
    with untriggered("markets"):
        run("UPDATE markets SET challenge_until = clock_timestamp()")
    with attack("api", world.scout, "resolution_is_final"):
        run(DISPUTE, world.acme.pk, market.pk, world.scout.pk, REASON, [world.evidence.snapshot_id])


@way
def an_agent_disputes_in_the_name_of_a_person(world: World) -> None:
    market = _ended(world)
    with attack("api", world.scout, "dispute_is_ones_own"):
        run(DISPUTE, world.acme.pk, market.pk, world.edith.pk, REASON, [world.evidence.snapshot_id])


@way
def staff_settles_a_dispute_by_hand(world: World) -> None:
    dispute(world, _ended(world), world.edith)
    with attack("staff", world.grace, NO_GRANT):
        run("UPDATE market_disputes SET settled_by = resolution_id")


@way
def the_owner_settles_a_dispute_by_what_is_disputed(world: World) -> None:
    dispute(world, _ended(world), world.edith)
    with attack("owner", world.grace, "dispute_never_changes"):
        run("UPDATE market_disputes SET settled_by = resolution_id")


@way
def staff_sends_another_outcome_along(world: World) -> None:
    grant = granted("resolve", _market(world), world)
    with attack("staff", world.grace, NO_GRANT):
        run(
            "INSERT INTO market_resolutions (human_approval_audit_id, proposal_id, digest, outcome) "
            "VALUES (%s, %s, %s, 'no')",
            grant.pk,
            grant.subject_id,
            bytes(grant.digest),
        )


@way
def staff_turns_an_outcome_by_a_conflict(world: World) -> None:
    _ended(world)
    with attack("staff", world.grace, NO_GRANT):
        run(
            "INSERT INTO market_resolutions (human_approval_audit_id, proposal_id, digest) "
            "SELECT human_approval_audit_id, proposal_id, digest FROM market_resolutions "
            "ON CONFLICT (human_approval_audit_id) DO UPDATE SET outcome = 'no'"
        )


@way
def the_orm_reopens_markets_in_bulk(world: World) -> None:
    grant = granted("reopen", _market(world), world)
    made = Reopening(
        human_approval_audit_id=grant.pk,
        proposal_id=grant.subject_id,
        digest=bytes(grant.digest),
        closes_at=LATER + timedelta(days=365),
    )
    with attack("platform", world.root, NO_GRANT):
        Reopening.objects.bulk_create([made])


@way
def the_orm_turns_outcomes_in_bulk(world: World) -> None:
    _ended(world)
    turned = Resolution.objects.get()
    turned.outcome = "no"
    with attack("owner", world.grace, "change_never_changes"):
        Resolution.objects.bulk_update([turned], ["outcome"])


@way
def the_owner_empties_the_amendments(world: World) -> None:
    carry(amended(_market(world), world), world)
    with attack("owner", world.grace, "change_never_changes"):
        run("TRUNCATE market_amendments")


@way
def the_owner_makes_a_resolution_a_void_with_the_guards_off(world: World) -> None:
    _ended(world)
    with attack("owner", world.grace, "resolution_needs_human_approval"), untriggered("market_resolutions"):
        run("UPDATE market_resolutions SET outcome = 'void', known_at = NULL, challenge_until = NULL")


@way
def the_owner_amends_a_market_with_the_guards_off(world: World) -> None:
    asked = request_for(put(amended(_market(world), world), world.scout))
    with attack("owner", world.grace, "amendment_needs_human_approval"), untriggered("market_amendments"):
        run(
            "INSERT INTO market_amendments (tenant_id, market_id, number, previous_digest, digest, proposal_id, "
            "human_approval_audit_id) SELECT tenant_id, market_id, 1, digest, %s, %s, human_approval_audit_id "
            "FROM markets",
            bytes(asked.digest),
            asked.subject_id,
        )
