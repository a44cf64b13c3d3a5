"""E3: every id of one tenant, asked for by another in every way there is.

A way asks for one id and says what came back, without what differs from request to request. The same way
then asks for an id that nobody has: a wall stands where nobody can tell the two answers apart.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from config.tables import TABLES
from core.access.models import User
from core.database.unit import unit
from core.web.views import ApiView, ListView
from tests.calling import client_of
from tests.factories import World, make_agent, make_proposal
from tests.factories import make_content as content
from tests.raw import every
from tests.staff import browser

FULL = bool(os.environ.get("FULL_SIZE"))
OF_EACH = 8 if FULL else 1
TENANT_TABLES = [name for name, table in TABLES.items() if table.kind != "system"]
SOME = ("approval_requests", "market_proposals", "snapshots")
NOBODYS = {"uuid": str(UUID(int=9)), "digest": "0" * 64, "word": "NOBODY-1"}
# what no two answers share, and the id itself where the question is repeated
PASSING = re.compile(
    r'[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{64}|csrfmiddlewaretoken" value="\w+"'
)
KEYS = {
    "snapshots": ("id", "snapshot_id"),
    "market_proposals": ("id", "symbol"),
    "api_keys": ("id", "prefix"),
}

Answer = tuple[object, ...]
Way = Callable[[str], Answer]


@dataclass(frozen=True)
class Asked:
    """One way of asking, by name."""

    name: str
    ask: Way


def propose_more(world: World) -> None:
    """Leave more of what the API lists."""
    for number in range(3):
        make_proposal(world.scout, content(world.evidence, symbol=f"MORE-{number}"))


def ids_of(world: World) -> list[str]:
    """Some ids of acme's from every table that has a tenant."""
    found: list[str] = []
    for table in TENANT_TABLES if FULL else SOME:
        for column in KEYS.get(table, (_key_of(table),)):
            rows = every(
                f"SELECT {column}::text FROM {table} WHERE tenant_id = %s ORDER BY {column} DESC LIMIT %s",
                world.acme.pk,
                OF_EACH,
            )
            found += [str(value) for (value,) in rows]
    return sorted(set(found))


def nobodys(like: str) -> str:
    """An id of the same form that nobody has."""
    if len(like) == len(NOBODYS["uuid"]) and like.count("-") == NOBODYS["uuid"].count("-"):
        return NOBODYS["uuid"]
    return NOBODYS["digest"] if re.fullmatch(r"[0-9a-f]{64}", like) else NOBODYS["word"]


def ways(world: World) -> Iterator[Asked]:
    """Every way by which somebody of beta could ask."""
    probe = make_agent("probe", world.boris)
    clients = {"person": client_of(world.boris), "agent": client_of(probe)}
    for who, client in clients.items() if FULL else [("person", clients["person"])]:
        yield from _of_the_api(who, client)
        yield Asked(f"{who} evidence in a proposal", partial(_propose, client))
    yield from _of_the_admin(browser(world.boris))
    yield from _of_raw_sql(world.boris)


def _of_the_api(who: str, client: Client) -> Iterator[Asked]:
    for path, view in _views():
        if "<" in path:
            for method in view.permission:
                yield Asked(f"{who} {method} {path}", partial(_request, client, method, path))
        elif issubclass(view, ListView) and view.filters:
            for name in [*_filters(view), "cursor"]:
                yield Asked(f"{who} GET {path}?{name}=", partial(_listed, client, path, name))


def _of_the_admin(client: Client) -> Iterator[Asked]:
    for path, _ in _patterns(get_resolver().url_patterns):
        if not path.startswith("admin/"):
            continue
        if path.count("<") == 1:
            for method in ("GET", "POST"):
                yield Asked(f"staff {method} {path}", partial(_request, client, method, path))
        elif "<" not in path and path.count("/") == "admin/room/model/".count("/"):
            yield Asked(f"staff search {path}", partial(_searched, client, path))


def _of_raw_sql(by: User) -> Iterator[Asked]:
    for role in ("api", "staff"):
        for table in TENANT_TABLES:
            yield Asked(f"SELECT as {role} {table}", partial(_selected, role, by, table, {}))


def _request(client: Client, method: str, path: str, wanted: str) -> Answer:
    where = "/" + re.sub(r"<[^>]+>", wanted, path)
    if method == "GET":
        return _said(client.get(where), wanted)
    body = {"reason": "Asked from another tenant."}
    if path.startswith("admin/"):
        return _said(client.post(where, body), wanted)
    sent: Any = getattr(client, method.lower())
    return _said(sent(where, body, content_type="application/json", headers={"If-Match": "*"}), wanted)


def _listed(client: Client, path: str, name: str, wanted: str) -> Answer:
    answer = client.get(f"/{path}", {name: wanted})
    return (*_said(answer, wanted), len(answer.json().get("results", ())))


def _searched(client: Client, path: str, wanted: str) -> Answer:
    answer: Any = client.get(f"/{path}", {"q": wanted})
    return (answer.status_code, getattr((answer.context or {}).get("cl"), "result_count", None))


def _propose(client: Client, wanted: str) -> Answer:
    body = {
        "symbol": "BORROWED",
        "type": "technology",
        "title": "Will it be seen?",
        "resolution_criteria": "It is seen.",
        "closes_at": "2027-12-31T23:59:00.000000Z",
        "snapshot_ids": [wanted],
        "producer": "probe",
        "schema_version": "v1",
        "safety_assertions": ["no-seed-data", "requires-human-approval"],
    }
    return _said(client.post("/api/v1/proposals", body, content_type="application/json"), wanted)


def _selected(role: str, by: User, table: str, copied: dict[str, bytes], wanted: str) -> Answer:
    if "all" not in copied:
        copied["all"] = _copied(role, by, table)
    return (wanted.encode() in copied["all"],)


def _copied(role: str, by: User, table: str) -> bytes:
    with unit(role, tenant=by.tenant_id, actor=by.pk), connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'SELECT')", [table])
        if cursor.fetchone() != (True,):
            return b""
        with cursor.copy(f"COPY {table} TO STDOUT") as rows:
            return b"".join(bytes(row) for row in rows)


def _said(answer: HttpResponseBase, wanted: str) -> Answer:
    text = getattr(answer, "content", b"").decode(errors="replace").replace(wanted, "")
    kept = {name: answer.headers.get(name) for name in ("Content-Type", "Allow", "Location")}
    return (answer.status_code, PASSING.sub("", text), PASSING.sub("", json.dumps(kept).replace(wanted, "")))


def _filters(view: type[ListView]) -> list[str]:
    filters: Any = view.filters
    return list(getattr(filters, "base_filters", None) or filters().fields)


def _views() -> Iterator[tuple[str, type[ApiView]]]:
    for path, pattern in _patterns(get_resolver().url_patterns):
        view = getattr(pattern.callback, "cls", None)
        if isinstance(view, type) and issubclass(view, ApiView) and not view.public:
            yield path, view


def _patterns(found: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in found:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _patterns(pattern.url_patterns, path)
        elif "(" not in path:
            yield path, pattern


def _key_of(table: str) -> str:
    ((name,),) = every(
        "SELECT a.attname FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid "
        "AND a.attnum = ANY (x.indkey) WHERE x.indisprimary AND x.indrelid = %s::regclass",
        table,
    )
    return str(name)
