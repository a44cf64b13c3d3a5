from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from artifacts.tasks import verify
from audit import approvals
from audit.models import ApprovalDecision, ApprovalGrant, ApprovalRequest
from audit.sealing.api import ReceiptOfEvent
from core.access import people, permissions
from core.access.models import User
from core.database.rows import insert
from core.jobs import queue
from core.jobs.queue import enqueue
from core.web.views import ApiView
from core.web.waiting import WaitView
from markets.models import Event, Market
from tests.calling import client_of
from tests.events import propose_event
from tests.factories import (
    World,
    acting,
    as_staff,
    decide,
    make_content,
    make_person,
    make_proposal,
    open_market,
    request_for,
)
from tests.markets.life.changing import live_through

METHODS = ("get", "post", "put", "patch", "delete")
UNDESCRIBED = {"/api/v1/schema", "/api/v1/docs"}


@dataclass(frozen=True)
class Route:
    """One address of the API, as the URL configuration knows it."""

    path: str
    view: Any

    @property
    def methods(self) -> list[str]:
        return [method for method in METHODS if hasattr(self.view, method)]

    def at(self, ids: dict[str, str]) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], self.path)


def routes() -> list[Route]:
    found = [
        Route(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", f"/{path}"), view)
        for path, view in _walk("", get_resolver().url_patterns)
        if path.startswith("api/v1/")
    ]
    return [route for route in found if route.path not in UNDESCRIBED]


def _walk(prefix: str, patterns: list[Any]) -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(path, pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield path, getattr(pattern.callback, "cls", None)


@dataclass(frozen=True)
class Stage:
    """A tenant where something of everything exists."""

    world: World
    ids: dict[str, str]

    def actors(self) -> dict[str, User]:
        world = self.world
        with as_staff(world.olga):
            service = people.create_agent("clock", operated_by=world.olga, by=world.olga, kind="service")
        platform = make_person("ada@platform.example", world.root.tenant)
        persons = {
            "viewer": world.vera,
            "editor": world.edith,
            "admin": world.grace,
            "super-admin": world.alan,
        }
        return {**persons, "platform admin": platform, "agent": world.scout, "service": service}


@pytest.fixture
def stage(world: World) -> Stage:
    market = live_through(open_market(world.proposal, world.grace), world)
    risky = make_proposal(world.scout, make_content(world.evidence, symbol="VOTE-2027", type="political"))
    decide(approvals.approve, request_for(risky), world.grace)
    event = insert(
        Event,
        tenant_id=market.tenant_id,
        market_id=market.pk,
        summary="The capsule has launched.",
        snapshot_ids=[world.evidence.snapshot_id],
    )
    with acting(world.scout):
        job, _ = enqueue(verify, {"snapshot_id": world.evidence.snapshot_id})
    with acting(world.edith):
        queue.cancel(job.pk, by=world.edith, reason="It was a mistake.")
    ids = {
        "candidate_id": str(propose_event(world, market).pk),
        "proposal_id": str(risky.pk),
        "request_id": str(request_for(risky).pk),
        "market_id": str(market.pk),
        "event_id": str(event.pk),
        "snapshot_id": world.evidence.snapshot_id,
        "audit_id": str(market.human_approval_audit_id),
        "job_id": str(job.pk),
        "place": "0/000",
    }
    return Stage(world, ids)


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    found: dict[str, Any] = Client().get("/api/v1/schema").json()
    return found


def check(value: Any, schema: dict[str, Any], document: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator({**schema, "components": document["components"]}).validate(value)


def answer_of(document: dict[str, Any], route: Route, method: str, status: str) -> dict[str, Any]:
    content = document["paths"][route.path][method]["responses"][status]["content"]
    (described,) = content.values()
    schema: dict[str, Any] = described["schema"]
    return schema


def test_the_description_is_complete_and_valid(tmp_path: Path) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", file=str(tmp_path / "schema.yaml"))


def test_what_is_described_is_what_answers(document: dict[str, Any]) -> None:
    answers = {(route.path, method) for route in routes() for method in route.methods}

    described = {(path, method) for path, item in document["paths"].items() for method in item}

    assert described == answers
    assert len(answers) > 20


def test_no_address_ends_in_a_slash() -> None:
    assert [route.path for route in routes() if route.path.endswith("/")] == []


def test_every_view_stands_on_the_one_base() -> None:
    assert [route.path for route in routes() if not issubclass(route.view, ApiView)] == []


def test_every_operation_says_what_it_does_and_how_it_refuses(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            assert operation["description"], (method, path)
            refused = {status for status in operation["responses"] if int(status) >= 400}
            assert refused >= {"400", "406", "500"}, (method, path)
            for status in refused - {"503"}:
                said = operation["responses"][status]["content"]
                assert list(said) == ["application/problem+json"], (method, path, status)
            assert ("requestBody" in operation) == (method == "post"), (method, path)


def test_every_body_that_is_read_comes_with_an_example_that_fits(document: dict[str, Any]) -> None:
    for path, item in document["paths"].items():
        for operation in item.values():
            if "requestBody" in operation:
                described = operation["requestBody"]["content"]["application/json"]
                assert described["examples"], path
                for example in described["examples"].values():
                    check(example["value"], described["schema"], document)


def test_every_example_of_a_header_fits(document: dict[str, Any]) -> None:
    read = [
        parameter
        for item in document["paths"].values()
        for operation in item.values()
        for parameter in operation.get("parameters", ())
        if parameter["in"] == "header"
    ]

    assert {parameter["name"] for parameter in read} == {"Idempotency-Key", "If-Match", "If-None-Match"}
    for parameter in read:
        for example in parameter["examples"].values():
            check(example["value"], parameter["schema"], document)


def test_every_operation_has_a_name_of_its_own_that_is_in_the_copy_of_the_description(
    document: dict[str, Any],
) -> None:
    names = [operation["operationId"] for item in document["paths"].values() for operation in item.values()]
    copy = yaml.safe_load((Path(settings.BASE_DIR) / "docs" / "openapi.yaml").read_text(encoding="utf-8"))

    assert len(set(names)) == len(names)
    assert copy == document


def test_every_answer_is_as_it_is_described(stage: Stage, document: dict[str, Any]) -> None:
    vera = client_of(stage.world.vera)

    for route in routes():
        if "get" in route.methods and not route.view.public:
            response = vera.get(route.at(stage.ids))
            if issubclass(route.view, WaitView):
                assert response.status_code == 307, route.path
                continue
            if issubclass(route.view, ReceiptOfEvent):
                # what this test wrote is of a transaction that still runs
                check(response.json(), answer_of(document, route, "get", "409"), document)
                continue
            assert response.status_code == 200, route.path
            if response.headers["Content-Type"] == "application/json":
                check(response.json(), answer_of(document, route, "get", "200"), document)


def test_a_written_answer_is_as_it_is_described(stage: Stage, document: dict[str, Any]) -> None:
    edith = client_of(stage.world.edith)
    proposals = next(route for route in routes() if route.path == "/api/v1/proposals")

    response = edith.post(
        proposals.path,
        {
            "symbol": "MARS-2031",
            "type": "technology",
            "title": "Will a spacecraft land on Mars in 2031?",
            "resolution_criteria": "Resolves YES if one lands softly on Mars in 2031 (UTC).",
            "closes_at": "2031-12-31T23:59:00Z",
            "snapshot_ids": [stage.ids["snapshot_id"]],
        },
        content_type="application/json",
    )

    assert response.status_code == 201
    check(response.json(), answer_of(document, proposals, "post", "201"), document)


def test_a_refusal_is_as_it_is_described(stage: Stage, document: dict[str, Any]) -> None:
    edith = client_of(stage.world.edith)

    refused = [
        Client().get("/api/v1/markets"),
        edith.get("/api/v1/markets/nonsense"),
        edith.get("/api/v1/markets", {"status": "nonsense"}),
        edith.post("/api/v1/proposals", {}, content_type="application/json"),
    ]

    for response in refused:
        assert response.headers["Content-Type"] == "application/problem+json"
        check(response.json(), {"$ref": "#/components/schemas/Problem"}, document)


def test_what_each_actor_may_ask_for_is_what_the_permissions_say(stage: Stage) -> None:
    for name, actor in stage.actors().items():
        client = client_of(actor)
        for route in routes():
            for method in route.methods:
                if route.view.public:
                    continue
                # an empty body changes nothing, whoever may send it
                wanted = route.view.permission[method.upper()]
                response = client.generic(method.upper(), route.at(stage.ids))
                refused = response.status_code == 403 and response.json()["code"] == "not_allowed"
                may = permissions.allows(wanted, kind=actor.kind, role=actor.role)
                assert refused == (not may), (name, method, route.path, response.content)


def test_nobody_who_is_not_known_reaches_anything(stage: Stage) -> None:
    for route in routes():
        for method in route.methods:
            if not route.view.public:
                response = Client().generic(method.upper(), route.at(stage.ids))
                # who waits is asked where they wait
                is_sent_away = method == "get" and issubclass(route.view, WaitView)
                assert response.status_code == (307 if is_sent_away else 401), (method, route.path)


def test_no_route_asks_for_the_permission_to_decide() -> None:
    asked = {permission for route in routes() for permission in route.view.permission.values()}

    assert "approvals:decide" not in asked
    assert "markets:operate" not in asked


def test_no_route_and_no_method_decides_whoever_asks(stage: Stage) -> None:
    open_request = asked(stage.ids["request_id"])
    word = {
        "verdict": "approve",
        "decision": "approve",
        "status": "granted",
        "digest": bytes(open_request.digest).hex(),
        "request_id": stage.ids["request_id"],
        "reason": "Sources checked, criteria are clear.",
        "password": "correct horse battery staple",
    }
    before = counted()
    paths = {route.at(stage.ids) for route in routes()}
    guessed = {
        f"/api/v1/approvals/{stage.ids['request_id']}/{verb}" for verb in ("approve", "decide", "decisions")
    }

    for actor in stage.actors().values():
        client = client_of(actor)
        for method, path in itertools.product(METHODS, sorted(paths | guessed)):
            response = client.generic(method.upper(), path, json.dumps(word), content_type="application/json")
            # 409 is a receipt of what is not sealed yet
            assert response.status_code in {200, 307, 400, 403, 404, 405, 409}, (
                method,
                path,
                response.content,
            )

    assert counted() == before
    assert asked(stage.ids["request_id"]).status == "open"


def asked(request_id: str) -> ApprovalRequest:
    return ApprovalRequest.objects.get(pk=request_id)


def counted() -> list[int]:
    return [model.objects.count() for model in (ApprovalDecision, ApprovalGrant, Market)]
