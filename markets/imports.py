"""Turns one question of a question set into evidence and a proposal."""

from __future__ import annotations

from enum import StrEnum

from django.db import connection

from artifacts import snapshots
from audit.models import ApprovalRequest
from core.access.models import User
from markets import proposals
from markets.content import MarketContent, Provenance
from markets.models import Proposal
from markets.questions import Question

PROVENANCE = Provenance(
    producer="import_questions",
    schema_version="v1",
    safety_assertions=("requires-human-approval", "uses-snapshot-ids-for-provenance"),
)


class Outcome(StrEnum):
    """What importing a question came to, where it was not refused."""

    CREATED = "created"
    ALREADY_THERE = "already there"
    ASKED_AGAIN = "already there, asked again because the time to decide was over"


def import_question(question: Question, *, by: User) -> Outcome:
    """Keep the question's page as a snapshot and propose its market with that snapshot as evidence.

    A question whose symbol the agent's tenant has proposed before, whatever became of that, is left as it is;
    only a proposal of the agent's own that nobody decided in time is put to people again.

    :raises Refusal: whatever keeping or proposing refuses; then the unit has to be rolled back.
    """
    _wait_for_others(question.symbol, by=by)
    reason = f"Imported from {question.question_set}."
    earlier = Proposal.objects.filter(tenant_id=by.tenant_id, symbol=question.symbol).order_by("-pk").first()
    if earlier is not None:
        return _ask_again(earlier, by=by, reason=reason)

    snapshot, _ = snapshots.ingest(
        question.snapshot_url,
        question.html,
        content_type="text/html; charset=utf-8",
        by=by,
        reason=reason,
        fetched_at=question.frozen_at,
    )
    proposals.propose(_content(question, snapshot.snapshot_id), by=by, reason=reason, provenance=PROVENANCE)

    return Outcome.CREATED


def _ask_again(earlier: Proposal, *, by: User, reason: str) -> Outcome:
    is_waiting = ApprovalRequest.objects.awaiting_decision().filter(subject_id=earlier.pk).exists()
    if earlier.status != "proposed" or earlier.proposed_by_id != by.pk or is_waiting:
        return Outcome.ALREADY_THERE
    proposals.resubmit(earlier.pk, by=by, reason=reason)
    return Outcome.ASKED_AGAIN


def _wait_for_others(symbol: str, *, by: User) -> None:
    """Let one import at a time look for this symbol, so that a second one finds it and is not refused."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"import:{by.tenant_id}:{symbol}"]
        )


def _content(question: Question, snapshot_id: str) -> MarketContent:
    criteria = (question.resolution_criteria, question.source_criteria)
    return MarketContent(
        symbol=question.symbol,
        type=question.type,
        title=question.title,
        resolution_criteria="\n\n".join(text for text in criteria if text),
        closes_at=question.closes_at,
        snapshot_ids=(snapshot_id,),
        description=question.background,
        metadata={
            "source": question.source,
            "source_id": question.id,
            "question_set": question.question_set,
            "forecast_due_date": question.forecast_due_date.isoformat(),
            "resolution_dates": [day.isoformat() for day in question.resolution_dates],
            "freeze_value": question.frozen_value,
            "freeze_value_explanation": question.frozen_value_explanation,
        },
    )
