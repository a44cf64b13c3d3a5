"""Sends requests: signed, once however often it has to try, and with errors that have a name."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from xmarket_client.errors import ApprovalTimedOut, Unreachable, refusal_of
from xmarket_client.signing import Credential

WAITED_FOR = (429, 503)
CONFLICT, IN_FLIGHT = 409, "request_is_in_flight"
SAFE = ("GET", "HEAD")
LONGEST_PAUSE = 30.0
FIRST_LOOK, SLOWEST_LOOK, SLOWER = 1.0, 15.0, 1.5
UNDECIDED = "proposed"


class Client:
    """Talks to one server as one principal.

    :param base_url: such as `https://xmarket.example.org`.
    :param credential: `ApiKey`, `HmacKey` or `Ed25519Key`.
    :param attempts: how often a request is sent at most.
    :param transport: another way to the server, for tests.
    :param sleep: waits for so many seconds; `clock` counts them.
    """

    def __init__(
        self,
        base_url: str,
        credential: Credential,
        *,
        attempts: int = 4,
        timeout: float = 30.0,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.credential = credential
        self.attempts = attempts
        self._sleep, self._clock = sleep, clock
        self._http = httpx.Client(base_url=base_url, timeout=timeout, transport=transport, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, **query: str) -> Any:
        """Read what is at an address, such as `/api/v1/markets`."""
        return self.send("GET", path, query=query).json()

    def post(self, path: str, body: dict[str, Any], *, idempotency_key: str | None = None) -> Any:
        """Send a body, once: every attempt carries the same Idempotency-Key.

        :param idempotency_key: one's own, to be safe beyond this process as well; else a fresh one.
        """
        return self.send("POST", path, body=body, idempotency_key=idempotency_key or str(uuid4())).json()

    def propose(self, proposal: dict[str, Any], *, idempotency_key: str | None = None) -> dict[str, Any]:
        """Put a market before the people who may approve it, and return the proposal."""
        return dict(self.post("/api/v1/proposals", proposal, idempotency_key=idempotency_key))

    def wait_for_approval(self, proposal_id: str, timeout: float) -> dict[str, Any]:
        """Wait until people have decided, asking ever more rarely.

        :param timeout: how many seconds to wait at most.
        :returns: the proposal, whose `status` says what they decided.
        :raises ApprovalTimedOut: when nobody did in time.
        """
        until, pause = self._clock() + timeout, FIRST_LOOK
        while True:
            found: dict[str, Any] = self.get(f"/api/v1/proposals/{proposal_id}")
            if found["status"] != UNDECIDED:
                return found
            left = until - self._clock()
            if left <= 0:
                raise ApprovalTimedOut(f"Nobody decided on proposal {proposal_id} within {timeout:.0f} s.")
            self._sleep(min(pause, left))
            pause = min(pause * SLOWER, SLOWEST_LOOK)

    def send(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
        idempotency_key: str | None = None,
    ) -> httpx.Response:
        """Send a request until it is answered, with a fresh signature each time.

        What failed on the way is sent again only where that cannot do anything twice: reading, and whatever
        carries an Idempotency-Key.

        :raises Unreachable: when no attempt was answered.
        :raises Refused: one of its kinds, when the answer is a refusal.
        """
        content, headers = _written(body, idempotency_key)
        may_repeat = method in SAFE or idempotency_key is not None
        for attempt in range(1, self.attempts + 1):
            is_last = attempt == self.attempts or not may_repeat
            request = self._http.build_request(
                method, path, params=query or None, content=content, headers=headers
            )
            try:
                response = self._signed_and_sent(request)
            except httpx.TransportError as error:
                if is_last:
                    raise Unreachable(f"{method} {path}: {str(error) or type(error).__name__}") from error
                self._sleep(_backoff(attempt))
                continue
            if response.is_success:
                return response
            if is_last or not _is_worth_waiting(response):
                raise refusal_of(response)
            self._sleep(_asked_to_wait(response, attempt))
        raise ValueError("attempts is at least 1")

    def _signed_and_sent(self, request: httpx.Request) -> httpx.Response:
        self.credential.sign(request)
        return self._http.send(request)


def _written(body: dict[str, Any] | None, idempotency_key: str | None) -> tuple[bytes | None, dict[str, str]]:
    headers = {"Accept": "application/json"}
    if idempotency_key:
        headers["Idempotency-Key"] = idempotency_key
    if body is None:
        return None, headers
    return json.dumps(body).encode(), headers | {"Content-Type": "application/json"}


def _is_worth_waiting(response: httpx.Response) -> bool:
    # one's own earlier attempt may still be answered
    is_in_flight = response.status_code == CONFLICT and refusal_of(response).code == IN_FLIGHT
    return response.status_code in WAITED_FOR or is_in_flight


def _backoff(attempt: int) -> float:
    return min(2.0 ** (attempt - 2), LONGEST_PAUSE)


def _asked_to_wait(response: httpx.Response, attempt: int) -> float:
    """Seconds to wait: what Retry-After says, within reason, else ever longer."""
    said = response.headers.get("Retry-After", "")
    if said.isascii() and said.isdecimal():
        return min(float(said), LONGEST_PAUSE)
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return _backoff(attempt)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max((moment - datetime.now(UTC)).total_seconds(), 0.0), LONGEST_PAUSE)
