"""How what is proposed waits for people, and how its proposer takes it back or asks again in the API."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from rest_framework.request import Request
from rest_framework.response import Response

from audit.models import ApprovalDecision, ApprovalRequest
from core.web.etags import Representation, unchanged
from core.web.forms import Form, principal, read
from core.web.views import in_tenant
from markets.models import Candidate, Proposal

P = TypeVar("P", Proposal, Candidate)


def with_open_request(rows: QuerySet[P], actions: Collection[str]) -> QuerySet[P]:
    """What is proposed with the question that people can answer now, in one query however many there are."""
    asked = in_tenant(
        ApprovalRequest.objects.filter(action__in=actions, subject_id=OuterRef("pk"), status="open")
    )
    approvals = ApprovalDecision.objects.filter(
        request__action__in=actions,
        request__subject_id=OuterRef("pk"),
        request__status="open",
        verdict="approve",
    )
    # ordered by nothing, so that the count is over all of them
    counted = in_tenant(approvals).order_by().values("request_id").annotate(count=Count("pk")).values("count")
    return rows.annotate(
        open_request_id=Subquery(asked.values("pk")),
        open_request_status=Subquery(asked.values("status")),
        open_request_expires_at=Subquery(asked.values("expires_at")),
        open_request_quorum=Subquery(asked.values("quorum")),
        open_request_approvals=Coalesce(Subquery(counted), 0),
    )


def acted(
    request: Request,
    wanted: UUID,
    form: type[Form],
    verb: Callable[..., object],
    show: Callable[[UUID], dict[str, Any]],
) -> Response:
    """Withdraw or resubmit what one proposed, where it is still what If-Match says, and show it.

    :param verb: takes the id, `by`, `reason` and `check`.
    """
    given = read(form, request)
    verb(
        wanted,
        by=principal(request),
        reason=given.get("reason", ""),
        check=unchanged(request, lambda: show(wanted)),
    )
    return Representation(show(wanted))
