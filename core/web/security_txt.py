"""Where to report a weakness (RFC 9116), at the same address on every face."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

# the RFC asks for less than a year, so that nobody follows what was forgotten
LASTS = timedelta(days=180)


@require_safe
def shown(request: HttpRequest) -> HttpResponse:
    """Say whom to tell; there is nothing to say where nobody is named."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    lines = (
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {timezone.now() + LASTS:%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages: en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
