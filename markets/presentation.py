"""How proposed markets are named, found and read in the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from audit import subjects
from audit.models import ApprovalRequest
from markets import reading
from markets.models import MARKET_TYPES, Proposal, Revision
from markets.proposals import CREATE


def _describe(requests: Sequence[ApprovalRequest]) -> Mapping[UUID, subjects.Description]:
    asked: dict[tuple[UUID, bytes], list[UUID]] = {
        (row.subject_id, bytes(row.digest)): [] for row in requests
    }
    for row in requests:
        asked[row.subject_id, bytes(row.digest)].append(row.pk)
    found = Revision.objects.filter(
        proposal_id__in={row.subject_id for row in requests},
        digest__in={bytes(row.digest) for row in requests},
    ).values_list("proposal_id", "digest", "title", "type", "proposal__symbol")
    return {
        pk: subjects.Description(title, symbol, market_type)
        for proposal_id, digest, title, market_type, symbol in found
        for pk in asked.get((proposal_id, bytes(digest)), ())
    }


def _of_type(wanted: str) -> Q:
    same = Revision.objects.filter(proposal=OuterRef("subject_id"), digest=OuterRef("digest"), type=wanted)
    return Q(Exists(same), action=CREATE)


def _named(beginning: str) -> Q:
    return Q(
        action=CREATE,
        subject_id__in=Proposal.objects.filter(symbol__startswith=beginning.upper()).values("pk"),
    )


PRESENTATION = subjects.Presentation(
    noun="market",
    describe=_describe,
    read=reading.read,
    types=MARKET_TYPES,
    of_type=_of_type,
    named=_named,
)
