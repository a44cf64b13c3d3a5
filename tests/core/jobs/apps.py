"""The handlers of tests as an application, so that every process that is started with them knows them."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class WorkOfTests(AppConfig):
    """Registers what `tests.core.jobs.work` holds."""

    name = "tests.core.jobs"
    label = "work_of_tests"

    def ready(self) -> None:
        import_module("tests.core.jobs.work")
