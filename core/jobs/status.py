"""How the engine is doing: a line for a person, and figures for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import Error as DatabaseFailure
from django.db import connection
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily

from core.database.unit import unit
from core.jobs import gauges

SAID_EVERY = 5.0
LOOPBACK = "127.0.0.1"
# the parts of the table that partial indexes know
STANDING = """
    SELECT count(*) FILTER (WHERE status <> 'processing' AND next_attempt_at <= now_is),
           count(*) FILTER (WHERE status <> 'processing' AND next_attempt_at > now_is),
           count(*) FILTER (WHERE status = 'processing'),
           (SELECT count(*) FROM jobs WHERE status = 'dlq'),
           COALESCE(extract(epoch FROM now_is - min(next_attempt_at)
                    FILTER (WHERE status <> 'processing' AND next_attempt_at <= now_is)), 0),
           count(*) FILTER (WHERE status = 'processing' AND lease_until < now_is)
    FROM (SELECT clock_timestamp() AS now_is) moment
    LEFT JOIN jobs ON status IN ('pending', 'retry') OR status = 'processing' GROUP BY now_is
"""
FIGURES = {
    "due": "Jobs that may begin now.",
    "later": "Jobs whose time has not come.",
    "running": "Jobs that a worker has.",
    "dlq": "Jobs that ran out of attempts.",
    "oldest_due_seconds": "How long the oldest job has been due.",
    "lost": "Jobs of workers that stopped answering.",
}


def standing() -> dict[str, float]:
    """How many jobs of all tenants are in which state, in a unit of its own."""
    with unit("worker"), connection.cursor() as cursor:
        cursor.execute(STANDING)
        return dict(zip(FIGURES, (float(value) for value in cursor.fetchone()), strict=True))


def line() -> str:
    """The same for a person."""
    try:
        now = standing()
    except DatabaseFailure:
        return "The database does not answer; the work goes on once it does."
    oldest = f", the oldest for {now['oldest_due_seconds']:.0f} s" if now["due"] else ""
    return (
        f"running {now['running']:.0f}, due {now['due']:.0f}{oldest}, later {now['later']:.0f}, "
        f"out of attempts {now['dlq']:.0f}"
    )


def counted(outcomes: Mapping[str, int]) -> str:
    """What became of some attempts."""
    return (
        ", ".join(f"{number} {outcome}" for outcome, number in sorted(outcomes.items())) or "Nothing was due."
    )


def serve_metrics(port: int) -> None:
    """Answer Prometheus on loopback, reading the table each time it asks."""
    registry = CollectorRegistry()
    registry.register(_Standing())
    registry.register(_Registered())
    start_http_server(port, addr=LOOPBACK, registry=registry)


class _Standing:
    """Reads the figures when they are asked for."""

    def collect(self) -> Iterator[Any]:
        """Give each as a gauge."""
        for name, value in standing().items():
            yield GaugeMetricFamily(f"xmarket_jobs_{name}", FIGURES[name], value=value)


class _Registered:
    """Reads what rooms registered, when it is asked for."""

    def collect(self) -> Iterator[Any]:
        """Give each as a gauge, those of one name together."""
        with unit("worker"):
            known = list(gauges.now())
        families: dict[str, GaugeMetricFamily] = {}
        for gauge in known:
            family = GaugeMetricFamily(gauge.name, gauge.meaning, labels=list(gauge.labels))
            families.setdefault(gauge.name, family).add_metric(list(gauge.labels.values()), gauge.value)
        yield from families.values()
