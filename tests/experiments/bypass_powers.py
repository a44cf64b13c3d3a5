"""E12, the sixth part: ways through the powers beside a vote: breaking the glass, lent roles, lists, trials, revoking."""

from __future__ import annotations

from audit.models import ApprovalGrant, ApprovalRequest, Delegation, Reauthentication
from core.access.models import User
from tests.audit import traces
from tests.audit.test_delegations import GIVE
from tests.audit.test_lists import listed
from tests.audit.test_overrides import REVIEW, another
from tests.audit.test_revocations import REVOKE
from tests.audit.test_revocations import by_verb as revoke
from tests.audit.test_trial import TRY
from tests.audit.voting import DECIDE, DECIDE_FOR, ask, by_sql, give_role, lend, proof_of
from tests.core.access.test_role_guards import GRANT
from tests.experiments.bypass import NO_GRANT, attack, way
from tests.factories import REASON, World, open_market, request_for
from tests.markets.life.test_overdue import look, run_out
from tests.raw import one, run, untriggered


def _decide(
    asked: ApprovalRequest,
    by: User,
    proof: Reauthentication | None,
    lent: Delegation | None = None,
    verdict: str = "approve",
) -> None:
    said = (asked.pk, bytes(asked.digest), by.pk, verdict, REASON)
    run(DECIDE_FOR, *said, proof.pk if proof else None, lent.pk if lent else None)


def _break(
    asked: ApprovalRequest, by: User, proof: Reauthentication | None, lent: Delegation | None = None
) -> None:
    _decide(asked, by, proof, lent, "break_glass")


def _granted(world: World) -> ApprovalGrant:
    open_market(world.proposal, world.grace)
    return ApprovalGrant.objects.get()


@way
def an_api_process_breaks_the_glass(world: World) -> None:
    proof, asked = proof_of(world.alan), world.request
    with attack("api", world.alan, NO_GRANT):
        _break(asked, world.alan, proof)


@way
def an_admin_breaks_the_glass(world: World) -> None:
    proof, asked = proof_of(world.grace), world.request
    with attack("staff", world.grace, "break_glass_is_for_super_admins"):
        _break(asked, world.grace, proof)


@way
def a_lent_role_breaks_the_glass(world: World) -> None:
    lent, proof, asked = lend(world.alan, world.grace, "super-admin"), proof_of(world.grace), world.request
    with attack("staff", world.grace, "break_glass_is_for_super_admins"):
        _break(asked, world.grace, proof, lent)


@way
def the_glass_is_broken_without_a_password(world: World) -> None:
    with untriggered("approval_policies"):
        run("UPDATE approval_policies SET needs_reauthentication = false WHERE action = 'market:create'")
    asked = another(world)
    with attack("staff", world.alan, "reauthentication_is_fresh"):
        _break(asked, world.alan, None)


@way
def the_glass_is_broken_again_before_a_review(world: World) -> None:
    traces.break_glass(world)
    proof, asked = proof_of(world.alan), another(world)
    with attack("staff", world.alan, "override_waits_for_review"):
        _break(asked, world.alan, proof)


@way
def the_glass_is_broken_alone_at_high_risk(world: World) -> None:
    proof, asked = proof_of(world.alan), request_for(ask(world))
    with attack("staff", world.alan, "break_glass_needs_another_person"):
        _break(asked, world.alan, proof)


@way
def the_glass_is_broken_beside_ones_own_approval(world: World) -> None:
    asked = request_for(ask(world))
    by_sql(asked, world.alan)
    proof = proof_of(world.alan)
    with attack("staff", world.alan, "reviewer_decides_once"):
        _break(asked, world.alan, proof)


@way
def whoever_broke_the_glass_reviews_it(world: World) -> None:
    traces.break_glass(world)
    proof = proof_of(world.alan)
    with attack("staff", world.alan, "override_is_reviewed_by_another"):
        run(REVIEW, "confirmed", world.alan.pk, REASON, proof.pk)


@way
def whoever_operates_the_proposer_reviews_it(world: World) -> None:
    traces.break_glass(world)
    proof = proof_of(world.olga)
    with attack("staff", world.olga, "override_is_reviewed_by_another"):
        run(REVIEW, "confirmed", world.olga.pk, REASON, proof.pk)


@way
def it_is_reviewed_in_the_name_of_another(world: World) -> None:
    traces.break_glass(world)
    proof = proof_of(world.grace)
    with attack("staff", world.alan, "decision_is_ones_own"):
        run(REVIEW, "confirmed", world.grace.pk, REASON, proof.pk)


@way
def an_editor_reviews_it(world: World) -> None:
    traces.break_glass(world)
    proof = proof_of(world.edith)
    with attack("staff", world.edith, "reviewer_lacks_the_role"):
        run(REVIEW, "confirmed", world.edith.pk, REASON, proof.pk)


@way
def an_admin_of_another_tenant_reviews_it(world: World) -> None:
    traces.break_glass(world)
    proof = proof_of(world.boris)
    with attack("staff", world.boris, "reviewer_is_of_another_tenant"):
        run(REVIEW, "confirmed", world.boris.pk, REASON, proof.pk)


