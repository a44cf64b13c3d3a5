"""The sealer, for tests that share a cluster: it waits for every transaction of the cluster, also of theirs."""

from __future__ import annotations

import time

from audit.models import AuditEvent
from audit.sealing import sealer
from audit.sealing.models import Seal
from core.database.unit import unit

# many tests at once hold transactions for long
WITHIN = 180.0
GLANCE = 0.02


def seal_everything(most: int = sealer.MOST_AT_ONCE) -> int:
    """Seal until every row is, and say how many that were in all."""
    until, rows = time.monotonic() + WITHIN, 0
    while Seal.objects.get().size < AuditEvent.objects.count():
        with unit("worker"):
            done = sealer.seal(most)
        rows += done.rows if done else 0
        assert time.monotonic() < until, "another transaction of the cluster does not end"
        if not done or not done.rows:
            time.sleep(GLANCE)
    return rows
