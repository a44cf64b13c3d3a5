"""The way in for requests: `granian --interface wsgi config.wsgi:application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from config.environment import refuse_unless_complete

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
refuse_unless_complete()
application = get_wsgi_application()

from core.web.health import refuse_unfit_login  # noqa: E402 - it needs the applications loaded

refuse_unfit_login()
