"""Something of one tenant's in every table."""

from __future__ import annotations

from core.access import signing_keys
from tests.audit import traces
from tests.events import leave_events
from tests.factories import World, acting, make_key, open_market
from tests.markets.life.changing import live_through
from tests.raw import run

PUBLISH = "INSERT INTO events (tenant_id, market_id, summary, snapshot_ids) VALUES (%s, %s, 'The capsule has launched.', %s)"
KEPT = (
    "INSERT INTO idempotency_keys (tenant_id, principal_id, method, path, key, payload_digest, status_code, body) "
    "VALUES (%s, %s, 'POST', '/', 'a', sha256(''), 200, '')"
)


def leave_everything(world: World) -> None:
    """Let acme do all there is to do, once."""
    traces.claim(world)
    market = open_market(world.proposal, world.grace)
    run(PUBLISH, world.acme.pk, market.pk, [world.evidence.snapshot_id])
    make_key(world.vera)
    run("SELECT take_token(%s, 'writes')", world.scout.pk)
    run(KEPT, world.acme.pk, world.scout.pk)
    with acting(world.grace, "staff"):
        signing = signing_keys.issue_hmac(world.scout, label="server", by=None)[0]
    run("SELECT take_nonce(%s, 'a')", signing.pk)
    run("INSERT INTO jobs (tenant_id, job_type, idempotency_key) VALUES (%s, 'a', 'b')", world.acme.pk)
    run("INSERT INTO job_events (tenant_id, job_id, event_type) SELECT tenant_id, job_id, 'made' FROM jobs")
    traces.leave_all(world)
    leave_events(world, market)
    live_through(market, world)
