"""Who asks, as the database knows them, and how long a process remembers that.

What is remembered for five seconds is whose key it is, the role of a person, the scopes, and what it must
sign with: a role that was taken away still holds for as long. Whether key, user and tenant are live is asked
each time.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from core.access import permissions

EVERYTHING = "*"
SECONDS = 5.0
MOST = 10_000


@dataclass(frozen=True)
class Principal:
    """What the database knows of a key that was shown to it, or that signed.

    :ivar policy: what requests of this principal must be signed with: `none`, `hmac` or `ed25519`.
    """

    key_id: UUID
    user_id: UUID
    tenant_id: UUID
    kind: str
    role: str | None
    scopes: tuple[str, ...]
    state: str
    policy: str

    def holds(self, permission: str) -> bool:
        """Whether its kind and role reach a permission."""
        return permissions.allows(permission, kind=self.kind, role=self.role)

    def covers(self, permission: str) -> bool:
        """Whether its key is good for a permission."""
        return EVERYTHING in self.scopes or permission in self.scopes


class Remembered:
    """The principals that a process found a moment ago, by the sha256 of their keys; never the keys."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._found: OrderedDict[bytes, tuple[float, Principal]] = OrderedDict()

    def get(self, digest: bytes) -> Principal | None:
        """The principal of this key, where it was found less than five seconds ago."""
        with self._lock:
            until, principal = self._found.get(digest, (0.0, None))
        return principal if until > self._clock() else None

    def put(self, digest: bytes, principal: Principal) -> None:
        """Remember it, and forget the oldest where there are too many."""
        with self._lock:
            self._found.pop(digest, None)
            self._found[digest] = (self._clock() + SECONDS, principal)
            while len(self._found) > MOST:
                self._found.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._found.clear()


REMEMBERED = Remembered()
