"""Django's admin with this project's own site."""

from __future__ import annotations

from importlib import import_module

from django.contrib.admin.apps import AdminConfig


class StaffAdmin(AdminConfig):
    """Takes the place of `django.contrib.admin` among the installed apps."""

    default_site = "core.web.site.Site"

    def ready(self) -> None:
        """Have the walls between tenants looked at."""
        super().ready()
        import_module("config.walls")
