"""How an address says that it is on its way out: Deprecation (RFC 9745), Sunset (RFC 8594), a link."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponseBase
from django.utils.http import http_date
from rest_framework.request import Request

NOTES = "/api/v1/docs"


def tell(
    response: HttpResponseBase,
    request: HttpRequest | Request,
    *,
    since: datetime | None,
    sunset: datetime | None,
) -> None:
    """Add the headers of an address that is deprecated; nothing to any other."""
    if since is None:
        return
    response.headers["Deprecation"] = f"@{int(since.timestamp())}"
    if sunset is not None:
        response.headers["Sunset"] = http_date(sunset.timestamp())
    where = request.build_absolute_uri(NOTES)
    response.headers["Link"] = f'<{where}>; rel="deprecation"; type="text/html"'
