"""The settings as they are, and the handlers of tests besides."""

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as _APPS

INSTALLED_APPS = [*_APPS, "tests.core.jobs.apps.WorkOfTests"]
