"""The review page as people use it: read, fill in, send; and what happens around it meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from html import unescape
from typing import Any

from django.test import Client

from audit.models import ApprovalRequest
from core.access.models import User
from markets import proposals
from markets.models import Proposal
from tests.factories import (
    PASSWORD,
    PROVENANCE,
    REASON,
    World,
    acting,
    make_content,
    make_proposal,
)
from tests.raw import run, untriggered
from tests.staff import browser

OTHER_DIGEST = "0f" * 32
Change = Callable[[World], None]


def where(request: ApprovalRequest) -> str:
    return f"/admin/audit/approvalrequest/{request.pk}/review/"


def read(request: ApprovalRequest, person: User) -> str:
    return unescape(browser(person).get(where(request)).content.decode())


def filled(request: ApprovalRequest, **changes: str) -> dict[str, str]:
    digest = bytes(request.digest).hex()
    return {"verdict": "approve", "digest": digest, "reason": REASON, "password": PASSWORD, **changes}


def send(request: ApprovalRequest, person: User, **changes: str) -> Any:
    return send_from(browser(person), request, **changes)


def send_from(client: Client, request: ApprovalRequest, **changes: str) -> Any:
    return client.post(where(request), filled(request, **changes))


def make_risky(world: World, **changes: Any) -> Proposal:
    content = make_content(world.evidence, symbol="VOTE-2027", type="political", **changes)
    return make_proposal(world.scout, content)


def revise(world: World, **changes: Any) -> None:
    with acting(world.scout):
        proposals.revise(
            world.proposal.pk,
            make_content(world.evidence, **changes),
            by=world.scout,
            reason="Clearer words.",
            provenance=PROVENANCE,
        )


def run_out(world: World) -> None:
    with untriggered("approval_requests"):
        run("UPDATE approval_requests SET expires_at = clock_timestamp()")


def nothing(world: World) -> None:
    pass
