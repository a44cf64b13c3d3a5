"""What a list and a row cost through our API, beside two peers, in one run.

Every side serves the same rows, the same fields and pages of 50 from the same database, with two worker
processes, and asks for a key. Ours finds the key as in production and keeps all that the product promises:
unit, role, tenant, row-level security, request id, log line, headers. The asynchronous peer remembers a key
for five seconds, the stock peer asks the database for it with each request. Sixteen connections are kept
busy by one generator (`bench.load`), in turns.
"""

from __future__ import annotations

import json
from contextlib import ExitStack
from http.client import HTTPConnection
from typing import Any

from bench import filling, serving
from bench.database import own_database
from bench.figures import Figure, median_figure
from bench.load import HOST, Load
from tests.factories import make_key, make_world

ROUNDS = 5
SECONDS = 2.0
COUNT = 100_000
LIST = "/api/v1/audit-events"


def against(
    rates: dict[str, list[float]],
    peer: str,
    id: str,  # noqa: A002 - what it is
    name: str,
    *,
    target: float,
) -> Figure:
    """How many times as many requests as the peer ours answers."""
    pairs = zip(rates["ours"], rates[peer], strict=True)
    return median_figure(
        id, name, [mine / theirs for mine, theirs in pairs], target=target, unit="x", is_least=True
    )


def rates_of(sides: tuple[str, ...], what: str) -> dict[str, list[float]]:
    """Requests per second of each side, round by round.

    :param what: `list` or `detail`.
    """
    serve = {"ours": serving.ours, "asynchronous": serving.asynchronous, "stock": serving.stock}
    with own_database("xm_bench") as database, ExitStack() as held:
        world = make_world()
        key = make_key(world.scout)
        filling.fill(database, COUNT, [world.acme.pk], world.scout.pk)
        ports = {side: held.enter_context(serve[side](database)) for side in sides}
        pages = {side: _asked(port, LIST, key) for side, port in ports.items()}
        _agree(pages)
        rows = [f"{LIST}/{row['audit_id']}" for row in pages["ours"]["results"]]
        paths = [LIST] if what == "list" else rows
        loads = {side: Load(port, paths, key, SECONDS) for side, port in ports.items()}
        for load in loads.values():
            load.run()
        rates = {side: [0.0] * ROUNDS for side in sides}
        for number in range(ROUNDS):
            for side, load in loads.items():
                rates[side][number] = load.run()
    for side, seen in rates.items():
        print(f"    {side} {what}: {sorted(seen)[ROUNDS // 2]:.0f} requests/s", flush=True)
    return rates


def _asked(port: int, path: str, key: str) -> Any:
    asking = HTTPConnection(HOST, port, timeout=10)
    asking.request("GET", path, headers={"Authorization": f"Bearer {key}"})
    response = asking.getresponse()
    body = response.read()
    assert response.status == 200, body[:500]
    asking.close()
    return json.loads(body)


def _agree(pages: dict[str, Any]) -> None:
    ours = pages["ours"]["results"]
    assert len(ours) == 50
    for side, page in pages.items():
        assert [row["audit_id"] for row in page["results"]] == [row["audit_id"] for row in ours], side
        assert page["results"][0].keys() >= ours[0].keys() - {"actor_id"}, (side, page["results"][0].keys())
        assert page["next"]
