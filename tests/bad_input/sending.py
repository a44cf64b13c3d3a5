"""Requests that are sent on purpose to be refused, and what a refusal leaves behind."""

from __future__ import annotations

import json
from typing import Any

from django.test import Client

from artifacts.models import Blob, Snapshot
from audit.models import ApprovalDecision, ApprovalRequest, ApprovalSubject, AuditEvent
from core.messaging.models import OutboxEvent
from markets.models import Market, Proposal, Revision

GOVERNED = (
    AuditEvent,
    OutboxEvent,
    Proposal,
    Revision,
    Market,
    ApprovalSubject,
    ApprovalRequest,
    ApprovalDecision,
    Snapshot,
    Blob,
)
GONE = "leave this field out"
MARKET = {
    "symbol": "MARS-2031",
    "type": "technology",
    "title": "Will a spacecraft land on Mars in 2031?",
    "resolution_criteria": "Resolves YES if a spacecraft lands softly on Mars in 2031 (UTC).",
    "closes_at": "2031-12-31T23:59:00Z",
    "producer": "scout",
    "schema_version": "v1",
    "safety_assertions": ["requires-human-approval", "uses-snapshot-ids-for-provenance"],
}
PAGE = {"url": "https://example.org/rocket", "content_type": "text/html", "body": "<p>It landed.</p>"}


def counted() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in GOVERNED}


def changed(body: dict[str, Any], /, **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in {**body, **changes}.items() if value is not GONE}


def send(client: Client, path: str, body: Any, **how: Any) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body)
    return client.generic("POST", f"/api/v1/{path}", data, **{"content_type": "application/json", **how})


def refused(response: Any, status: int, code: str, pointer: str | None = None) -> None:
    assert (response.status_code, response.json().get("code")) == (status, code), response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    if pointer is not None:
        assert [fault["pointer"] for fault in response.json()["errors"]] == [pointer], response.content


def without_instance(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.json().items() if name != "instance"}
