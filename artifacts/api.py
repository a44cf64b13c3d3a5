"""Evidence through the API: kept once, read back only when it still is what was kept."""

from __future__ import annotations

import base64
import re
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import URLPattern, path, reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from artifacts import blobs, snapshots
from artifacts.filters import SnapshotFilters
from artifacts.models import Snapshot
from artifacts.refusals import ContentDamaged
from artifacts.serializers import SnapshotForm, SnapshotShape
from core.refusals import NotFound
from core.web import problems
from core.web.etags import Representation
from core.web.forms import principal, read
from core.web.views import ApiView, ListView, only

SNAPSHOT_ID = re.compile(r"[0-9a-f]{64}")
# what a browser may do with evidence, should one ever show it: nothing
SANDBOX = "sandbox; default-src 'none'"

show_snapshot = SnapshotShape().to_representation


class Snapshots(ListView):
    """Evidence of the tenant, newest first."""

    permission = {"GET": "snapshots:read", "POST": "snapshots:ingest"}
    serializer_class = SnapshotShape
    filters = SnapshotFilters
    # a text of 1 MiB comes as up to 3 MiB when it is written in \u escapes
    body_limit = 4 * 1024 * 1024

    def queryset(self, request: Request) -> QuerySet[Snapshot]:
        """Every snapshot."""
        return Snapshot.objects.all()

    def shape(self, row: Snapshot) -> dict[str, Any]:
        """One snapshot, without its content."""
        return show_snapshot(row)

    @extend_schema(request=SnapshotForm, responses={201: SnapshotShape})
    def post(self, request: Request) -> Response:
        """Keep what an address answered, at most 1 MiB; the server's clock says when."""
        given = read(SnapshotForm, request)
        body = given["body"].encode() if "body" in given else given["body_base64"]
        made, _ = snapshots.ingest(
            given["url"], body, content_type=given["content_type"], by=principal(request)
        )
        where = request.build_absolute_uri(reverse("snapshot", args=[made.snapshot_id]))
        return Representation(show_snapshot(made), status=201, headers={"Location": where})


class SnapshotDetail(ApiView):
    """One piece of evidence, without its content."""

    permission = {"GET": "snapshots:read"}
    is_tagged = True

    @extend_schema(responses=SnapshotShape)
    def get(self, request: Request, snapshot_id: str) -> Response:
        return Representation(show_snapshot(snapshot_named(snapshot_id)))


class SnapshotContent(ApiView):
    """The bytes that were kept, as an attachment that no browser shows."""

    permission = {"GET": "snapshots:read"}
    refused_with = frozenset({409})

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """Meet every Accept header: the content has one form."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, snapshot_id: str) -> HttpResponse:
        """Hand the content out, proved against its digest; a damaged one is set aside and answered 409."""
        found = snapshot_named(snapshot_id)
        try:
            content = snapshots.read(found)
        except ContentDamaged as damage:
            blobs.quarantine(
                bytes(found.content_digest or b""), by=principal(request), reason=f"Read as {snapshot_id}."
            )
            # answered, not raised: raising would roll the quarantine back
            return problems.answer(damage, request)
        return HttpResponse(content, content_type="application/octet-stream", headers=_careful(found))


def _careful(snapshot: Snapshot) -> dict[str, str]:
    digest = base64.b64encode(bytes(snapshot.content_digest or b"")).decode()
    return {
        "Content-Disposition": f'attachment; filename="{snapshot.snapshot_id}.bin"',
        "Content-Security-Policy": SANDBOX,
        "X-Content-Type-Options": "nosniff",
        "Repr-Digest": f"sha-256=:{digest}:",
    }


def snapshot_named(wanted: str) -> Snapshot:
    """The tenant's snapshot of this id.

    :raises NotFound: for an unknown, a foreign and an ill-formed id alike.
    """
    if not SNAPSHOT_ID.fullmatch(wanted):
        raise NotFound
    return only(Snapshot.objects.filter(snapshot_id=wanted))


urlpatterns: list[URLPattern] = [
    path("snapshots", Snapshots.as_view(), name="snapshots"),
    path("snapshots/<str:snapshot_id>", SnapshotDetail.as_view(), name="snapshot"),
    path("snapshots/<str:snapshot_id>/content", SnapshotContent.as_view(), name="snapshot-content"),
]
