"""Something of one tenant's in every table of the life of an approval, for tests that look into all of them."""

from __future__ import annotations

from typing import Any

from audit import approvals
from audit.approving import bulk, claims, comments, overrides
from audit.models import ApprovalGrant, Claim, Comment, DecisionList, Override, Revocation
from core.access import switches
from core.access.models import User
from tests.audit.voting import lend, proof_of
from tests.factories import REASON, World, as_staff, decide


def leave_all(world: World) -> None:
    """Let people do everything around decisions once; the market of the world's proposal is open already."""
    lend(world.grace, world.edith)
    say(world)
    turn(world)
    make_list(world)
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


def turn(world: World) -> None:
    """Turn a switch, which opens an override."""
    with as_staff(world.alan):
        switches.turn("enabled", tenant=world.acme, by=world.alan, reason=REASON)


def break_glass(world: World) -> Override:
    """Approve the first request alone."""
    decide(approvals.break_glass, world.request, world.alan)
    return Override.objects.get(kind="break_glass")


def review(world: World, outcome: str = "confirmed", by: User | None = None, **changes: Any) -> Override:
    """Look at the only broken glass."""
    person = by or world.grace
    said = {
        "reauthentication": changes.get("reauthentication") or proof_of(person),
        "reason": REASON,
        **changes,
    }
    with as_staff(person, world.acme.pk):
        return overrides.review(Override.objects.get(kind="break_glass").pk, outcome, by=person, **said)


def make_list(world: World) -> DecisionList:
    """Keep a list of the first request."""
    asked = world.request
    with as_staff(world.grace):
        return bulk.make_list({asked.pk: bytes(asked.digest)}, by=world.grace, reason=REASON)
