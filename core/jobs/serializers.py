"""The shapes of jobs, coming in and going out."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from core.idempotency.models import LONGEST_KEY
from core.jobs.handlers import LONGEST_TYPE
from core.jobs.models import STATUSES, Job
from core.jobs.queue import FEWEST, MOST
from core.web.forms import Form, Instant, JsonObject, Moment, Text, Whole, YesOrNo

LONGEST_REASON = 1000
VERIFY = {
    "job_type": "evidence:verify",
    "idempotency_key": "0a6f7c1e-5d1b-4d0e-8f5e-3b0c7a9d2e41",
    "payload": {"snapshot_id": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},
}


@extend_schema_field({"type": "object", "additionalProperties": True})
class Payload(serializers.Field[Any, Any, Any, Any]):
    """An object of whatever names."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Take an object as it is."""
        if not isinstance(data, dict):
            raise serializers.ValidationError("An object, such as {}.")
        return data

    def to_representation(self, value: Any) -> Any:
        """Show it as it is."""
        return value


@extend_schema_serializer(examples=[OpenApiExample("Verify", VERIFY, request_only=True)])
class JobForm(Form):
    """Work that is asked for."""

    job_type = Text(max_length=LONGEST_TYPE)
    idempotency_key = Text(
        max_length=LONGEST_KEY,
        help_text="The same key is the same work for ever: of this type, or of its owner whatever the type.",
    )
    payload = Payload(required=False, help_text="What the work takes, at most 32 KiB.")
    max_attempts = Whole(required=False, help_text=f"{FEWEST} to {MOST}; what is usual for the type.")
    owned = YesOrNo(required=False, help_text="The job belongs to the asker, who alone sees it.")
    run_after = Instant(required=False, help_text="Not before this moment.")


@extend_schema_serializer(
    examples=[OpenApiExample("A mistake", {"reason": "It was asked for by mistake."}, request_only=True)]
)
class CancellationForm(Form):
    """Why a job is cancelled."""

    reason = Text(max_length=LONGEST_REASON)


class JobLinksShape(serializers.Serializer[Job]):
    """Where more is to be found: paths on the host that answered."""

    events = serializers.SerializerMethodField()
    wait = serializers.SerializerMethodField()

    def get_events(self, job: Job) -> str:
        """What happened to it."""
        return reverse("job-events", args=[job.pk])

    def get_wait(self, job: Job) -> str:
        """Where its end is waited for."""
        return reverse("wait-job", args=[job.pk])


class JobShape(serializers.Serializer[Any]):
    """One piece of work, without what it was given and what came of it."""

    job_id = serializers.UUIDField()
    job_type = serializers.CharField()
    idempotency_key = serializers.CharField()
    owner_id = serializers.UUIDField(allow_null=True, help_text="Who alone sees it; null for the tenant's.")
    requested_by = serializers.UUIDField(source="requested_by_id", allow_null=True)
    status = serializers.ChoiceField(choices=STATUSES)
    stage = serializers.CharField(allow_null=True)
    progress = serializers.IntegerField(allow_null=True, help_text="0 to 100, where the work says it.")
    attempts = serializers.IntegerField()
    max_attempts = serializers.IntegerField()
    next_attempt_at = Moment(allow_null=True)
    started_at = Moment(allow_null=True)
    timeout_at = Moment(allow_null=True)
    last_error_at = Moment(allow_null=True)
    cancel_requested_at = Moment(allow_null=True)
    completed_at = Moment(allow_null=True)
    trace_id = serializers.UUIDField(help_text="The correlation id of the request that asked for it.")
    created_at = Moment()
    updated_at = Moment()


class JobDetailShape(JobShape):
    """One piece of work with all there is of it; payload and result are forgotten after some weeks."""

    payload = JsonObject()
    result = serializers.JSONField(help_text="What the work returned; null until then.")
    error_message = serializers.CharField(allow_null=True, help_text="Why the last attempt failed.")
    links = JobLinksShape(source="*")


class JobEventShape(serializers.Serializer[Any]):
    """Something that happened to a job."""

    id = serializers.UUIDField()
    event_type = serializers.CharField()
    payload = JsonObject()
    trace_id = serializers.UUIDField(allow_null=True)
    created_at = Moment()
