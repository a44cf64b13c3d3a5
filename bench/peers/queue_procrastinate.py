"""procrastinate, as its documentation uses it: a pool of psycopg's, one job at a time in each worker."""

from __future__ import annotations

import asyncio
import logging
import os

import procrastinate

from bench.peers import contest

logging.disable(logging.WARNING)
URL = os.environ["PEER_DATABASE_URL"]
asking = procrastinate.App(connector=procrastinate.SyncPsycopgConnector(conninfo=URL))
working = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=URL))


@asking.task(name="noop")
def noop() -> None:
    """Do nothing."""


@working.task(name="noop")
async def work_noop() -> None:
    """Do nothing, in the worker."""


def prepare() -> None:
    """Make the tables."""
    with asking.open():
        asking.schema_manager.apply_schema()


def enqueue(jobs: int) -> float:
    """Ask for one job after the other."""
    with asking.open():
        return contest.rate(lambda _: noop.defer(), jobs)


def bulk(jobs: int, at_once: int) -> float:
    """Ask for many at once."""
    wanted: list[dict[str, object]] = [{}] * at_once
    with asking.open():
        return contest.rate(lambda _: noop.batch_defer(*wanted), jobs // at_once, each=at_once, warm_up=1)


def work(at_once: int) -> None:
    """Do what there is."""

    async def drained() -> None:
        async with working.open_async():
            contest.wait_for_the_start()
            await working.run_worker_async(concurrency=at_once, wait=False, delete_jobs="never")

    asyncio.run(drained())


if __name__ == "__main__":
    contest.attend({"prepare": prepare, "enqueue": enqueue, "bulk": bulk, "fill": bulk, "work": work})
