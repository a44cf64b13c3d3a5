"""E12, the second part: ways through the vote, through the content, and around the guards themselves."""

from __future__ import annotations

from audit import approvals
from audit.models import ApprovalDecision
from core.database.unit import role_name
from markets.models import Market
from tests.audit.voting import DECIDE, proof_of
from tests.experiments.bypass import NO_GRANT, OPEN, attack, granted, vote, way
from tests.factories import (
    REASON,
    World,
    decide,
    make_content,
    make_proposal,
    open_market,
    request_for,
)
from tests.raw import run, untriggered


@way
def staff_sends_another_content_along(world: World) -> None:
    grant = granted(world)
    with attack("staff", world.grace, NO_GRANT):
        run(
            "INSERT INTO markets (human_approval_audit_id, proposal_id, digest, title) VALUES (%s, %s, %s, 'Mine')",
            grant.pk,
            grant.subject_id,
            bytes(grant.digest),
        )


@way
def staff_rewrites_an_open_market(world: World) -> None:
    open_market(world.proposal, world.grace)
    with attack("staff", world.grace, NO_GRANT):
        run("UPDATE markets SET title = 'Something nobody approved'")


@way
def staff_rewrites_by_a_conflict(world: World) -> None:
    market = open_market(world.proposal, world.grace)
    with attack("staff", world.grace, NO_GRANT):
        run(
            f"{OPEN} ON CONFLICT (human_approval_audit_id) DO UPDATE SET title = 'Mine'",
            market.human_approval_audit_id,
            market.proposal_id,
            bytes(market.digest),
        )


@way
def the_orm_creates_markets_in_bulk(world: World) -> None:
    grant = granted(world)
    made = Market(
        human_approval_audit_id=grant.pk,
        proposal_id=grant.subject_id,
        digest=bytes(grant.digest),
        title="Mine",
    )
    with attack("staff", world.grace, NO_GRANT):
        Market.objects.bulk_create([made])


@way
def the_orm_rewrites_markets_in_bulk(world: World) -> None:
    market = open_market(world.proposal, world.grace)
    market.title = "Mine"
    with attack("staff", world.grace, NO_GRANT):
        Market.objects.bulk_update([market], ["title"])


@way
def the_owner_rewrites_an_open_market(world: World) -> None:
    open_market(world.proposal, world.grace)
    with attack("owner", world.grace, "market_content_never_changes"):
        run("UPDATE markets SET title = 'Something nobody approved'")


@way
def the_proposer_decides(world: World) -> None:
    proposal = make_proposal(world.grace, make_content(world.evidence, symbol="MINE"))
    asked = request_for(proposal)
    with attack("staff", world.grace, "proposer_cannot_decide"):
        vote(world, world.grace, asked=asked)


@way
def the_operator_of_the_agent_decides(world: World) -> None:
    with attack("staff", world.olga, "operator_cannot_decide"):
        vote(world, world.olga)


@way
def somebody_decides_in_the_name_of_another(world: World) -> None:
    proof, asked = proof_of(world.grace), world.request
    with attack("staff", world.olga, "decision_is_ones_own"):
        run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "approve", REASON, proof.pk)


@way
def nobody_decides(world: World) -> None:
    proof, asked = proof_of(world.grace), world.request
    with attack("staff", None, "decision_is_ones_own"):
        run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "approve", REASON, proof.pk)


@way
def an_agent_decides(world: World) -> None:
    proposal = make_proposal(world.edith, make_content(world.evidence, symbol="BY-EDITH"))
    proof, asked = proof_of(world.grace), request_for(proposal)
    with attack("staff", world.scout, "reviewer_is_active_staff"):
        run(DECIDE, asked.pk, bytes(asked.digest), world.scout.pk, "approve", REASON, proof.pk)


@way
def an_editor_decides(world: World) -> None:
    with attack("staff", world.edith, "reviewer_lacks_the_role"):
        vote(world, world.edith)


@way
def an_admin_of_another_tenant_decides(world: World) -> None:
    with attack("staff", world.boris, "reviewer_is_of_another_tenant"):
        vote(world, world.boris)


@way
def somebody_decides_with_the_password_of_another(world: World) -> None:
    proof, asked = proof_of(world.alan), world.request
    with attack("staff", world.grace, "reauthentication_is_fresh"):
        run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "approve", REASON, proof.pk)


@way
def somebody_decides_on_an_old_password(world: World) -> None:
    proof, asked = proof_of(world.grace), world.request
    with untriggered("reauthentications"):
        run("UPDATE reauthentications SET created_at = created_at - interval '5 minutes 1 second'")
    with attack("staff", world.grace, "reauthentication_is_fresh"):
        run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "approve", REASON, proof.pk)


@way
def one_password_serves_two_decisions(world: World) -> None:
    other = request_for(make_proposal(world.scout, make_content(world.evidence, symbol="SECOND")))
    decide(approvals.approve, world.request, world.grace)
    used = ApprovalDecision.objects.get().reauthentication_id
    with attack("staff", world.grace, "reauthentication_is_used_once"):
        run(DECIDE, other.pk, bytes(other.digest), world.grace.pk, "approve", REASON, used)


@way
def one_admin_votes_twice_for_a_quorum_of_two(world: World) -> None:
    asked = request_for(
        make_proposal(world.scout, make_content(world.evidence, symbol="VOTE", type="political"))
    )
    decide(approvals.approve, asked, world.grace)
    with attack("staff", world.grace, "reviewer_decides_once"):
        vote(world, world.grace, asked=asked)


@way
def a_temporary_table_stands_before_the_real_one(world: World) -> None:
    with attack("staff", world.grace, NO_GRANT):
        run("CREATE TEMPORARY TABLE approval_grants (audit_id uuid)")


@way
def a_schema_of_ones_own_stands_before_the_real_one(world: World) -> None:
    staff, asked = role_name("staff"), world.request
    run("CREATE SCHEMA shadow")
    run("CREATE TABLE shadow.approval_grants (LIKE public.approval_grants INCLUDING DEFAULTS)")
    run(
        "INSERT INTO shadow.approval_grants (audit_id, tenant_id, request_id, action, subject_id, digest, expires_at) "
        "SELECT id, tenant_id, id, action, subject_id, digest, now() + interval '1 day' "
        "FROM approval_requests WHERE id = %s",
        asked.pk,
    )
    run(f"GRANT USAGE ON SCHEMA shadow TO {staff}")
    run(f"GRANT SELECT ON shadow.approval_grants TO {staff}")
    with attack("staff", world.grace, "market_needs_human_approval"):
        run("SET LOCAL search_path = shadow, public")
        run(
            "INSERT INTO public.markets (human_approval_audit_id) SELECT audit_id FROM shadow.approval_grants"
        )


@way
def staff_switches_the_guards_off(world: World) -> None:
    with attack("staff", world.grace, NO_GRANT):
        run("ALTER TABLE markets DISABLE TRIGGER ALL")


@way
def staff_calls_itself_a_replica(world: World) -> None:
    with attack("staff", world.grace, NO_GRANT):
        run("SET session_replication_role = replica")


@way
def staff_lowers_the_quorum(world: World) -> None:
    with attack("staff", world.grace, NO_GRANT):
        run("UPDATE approval_policies SET quorum = 1, required_roles = '{\"admin\": 1}'")
