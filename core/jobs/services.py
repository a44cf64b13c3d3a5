"""What is done again and again beside the jobs: rooms register it in `AppConfig.ready`, a keeper does it."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass

from django.db import Error as DatabaseFailure
from django.db import connection

from core.database.unit import unit

logger = logging.getLogger("xmarket.services")
_known: dict[str, Service] = {}


@dataclass(frozen=True)
class Service:
    """Something that is done every so many seconds, each time in a unit.

    :ivar tick: does it, and answers what a person would like to read of it, or None. Every keeper of every
        host does it: what must be done by one alone takes a lock.
    :ivar every: seconds from one end to the next beginning.
    :ivar opens_units: whether it opens its own, because it needs several, or waits for somebody outside
        between them.
    """

    name: str
    tick: Callable[[], object]
    every: float
    opens_units: bool = False


def register(name: str, tick: Callable[[], object], *, every: float, opens_units: bool = False) -> None:
    """Have something done every so many seconds, by every keeper."""
    _known[name] = Service(name, tick, every, opens_units)


def every() -> list[Service]:
    """All of them."""
    return list(_known.values())


def run(is_asked: Callable[[], bool]) -> None:
    """Do all of them until asked to stop, each in a thread of its own."""
    stopping = threading.Event()
    threads = [threading.Thread(target=_repeat, args=(service, stopping), daemon=True) for service in every()]
    for thread in threads:
        thread.start()
    while not is_asked():
        time.sleep(0.1)
    stopping.set()
    for thread in threads:
        thread.join(10)


def once(service: Service) -> object:
    """Do it once, in a unit; None where it failed, which is logged."""
    try:
        with nullcontext() if service.opens_units else unit("worker"):
            said = service.tick()
    except Exception as error:
        # the next time may go better, and the other services go on
        logger.exception("%s failed: %s", service.name, str(error).split("\n", 1)[0])
        with suppress(DatabaseFailure):
            connection.close()
        return None
    if said:
        logger.info("%s: %s", service.name, said, extra={"service": service.name})
    return said


def _repeat(service: Service, stopping: threading.Event) -> None:
    while not stopping.is_set():
        once(service)
        stopping.wait(service.every)
    with suppress(DatabaseFailure):
        connection.close()
