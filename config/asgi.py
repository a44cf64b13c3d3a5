"""The way in for a process that waits and streams: `granian --interface asginl config.asgi:application`."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

from config.environment import refuse_unless_complete

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
refuse_unless_complete()
application = get_asgi_application()

from core.web.health import refuse_unfit_login  # noqa: E402 - it needs the applications loaded

refuse_unfit_login()
