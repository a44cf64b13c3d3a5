"""How proposed events are named and found in the queue, and what a person reads before they decide."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from artifacts import exhibits, likeness
from audit import subjects
from audit.comparison import Layout, compare
from audit.models import ApprovalRequest
from audit.reading import Check, Exhibit, Likeness, Link, Made, Reading
from core.access.models import User
from core.web import words
from markets.models import MARKET_TYPES, PUBLISH, Candidate, Event, Market

LAYOUT = Layout(
    order=(
        "summary",
        "event_type",
        "confidence",
        "known_at",
        "impact_score",
        "variable_name",
        "variable_description",
        "llm_reasoning",
        "snapshot_ids",
        "symbol",
        "market_id",
    ),
    labels={
        "event_type": "kind",
        "known_at": "known at",
        "impact_score": "impact, -100 to 100",
        "llm_reasoning": "the producer's reasoning",
        "snapshot_ids": "evidence",
        "symbol": "market",
    },
)
EFFECT = "publishes the event at once, with exactly this content; it can only be taken back, never changed"
SURE = 0.5
MOST_BESIDE = 5


def read(asked: ApprovalRequest, about: Sequence[ApprovalRequest], *, by: User) -> Reading:
    """Say what happened, on which market, and by which evidence."""
    candidate = Candidate.objects.select_related("market").get(pk=asked.subject_id)
    shown = exhibits.show(candidate.snapshot_ids, tenant_id=asked.tenant_id, by=by)
    return Reading(
        title=candidate.summary,
        name=candidate.market.symbol,
        kind=f"event on a {candidate.market.type} market",
        wording="the event as proposed",
        before="",
        effect=EFFECT,
        done="the event is public",
        rows=compare(None, json.loads(bytes(candidate.canonical)), LAYOUT),
        wordings={row.pk: "the event as proposed" for row in about},
        evidence=shown,
        checks=_checks(candidate, shown),
        likes=_beside(candidate),
        place=Link("Proposed event", reverse("admin:markets_candidate_change", args=[candidate.pk])),
        made=_made(candidate),
        related=_on_the_same_market(candidate),
    )


def _checks(candidate: Candidate, evidence: Sequence[Exhibit]) -> list[Check]:
    market = candidate.market
    sound, expected = sum(item.is_verified for item in evidence), len(candidate.snapshot_ids)
    checks = [
        Check(sound == expected, "evidence", f"{sound} of {expected} snapshots, content verified on reading"),
        Check(market.status == "active" or None, "market", f"{market.symbol} is {market.status}"),
        Check(None, "risk", f"{candidate.risk}, as its market"),
        Check(
            None, "known", f"{words.span(candidate.created_at - candidate.known_at)} before it was proposed"
        ),
    ]
    if candidate.confidence is not None:
        said = f"the proposer is sure to {candidate.confidence}"
        checks.append(Check(None if candidate.confidence >= SURE else False, "confidence", said))
    if candidate.producer is not None:
        stated = ", ".join(candidate.safety_assertions)
        checks.append(
            Check(None, "provenance", f"{candidate.producer} {candidate.schema_version} states: {stated}")
        )
    return checks


def _waited(candidate: Candidate) -> str:
    return words.span(candidate.created_at - candidate.known_at)


def _beside(candidate: Candidate) -> list[Likeness]:
    """What else is said about this market on the same evidence or in the same words."""
    others = Candidate.objects.filter(tenant_id=candidate.tenant_id, market_id=candidate.market_id).exclude(
        pk=candidate.pk
    )
    same = others.filter(Q(summary=candidate.summary) | Q(snapshot_ids__overlap=candidate.snapshot_ids))
    return sorted(
        (
            Likeness(
                title=other.summary,
                name=candidate.market.symbol,
                similarity=likeness.similarity(other.summary, candidate.summary),
                standing=other.status,
                address=reverse("admin:markets_candidate_change", args=[other.pk]),
            )
            for other in same.order_by("-candidate_id")[:MOST_BESIDE]
        ),
        key=lambda found: -found.similarity,
    )


def _made(candidate: Candidate) -> Made | None:
    event = Event.objects.filter(tenant_id=candidate.tenant_id, candidate_id=candidate.pk).first()
    if event is None:
        return None
    return Made("The event", reverse("admin:markets_event_change", args=[event.pk]), event.pk)


def _on_the_same_market(candidate: Candidate) -> Q:
    same = Candidate.objects.filter(tenant_id=candidate.tenant_id, market_id=candidate.market_id)
    return Q(action=PUBLISH, subject_id__in=same.values("pk"))


def _describe(requests: Sequence[ApprovalRequest]) -> Mapping[UUID, subjects.Description]:
    found = {
        pk: subjects.Description(summary, symbol, market_type)
        for pk, summary, symbol, market_type in Candidate.objects.filter(
            pk__in={row.subject_id for row in requests}
        ).values_list("pk", "summary", "market__symbol", "market__type")
    }
    return {row.pk: found[row.subject_id] for row in requests if row.subject_id in found}


def _of_type(wanted: str) -> Q:
    return Q(Exists(Candidate.objects.filter(pk=OuterRef("subject_id"), market__type=wanted)), action=PUBLISH)


def _named(beginning: str) -> Q:
    markets = Market.objects.filter(symbol__istartswith=beginning)
    return Q(
        action=PUBLISH, subject_id__in=Candidate.objects.filter(market__in=markets.values("pk")).values("pk")
    )


PRESENTATION = subjects.Presentation(
    noun="event",
    describe=_describe,
    read=read,
    types=MARKET_TYPES,
    of_type=_of_type,
    named=_named,
)
