"""Something of one tenant's in every table of the life of an approval, for tests that look into all of them."""

from __future__ import annotations

from audit import approvals
from audit.models import ApprovalGrant, Revocation
from tests.audit.voting import lend, proof_of
from tests.factories import REASON, World, as_staff


def leave_traces(world: World) -> None:
    """Let people do everything around decisions once; the market of the world's proposal is open already."""
    lend(world.grace, world.edith)
    revoke(world)


def revoke(world: World) -> Revocation:
    """Revoke the only grant."""
    proof = proof_of(world.alan)
    with as_staff(world.alan):
        return approvals.revoke(
            ApprovalGrant.objects.get().pk, reauthentication=proof, by=world.alan, reason=REASON
        )
