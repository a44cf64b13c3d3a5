"""Who fails to log in five times is locked out for an hour, by e-mail address and network address together.

django-axes counts. What it would keep of a request besides (headers, form, path) is never kept here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from math import ceil
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from core.access.refusals import LockedOut
from core.web import problems
from core.web.requests import client_address

# sent in the unit of the request, with `email` and `locked`: whether this failure was the last one allowed
login_failed = Signal()
NOTHING = {"get_data": "", "post_data": "", "http_accept": "", "path_info": ""}


class Handler(AxesDatabaseHandler):  # type: ignore[misc]
    """Counts failures in one row for each pair of addresses."""

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **known: Any
    ) -> None:
        """Count a failure, and tell it to whoever listens; an attempt while locked counts for nothing."""
        if request is None:
            return
        seen: Any = request
        seen.axes_user_agent = seen.axes_http_accept = seen.axes_path_info = ""
        was_locked = seen.axes_locked_out
        super().user_login_failed(sender, credentials, request, **known)
        if was_locked:
            return
        email = email_of(request, credentials)
        AccessAttempt.objects.filter(username=email, ip_address=seen.axes_ip_address).update(**NOTHING)
        login_failed.send(Handler, email=email, locked=bool(seen.axes_locked_out))


def unlock(email: str) -> int:
    """Forget the failures for this e-mail address from everywhere, and say how many rows that were."""
    gone, _ = AccessAttempt.objects.filter(username=_written(email)).delete()
    return int(gone)


def locked_out(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> HttpResponse:
    """Answer the same whether anybody has this e-mail address or not."""
    began = (
        AccessAttempt.objects.filter(username=email_of(request, credentials), ip_address=address_of(request))
        .values_list("attempt_time", flat=True)
        .first()
    )
    lasts: timedelta = settings.AXES_COOLOFF_TIME
    left = began + lasts - timezone.now() if began else lasts
    return problems.answer(LockedOut(retry_after=max(1, ceil(left.total_seconds()))), request)


def email_of(request: HttpRequest, credentials: Mapping[str, Any] | None = None) -> str:
    """The e-mail address that is tried, in the one spelling that counts."""
    known = credentials if credentials is not None else request.POST
    return _written(str(known.get("username") or ""))


def address_of(request: HttpRequest) -> str | None:
    """Where the connection came from; what a header says about it is anybody's word."""
    return client_address(request) or None


def _written(email: str) -> str:
    return email.strip().lower()[:255]
