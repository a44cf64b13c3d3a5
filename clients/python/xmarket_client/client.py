"""Sends requests: signed, once however often it has to try, and with errors that have a name."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import httpx

from xmarket_client.errors import (
    ApprovalTimedOut,
    JobTimedOut,
    NotAllowed,
    NotFound,
    Unavailable,
    Unreachable,
    refusal_of,
)
from xmarket_client.signing import Credential, HmacKey

WAITED_FOR = (429, 503)
CONFLICT, IN_FLIGHT = 409, "request_is_in_flight"
SAFE = ("GET", "HEAD")
ELSEWHERE, NOT_MODIFIED = 307, 304
TAKEN_ALONG = ("Accept", "If-None-Match")
LONGEST_PAUSE = 30.0
FIRST_LOOK, SLOWEST_LOOK, SLOWER = 1.0, 15.0, 1.5
UNDECIDED, OPEN = "proposed", "open"
UNDONE = ("pending", "processing", "retry")
# the server waits a minute at most, and does not answer sooner unless the work has ended
LONGEST_WAIT, ANSWERED_WITHIN = 60, 15.0
NOT_SERVED = "waiting_is_not_served"


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

    def propose_event(self, event: dict[str, Any], *, idempotency_key: str | None = None) -> dict[str, Any]:
        """Put an event before the people who may approve it, and return it as it was proposed.

        :returns: `status` is `processed`, and `event_id` names the event, where a policy let it out at once.
        """
        return dict(self.post("/api/v1/candidate-events", event, idempotency_key=idempotency_key))

    def propose_change(
        self, market_id: str, kind: str, change: dict[str, Any], *, idempotency_key: str | None = None
    ) -> dict[str, Any]:
        """Put a change of a market before the people who may approve it, and return the proposal.

        :param kind: `amendments`, `resolutions`, `voids` or `reopenings`.
        :param change: with `base_digest`, the market's `content_digest` as it was read.
        """
        path = f"/api/v1/markets/{market_id}/{kind}"
        return dict(self.post(path, change, idempotency_key=idempotency_key))

    def dispute(
        self, market_id: str, dispute: dict[str, Any], *, idempotency_key: str | None = None
    ) -> dict[str, Any]:
        """Dispute the resolution of a market with evidence, and return the dispute."""
        path = f"/api/v1/markets/{market_id}/disputes"
        return dict(self.post(path, dispute, idempotency_key=idempotency_key))

    def wait_for_approval(self, proposal_id: str, timeout: float) -> dict[str, Any]:
        """Wait until people have decided: told at once by a server that waits, else by asking.

        :param timeout: how many seconds to wait at most; signed by HMAC, whole minutes.
        :returns: the proposal, whose `status` says what they decided.
        :raises ApprovalTimedOut: when nobody did in time.
        """
        until, pause = self._clock() + timeout, FIRST_LOOK
        while True:
            found: dict[str, Any] = self.get(f"/api/v1/proposals/{proposal_id}")
            if found["status"] != UNDECIDED:
                return found
            if until - self._clock() <= 0:
                raise ApprovalTimedOut(f"Nobody decided on proposal {proposal_id} within {timeout:.0f} s.")
            asked = found.get("open_request")
            if asked is None or not self._is_answered(asked["id"], until):
                self._sleep(min(pause, max(until - self._clock(), 0.0)))
                pause = min(pause * SLOWER, SLOWEST_LOOK)

    def _is_answered(self, request_id: str, until: float) -> bool:
        """Wait where the server waits until people answered or the time is over; False where nobody waits."""
        etag = ""
        while True:
            left = max(until - self._clock(), 0.0)
            try:
                found = self._waited(f"/api/v1/wait/approvals/{request_id}", left, etag)
            except (NotFound, NotAllowed):
                # a server that does not know the address, or a key that may read proposals alone
                return False
            if found is None:
                return False
            if found.status_code != NOT_MODIFIED:
                etag, said = found.headers.get("ETag", ""), found.json()
                if said["status"] != OPEN or said["has_expired"]:
                    return bool(said["status"] != OPEN)
            if until - self._clock() <= 0:
                return True

    def ask_for_job(
        self, job_type: str, payload: dict[str, Any], *, idempotency_key: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """Ask for work, once, and return the job; the same key and payload is the same job for ever.

        :param more: `max_attempts`, `owned`, `run_after`.
        """
        key = idempotency_key or str(uuid4())
        wanted = {"job_type": job_type, "idempotency_key": key, "payload": payload, **more}
        return dict(self.post("/api/v1/jobs", wanted, idempotency_key=key))

    def wait_for_job(self, job_id: str, timeout: float) -> dict[str, Any]:
        """Wait until the work has ended: answered at once by a server that waits, else by asking.

        :param timeout: how many seconds to wait at most; signed by HMAC, whole minutes.
        :returns: the job, whose `status` says how it ended.
        :raises JobTimedOut: when it did not in time.
        """
        until, pause = self._clock() + timeout, FIRST_LOOK
        while True:
            left = max(until - self._clock(), 0.0)
            told = self._waited(f"/api/v1/wait/jobs/{job_id}", left)
            found: dict[str, Any] = self.get(f"/api/v1/jobs/{job_id}") if told is None else told.json()
            if found["status"] not in UNDONE:
                return found
            left = until - self._clock()
            if left <= 0:
                raise JobTimedOut(f"Job {job_id} did not end within {timeout:.0f} s.")
            if told is None:
                self._sleep(min(pause, left))
                pause = min(pause * SLOWER, SLOWEST_LOOK)

    def _waited(self, path: str, left: float, etag: str = "") -> httpx.Response | None:
        """What the server that waits answered, 304 where it is still what `etag` names; None without one."""
        seconds = min(math.ceil(left), LONGEST_WAIT)
        # the query is no part of what HMAC signs: without it, the server waits its longest
        query = None if isinstance(self.credential, HmacKey) else {"seconds": str(seconds)}
        patience = (seconds if query else LONGEST_WAIT) + ANSWERED_WITHIN
        try:
            return self.send("GET", path, query=query, timeout=patience, if_none_match=etag)
        except Unreachable:
            return None
        except Unavailable as refusal:
            if refusal.code != NOT_SERVED:
                raise
            return None

    def send(
        self,
        method: str,
        path: str,
        *,
        query: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
        idempotency_key: str | None = None,
        timeout: float | None = None,
        if_none_match: str = "",
    ) -> httpx.Response:
        """Send a request until it is answered, with a fresh signature each time.

        What failed on the way is sent again only where that cannot do anything twice: reading, and whatever
        carries an Idempotency-Key.

        :param if_none_match: the ETag of what is known already; where it is still that, the answer is a 304.
        :raises Unreachable: when no attempt was answered.
        :raises Refused: one of its kinds, when the answer is a refusal.
        """
        content, headers = _written(body, idempotency_key, if_none_match)
        known: dict[str, Any] = {"params": query or None, "content": content, "headers": headers}
        known |= {} if timeout is None else {"timeout": timeout}
        may_repeat = method in SAFE or idempotency_key is not None
        for attempt in range(1, self.attempts + 1):
            is_last = attempt == self.attempts or not may_repeat
            request = self._http.build_request(method, path, **known)
            try:
                response = self._signed_and_sent(request)
            except httpx.TransportError as error:
                if is_last:
                    raise Unreachable(f"{method} {path}: {str(error) or type(error).__name__}") from error
                self._sleep(_backoff(attempt))
                continue
            if response.is_success or response.status_code == NOT_MODIFIED:
                return response
            if is_last or not _is_worth_waiting(response):
                raise refusal_of(response)
            self._sleep(_asked_to_wait(response, attempt))
        raise ValueError("attempts is at least 1")

    def _signed_and_sent(self, request: httpx.Request) -> httpx.Response:
        self.credential.sign(request)
        response = self._http.send(request)
        if response.status_code != ELSEWHERE or request.method not in SAFE:
            return response
        # signed anew: a signature is of one address
        there = self._http.build_request(
            request.method,
            request.url.join(response.headers["Location"]),
            headers={name: request.headers[name] for name in TAKEN_ALONG if name in request.headers},
            timeout=httpx.Timeout(**request.extensions["timeout"]),
        )
        self.credential.sign(there)
        answer = self._http.send(there)
        if answer.status_code == ELSEWHERE:
            raise Unreachable(f"{request.method} {there.url}: the server sends from one address to the next.")
        return answer


def _written(
    body: dict[str, Any] | None, idempotency_key: str | None, if_none_match: str
) -> tuple[bytes | None, dict[str, str]]:
    named = {"Idempotency-Key": idempotency_key, "If-None-Match": if_none_match}
    headers = {"Accept": "application/json"} | {name: value for name, value in named.items() if value}
    if body is None:
        return None, headers
    return json.dumps(body).encode(), headers | {"Content-Type": "application/json"}


def _is_worth_waiting(response: httpx.Response) -> bool:
    code = refusal_of(response).code
    # one's own earlier attempt may still be answered
    is_in_flight = response.status_code == CONFLICT and code == IN_FLIGHT
    return (response.status_code in WAITED_FOR and code != NOT_SERVED) or is_in_flight


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
