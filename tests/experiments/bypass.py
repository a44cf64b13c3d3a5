"""E12: ways to get something governed past people, each tried against the database as the role that would try it.

A way sets its scene and then attacks inside `attack(role, by, name)`, which expects the database to refuse:
by the name of the constraint or guard, or for want of a grant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection

from audit.log import record
from audit.models import ApprovalGrant, ApprovalRequest
from core.access.models import Tenant, User
from core.database.unit import current, unit
from core.refusals import INSUFFICIENT_PRIVILEGE
from tests.audit.voting import DECIDE, proof_of
from tests.factories import (
    REASON,
    World,
    acting,
    make_content,
    make_proposal,
    open_market,
    request_for,
)
from tests.raw import constraint_of, failing, picture, run, state_of, untriggered

NO_GRANT = "no grant"
Way = Callable[[World], None]
WAYS: list[Way] = []
OPEN = "INSERT INTO markets (human_approval_audit_id, proposal_id, digest) VALUES (%s, %s, %s)"


def way(attempt: Way) -> Way:
    """Count a way among those tried."""
    WAYS.append(attempt)
    return attempt


@contextmanager
def attack(role: str, by: User | None, name: str, *, within: str = "acme") -> Iterator[None]:
    """Expect a refusal of this name, and that no row of any table came of it.

    :param within: the tenant that the attacker claims, which is the victim's.
    """
    victim = Tenant.objects.get(name=within).pk
    before = picture()
    with failing() as caught, unit(role, tenant=victim, actor=by.pk if by else None):
        yield
    said = NO_GRANT if state_of(caught.value) == INSUFFICIENT_PRIVILEGE else constraint_of(caught.value)
    assert said == name, caught.value
    assert picture() == before


def granted(world: World, symbol: str = "GRANTED-1") -> ApprovalGrant:
    """A grant that opened no market: its effect was left out."""
    proposal = make_proposal(world.scout, make_content(world.evidence, symbol=symbol))
    proof = proof_of(world.grace)
    with unit("staff", tenant=world.acme.pk, actor=world.grace.pk):
        asked = request_for(proposal)
        run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "approve", REASON, proof.pk)
    return ApprovalGrant.objects.get(request_id=asked.pk)


def vote(world: World, by: User, *, proof: User | None = None, asked: ApprovalRequest | None = None) -> None:
    """One approving vote as raw SQL, by its own words."""
    asked = asked or world.request
    run(DECIDE, asked.pk, bytes(asked.digest), by.pk, "approve", REASON, _proof(proof or by))


def _proof(by: User) -> object:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reauthentications (tenant_id, person_id, method) VALUES (%s, %s, 'password') RETURNING id",
            [current().tenant, by.pk],
        )
        return cursor.fetchone()[0]


@way
def an_api_process_opens_a_market(world: World) -> None:
    grant = granted(world)
    with attack("api", world.scout, NO_GRANT):
        run(OPEN, grant.pk, grant.subject_id, bytes(grant.digest))


@way
def an_api_process_writes_a_grant(world: World) -> None:
    with attack("api", world.scout, NO_GRANT):
        run("INSERT INTO approval_grants (request_id) VALUES (%s)", world.request.pk)


@way
def an_api_process_votes(world: World) -> None:
    proof, asked = proof_of(world.grace), world.request
    with attack("api", world.grace, NO_GRANT):
        run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "approve", REASON, proof.pk)


@way
def an_api_process_types_a_password(world: World) -> None:
    with attack("api", world.grace, NO_GRANT):
        _proof(world.grace)


@way
def an_api_process_writes_what_can_be_approved(world: World) -> None:
    with attack("api", world.scout, NO_GRANT):
        run(
            "INSERT INTO approval_subjects (tenant_id, action, subject_id, digest, risk, proposed_by) "
            "SELECT tenant_id, action, subject_id, sha256('other'), 'low', proposed_by FROM approval_subjects"
        )


@way
def an_api_process_closes_the_request_as_granted(world: World) -> None:
    asked = world.request
    with attack("api", world.scout, "approval_needs_its_quorum"):
        run("UPDATE approval_requests SET status = 'granted' WHERE id = %s", asked.pk)


@way
def an_api_process_calls_the_proposal_approved(world: World) -> None:
    with attack("api", world.scout, NO_GRANT):
        run("UPDATE market_proposals SET status = 'approved'")


@way
def an_agent_makes_itself_staff(world: World) -> None:
    with attack("api", world.scout, NO_GRANT):
        run("UPDATE users SET is_staff = true WHERE id = %s", world.scout.pk)


@way
def an_agent_gives_itself_a_role(world: World) -> None:
    with attack("api", world.scout, NO_GRANT):
        run("INSERT INTO user_roles (user_id, role) VALUES (%s, 'super-admin')", world.scout.pk)


@way
def an_api_process_copies_a_market_in(world: World) -> None:
    with attack("api", world.scout, NO_GRANT):
        run("COPY markets (human_approval_audit_id, proposal_id) FROM STDIN")


@way
def an_api_process_merges_a_market_in(world: World) -> None:
    with attack("api", world.scout, NO_GRANT):
        run(
            "MERGE INTO markets m USING market_proposals p ON m.proposal_id = p.id WHEN NOT MATCHED THEN "
            "INSERT (human_approval_audit_id, proposal_id) VALUES (p.id, p.id)"
        )


@way
def an_api_process_copies_an_approved_market(world: World) -> None:
    open_market(world.proposal, world.grace)
    with attack("api", world.scout, NO_GRANT):
        run(
            "INSERT INTO markets (human_approval_audit_id, proposal_id, digest) "
            "SELECT human_approval_audit_id, proposal_id, digest FROM markets"
        )


@way
def an_agent_proposes_in_the_name_of_another(world: World) -> None:
    with attack("api", world.scout, "proposal_is_ones_own"):
        run(
            "INSERT INTO market_proposals (tenant_id, symbol, proposed_by) VALUES (%s, 'OTHER', %s)",
            world.acme.pk,
            world.edith.pk,
        )


@way
def a_worker_opens_a_market(world: World) -> None:
    grant = granted(world)
    with attack("worker", None, NO_GRANT):
        run(OPEN, grant.pk, grant.subject_id, bytes(grant.digest))


@way
def a_worker_votes(world: World) -> None:
    proof, asked = proof_of(world.grace), world.request
    with attack("worker", world.grace, NO_GRANT):
        run(DECIDE, asked.pk, bytes(asked.digest), world.grace.pk, "approve", REASON, proof.pk)


@way
def an_auditor_writes_a_grant(world: World) -> None:
    with attack("auditor", world.grace, NO_GRANT):
        run("INSERT INTO approval_grants (request_id) VALUES (%s)", world.request.pk)


@way
def a_person_of_the_platform_writes_a_grant(world: World) -> None:
    with attack("platform", world.root, NO_GRANT):
        run("INSERT INTO approval_grants (request_id) VALUES (%s)", world.request.pk)


@way
def staff_writes_a_grant(world: World) -> None:
    with attack("staff", world.grace, NO_GRANT):
        run("INSERT INTO approval_grants (request_id) VALUES (%s)", world.request.pk)


@way
def the_owner_writes_a_grant_without_votes(world: World) -> None:
    with attack("owner", world.grace, "approval_needs_its_quorum"):
        run("INSERT INTO approval_grants (request_id) VALUES (%s)", world.request.pk)


@way
def staff_opens_a_market_without_an_approval(world: World) -> None:
    with attack("staff", world.grace, "market_needs_human_approval"):
        run(OPEN, None, world.proposal.pk, bytes(world.request.digest))


@way
def staff_points_at_an_audit_row_that_is_no_grant(world: World) -> None:
    with acting(world.grace, "staff"):
        audit_id = record("approval:grant", by=world.grace, entity_type="approval_grants", entity_id="none")
    with attack("staff", world.grace, "market_needs_human_approval"):
        run(OPEN, audit_id, world.proposal.pk, bytes(world.request.digest))


@way
def staff_borrows_the_approval_of_another_proposal(world: World) -> None:
    grant = granted(world)
    with attack("staff", world.grace, "market_needs_human_approval"):
        run(OPEN, grant.pk, world.proposal.pk, bytes(grant.digest))


@way
def staff_uses_an_approval_for_another_content(world: World) -> None:
    grant = granted(world)
    with attack("staff", world.grace, "market_needs_human_approval"):
        run(OPEN, grant.pk, grant.subject_id, bytes(world.request.digest))


@way
def staff_uses_an_approval_twice(world: World) -> None:
    market = open_market(world.proposal, world.grace)
    with attack("staff", world.grace, "approval_is_used_once"):
        run(OPEN, market.human_approval_audit_id, market.proposal_id, bytes(market.digest))


@way
def staff_uses_an_approval_that_has_expired(world: World) -> None:
    grant = granted(world)
    with untriggered("approval_grants"):
        run(
            "UPDATE approval_grants SET expires_at = now() - interval '1 second' WHERE audit_id = %s",
            grant.pk,
        )
    with attack("staff", world.grace, "approval_has_expired"):
        run(OPEN, grant.pk, grant.subject_id, bytes(grant.digest))
