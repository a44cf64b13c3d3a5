"""Celery on Redis, so that it loses no job either: acknowledged once done, each word of Redis on disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import redis
from celery import Celery
from celery.signals import worker_process_shutdown

from bench.peers import contest

SOCKET = os.environ["PEER_REDIS"]
TOLD, CARELESS = "PEER_TOLD", "PEER_IS_CARELESS"
WITHIN = 120.0
app = Celery("bench.peers.queue_celery", broker=f"redis+socket://{SOCKET}")
app.conf.update(
    task_ignore_result=True,
    task_acks_late=os.environ.get(CARELESS) is None,
    worker_hijack_root_logger=False,
    broker_connection_retry_on_startup=True,
)
seen: dict[str, float] = {}


@app.task(name="noop")
def noop() -> None:
    """Do nothing but look at the clock."""
    seen["last"] = time.time()
    seen.setdefault("first", seen["last"])
    seen["done"] = seen.get("done", 0) + 1


@worker_process_shutdown.connect
def tell(**_: Any) -> None:
    """Write down what this process did."""
    if seen:
        said = f"{seen['done']} {seen['first']} {seen['last']}"
        (Path(os.environ[TOLD]) / str(os.getpid())).write_text(said)


def drain(jobs: int, workers: int) -> float:
    """Do so many jobs with so many processes; from the first to begin to the last."""
    broker = redis.Redis(unix_socket_path=SOCKET)
    broker.flushall()
    # only what is measured waits for the disk
    broker.config_set("appendfsync", "no")
    for _ in range(jobs):
        noop.delay()
    broker.config_set("appendonly", "no" if CARELESS in os.environ else "yes")
    broker.config_set("appendfsync", "always")
    with tempfile.TemporaryDirectory() as told:
        words = [
            "-m",
            "celery",
            "-A",
            "bench.peers.queue_celery",
            "worker",
            "-c",
            str(workers),
            "-P",
            "prefork",
        ]
        words += ["-l", "CRITICAL", "--without-gossip", "--without-mingle", "--without-heartbeat"]
        worker = subprocess.Popen([sys.executable, *words], env={**os.environ, TOLD: told})
        until = time.monotonic() + WITHIN
        while broker.llen("celery") or broker.hlen("unacked"):
            assert worker.poll() is None and time.monotonic() < until, "Celery did not end."  # noqa: PT018
            time.sleep(0.1)
        time.sleep(0.5)
        worker.send_signal(signal.SIGTERM)
        worker.wait()
        processes = [[float(word) for word in path.read_text().split()] for path in Path(told).iterdir()]
    assert sum(done for done, _, _ in processes) >= jobs, processes
    return jobs / (max(last for _, _, last in processes) - min(first for _, first, _ in processes))


def drain_carelessly(jobs: int, workers: int) -> float:
    """The same as it comes: acknowledged before it is done, and kept in memory alone."""
    os.environ[CARELESS] = "yes"
    return drain(jobs, workers)


if __name__ == "__main__":
    contest.attend({"drain": drain, "drain_carelessly": drain_carelessly})
