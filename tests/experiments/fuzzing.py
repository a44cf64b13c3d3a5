"""Requests made from the API's own description, spoiled with nasty texts and led to what really exists."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from markets.event_serializers import LAUNCH
from tests.bad_input.sending import MARKET, PAGE

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
NASTY = (
    "",
    " ",
    "\x00",
    "\ud800",
    "\u202etxt.exe",
    "\ufeff",
    "A" * 70_000,
    "' OR 1=1; DROP TABLE users; --",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "%00%0d%0aSet-Cookie: a=b",
    "{{7*7}}${7*7}",
    "NaN",
    "1e999",
    "9" * 400,
    "-1",
    "null",
    "true",
    "2027-02-30T25:61:00Z",
    "9999-12-31T23:59:59-23:59",
    "00000000-0000-0000-0000-000000000000",
    "\N{DRAGON}\N{ZERO WIDTH JOINER}\N{DRAGON}",
    "e\N{COMBINING ACUTE ACCENT}" * 50,
)
NASTY_VALUES: st.SearchStrategy[Any] = st.sampled_from(
    [*NASTY, None, True, 0, -1, 2**53, 2**64, 1e308, [], {}, [[]], {"a": {"b": []}}, ["x"] * 200]
)
HEADER_TEXTS = st.sampled_from(
    ["*", '""', 'W/""', '"\xff"', "a,b", "a b", "\xe9", "x" * 300, '"a"' + ', "b"' * 200, "Bearer", "0"]
)
CREATED = 201
PROBLEM_CONTENT = "application/problem+json"


@contextmanager
def in_the_tests_own_transaction() -> Iterator[None]:
    """Let no request close the connection that holds what the test prepared, as Django's own client does."""
    ends = (request_started, request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


class Fuzz:
    """Sends requests, and keeps what came of each.

    :param ids: what really exists, by the names of the parameters.
    :param callers: an API key by role.
    """

    def __init__(self, ids: dict[str, str], callers: dict[str, str]) -> None:
        self.ids = ids
        self.symbol = "VOTE-2027"
        self.callers = callers
        self.statuses: Counter[int] = Counter()
        self.faults: list[str] = []
        with in_the_tests_own_transaction():
            self.description = schemathesis.openapi.from_wsgi("/api/v1/schema", get_wsgi_application())

    def operations(self) -> Iterator[Any]:
        """Every operation that is described."""
        for found in self.description.get_all_operations():
            yield found.ok()  # type: ignore[union-attr]

    def run(self, wanted: int) -> None:
        """Send so many requests, evenly to every operation as everybody; an address without variety gets fewer."""
        evenly = len(list(self.operations())) * len(self.callers)
        with in_the_tests_own_transaction():
            for number in itertools.count():
                missing = wanted - self.statuses.total()
                if missing <= 0:
                    return
                self._round(-(-missing // evenly), number)

    def _round(self, each: int, number: int) -> None:
        for operation in self.operations():
            allowed = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
            spoiled = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)
            cases = allowed | allowed | spoiled
            for role, key in self.callers.items():
                send = self._sender(cases, f"{role} {operation.label}", key, each)
                seed(number)(send)()

    def _sender(self, cases: Any, label: str, key: str, each: int) -> Any:
        @settings(
            max_examples=each,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases, data=st.data())
        def send(case: Any, data: st.DataObject) -> None:
            self._lead(case, data)
            headers = self._headers(case, data, key)
            self._judge(case, case.call(headers=headers), label)

        return send

    def _lead(self, case: Any, data: st.DataObject) -> None:
        """Lead a request to what exists, and spoil a part of it."""
        if case.path_parameters and data.draw(st.integers(0, 9)) > 0:
            case.path_parameters = {name: self.ids[name] for name in case.path_parameters}
        if case.query and data.draw(st.integers(0, 4)) == 0:
            name = data.draw(st.sampled_from(sorted(case.query)))
            case.query = {**case.query, name: data.draw(st.sampled_from([n for n in NASTY if n != "\ud800"]))}
        if case.method == "POST" and data.draw(st.integers(0, 2)) > 0:
            # as bytes: what cannot be written in UTF-8 goes as an escape
            case.body = json.dumps(self._body(case.path, data)).encode()
            case.media_type = "application/json"

    def _body(self, path: str, data: st.DataObject) -> dict[str, Any]:
        wording: dict[str, Any] = {
            **MARKET,
            "symbol": f"S-{uuid4().hex[:12]}",
            "snapshot_ids": [self.ids["snapshot_id"]],
        }
        usual: dict[str, dict[str, Any]] = {
            "/api/v1/candidate-events": {
                **LAUNCH,
                "summary": f"It flew {uuid4().hex}.",
                "market_id": self.ids["market_id"],
                "snapshot_ids": [self.ids["snapshot_id"]],
            },
            "/api/v1/proposals": wording,
            "/api/v1/proposals/{proposal_id}/revisions": {**wording, "symbol": self.symbol},
            "/api/v1/jobs": {
                "job_type": "evidence:verify",
                "idempotency_key": uuid4().hex,
                "payload": {"snapshot_id": self.ids["snapshot_id"]},
                "run_after": "2999-01-01T00:00:00Z",
            },
            "/api/v1/snapshots": {**PAGE, "url": f"https://example.org/{uuid4().hex}"},
        }
        good = usual.get(path, {"reason": "It was a mistake."})
        for _ in range(data.draw(st.sampled_from([0, 0, 0, 1, 1, 2]))):
            good[data.draw(st.sampled_from([*good, "id", "status", "\x00"]))] = data.draw(NASTY_VALUES)
        return good

    def _headers(self, case: Any, data: st.DataObject, key: str) -> dict[str, str]:
        headers = {"Authorization": f"Bearer {key}"}
        if case.method == "POST":
            headers |= {"If-Match": "*"}
        if case.method == "POST" and case.path != "/api/v1/jobs":
            headers |= {"Idempotency-Key": str(uuid4())}
        if data.draw(st.integers(0, 5)) == 0:
            name = data.draw(st.sampled_from(["Idempotency-Key", "If-Match", "If-None-Match", "Accept"]))
            headers[name] = data.draw(HEADER_TEXTS)
        return headers

    def _judge(self, case: Any, response: Any, label: str) -> None:
        self.statuses[response.status_code] += 1
        if case.path == "/api/v1/proposals" and response.status_code == CREATED:
            # what is withdrawn later is not all there is to write on
            made = json.loads(response.content)
            self.ids["proposal_id"], self.symbol = made["id"], made["symbol"]
        if case.path == "/api/v1/candidate-events" and response.status_code == CREATED:
            self.ids["candidate_id"] = json.loads(response.content)["candidate_id"]
        if case.path == "/api/v1/jobs" and response.status_code == CREATED:
            self.ids["job_id"] = json.loads(response.content)["job_id"]
        try:
            case.validate_response(response, checks=CHECKS)
        except FailureGroup as fault:
            self.faults.append(f"{label}: {response.status_code}: {str(fault)[:1500]}")
        if response.status_code >= 400 and response.headers["content-type"][0] != PROBLEM_CONTENT:
            self.faults.append(f"{label}: {response.status_code} is no problem document")
        elif response.status_code >= 400:
            missing = {"code", "hint", "instance"} - json.loads(response.content).keys()
            self.faults += [f"{label}: {response.status_code} lacks {missing}"] if missing else []
