"""E4: a field that is not the caller's to set changes nothing, whatever it is called and wherever it is sent."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from artifacts.serializers import SnapshotForm
from audit.approving.api import CommentForm
from config.tables import TABLES
from core.jobs.models import Job
from core.jobs.serializers import CancellationForm, JobForm
from core.web.forms import Form
from markets.event_serializers import LAUNCH as EVENT
from markets.event_serializers import CandidateForm
from markets.life.serializers import AmendmentForm, DisputeForm, ReopeningForm, ResolutionForm, VoidForm
from markets.models import Candidate, Market
from markets.serializers import ProposalForm, ResubmissionForm, WithdrawalForm
from tests.bad_input.sending import MARKET, PAGE, send
from tests.calling import client_of
from tests.events import open_another, propose_event
from tests.experiments.matrix import ask_for_nothing
from tests.factories import World
from tests.raw import picture
from tests.test_openapi import Stage, document, routes, stage

pytestmark = [pytest.mark.experiment("E4"), pytest.mark.django_db]
__all__ = ["document", "stage"]

GUESSED = (
    "is_admin",
    "is_superuser",
    "role",
    "roles",
    "tenant",
    "permissions",
    "__proto__",
    "approved",
    "_id",
)
# one of so many in a small run, every one in a full one
EVERY = 1 if os.environ.get("FULL_SIZE") else 30
CHANGING = ("PUT", "PATCH", "DELETE")


def fields_shown(document: dict[str, Any]) -> set[str]:
    """Every field of every shape that the API describes."""
    found: set[str] = set()
    pending: list[Any] = [document["components"]["schemas"]]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            found |= set(part.get("properties", {}))
            pending += part.values()
        elif isinstance(part, list):
            pending += part
    return found


def columns() -> set[str]:
    """Every column of every table of ours."""
    return {
        str(field.column)
        for model in apps.get_models()
        if model._meta.db_table in TABLES
        for field in model._meta.concrete_fields
    }


def values(name: str, world: World) -> Iterator[Any]:
    """What somebody would send who wants more than is theirs."""
    yield {"tenant_id": str(world.beta.pk), "status": "approved", "risk": "low", "kind": "person"}.get(
        name, str(world.grace.pk)
    )
    yield from (True, None, {"id": str(world.grace.pk)}, [], "approved", 1)


def writes(world: World) -> dict[str, tuple[type[Form], dict[str, Any]]]:
    """A body that would be accepted, for every write."""
    market = {**MARKET, "snapshot_ids": [world.evidence.snapshot_id]}
    own = f"proposals/{world.proposal.pk}"
    verifying = {
        "job_type": "evidence:verify",
        "idempotency_key": "verify",
        "payload": {"snapshot_id": world.evidence.snapshot_id},
    }
    job = Job.objects.values_list("pk", flat=True).first() or ask_for_nothing(world.scout)
    candidate = Candidate.objects.first() or propose_event(world, open_another(world))
    event = {**EVENT, "market_id": str(candidate.market_id), "snapshot_ids": [world.evidence.snapshot_id]}
    happened = f"candidate-events/{candidate.pk}"
    return {
        f"approvals/{world.request.pk}/comments": (
            CommentForm,
            {"body": "Is the second source independent?"},
        ),
        **changes(candidate.market, {name: value for name, value in market.items() if name != "symbol"}),
        "candidate-events": (CandidateForm, event),
        f"{happened}/withdraw": (WithdrawalForm, {"reason": "It did not happen."}),
        f"{happened}/resubmit": (ResubmissionForm, {"reason": "Once more."}),
        "proposals": (ProposalForm, market),
        f"{own}/revisions": (ProposalForm, {**market, "symbol": "MOON-2027"}),
        f"{own}/withdraw": (WithdrawalForm, {"reason": "A mistake in the title."}),
        f"{own}/resubmit": (ResubmissionForm, {"reason": "Once more."}),
        "snapshots": (SnapshotForm, dict(PAGE)),
        "jobs": (JobForm, verifying),
        f"jobs/{job}/cancel": (CancellationForm, {"reason": "It was a mistake."}),
    }


def changes(market: Market, content: dict[str, Any]) -> dict[str, tuple[type[Form], dict[str, Any]]]:
    """Bodies that fit the market as it stands, but for where it is: it is open, and nobody resolved it."""
    shown = {
        name: content[name] for name in ("producer", "schema_version", "safety_assertions", "snapshot_ids")
    }
    based = {**shown, "base_digest": bytes(market.content_digest).hex(), "explanation": "The agency says so."}
    own = f"markets/{market.pk}"
    known_at = "2026-11-02T08:00:00Z"
    return {
        f"{own}/amendments": (AmendmentForm, {**content, "base_digest": based["base_digest"]}),
        f"{own}/resolutions": (ResolutionForm, {**based, "outcome": "yes", "known_at": known_at}),
        f"{own}/voids": (VoidForm, based),
        f"{own}/reopenings": (ReopeningForm, {**based, "closes_at": "2032-12-31T23:59:00Z"}),
        f"{own}/disputes": (
            DisputeForm,
            {"reason": "The picture is of a test site.", "snapshot_ids": shown["snapshot_ids"]},
        ),
    }


def test_every_write_is_tried(world: World) -> None:
    posts = {route.path.rsplit("/", 1)[1] for route in routes() if "post" in route.methods}

    assert {path.rsplit("/", 1)[-1] for path in writes(world)} == posts


def test_a_field_that_is_not_the_callers_changes_nothing(world: World, document: dict[str, Any]) -> None:
    scout = client_of(world.scout)
    names = fields_shown(document) | columns() | set(GUESSED)
    sent = 0
    accepted: list[str] = []
    tries = writes(world)
    before = picture()

    for path, (form, good) in tries.items():
        unread = sorted(names - set(form().fields))
        tried = [(name, value) for name in unread for value in values(name, world)]
        for name, value in tried[::EVERY]:
            answers = [
                sent_to(scout, path, {**good, name: value}),
                sent_to(scout, f"{path}?{name}=x", good),
                sent_to(scout, path, [{**good, name: value}]),
            ]
            sent += len(answers)
            accepted += [f"{path} {name}: {answer.status_code}" for answer in answers if not is_named(answer)]
    changed = [table for table, digest in picture().items() if digest != before[table]]

    verdict = "PASS" if not accepted and not changed else "FAIL"
    print(  # noqa: T201 - an experiment prints its line
        f"\nE4 mass assignment: {len(names)} fields on {len(writes(world))} writes, {sent} requests, "
        f"{len(accepted)} accepted, {len(changed)} tables changed (target 0) {verdict}"
    )
    assert accepted == []
    assert changed == []


def sent_to(client: Client, path: str, body: Any) -> Any:
    """Send it; the key of a job stands in the body."""
    how = {"headers": {"Idempotency-Key": None}} if path.partition("?")[0] == "jobs" else {}
    return send(client, path, body, **how)


def is_named(answer: Any) -> bool:
    """Whether it was refused, by its place."""
    return answer.status_code == 400 and bool(answer.json()["errors"])


def test_no_row_is_changed_where_it_is_shown(stage: Stage, document: dict[str, Any]) -> None:
    names = sorted(fields_shown(document))
    body = json.dumps(dict.fromkeys(names, "approved"))
    clients = (client_of(stage.world.scout), client_of(stage.world.alan))
    before = picture()

    for client in clients:
        for route in routes():
            for method in CHANGING:
                answer = changing(client, method, route.at(stage.ids), body)
                assert answer.status_code == 405, (method, route.path)

    assert picture() == before


def changing(client: Client, method: str, path: str, body: str) -> Any:
    return client.generic(method, path, body, content_type="application/json")


def test_the_bodies_are_accepted_but_for_what_is_added(world: World) -> None:
    scout = client_of(world.scout)
    said = {path: sent_to(scout, path, good).status_code for path, (_, good) in writes(world).items()}

    # the revision that was sent is another wording, so nobody can be asked again about the old one; the event was
    # proposed before, and once it is withdrawn nobody can be asked about it; the market is open and unresolved
    refused = {path.partition("/")[0] for path, status in said.items() if status == 409}
    assert refused == {"proposals", "candidate-events", "markets"}
    assert sorted(said.values()) == [200] * 4 + [201] * 7 + [409] * 5
