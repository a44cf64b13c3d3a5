"""The shapes of proposals and markets."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from audit.models import REQUEST_STATUSES, RISKS
from audit.serializers import AuditEventShape, DecisionShape, GrantShape, PolicyShape, Receipt
from core.web.forms import Digest, Form, Instant, JsonObject, Moment, Text, Word
from core.web.parsers import LARGEST_WHOLE
from markets.content import SAFETY_ASSERTIONS
from markets.life.models import RESULTS
from markets.models import KINDS, MARKET_STATUSES, MARKET_TYPES, PROPOSAL_STATUSES, Proposal

LONGEST_TEXT = 50_000
LONGEST_REASON = 2_000
MOST_EVIDENCE = 100
METADATA_BYTES = 64 * 1024

# ends a line, hides, or turns the reading direction: what a reviewer reads would not be what is approved
DECEIVES = r"\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069"
ONE_LINE = RegexValidator(rf"\A[^{DECEIVES}]*\Z", "One line, without control characters.")
SYMBOL = RegexValidator(r"\A[A-Za-z0-9._-]{1,50}\Z", "1 to 50 letters, digits, dots, dashes and underscores.")
SNAPSHOT_ID = RegexValidator(r"\A[0-9a-f]{64}\Z", "The snapshot_id of a snapshot: 64 lowercase hex digits.")
MONEY = re.compile(r"[0-9]{1,16}(\.[0-9]{1,4})?")


class Money(serializers.DecimalField):
    """An amount, exact: a JSON number with a fraction has lost that already."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_digits=20, decimal_places=4, **options)

    def to_internal_value(self, data: Any) -> Any:
        """Read a text such as "1000.50", or a whole number."""
        is_whole = isinstance(data, int) and not isinstance(data, bool)
        if not ((isinstance(data, str) or is_whole) and MONEY.fullmatch(str(data))):
            raise ValidationError('An amount as a text, such as "1000.50": up to 16 digits and 4 decimals.')
        return super().to_internal_value(data)


class Metadata(serializers.DictField):
    """Whatever else is to be said, as a JSON object."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse what would not come back as it went in."""
        found = super().to_internal_value(data)
        faults = _inexact(found)
        if faults:
            raise ValidationError(faults)
        if len(json.dumps(found).encode()) > METADATA_BYTES:
            raise ValidationError(f"At most {METADATA_BYTES} bytes of JSON.")
        return found


def _inexact(value: Any) -> Any:
    """Numbers too large to be exact, as a serializer names its errors; None where there are none."""
    if isinstance(value, float) and abs(value) > LARGEST_WHOLE:
        return [f"{value:g} is too large to be exact; write it as a text."]
    if isinstance(value, Mapping):
        return {name: fault for name, inner in value.items() if (fault := _inexact(inner))} or None
    if isinstance(value, Sequence) and not isinstance(value, str):
        return {str(place): fault for place, inner in enumerate(value) if (fault := _inexact(inner))} or None
    return None


