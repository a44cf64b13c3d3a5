"""How many requests: hard quotas that the database counts, and a soft limit in each process against floods.

A hard quota is a token taken in the transaction of the write; a write that is refused gives it back. The soft
limit is taken before anything is asked of the database, and is not given back.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection

from core.access.refusals import AgentsArePaused, NotEntitled
from core.web.problems import TooManyRequests

MINUTE = 60.0
MOST = 10_000


@dataclass(frozen=True)
class Quota:
    """What is left of one hard quota, for the headers of the answer."""

    kind: str
    per_minute: int
    remaining: int
    seconds: int

    def headers(self) -> dict[str, str]:
        """As draft-ietf-httpapi-ratelimit-headers names them."""
        return {
            "RateLimit-Policy": f'"{self.kind}";q={self.per_minute};w={int(MINUTE)}',
            "RateLimit": f'"{self.kind}";r={self.remaining};t={self.seconds}',
        }


def take(user_id: UUID, kinds: Iterable[str]) -> Quota:
    """Take a token of each kind, in the unit of the write; what is refused here is undone with it.

    :param kinds: of `core.access.entitlements`; the last one is the one that is told.
    :raises TooManyRequests: with the seconds until there is a token again.
    :raises NotEntitled: for whoever is entitled to no write at all.
    :raises AgentsArePaused: for agents and services while people have stopped them.
    """
    for kind in kinds:
        with connection.cursor() as cursor:
            cursor.execute("SELECT said, quota, remaining, seconds FROM take_token(%s, %s)", [user_id, kind])
            said, per_minute, remaining, seconds = cursor.fetchone()
        if said == "paused":
            raise AgentsArePaused
        if said == "not_entitled":
            raise NotEntitled(entitlement=kind)
        quota = Quota(kind, per_minute, remaining, seconds or math.ceil(MINUTE / per_minute))
        if said != "taken":
            raise TooManyRequests(retry_after=seconds, quota=quota.kind, headers=quota.headers())
    return quota


class SoftLimit:
    """So many requests a minute for each name, counted in this process alone."""

    def __init__(self, per_minute: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        """Count by a clock.

        :param per_minute: asked each time; 0 means no limit.
        """
        self._per_minute = per_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[Any, tuple[float, float]] = OrderedDict()

    def take(self, name: Any) -> None:
        """Count one request.

        :raises TooManyRequests: when there were too many.
        """
        per_minute = self._per_minute()
        if per_minute <= 0:
            return
        with self._lock:
            left = self._standing(name, per_minute)
            if left >= 1:
                self._left[name] = (left - 1, self._clock())
                while len(self._left) > MOST:
                    self._left.popitem(last=False)
                return
        raise TooManyRequests(retry_after=max(1, math.ceil((1 - left) * MINUTE / per_minute)))

    def look(self, name: Any) -> None:
        """Refuse whom `take` would refuse, and count nothing.

        :raises TooManyRequests: when there were too many.
        """
        per_minute = self._per_minute()
        with self._lock:
            left = self._standing(name, per_minute) if per_minute > 0 else 1.0
        if left < 1:
            raise TooManyRequests(retry_after=max(1, math.ceil((1 - left) * MINUTE / per_minute)))

    def clear(self) -> None:
        """Forget every count."""
        with self._lock:
            self._left.clear()

    def _standing(self, name: Any, per_minute: int) -> float:
        left, since = self._left.get(name, (float(per_minute), self._clock()))
        return min(float(per_minute), left + (self._clock() - since) * per_minute / MINUTE)


PRINCIPALS = SoftLimit(lambda: settings.API_REQUESTS_PER_MINUTE)
# whoever shows no live key, by address: guessing is slow
STRANGERS = SoftLimit(lambda: settings.API_STRANGERS_PER_MINUTE)
