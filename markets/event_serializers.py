"""The shapes of events, proposed and published."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from audit.models import RISKS
from audit.serializers import Receipt
from core.web.forms import Digest, Instant, JsonObject, Moment, Text
from markets.models import BASES, CANDIDATE_STATUSES
from markets.serializers import (
    ONE_LINE,
    AskedShape,
    Canonical,
    EvidenceForm,
    Metadata,
    OpenRequestShape,
    ProvenanceShape,
)

LONGEST_SUMMARY, LONGEST_REASONING, LONGEST_DESCRIPTION = 500, 10_000, 2_000
HUNDREDTHS = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,2})?")


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}]})
class Hundredths(serializers.DecimalField):
    """A number of at most two decimals; `0.9` and `"0.90"` are the same."""

    def __init__(self, least: int, most: int, **options: Any) -> None:
        bounds: dict[str, Any] = {"min_value": Decimal(least), "max_value": Decimal(most)}
        super().__init__(max_digits=5, decimal_places=2, **bounds, **options)

    def to_internal_value(self, data: Any) -> Any:
        """Read a number, or a text of one."""
        is_number = isinstance(data, (int, float)) and not isinstance(data, bool)
        if not ((isinstance(data, str) or is_number) and HUNDREDTHS.fullmatch(str(data))):
            raise ValidationError('A number with at most two decimals, such as 0.9 or "0.90".')
        return super().to_internal_value(str(data))


LAUNCH = {
    "market_id": "019aa3f0-0000-7000-8000-000000000000",
    "summary": "The capsule has launched.",
    "event_type": "launch",
    "confidence": 0.9,
    "known_at": "2026-11-01T11:58:00Z",
    "snapshot_ids": ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    "producer": "scout",
    "schema_version": "v1",
    "safety_assertions": ["requires-human-approval", "uses-snapshot-ids-for-provenance"],
}


@extend_schema_serializer(examples=[OpenApiExample("An event of an agent", LAUNCH, request_only=True)])
class CandidateForm(EvidenceForm):
    """What happened, on which market, by which evidence, and what an agent says of its output."""

    market_id = serializers.UUIDField()
    summary = Text(max_length=LONGEST_SUMMARY, validators=[ONE_LINE])
    event_type = Text(required=False, allow_null=True, max_length=50, validators=[ONE_LINE])
    confidence = Hundredths(0, 1, required=False, allow_null=True)
    known_at = Instant(
        required=False,
        allow_null=True,
        help_text="When it was known; without it, when its newest evidence was fetched.",
    )
    impact_score = Hundredths(-100, 100, required=False, allow_null=True)
    llm_reasoning = Text(required=False, allow_null=True, max_length=LONGEST_REASONING)
    variable_name = Text(required=False, allow_null=True, max_length=100, validators=[ONE_LINE])
    variable_description = Text(required=False, allow_null=True, max_length=LONGEST_DESCRIPTION)
    metadata = Metadata(required=False)


class CandidateShape(serializers.Serializer[Any]):
    """A proposed event, and the question that is open about it."""

    candidate_id = serializers.UUIDField()
    market_id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=CANDIDATE_STATUSES)
    rejection_reason = serializers.CharField(allow_null=True)
    risk = serializers.ChoiceField(choices=RISKS)
    summary = serializers.CharField()
    event_type = serializers.CharField(allow_null=True)
    confidence = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    snapshot_ids = serializers.ListField(child=serializers.CharField())
    known_at = Moment()
    impact_score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)
    llm_reasoning = serializers.CharField(allow_null=True)
    variable_name = serializers.CharField(allow_null=True)
    variable_description = serializers.CharField(allow_null=True)
    metadata = JsonObject(allow_null=True)
    digest = Digest()
    dedupe_hash = serializers.CharField()
    proposed_by = serializers.UUIDField(source="proposed_by_id")
    operated_by = serializers.UUIDField(source="operated_by_id", allow_null=True)
    provenance = ProvenanceShape(source="*", allow_null=True)
    open_request = OpenRequestShape(source="*", allow_null=True)
    event_id = serializers.UUIDField(allow_null=True)
    created_at = Moment()
    updated_at = Moment()


class CandidateDetailShape(CandidateShape):
    """A proposed event with the exact text that people approve, and all that was asked, newest first."""

    canonical = Canonical()
    requests = serializers.SerializerMethodField()

    @extend_schema_field(AskedShape(many=True))
    def get_requests(self, candidate: Any) -> Any:
        """All that was asked, which whoever shows it looks up."""
        return AskedShape(self.context["requests"], many=True).data


class EventShape(serializers.Serializer[Any]):
    """Something that happened, with its evidence, why it is public, and whether it was taken back."""

    event_id = serializers.UUIDField()
    market_id = serializers.UUIDField()
    summary = serializers.CharField()
    event_type = serializers.CharField(allow_null=True)
    confidence = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    snapshot_ids = serializers.ListField(child=serializers.CharField())
    metadata = JsonObject(allow_null=True)
    known_at = Moment(allow_null=True)
    basis = serializers.ChoiceField(choices=BASES)
    candidate_id = serializers.UUIDField(allow_null=True)
    digest = Digest(allow_null=True)
    human_approval_audit_id = serializers.UUIDField(allow_null=True)
    receipt = Receipt(
        source="human_approval_audit_id", allow_null=True, help_text="The receipt of its approval."
    )
    published_at = Moment()
    created_at = Moment()
    retracted_at = Moment(allow_null=True)
    retraction_reason = serializers.CharField(allow_null=True)
