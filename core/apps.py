"""The application `core`: loads every room's refusals, and checks what Django itself does not."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import autodiscover_modules


class CoreConfig(AppConfig):
    """The ground floor."""

    name = "core"
    verbose_name = "Access"
    label = "core"

    def ready(self) -> None:
        """Make every refusal known by the name of its constraint, and all work by its type."""
        import_module("core.access.refusals")
        # hears of the first login too, also where no request has loaded the middleware yet
        import_module("core.web.sessions")
        autodiscover_modules("refusals")
        autodiscover_modules("tasks")
        import_module("core.jobs.upkeep")


@register("environment")
def wrong_variables(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Report every environment variable that cannot be used."""
    return [_error(fault, "xmarket.E001") for fault in settings.ENVIRONMENT_FAULTS if not fault.is_missing]


@register("environment", deploy=True)
def missing_variables(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Report every environment variable without which this environment cannot be served."""
    return [_error(fault, "xmarket.E002") for fault in settings.ENVIRONMENT_FAULTS if fault.is_missing]


@register("environment")
def requests_open_their_own_unit(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """Refuse ATOMIC_REQUESTS: the unit is a request's only transaction and cannot begin inside another."""
    return [
        Error(f"ATOMIC_REQUESTS is on for the database {alias!r}.", hint="Remove it.", id="xmarket.E003")
        for alias, database in settings.DATABASES.items()
        if database.get("ATOMIC_REQUESTS")
    ]


def _error(fault: Any, identifier: str) -> CheckMessage:
    return Error(f"{fault.variable} {fault.said}.", hint=fault.fix, id=identifier)
