"""How a request fails: one class for each way to react to it."""

from __future__ import annotations

from typing import Any

import httpx


class XmarketError(Exception):
    """Something did not work; the message says what."""


class Unreachable(XmarketError):
    """The server did not answer, however often it was tried."""


class ApprovalTimedOut(XmarketError):
    """Nobody decided in time. That means no, for now: nothing was approved."""


class JobTimedOut(XmarketError):
    """The work did not end in time; it goes on, and can be waited for again."""


class Refused(XmarketError):
    """The server refused (RFC 9457).

    :ivar status: the HTTP status.
    :ivar code: the refusal's name, such as `symbol_is_taken`.
    :ivar hint: what to do next.
    :ivar errors: the places at fault, `{"pointer": ..., "detail": ...}` each.
    :ivar instance: the request's id, for whoever runs the server.
    :ivar problem: the whole document.
    """

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.problem = problem
        self.code = str(problem.get("code", ""))
        self.hint = str(problem.get("hint", ""))
        self.instance = str(problem.get("instance", ""))
        self.errors: list[dict[str, str]] = list(problem.get("errors") or [])
        said = problem.get("detail") or problem.get("title") or f"The server answered {status}."
        super().__init__(" ".join(part for part in (str(said), self.hint) if part))


class InvalidRequest(Refused):
    """The request is malformed, or what it says is not accepted (400, 413, 415, 422)."""


class NotAuthenticated(Refused):
    """The server does not know the key or the signature (401)."""


class NotAllowed(Refused):
    """This principal may not do that (403)."""


class NotFound(Refused):
    """There is nothing by that name, or it is somebody else's (404)."""


class Conflict(Refused):
    """It does not fit what is there already (409, 412, 428)."""


class TooManyRequests(Refused):
    """Too many requests in a short time, also after waiting (429)."""


class Unavailable(Refused):
    """The server cannot answer for the moment, also after waiting (503)."""


class ServerFault(Refused):
    """The server failed (every other 5xx)."""


BY_STATUS: dict[int, type[Refused]] = {
    401: NotAuthenticated,
    403: NotAllowed,
    404: NotFound,
    409: Conflict,
    412: Conflict,
    428: Conflict,
    429: TooManyRequests,
    503: Unavailable,
}
SERVER_FAULT = 500


def refusal_of(response: httpx.Response) -> Refused:
    """The error that an answer stands for."""
    try:
        said = response.json()
    except ValueError:
        said = {}
    general = ServerFault if response.status_code >= SERVER_FAULT else InvalidRequest
    kind = BY_STATUS.get(response.status_code, general)
    return kind(response.status_code, said if isinstance(said, dict) else {})