@way
def it_is_reviewed_with_the_password_of_a_decision(world: World) -> None:
    proof = proof_of(world.grace)
    by_sql(another(world), world.grace, reauthentication=proof)
    traces.break_glass(world)
    with attack("staff", world.grace, "reauthentication_is_used_once"):
        run(REVIEW, "confirmed", world.grace.pk, REASON, proof.pk)


@way
def staff_writes_that_it_was_reviewed(world: World) -> None:
    traces.break_glass(world)
    with attack("staff", world.alan, NO_GRANT):
        run("UPDATE approval_overrides SET reviewed_at = now()")


@way
def staff_writes_the_password_of_another_into_what_is_overdue(world: World) -> None:
    traces.break_glass(world)
    run_out()
    look()
    proof = proof_of(world.grace)
    with attack("staff", world.alan, "override_is_reviewed_once"):
        run("UPDATE approval_overrides SET reauthentication_id = %s", proof.pk)


@way
def the_owner_puts_a_review_off(world: World) -> None:
    traces.break_glass(world)
    with attack("owner", world.alan, "override_is_reviewed_once"):
        run("UPDATE approval_overrides SET review_due_at = 'infinity'")


@way
def the_owner_removes_what_is_to_be_reviewed(world: World) -> None:
    traces.break_glass(world)
    with attack("owner", world.alan, "override_is_reviewed_once"):
        run("DELETE FROM approval_overrides")


@way
def an_admin_makes_themself_a_super_admin(world: World) -> None:
    with attack("staff", world.grace, "nobody_changes_their_own_roles"):
        run(GRANT, world.grace.pk, "super-admin")


@way
def an_admin_makes_another_a_super_admin(world: World) -> None:
    with attack("staff", world.grace, "role_is_granted_from_above"):
        run(GRANT, world.olga.pk, "super-admin")


@way
def staff_gives_a_role_while_nobody_acts(world: World) -> None:
    with attack("staff", None, "role_is_granted_from_above"):
        run(GRANT, world.grace.pk, "super-admin")


@way
def a_lent_role_is_lent_on(world: World) -> None:
    lend(world.grace, world.edith)
    proof = proof_of(world.edith)
    with attack("staff", world.edith, "delegator_holds_the_role"):
        run(GIVE, world.edith.pk, world.vera.pk, "admin", REASON, proof.pk)


@way
def somebody_lends_the_role_of_another(world: World) -> None:
    proof = proof_of(world.grace)
    with attack("staff", world.edith, "decision_is_ones_own"):
        run(GIVE, world.grace.pk, world.edith.pk, "admin", REASON, proof.pk)


@way
def an_agent_is_lent_a_role(world: World) -> None:
    proof = proof_of(world.grace)
    with attack("staff", world.grace, "delegate_is_active_staff"):
        run(GIVE, world.grace.pk, world.scout.pk, "admin", REASON, proof.pk)


@way
def somebody_decides_by_what_was_lent_to_another(world: World) -> None:
    lent, proof, asked = lend(world.grace, world.edith), proof_of(world.vera), world.request
    with attack("staff", world.vera, "delegation_is_in_force"):
        _decide(asked, world.vera, proof, lent)


@way
def a_delegate_decides_after_the_time(world: World) -> None:
    lent, proof, asked = lend(world.grace, world.edith), proof_of(world.edith), world.request
    with untriggered("approval_delegations"):
        run("UPDATE approval_delegations SET ends_at = clock_timestamp()")
    with attack("staff", world.edith, "delegation_is_in_force"):
        _decide(asked, world.edith, proof, lent)


@way
def a_delegate_decides_in_a_role_that_was_taken_away(world: World) -> None:
    lent, proof, asked = lend(world.grace, world.edith), proof_of(world.edith), world.request
    give_role(world.grace, "viewer")
    with attack("staff", world.edith, "delegator_holds_the_role"):
        _decide(asked, world.edith, proof, lent)


@way
def the_delegate_of_the_operator_decides(world: World) -> None:
    lent, proof, asked = lend(world.olga, world.edith), proof_of(world.edith), world.request
    with attack("staff", world.edith, "delegator_cannot_decide"):
        _decide(asked, world.edith, proof, lent)


@way
def a_person_and_their_delegate_are_two(world: World) -> None:
    asked, lent = request_for(ask(world)), lend(world.grace, world.edith)
    by_sql(asked, world.grace)
    proof = proof_of(world.edith)
    with attack("staff", world.edith, "delegator_and_delegate_speak_once"):
        _decide(asked, world.edith, proof, lent)


@way
def two_delegates_of_one_person_are_two(world: World) -> None:
    asked, lent = request_for(ask(world)), lend(world.grace, world.vera)
    by_sql(asked, world.edith, delegation=lend(world.grace, world.edith))
    proof = proof_of(world.vera)
    with attack("staff", world.vera, "delegator_and_delegate_speak_once"):
        _decide(asked, world.vera, proof, lent)


