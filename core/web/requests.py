"""What every request gets: an id that is echoed, a correlation id, and one line in the log."""

from __future__ import annotations

import ipaddress
import logging
import re
import time
from collections.abc import Callable
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.http import HttpRequest, HttpResponseBase

from core.web.logs import REQUEST_ID

ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,128}")
USER_AGENT_KEPT = 400

logger = logging.getLogger("xmarket.access")


class RequestLog:
    """The outermost middleware: names the request, and says what became of it.

    Sets `request.request_id` (the caller's X-Request-Id if it is 1 to 128 of `A-Za-z0-9._-`, else a new
    uuid) and `request.correlation_id` (the same as a UUID, for the audit log).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with X-Request-Id, and write one line."""
        began = time.perf_counter()
        given = request.headers.get("X-Request-Id", "")
        request_id = given if ACCEPTED.fullmatch(given) else str(uuid4())
        request.request_id = request_id  # type: ignore[attr-defined]
        request.correlation_id = correlation_of(request_id)  # type: ignore[attr-defined]
        held = REQUEST_ID.set(request_id)
        try:
            response = self.get_response(request)
            response.headers["X-Request-Id"] = request_id
            _log(request, response, time.perf_counter() - began)
        finally:
            REQUEST_ID.reset(held)
        return response


def correlation_of(request_id: str) -> UUID:
    """The id as a UUID: itself if it is one, else the same one for the same text."""
    try:
        return UUID(request_id)
    except ValueError:
        return uuid5(NAMESPACE_URL, f"urn:xmarket:request:{request_id}")


def client_address(request: HttpRequest) -> str:
    """The address the connection came from; empty where the server names none.

    X-Forwarded-For is not read: anybody can write it, and the audit log keeps this.
    """
    address = request.META.get("REMOTE_ADDR", "")
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return ""


def user_agent(request: HttpRequest) -> str:
    """What the caller says it is, cut short, without what PostgreSQL's text cannot hold."""
    return request.headers.get("User-Agent", "").replace("\x00", "")[:USER_AGENT_KEPT]


def _log(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    facts = {
        "method": request.method,
        "path": request.path,
        "status": response.status_code,
        "duration_ms": round(seconds * 1000, 1),
    }
    logger.info("%s %s", request.method, request.path, extra=facts)
