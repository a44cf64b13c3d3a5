"""What the log and the approvals are searched by."""

from __future__ import annotations

from audit.models import REQUEST_STATUSES, RISKS
from core.web.filters import BornFilter, Filters, IdFilter, TextFilter, WordFilter


class AuditEventFilters(Filters):
    """What the log is searched by; each is an exact match but the times."""

    action = TextFilter("action", max_length=100)
    entity_type = TextFilter("entity_type", max_length=100)
    entity_id = TextFilter("entity_id", max_length=255)
    actor_id = IdFilter("actor_id")
    correlation_id = IdFilter("correlation_id")
    created_after = BornFilter("created_at", "after")
    created_before = BornFilter("created_at", "before")


class ApprovalFilters(Filters):
    """What requests are searched by."""

    status = WordFilter("status", REQUEST_STATUSES)
    risk = WordFilter("risk", RISKS)
    requested_after = BornFilter("requested_at", "after")
    requested_before = BornFilter("requested_at", "before")
