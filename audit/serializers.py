"""The shapes of the log and of the approvals."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from audit.models import REQUEST_STATUSES, RISKS, VERDICTS, ApprovalRequest
from core.access.permissions import ROLES
from core.web.forms import Digest, JsonObject, Moment, Seconds

ACTOR_TYPES = ("human", "agent", "system")


@extend_schema_field({"type": "string", "format": "uri-reference"})
class Receipt(serializers.Field[Any, Any, str, Any]):
    """Where the receipt of an audit event is, which proves that the log holds it; not before it is sealed."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> str:
        """The address at this service."""
        return reverse("audit_event_receipt", args=[value])


class AuditEventShape(serializers.Serializer[Any]):
    """One fact of the audit log."""

    audit_id = serializers.UUIDField()
    actor_id = serializers.UUIDField(allow_null=True)
    actor_type = serializers.ChoiceField(choices=ACTOR_TYPES)
    action = serializers.CharField()
    entity_type = serializers.CharField(allow_null=True)
    entity_id = serializers.CharField(allow_null=True)
    old_value = JsonObject(allow_null=True, help_text="What was there before, as far as it changed.")
    new_value = JsonObject(allow_null=True, help_text="What is there now, as far as it changed.")
    payload_hash = serializers.CharField(allow_null=True)
    signature = serializers.CharField(allow_null=True)
    job_id = serializers.UUIDField(allow_null=True)
    correlation_id = serializers.UUIDField(allow_null=True)
    ip_address = serializers.CharField(allow_null=True)
    user_agent = serializers.CharField(allow_null=True)
    metadata = JsonObject(allow_null=True)
    created_at = Moment()
    epoch = serializers.IntegerField()
    xid = serializers.CharField(
        help_text="The transaction, a whole number of 64 bits; a text, to stay exact."
    )
    seq = serializers.IntegerField()


class PolicyShape(serializers.Serializer[Any]):
    """Who must say yes, as the policy asked when the request was put."""

    quorum = serializers.IntegerField()
    required_roles = serializers.DictField(child=serializers.IntegerField())
    needs_reauthentication = serializers.BooleanField()
    grant_lifetime_seconds = Seconds(source="grant_lifetime")


class SlotShape(serializers.Serializer[Any]):
    """One of the approvals that are asked for, and the decision that fills it."""

    role = serializers.ChoiceField(choices=ROLES)
    decision_id = serializers.UUIDField(allow_null=True)


class DecisionShape(serializers.Serializer[Any]):
    """One person's word."""

    id = serializers.UUIDField()
    reviewer_id = serializers.UUIDField()
    reviewer_name = serializers.CharField(allow_null=True)
    role = serializers.ChoiceField(source="role_held", choices=ROLES)
    delegation_id = serializers.UUIDField(
        allow_null=True, help_text="The delegation by which the reviewer held this role, where one did."
    )
    slot = serializers.ChoiceField(choices=ROLES, allow_null=True)
    verdict = serializers.ChoiceField(choices=VERDICTS)
    digest = Digest()
    reason = serializers.CharField()
    decided_at = Moment()
    receipt = Receipt(source="audit_id", allow_null=True, help_text="The receipt of this decision.")


class ApprovalShape(serializers.Serializer[Any]):
    """A question put to people, and what they said; it is answered in the admin alone."""

    id = serializers.UUIDField()
    action = serializers.CharField()
    subject_id = serializers.UUIDField()
    digest = Digest()
    risk = serializers.ChoiceField(choices=RISKS)
    status = serializers.ChoiceField(choices=REQUEST_STATUSES)
    has_expired = serializers.BooleanField(help_text="Still open, but the time to decide is over.")
    proposed_by = serializers.UUIDField(source="proposed_by_id")
    operated_by = serializers.UUIDField(source="operated_by_id", allow_null=True)
    requested_at = Moment()
    due_at = Moment()
    escalated_at = Moment(allow_null=True)
    expires_at = Moment()
    closed_at = Moment(allow_null=True)
    policy = PolicyShape(source="*")
    slots = serializers.SerializerMethodField()
    decisions = DecisionShape(many=True, source="decisions.all")
    grant_audit_id = serializers.UUIDField(allow_null=True)
    receipt = Receipt(source="grant_audit_id", allow_null=True, help_text="The receipt of the grant.")
    revoked_at = Moment(allow_null=True, help_text="When a person revoked the grant.")

    @extend_schema_field(SlotShape(many=True))
    def get_slots(self, request: ApprovalRequest) -> list[dict[str, Any]]:
        """Every slot the policy asks for, the highest role first."""
        return [slot for role in reversed(ROLES) for slot in _slots(request, role)]


def _slots(request: ApprovalRequest, role: str) -> list[dict[str, Any]]:
    filled = [decision.pk for decision in request.decisions.all() if decision.slot == role]
    wanted = int(request.required_roles.get(role, 0))
    return [{"role": role, "decision_id": pk} for pk in (*filled, *[None] * (wanted - len(filled)))]


class GrantShape(serializers.Serializer[Any]):
    """The proof that the people the policy asks for approved exactly this content."""

    audit_id = serializers.UUIDField()
    request_id = serializers.UUIDField()
    action = serializers.CharField()
    subject_id = serializers.UUIDField()
    digest = Digest()
    granted_at = Moment()
    expires_at = Moment()
    receipt = Receipt(source="audit_id")
