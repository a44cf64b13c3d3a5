"""Evidence, to look at and to take away."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from artifacts import evidence
from artifacts.models import Snapshot
from audit.governed import Governed
from core.refusals import Refusal
from core.web import words
from core.web.admin import person_of


@admin.register(Snapshot)
class Snapshots(Governed):
    """What was fetched, from where and when."""

    permission = "snapshots:read"
    title = "Snapshots"
    place = 300
    exactly = ("id", "snapshot_id")
    beginning = ("url",)
    list_display = ("when", "url", "content_type", "size")
    ordering = ("-id",)
    fields = (
        "url", "when", "snapshot_id", "content_sha256", "content_type", "size", "verified", "quoted",
        "content_link", "record_sha256", "object_store_path", "created_at",
    )  # fmt: skip
    search_help_text = "A whole snapshot_id, or the beginning of an address."

    def get_urls(self) -> list[URLPattern]:
        """Add the address of the content."""
        view = self.admin_site.admin_view(self.content_view)
        mine = path("<uuid:snapshot_pk>/content/", view, name="artifacts_snapshot_content")
        return [mine, *super().get_urls()]

    def content_view(self, request: HttpRequest, snapshot_pk: UUID) -> HttpResponse:
        """Hand the proved content over as a file: nothing of it ever runs as a page of this site."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        snapshot = self.get_queryset(request).filter(pk=snapshot_pk).first()
        if snapshot is None:
            raise Http404
        try:
            content = evidence.read(snapshot, by=person_of(request))
        except Refusal as refusal:
            # no refusal by status: that would undo the quarantine
            messages.error(request, f"{refusal.message} {refusal.hint}")
            return redirect("admin:artifacts_snapshot_change", snapshot.pk)
        return HttpResponse(
            content,
            content_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="{snapshot.snapshot_id}.bin"',
                "Content-Security-Policy": "default-src 'none'; sandbox",
            },
        )

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Read the content with the row, so that its own page says whether it still is what it was."""
        found = super().get_object(request, object_id, from_field)
        found.examined = evidence.examine(
            [found.snapshot_id], tenant_id=found.tenant_id, by=person_of(request)
        )[0]
        return found

    @admin.display(description="fetched at")
    def when(self, row: Snapshot) -> SafeString:
        """The time that is part of its id."""
        return words.instant(row.fetched_at)

    @admin.display(description="size")
    def size(self, row: Snapshot) -> str:
        """How large the content is."""
        return filesizeformat(row.size_bytes) if row.size_bytes is not None else words.NOTHING

    @admin.display(description="content sha256")
    def content_sha256(self, row: Snapshot) -> SafeString:
        """By what the content is known."""
        return words.digest(row.content_digest)

    @admin.display(description="record sha256")
    def record_sha256(self, row: Snapshot) -> SafeString:
        """What commits to the content."""
        return words.digest(row.record_digest)

    @admin.display(description="checked just now")
    def verified(self, row: Any) -> str:
        """Whether the content is what its digest says."""
        problem = row.examined.problem
        return f"{problem.message} {problem.hint}" if problem else "content verified"

    @admin.display(description="excerpt")
    def quoted(self, row: Any) -> str:
        """Its first words."""
        return row.examined.excerpt or words.NOTHING

    @admin.display(description="content")
    def content_link(self, row: Snapshot) -> SafeString:
        """Where to take it away."""
        return format_html(
            '<a href="{}" download>Download, as a file</a>',
            reverse("admin:artifacts_snapshot_content", args=[row.pk]),
        )