MARS = {
    "symbol": "MARS-2031",
    "type": "technology",
    "title": "Will a spacecraft land on Mars in 2031?",
    "resolution_criteria": "Resolves YES if a spacecraft lands softly on Mars in 2031 (UTC).",
    "closes_at": "2031-12-31T23:59:00Z",
    "snapshot_ids": ["ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    "exposure": "1000.50",
    "producer": "scout",
    "schema_version": "v1",
    "safety_assertions": ["requires-human-approval", "uses-snapshot-ids-for-provenance"],
}


class EvidenceForm(Form):
    """What every proposal shows and says: evidence, why it is made, what an agent says of its output."""

    snapshot_ids = serializers.ListField(
        child=Text(validators=[SNAPSHOT_ID]), allow_empty=False, max_length=MOST_EVIDENCE
    )
    reason = Text(required=False, allow_blank=True, max_length=LONGEST_REASON)
    producer = Text(required=False, max_length=255, validators=[ONE_LINE])
    schema_version = Text(required=False, max_length=20, validators=[ONE_LINE])
    safety_assertions = serializers.ListField(
        child=Word(SAFETY_ASSERTIONS), required=False, max_length=len(SAFETY_ASSERTIONS)
    )

    def validate_snapshot_ids(self, value: list[str]) -> list[str]:
        """Each piece of evidence counts once."""
        return each_once(value)

    def validate_safety_assertions(self, value: list[str]) -> list[str]:
        """Each assertion counts once."""
        return each_once(value)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """An output is described whole, or not at all."""
        parts = ("producer", "schema_version", "safety_assertions")
        missing = [name for name in parts if name not in attrs]
        if 0 < len(missing) < len(parts):
            raise ValidationError(dict.fromkeys(missing, f"Send all of {', '.join(parts)}, or none."))
        return attrs


@extend_schema_serializer(examples=[OpenApiExample("A market of an agent", MARS, request_only=True)])
class ProposalForm(EvidenceForm):
    """The whole content of a market, why it is proposed, and what an agent says of its output."""

    symbol = Text(validators=[SYMBOL], help_text="The market's name in its tenant; it never changes.")
    type = Word(MARKET_TYPES)
    subtype = Text(required=False, allow_null=True, max_length=50, validators=[ONE_LINE])
    region = Text(required=False, allow_null=True, max_length=50, validators=[ONE_LINE])
    title = Text(max_length=1000, validators=[ONE_LINE])
    description = Text(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    resolution_criteria = Text(max_length=LONGEST_TEXT)
    closes_at = Instant()
    risk_level = Word(RISKS, required=False, allow_null=True)
    exposure = Money(required=False)
    metadata = Metadata(required=False)


def each_once(values: list[str]) -> list[str]:
    """The values, where none is repeated."""
    repeated = {str(place): ["Named twice."] for place, value in enumerate(values) if value in values[:place]}
    if repeated:
        raise ValidationError(repeated)
    return values


@extend_schema_serializer(
    examples=[OpenApiExample("A mistake", {"reason": "The criteria name the wrong year."}, request_only=True)]
)
class WithdrawalForm(Form):
    """Why a proposal is taken back."""

    reason = Text(max_length=LONGEST_REASON)


@extend_schema_serializer(
    examples=[OpenApiExample("Once more", {"reason": "Nobody was there on Sunday."}, request_only=True)]
)
class ResubmissionForm(Form):
    """Why people are asked again."""

    reason = Text(required=False, allow_blank=True, max_length=LONGEST_REASON)


@extend_schema_field({"type": "string", "description": "RFC 8785 JSON; its UTF-8 bytes give the digest."})
class Canonical(serializers.Field[Any, Any, str, Any]):
    """The exact text that people approve."""

    def to_representation(self, value: Any) -> str:
        """Read the bytes, which the database has proved to be UTF-8."""
        return bytes(value).decode()


class ProvenanceShape(serializers.Serializer[Any]):
    """What an agent says of its output."""

    producer = serializers.CharField()
    schema_version = serializers.CharField()
    safety_assertions = serializers.ListField(child=serializers.CharField())

    def to_representation(self, instance: Any) -> Any:
        """Nothing, where a person said nothing."""
        return super().to_representation(instance) if instance.producer is not None else None


class WordingShape(serializers.Serializer[Any]):
    """One revision, named by its digest."""

    number = serializers.IntegerField(source="revision_no")
    digest = Digest()
    title = serializers.CharField()
    created_at = Moment()


class RevisionShape(WordingShape):
    """One revision whole."""

    type = serializers.ChoiceField(choices=MARKET_TYPES)
    risk = serializers.ChoiceField(choices=RISKS)
    snapshot_ids = serializers.ListField(child=serializers.CharField())
    canonical = Canonical()
    provenance = ProvenanceShape(source="*", allow_null=True)


class OpenRequestShape(serializers.Serializer[Any]):
    """The question that people can answer now."""

    id = serializers.UUIDField(source="open_request_id")
    status = serializers.ChoiceField(source="open_request_status", choices=REQUEST_STATUSES)
    expires_at = Moment(source="open_request_expires_at")
    quorum = serializers.IntegerField(source="open_request_quorum")
    approvals = serializers.IntegerField(source="open_request_approvals")

    def to_representation(self, instance: Any) -> Any:
        """Nothing, where no question is open."""
        return super().to_representation(instance) if instance.open_request_id else None


class AskedShape(serializers.Serializer[Any]):
    """One question that was put to people about a proposal; see it under approvals."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=REQUEST_STATUSES)
    digest = Digest()
    requested_at = Moment()
    expires_at = Moment()
    closed_at = Moment(allow_null=True)


class ProposalShape(serializers.Serializer[Any]):
    """A proposal with the wording that counts, and the question that is open about it."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=KINDS)
    symbol = serializers.CharField()
    status = serializers.ChoiceField(choices=PROPOSAL_STATUSES)
    proposed_by = serializers.UUIDField(source="proposed_by_id")
    operated_by = serializers.UUIDField(source="operated_by_id", allow_null=True)
    created_at = Moment()
    updated_at = Moment()
    latest_revision = serializers.SerializerMethodField()
    open_request = OpenRequestShape(source="*", allow_null=True)
    market_id = serializers.UUIDField(
        source="its_market_id", allow_null=True, help_text="What it is to change, or what it became."
    )

    @extend_schema_field(RevisionShape)
    def get_latest_revision(self, proposal: Any) -> Any:
        """The wording that counts."""
        return _show_revision(proposal.latest[0])


class ProposalDetailShape(ProposalShape):
    """A proposal with all its wordings, and all that was asked about them, newest first."""

    revisions = WordingShape(many=True, source="revisions.all")
    requests = serializers.SerializerMethodField()

    @extend_schema_field(AskedShape(many=True))
    def get_requests(self, proposal: Proposal) -> Any:
        """All that was asked, which whoever shows it looks up."""
        return AskedShape(self.context["requests"], many=True).data


class MarketShape(serializers.Serializer[Any]):
    """A market: exactly what was approved, where it stands, and how it ended.

    `digest` is of the content that was approved first, `content_digest` of the one that stands.
    """

    market_id = serializers.UUIDField()
    symbol = serializers.CharField()
    type = serializers.ChoiceField(choices=MARKET_TYPES)
    subtype = serializers.CharField(allow_null=True)
    region = serializers.CharField(allow_null=True)
    risk_level = serializers.ChoiceField(choices=RISKS, allow_null=True)
    status = serializers.ChoiceField(choices=MARKET_STATUSES)
    title = serializers.CharField()
    description = serializers.CharField(allow_null=True)
    resolution_criteria = serializers.CharField()
    closes_at = Moment()
    exposure = serializers.DecimalField(max_digits=20, decimal_places=4)
    metadata = JsonObject(allow_null=True)
    snapshot_ids = serializers.ListField(child=serializers.CharField())
    created_by = serializers.UUIDField(source="created_by_id")
    proposal_id = serializers.UUIDField()
    digest = Digest()
    content_digest = Digest()
    version = serializers.IntegerField()
    human_approval_audit_id = serializers.UUIDField()
    receipt = Receipt(source="human_approval_audit_id", help_text="The receipt of its first approval.")
    outcome = serializers.ChoiceField(choices=RESULTS, allow_null=True)
    known_at = Moment(allow_null=True)
    resolved_at = Moment(allow_null=True)
    challenge_until = Moment(allow_null=True)
    created_at = Moment()
    updated_at = Moment()


class ProofShape(serializers.Serializer[Any]):
    """Who approved exactly this content: `digest` is the sha256 of the UTF-8 bytes of `canonical`."""

    market_id = serializers.UUIDField()
    symbol = serializers.CharField()
    canonical = Canonical()
    digest = Digest()
    risk = serializers.ChoiceField(
        source="policy.risk", choices=RISKS, help_text="By type; what the proposer states can only raise it."
    )
    grant = GrantShape()
    policy = PolicyShape()
    decisions = DecisionShape(many=True)
    audit_event = AuditEventShape()


_show_revision = RevisionShape().to_representation
