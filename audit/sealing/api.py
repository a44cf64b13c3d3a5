"""The log's checkpoints and tiles for everybody, and receipts for whoever may read the fact."""

from __future__ import annotations

import re
from typing import get_args

from django.http import HttpResponse
from django.urls import URLPattern, path
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from audit.sealing import publishing, receipts, shown
from audit.sealing.holders import Kind
from audit.sealing.merkle import WIDTH
from audit.sealing.standing import MOST, Standing, standing
from core.refusals import NotFound
from core.web.forms import Moment
from core.web.health import register_detail
from core.web.views import ID, ApiView

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
# levels and groups of three digits as C2SP tlog-tiles writes them
TILE = re.compile(r"([0-7])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")
FOR_EVER = "public, max-age=31536000, immutable"


class NewestCheckpoint(ApiView):
    """How large the log is, and its root, signed, and cosigned by witnesses (C2SP tlog-checkpoint)."""

    public = True
    refused_with = frozenset({404})

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request) -> HttpResponse:
        newest = shown.newest()
        if newest is None:
            raise NotFound
        return HttpResponse(newest.note, content_type=TEXT)


class Tile(ApiView):
    """Up to 256 hashes of the tree (C2SP tlog-tiles); nothing that was logged can be read from them."""

    public = True
    refused_with = frozenset({404})

    @extend_schema(responses={(200, BYTES): OpenApiTypes.BINARY})
    def get(self, request: Request, place: str) -> HttpResponse:
        asked = TILE.fullmatch(place)
        if asked is None:
            raise NotFound
        level, position = int(asked[1]), int(re.sub(r"[x/]", "", asked[2]))
        width = int(asked[3] or WIDTH)
        if width > WIDTH or (asked[3] and width == WIDTH):
            raise NotFound
        hashes = receipts.tile(level, position, width)
        return HttpResponse(hashes, content_type=BYTES, headers={"Cache-Control": FOR_EVER})


class ReceiptOfEvent(ApiView):
    """The proof that one fact is in the log, to keep and to check without it (C2SP tlog-proof)."""

    permission = {"GET": "audit:read"}
    refused_with = frozenset({409})

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR})
    def get(self, request: Request, audit_id: str) -> HttpResponse:
        if not ID.fullmatch(audit_id):
            raise NotFound
        found = receipts.receipt(audit_id)
        return HttpResponse(found.text(), content_type=TEXT)


class HolderShape(serializers.Serializer[publishing.Standing]):
    """How far somebody is who keeps checkpoints; everybody reads this, so who it is is told elsewhere."""

    kind = serializers.ChoiceField(choices=get_args(Kind))
    size = serializers.IntegerField(help_text="Facts under the newest checkpoint it took.")
    behind_rows = serializers.IntegerField(source="behind", help_text="Sealed facts it has no checkpoint of.")
    last_published_at = Moment(source="published_at", allow_null=True)
    failing_since = Moment(allow_null=True, help_text="Since when it takes none; null where it does.")


class LogShape(serializers.Serializer[Standing]):
    """How the audit log stands; a log that lags makes no process unready."""

    size = serializers.IntegerField(help_text="Facts under the newest checkpoint.")
    unsealed_rows = serializers.IntegerField(
        source="unsealed", help_text=f"Facts that wait, counted to {MOST}."
    )
    seal_lag_seconds = serializers.FloatField(
        source="lag_seconds", help_text="For how long the oldest of them has waited."
    )
    last_checkpoint_at = Moment(source="sealed_at", allow_null=True)
    holders = HolderShape(many=True, help_text="Who keeps checkpoints outside the database.")


register_detail("log", standing, LogShape)

urlpatterns: list[URLPattern] = [
    path("log/checkpoint", NewestCheckpoint.as_view(), name="log_checkpoint"),
    path("log/tile/<path:place>", Tile.as_view(), name="log_tile"),
    path("audit-events/<str:audit_id>/receipt", ReceiptOfEvent.as_view(), name="audit_event_receipt"),
]
