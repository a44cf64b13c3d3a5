"""How proposed markets, and changes of them, are named, found and reviewed in the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from audit import subjects
from audit.models import ApprovalRequest
from markets import reading
from markets.models import MARKET_TYPES, Proposal, Revision
from markets.proposals import ACTIONS


def _describe(requests: Sequence[ApprovalRequest]) -> Mapping[UUID, subjects.Description]:
    asked: dict[tuple[UUID, bytes], list[UUID]] = {
        (row.subject_id, bytes(row.digest)): [] for row in requests
    }
    for row in requests:
        asked[row.subject_id, bytes(row.digest)].append(row.pk)
    found = Revision.objects.filter(
        proposal_id__in={row.subject_id for row in requests},
        digest__in={bytes(row.digest) for row in requests},
    ).select_related("proposal")
    return {
        pk: subjects.Description(
            reading.title_of(row.proposal.kind, row.title, reading.content_of(row)),
            row.proposal.symbol,
            row.type,
        )
        for row in found
        for pk in asked.get((row.proposal_id, bytes(row.digest)), ())
    }


def _of_type(wanted: str) -> Q:
    same = Revision.objects.filter(proposal=OuterRef("subject_id"), digest=OuterRef("digest"), type=wanted)
    return Q(Exists(same), action__in=ACTIONS)


def _named(beginning: str) -> Q:
    return Q(
        action__in=ACTIONS,
        subject_id__in=Proposal.objects.filter(symbol__istartswith=beginning).values("pk"),
    )


NOUNS = {
    "create": "market",
    "amend": "amendment",
    "resolve": "resolution",
    "void": "void",
    "reopen": "reopening",
}


def present() -> None:
    """Show every kind of proposal in the queue."""
    for kind, noun in NOUNS.items():
        shown = subjects.Presentation(
            noun=noun,
            describe=_describe,
            read=reading.read,
            types=MARKET_TYPES,
            of_type=_of_type,
            named=_named,
        )
        subjects.register(f"market:{kind}", shown)
