"""Every address, method and actor, found by looking and asked in turn (E2)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from artifacts.tasks import verify
from core.access import people
from core.access.models import User
from core.database.rows import insert
from core.jobs.queue import Wanted, enqueue
from core.web.problems import CONTENT_TYPE
from markets.models import Event
from tests.events import propose_event
from tests.factories import (
    World,
    acting,
    as_staff,
    make_content,
    make_key,
    make_proposal,
    open_market,
    request_for,
)
from tests.staff import browser

TABLE = Path(__file__).with_name("matrix.txt")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
PERSONS = ("viewer", "editor", "admin", "super-admin")
ACTORS = ("anonymous", *PERSONS, "agent", "service")
HEADING = """\
# E2: what each actor is answered at each address, by status and, of a refusal, by code.
# Ids are of real rows where a row exists; bodies are empty. In the admin persons come with their session,
# everybody else with an API key, which is nobody there; in the API everybody comes with a key.
# Written by `make prove ONLY=E2 WRITE=1`; read the difference before you commit it.
"""

# the admin's own views know only these two apart
SHORT = ("GET", "POST")

Row = tuple[str, ...]
_PLACE = re.compile(r"<(?:\w+:)?(?P<plain>\w+)>|\(\?P<(?P<regex>\w+)>[^)]*\)")


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver."""

    pattern: str
    view: Any

    @property
    def is_api(self) -> bool:
        """Whether keys count here, and not sessions."""
        return self.pattern.startswith("/api/")

    def filled(self, known: Mapping[str, object]) -> str:
        """The address with ids in the places of its parameters; an unknown one stands for no row."""
        model = getattr(getattr(self.view, "model_admin", None), "model", None)
        ids = {**known, "object_id": _a_row_of(model) if model else uuid4()}

        def value(place: re.Match[str]) -> str:
            return str(ids.get(place["plain"] or place["regex"], uuid4()))

        return _PLACE.sub(value, self.pattern)


class Cast:
    """The seven who ask, and the rows they ask for."""

    def __init__(self, world: World) -> None:
        with as_staff(world.olga):
            clock = people.create_agent("clock", operated_by=world.olga, by=world.olga, kind="service")
        persons = dict(zip(PERSONS, (world.vera, world.edith, world.grace, world.alan), strict=True))
        self.users: dict[str, User] = {**persons, "agent": world.scout, "service": clock}
        self.keys = {actor: make_key(user) for actor, user in self.users.items()}
        self.cookies = {actor: browser(person).cookies.output() for actor, person in persons.items()}
        self.known = _rows(world)
        # one for all: a client reads every middleware anew when it is made
        self.client = Client(raise_request_exception=False)

    def ask(self, actor: str, method: str, address: Address) -> HttpResponse:
        """Ask as this actor, and leave no trace of it."""
        headers = {"Accept": "*/*", "Idempotency-Key": str(uuid4())}
        self.client.cookies = SimpleCookie()
        if actor in self.cookies and not address.is_api:
            self.client.cookies.load(self.cookies[actor].replace("Set-Cookie: ", ""))
        elif actor in self.keys:
            headers["Authorization"] = f"Bearer {self.keys[actor]}"
        body = {} if method == "TRACE" else {"data": "{}", "content_type": "application/json"}
        before = transaction.savepoint()
        try:
            return self.client.generic(method, address.filled(self.known), headers=headers, **body)  # type: ignore[arg-type,return-value]
        finally:
            transaction.set_rollback(False)
            transaction.savepoint_rollback(before)


def addresses() -> list[Address]:
    """Every address that any process serves."""
    return [
        Address(re.sub(r"[\^$]", "", pattern), found.callback)
        for pattern, found in _patterns(get_resolver().url_patterns, "/")
    ]


