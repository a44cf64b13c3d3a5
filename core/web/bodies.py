"""The bytes of a body, read once and within the limit, for whoever needs exactly them."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from core.refusals import TooLarge

# more digits than any limit has, and no more than int() reads
LONGEST = 20


def raw_body(request: HttpRequest, limit: int | None = None) -> bytes:
    """Read the body, and leave it for whoever reads it next.

    :param limit: how many bytes it may have, where it is not the default.
    :raises TooLarge: over the limit, by Content-Length or by what really came.
    """
    most = limit or settings.API_BODY_LIMIT
    if announced(request) > most:
        raise TooLarge(limit=most)
    if not hasattr(request, "_body"):
        # Django's own `body` refuses above a limit that is the same for every address
        request._body = request.read(most + 1)  # noqa: SLF001
    body: bytes = request.body
    if len(body) > most:
        raise TooLarge(limit=most)
    return body


def announced(request: HttpRequest) -> int:
    """The length that Content-Length says; 0 where it says none."""
    given = request.META.get("CONTENT_LENGTH") or "0"
    return int(given[:LONGEST]) if given.isascii() and given.isdecimal() else 0
