"""Pages about governed rows, whose history is the audit log."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.web.admin import ReadOnlyAdmin


class Governed(ReadOnlyAdmin):
    """A page about rows whose every change is in the audit log."""

    has_history = True

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what happened to this row."""
        row = self.get_object(request, object_id)
        return redirect(found_by(str(row.pk)))


def found_by(wanted: str) -> str:
    """Where the log shows what it knows of an id."""
    return f"{reverse('admin:audit_auditevent_changelist')}?q={wanted}"
