"""The way in for a process that waits and streams: `granian --interface asginl config.asgi:application`."""

from __future__ import annotations

import os
from importlib import import_module

from django.core.asgi import get_asgi_application

from config.environment import refuse_unless_complete

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
refuse_unless_complete()
_django = get_asgi_application()

from core.web.health import refuse_unfit_login  # noqa: E402 - it needs the applications loaded
from core.web.stream import Stream  # noqa: E402 - the same

# every address that waits has to be known before anybody listens
import_module("config.urls")
application = Stream(_django)

refuse_unfit_login()
