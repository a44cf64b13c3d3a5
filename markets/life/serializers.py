"""The shapes of what becomes of a market."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from audit.serializers import Receipt
from core.web.forms import Digest, Form, Instant, Moment, Text, Word
from markets.life.history import KINDS, Entry
from markets.life.models import RESULTS
from markets.models import MARKET_STATUSES, OUTCOMES
from markets.serializers import (
    LONGEST_TEXT,
    MARS,
    MOST_EVIDENCE,
    SNAPSHOT_ID,
    EvidenceForm,
    ProposalForm,
    each_once,
)

LONGEST_REASON = 4_000
DIGEST = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
WHOSE = {"snapshot_ids": MARS["snapshot_ids"], "base_digest": DIGEST}
SAFE = {name: MARS[name] for name in ("producer", "schema_version", "safety_assertions")}
VOIDED = {"explanation": "The agency that was to announce it was dissolved.", **WHOSE, **SAFE}


class BaseDigest(Text):
    """What the market said when the change was written."""

    def __init__(self) -> None:
        said = "The market's content_digest as you read it: 64 lowercase hex digits."
        super().__init__(validators=[SNAPSHOT_ID], help_text=said)


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "Another closing time",
            {name: value for name, value in MARS.items() if name != "symbol"} | {"base_digest": DIGEST},
            request_only=True,
        )
    ]
)
class AmendmentForm(ProposalForm):
    """The whole content that is to stand from now on; the symbol stays."""

    symbol = None  # type: ignore[assignment]  # how DRF takes a field away
    base_digest = BaseDigest()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "It happened",
            {
                "outcome": "yes",
                "known_at": "2031-08-01T06:30:00Z",
                "explanation": "The agency published the first picture from the ground.",
                **WHOSE,
                **SAFE,
            },
            request_only=True,
        )
    ]
)
class ResolutionForm(EvidenceForm):
    """How the market ended, since when that is known, and what shows it."""

    outcome = Word(OUTCOMES)
    known_at = Instant(help_text="When the fact was known, which is before anybody wrote it down here.")
    explanation = Text(max_length=LONGEST_TEXT)
    base_digest = BaseDigest()


@extend_schema_serializer(examples=[OpenApiExample("Nobody can tell", VOIDED, request_only=True)])
class VoidForm(EvidenceForm):
    """Why the market can end neither way, and what shows it."""

    explanation = Text(max_length=LONGEST_TEXT)
    base_digest = BaseDigest()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "It goes on",
            {
                "explanation": "The launch was moved.",
                "closes_at": "2032-12-31T23:59:00Z",
                **WHOSE,
                **SAFE,
            },
            request_only=True,
        )
    ]
)
class ReopeningForm(EvidenceForm):
    """Why trading goes on, and until when."""

    explanation = Text(max_length=LONGEST_TEXT)
    closes_at = Instant()
    base_digest = BaseDigest()


@extend_schema_serializer(
    examples=[
        OpenApiExample(
            "A picture of another place",
            {"reason": "The picture is of a test site.", "snapshot_ids": MARS["snapshot_ids"]},
            request_only=True,
        )
    ]
)
class DisputeForm(Form):
    """What is wrong with a resolution, and what shows it."""

    reason = Text(min_length=10, max_length=LONGEST_REASON)
    snapshot_ids = serializers.ListField(
        child=Text(validators=[SNAPSHOT_ID]), allow_empty=False, max_length=MOST_EVIDENCE
    )

    def validate_snapshot_ids(self, value: list[str]) -> list[str]:
        """Each piece of evidence counts once."""
        return each_once(value)


class ChangeShape(serializers.Serializer[Any]):
    """An approved change: `human_approval_audit_id` names its approval, `digest` what was approved."""

    id = serializers.UUIDField()
    number = serializers.IntegerField()
    proposal_id = serializers.UUIDField()
    digest = Digest()
    human_approval_audit_id = serializers.UUIDField()
    receipt = Receipt(source="human_approval_audit_id", help_text="The receipt of its approval.")
    recorded_at = Moment()


class AmendmentShape(ChangeShape):
    """Another content in the place of the one that stood."""

    previous_digest = Digest()


class ResolutionShape(ChangeShape):
    """How a market ended: when that was known, and when it was recorded."""

    outcome = serializers.ChoiceField(choices=RESULTS)
    known_at = Moment(allow_null=True)
    challenge_until = Moment(allow_null=True)
    supersedes = serializers.UUIDField(source="supersedes_id", allow_null=True)


class ReopeningShape(ChangeShape):
    """Trading again, until another time."""

    closes_at = Moment()


class DisputeShape(serializers.Serializer[Any]):
    """Somebody's word, with evidence, that a resolution is wrong."""

    id = serializers.UUIDField()
    market_id = serializers.UUIDField()
    resolution_id = serializers.UUIDField()
    raised_by = serializers.UUIDField(source="raised_by_id")
    reason = serializers.CharField()
    snapshot_ids = serializers.ListField(child=serializers.CharField())
    settled_by = serializers.UUIDField(source="settled_by_id", allow_null=True)
    recorded_at = Moment(source="created_at")


class ClarificationShape(serializers.Serializer[Any]):
    """How the market is to be read: since when that is so, and when it was recorded."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    written_by = serializers.UUIDField(source="written_by_id")
    known_at = Moment()
    recorded_at = Moment(source="created_at")


class MoveShape(serializers.Serializer[Any]):
    """From one state to another; `audit_id` is the row of the audit log that tells of it."""

    before = serializers.ChoiceField(choices=MARKET_STATUSES)
    after = serializers.ChoiceField(choices=MARKET_STATUSES)
    action = serializers.CharField()
    reason = serializers.CharField()
    actor_id = serializers.UUIDField(allow_null=True)
    audit_id = serializers.UUIDField()
    recorded_at = Moment(source="created_at")


class HistoryEntryShape(serializers.Serializer[Any]):
    """One thing that became of a market: `kind` names the one of the others that is not null."""

    kind = serializers.ChoiceField(choices=tuple(KINDS))
    amendment = AmendmentShape(allow_null=True)
    resolution = ResolutionShape(allow_null=True)
    reopening = ReopeningShape(allow_null=True)
    dispute = DisputeShape(allow_null=True)
    clarification = ClarificationShape(allow_null=True)
    move = MoveShape(allow_null=True)

    def to_representation(self, instance: Entry) -> Any:
        """Put what happened where its kind says."""
        return super().to_representation(
            {**dict.fromkeys(KINDS), "kind": instance.kind, instance.kind: instance.row}
        )
