"""Something of one tenant's in every table of the life of an approval, for tests that look into all of them."""

from __future__ import annotations

from audit import approvals
from audit.approving import claims, comments
from audit.models import ApprovalGrant, Claim, Comment, Revocation
from tests.audit.voting import lend, proof_of
from tests.factories import REASON, World, as_staff


def leave_all(world: World) -> None:
    """Let people do everything around decisions once; the market of the world's proposal is open already."""
    lend(world.grace, world.edith)
    say(world)
    revoke(world)


def revoke(world: World) -> Revocation:
    """Revoke the only grant."""
    proof = proof_of(world.alan)
    with as_staff(world.alan):
        return approvals.revoke(
            ApprovalGrant.objects.get().pk, reauthentication=proof, by=world.alan, reason=REASON
        )


def say(world: World) -> Comment:
    """Comment on the first request."""
    asked = world.request.pk
    with as_staff(world.vera):
        return comments.comment(asked, "Is the second source independent?", by=world.vera)


def claim(world: World) -> Claim:
    """Look at the first request."""
    asked = world.request.pk
    with as_staff(world.grace):
        return claims.claim(asked, by=world.grace)