@way
def the_owner_prolongs_a_delegation(world: World) -> None:
    lend(world.grace, world.edith)
    with attack("owner", world.edith, "delegation_never_changes"):
        run("UPDATE approval_delegations SET ends_at = 'infinity'")


@way
def a_password_for_a_list_decides_on_what_is_not_listed(world: World) -> None:
    asked = world.request
    proof, other = listed(world, {asked.pk: bytes(asked.digest)}), another(world)
    with attack("staff", world.grace, "not_on_the_list"):
        _decide(other, world.grace, proof)


@way
def a_password_for_a_list_decides_on_another_digest(world: World) -> None:
    asked = world.request
    proof = listed(world, {asked.pk: bytes(32)})
    with attack("staff", world.grace, "not_on_the_list"):
        _decide(asked, world.grace, proof)


@way
def a_list_decides_on_what_is_of_high_risk(world: World) -> None:
    asked = request_for(ask(world))
    proof = listed(world, {asked.pk: bytes(asked.digest)})
    with attack("staff", world.grace, "bulk_is_for_low_risk"):
        _decide(asked, world.grace, proof)


@way
def a_list_breaks_the_glass(world: World) -> None:
    asked = world.request
    proof = listed(world, {asked.pk: bytes(asked.digest)}, world.alan)
    with attack("staff", world.alan, "bulk_is_for_low_risk"):
        _break(asked, world.alan, proof)


@way
def a_password_is_typed_for_the_list_of_another(world: World) -> None:
    made = traces.make_list(world)
    with attack("staff", world.alan, "list_is_ones_own"):
        run(
            "INSERT INTO reauthentications (tenant_id, person_id, method, list_id) VALUES (%s, %s, 'password', %s)",
            world.acme.pk,
            world.alan.pk,
            made.pk,
        )


@way
def the_owner_writes_a_line_into_a_list(world: World) -> None:
    traces.make_list(world)
    with attack("owner", world.grace, "list_never_changes"):
        run("UPDATE approval_lists SET canonical = canonical || canonical")


@way
def a_market_is_opened_by_a_trial_that_is_kept(world: World) -> None:
    asked = world.request
    with attack("staff", world.grace, "trial_is_taken_back"):
        proof = one(TRY, world.acme.pk, world.grace.pk)
        run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "approve", REASON, proof)
        run(
            "INSERT INTO markets (human_approval_audit_id, proposal_id, digest) "
            "SELECT audit_id, subject_id, digest FROM approval_grants"
        )
        # as COMMIT does
        run("SET CONSTRAINTS ALL IMMEDIATE")


@way
def an_owner_calls_an_old_password_a_new_one(world: World) -> None:
    proof_of(world.grace)
    with attack("owner", world.grace, "reauthentication_never_changes"):
        run("UPDATE reauthentications SET created_at = clock_timestamp()")


@way
def an_api_process_revokes_an_approval(world: World) -> None:
    grant, proof = _granted(world), proof_of(world.alan)
    with attack("api", world.alan, NO_GRANT):
        run(REVOKE, grant.pk, world.alan.pk, REASON, proof.pk)


@way
def an_agent_revokes_an_approval(world: World) -> None:
    grant, proof = _granted(world), proof_of(world.alan)
    with attack("staff", world.scout, "reviewer_is_active_staff"):
        run(REVOKE, grant.pk, world.scout.pk, REASON, proof.pk)


@way
def somebody_revokes_an_approval_with_the_password_of_another(world: World) -> None:
    grant, proof = _granted(world), proof_of(world.grace)
    with attack("staff", world.alan, "reauthentication_is_fresh"):
        run(REVOKE, grant.pk, world.alan.pk, REASON, proof.pk)


@way
def the_owner_takes_a_revocation_back(world: World) -> None:
    revoke(_granted(world).pk, world.alan)
    with attack("owner", world.grace, "revocation_never_changes"):
        run("DELETE FROM approval_revocations")


@way
def the_owner_prolongs_an_approval(world: World) -> None:
    _granted(world)
    with attack("owner", world.grace, "grant_never_changes"):
        run("UPDATE approval_grants SET expires_at = 'infinity'")


@way
def the_owner_makes_the_approval_of_one_action_that_of_another(world: World) -> None:
    _granted(world)
    with attack("owner", world.grace, "grant_never_changes"):
        run("UPDATE approval_grants SET action = 'market:void'")


@way
def the_owner_turns_a_rejection_into_an_approval(world: World) -> None:
    by_sql(world.request, world.grace, "reject")
    with attack("owner", world.grace, "decision_never_changes"):
        run("UPDATE approval_decisions SET verdict = 'approve', slot = 'admin'")


@way
def the_owner_opens_a_request_that_was_rejected(world: World) -> None:
    asked = world.request
    by_sql(asked, world.grace, "reject")
    with attack("owner", world.grace, "request_is_closed"):
        run("UPDATE approval_requests SET status = 'open' WHERE id = %s", asked.pk)
