"""Our settings, with nothing in the way of a request and REST framework's own manners."""

from __future__ import annotations

from config.settings import *  # noqa: F403 - all of them, but for what follows

# the one that says how long an answer is
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
ROOT_URLCONF = "bench.peers.stock"
REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}
