"""Pages about governed rows, whose history is the audit log."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from audit import subjects
from audit.models import ApprovalRequest
from core.web import words
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


def reviews(actions: Collection[str], subject_id: UUID) -> SafeString:
    """Every request about a subject, newest first, with the way to its review page."""
    asked = ApprovalRequest.objects.filter(action__in=actions, subject_id=subject_id)
    return format_html_join(
        "",
        '<p><a href="{}">Review page</a>, {} {}</p>',
        (
            (
                subjects.review_url(found.pk),
                words.instant(found.requested_at),
                words.badge(found.status, "state"),
            )
            for found in asked.order_by("-requested_at")
        ),
    )


def found_by(wanted: str) -> str:
    """Where the log shows what it knows of an id."""
    return f"{reverse('admin:audit_auditevent_changelist')}?q={wanted}"
