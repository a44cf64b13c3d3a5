"""Django's admin with this project's own site."""

from __future__ import annotations

from django.contrib.admin.apps import AdminConfig


class StaffAdmin(AdminConfig):
    """Takes the place of `django.contrib.admin` among the installed apps."""

    default_site = "core.web.site.Site"
