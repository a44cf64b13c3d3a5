"""A session of staff ends eight hours after its login, and half an hour after its last request."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

OPENED, SEEN = "opened_at", "seen_at"
# a later request is written down only after this long, so that not every page writes
WRITTEN_EVERY = 60
now = time.time


class SessionLimits:
    """Ends a session before anybody is taken for its person; one that does not say when it began is over."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the session of every request under /admin/."""
        if settings.SERVES != "api" and request.path.startswith("/admin/") and SESSION_KEY in request.session:
            _look(request.session)
        return self.get_response(request)


def _look(session: Any) -> None:
    moment = now()
    opened, seen = session.get(OPENED, 0), session.get(SEEN, 0)
    if moment - opened >= settings.SESSION_COOKIE_AGE or moment - seen >= settings.SESSION_IDLE_AGE:
        session.flush()
    elif moment - seen >= WRITTEN_EVERY:
        session[SEEN] = int(moment)


@receiver(user_logged_in, dispatch_uid="core.web.sessions")
def begins(sender: Any, request: HttpRequest, **_: Any) -> None:
    """Write down when somebody logged in."""
    request.session[OPENED] = request.session[SEEN] = int(now())
