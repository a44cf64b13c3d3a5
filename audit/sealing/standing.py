"""How the log stands: how much is sealed, what waits and since when, and whether sealing has stopped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from audit.sealing import publishing
from core.jobs.gauges import Gauge

# further than this nobody counts what waits
MOST = 10_000
# the slowest sealer seals every ten seconds
STOPPED_AFTER = 60.0


@dataclass(frozen=True)
class Standing:
    """How the log stood at a moment.

    :ivar size: how many facts are sealed.
    :ivar unsealed: how many wait, counted to `MOST`.
    :ivar is_more: that more than these wait.
    :ivar lag_seconds: for how long the oldest of them has waited; 0 where none does.
    :ivar sealed_at: when the newest checkpoint was signed; None before the first.
    :ivar age_seconds: how long that is ago.
    :ivar holders: who keeps checkpoints outside the database, and how far each is.
    """

    size: int
    unsealed: int
    is_more: bool
    lag_seconds: float
    sealed_at: datetime | None
    age_seconds: float | None
    holders: Sequence[publishing.Standing] = ()

    @property
    def has_stopped(self) -> bool:
        """Whether a fact waits for longer than it should, and nothing else was sealed meanwhile.

        A transaction that took long brings facts that are old when they appear; they alone alarm nobody.
        """
        since = self.lag_seconds if self.age_seconds is None else self.age_seconds
        return min(self.lag_seconds, since) > STOPPED_AFTER


def standing() -> Standing:
    """How the log stands now, over all tenants, in this unit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM log_standing(%s)", [MOST + 1])
        size, unsealed, lag, sealed_at, age = cursor.fetchone()
    # clocks of one server may step back
    age = None if age is None else max(age, 0.0)
    holders = publishing.standing()
    return Standing(size or 0, min(unsealed, MOST), unsealed > MOST, max(lag, 0.0), sealed_at, age, holders)


def gauges() -> Iterator[Gauge]:
    """The same for Prometheus; of a checkpoint that is not there, there is no age."""
    now = standing()
    yield Gauge("xmarket_log_size", "Facts under the newest checkpoint.", now.size)
    yield Gauge("xmarket_log_unsealed_rows", f"Facts that wait, counted to {MOST}.", now.unsealed)
    yield Gauge(
        "xmarket_log_seal_lag_seconds", "How long the oldest unsealed fact has waited.", now.lag_seconds
    )
    if now.age_seconds is not None:
        yield Gauge(
            "xmarket_log_checkpoint_age_seconds", "How old the newest checkpoint is.", now.age_seconds
        )
    for holder in now.holders:
        yield from _of_holder(holder)


def _of_holder(holder: publishing.Standing) -> Iterator[Gauge]:
    who = {"holder": holder.name}
    yield Gauge("xmarket_log_holder_size", "Facts under the newest checkpoint it keeps.", holder.size, who)
    yield Gauge("xmarket_log_holder_behind_rows", "Sealed facts it has no checkpoint of.", holder.behind, who)
    yield Gauge("xmarket_log_holder_failures", "How often in a row it took none.", holder.failures, who)
    if holder.age_seconds is not None:
        yield Gauge(
            "xmarket_log_holder_age_seconds", "How long ago it took the newest.", holder.age_seconds, who
        )