def asked(cast: Cast, *, whole: bool = True) -> list[Row]:
    """The table as it is now: pattern, methods, and an outcome for each actor.

    :param whole: every method everywhere; else, outside the API, only GET and POST.
    """
    return [
        row
        for address in addresses()
        for row in _asked_at(address, cast, METHODS if whole or address.is_api else SHORT)
    ]


def outcome(response: HttpResponse) -> str:
    """The status, with the code of a refusal and the goal of a redirect."""
    if response.headers.get("Content-Type") == CONTENT_TYPE and response.content:
        return f"{response.status_code} {response.json()['code']}"  # type: ignore[attr-defined]
    where = response.headers.get("Location", "").partition("?")[0]
    return f"{response.status_code} {re.sub(r'[0-9a-f-]{36}', 'ID', where)}".strip()


def written(rows: Sequence[Row]) -> str:
    """The table as a text, one row for methods that are answered alike."""
    table = [("address", "methods", *ACTORS), *rows]
    widths = [max(len(row[place]) for row in table) for place in range(len(table[0]))]
    lines = (" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in table)
    return HEADING + "".join(f"{line.rstrip()}\n" for line in lines)


def listed(text: str) -> dict[tuple[str, str], Row]:
    """What a table says, by address and single method."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")][1:]
    rows = [tuple(cell.strip() for cell in line.split(" | ")) for line in lines]
    return {(row[0], method): row[2:] for row in rows for method in row[1].split()}


def _asked_at(address: Address, cast: Cast, methods: Sequence[str]) -> Iterator[Row]:
    answers = {
        method: tuple(outcome(cast.ask(actor, method, address)) for actor in ACTORS) for method in methods
    }
    if "HEAD" in answers:
        # it has no body to name the refusal in, so its code is that of GET where the status is the same
        pairs = zip(answers["GET"], answers["HEAD"], strict=True)
        answers["HEAD"] = tuple(get if get.split()[0] == head.split()[0] else head for get, head in pairs)
    alike: dict[Row, list[str]] = {}
    for method, outcomes in answers.items():
        alike.setdefault(outcomes, []).append(method)
    for outcomes, of_methods in alike.items():
        yield address.pattern, " ".join(of_methods), *outcomes


def _patterns(found: Sequence[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in found:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, path)
        else:
            yield path, pattern


def _rows(world: World) -> dict[str, object]:
    """One row for each parameter of an address; the proposal still waits, and another became the market."""
    market = open_market(world.proposal, world.grace)
    waits = make_proposal(world.scout, make_content(world.evidence, symbol="WAITS-2027"))
    event = insert(
        Event,
        tenant_id=world.acme.pk,
        market_id=market.pk,
        summary="It flew.",
        snapshot_ids=[world.evidence.snapshot_id],
    )
    return {
        "candidate_id": propose_event(world, market).pk,
        "proposal_id": waits.pk,
        "request_id": request_for(waits).pk,
        "market_id": market.pk,
        "event_id": event.pk,
        "audit_id": market.human_approval_audit_id,
        "snapshot_id": world.evidence.snapshot_id,
        "snapshot_pk": world.evidence.pk,
        "job_id": ask_for_nothing(world.scout),
        "move": "pause",
        "app_label": "markets",
        "url": "nothing",
    }


def ask_for_nothing(by: User) -> UUID:
    """A job of the tenant that waits for ever."""
    wanted = Wanted(run_after=datetime(2999, 1, 1, tzinfo=UTC))
    with acting(by):
        return enqueue(verify, {"snapshot_id": "0" * 64}, wanted)[0].pk


def _a_row_of(model: Any) -> UUID:
    rows = model._base_manager.order_by("pk")
    if any(field.name == "tenant" for field in model._meta.fields):
        # the cast is of the tenant that was made first
        rows = rows.filter(tenant__name="acme")
    elif model._meta.model_name == "tenant":
        rows = rows.filter(name="acme")
    found: UUID | None = rows.values_list("pk", flat=True).first()
    return found or uuid4()
