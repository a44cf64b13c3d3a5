"""P22: what the smallest governed write costs through the API, beside its own SQL by PostgreSQL's pgbench.

The write is keeping a piece of evidence: its content, its row, and the audit row that a trigger writes. The
statements are those that the verb sends in its unit: they are logged once, the address and the digest are
made new each time, and pgbench replays them, prepared. Through the API as many requests wait as pgbench has
clients; the verb alone runs in one process beside one client.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterator

from django.conf import settings
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from artifacts import snapshots
from bench import pgbench, serving
from bench.database import own_database
from bench.figures import Figure, median_figure
from bench.load import Load
from core.access import entitlements
from core.access.models import User
from core.database.unit import unit
from core.management.commands.demo_accounts import PLENTY
from tests.factories import as_staff, make_key, make_world

ROUNDS = 5
SECONDS = 2
CLIENTS = 8
WHERE = "https://bench.example/page"
BODY = '{"url": "https://bench.example/{n}", "content_type": "text/html", "body": "<p>Evidence {n}.</p>"}'


def measure() -> Iterator[Figure]:
    """Measure both in turns with their own floor."""
    with own_database("xm_bench") as database:
        world = make_world()
        key = make_key(world.scout)
        with as_staff(world.grace):
            entitlements.entitle(
                world.scout, by=None, reason="A bench.", **{**PLENTY, "writes_per_minute": 10**9}
            )
        _as_served()
        script = _replayed(world.scout)
        with serving.ours(database, workers=os.cpu_count() or 1) as port:
            load = Load(port, ["/api/v1/snapshots"], key, SECONDS, "POST", BODY, connections=CLIENTS)
            load.run()
            through = [load.run() / _floor(database, script, CLIENTS) for _ in range(ROUNDS)]
        alone = [_verb(world.scout) / _floor(database, script, 1) for _ in range(ROUNDS)]
    name = "write with its audit row vs pgbench's same statements"
    yield median_figure("P22", f"{name}, through the API", through, target=0.17, unit="x", is_least=True)
    yield median_figure("P22", f"{name}, the verb alone", alone, target=0.25, unit="x", is_least=True)


def _as_served() -> None:
    """Come as the login of a process, which takes its role in each unit."""
    connections.close_all()
    known = connections["default"].settings_dict
    known["USER"] = f"{settings.DB_ROLE_PREFIX}app"
    known["OPTIONS"] = {name: value for name, value in known["OPTIONS"].items() if name != "assume_role"}


def _kept(scout: User, url: str, body: bytes) -> None:
    with unit("api", tenant=scout.tenant_id, actor=scout.pk, ip="203.0.113.7", user_agent="bench"):
        snapshots.ingest(url, body, content_type="text/html", by=scout)


def _replayed(scout: User) -> str:
    """The statements of one write as a script of pgbench, each time about another content."""
    body = b"<p>Evidence 1700000000000000000-0.</p>"
    with CaptureQueriesContext(connection) as captured:
        _kept(scout, WHERE, body)
    digest = hashlib.sha256(body).hexdigest()
    fresh = "sha256(convert_to(:n::text, 'UTF8'))"
    statements = [str(query["sql"]) for query in captured.captured_queries]
    script = ";\n".join(statements) + ";\n"
    assert digest in script
    assert statements[0] == "BEGIN"
    script = pgbench.escaped(script)
    script = script.replace(f"'{WHERE}'", f"('{WHERE}' || :n::text)")
    script = script.replace(f"'sha256/{digest}'", f"'sha256/' || encode({fresh}, 'hex')")
    script = re.sub(rf"'\\+x{digest}'(::bytea)?", fresh, script)
    assert digest not in script, script
    return f"\\set n random(1, 1000000000000000)\n{script}"


def _floor(database: str, script: str, clients: int) -> float:
    login = f"{settings.DB_ROLE_PREFIX}app"
    return pgbench.rate(script, database, seconds=SECONDS, clients=clients, login=login)


def _verb(scout: User) -> float:
    began, written = time.perf_counter(), 0
    while time.perf_counter() - began < SECONDS:
        now = time.time_ns()
        _kept(scout, f"https://bench.example/{now}", f"<p>Evidence {now}.</p>".encode())
        written += 1
    return written / (time.perf_counter() - began)
