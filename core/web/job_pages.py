"""The pages about jobs: how they stand, what became of each and why, and what people do about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from core.access.models import PLATFORM_TENANT_ID
from core.database.unit import current
from core.jobs import queue
from core.jobs.models import WAITING, Job
from core.refusals import Refusal
from core.web import acting, charts, job_figures, trails, words
from core.web.admin import holds, person_of, tenant_of
from core.web.job_shown import LATEST, JobShown, thread_of
from core.web.tenants import refuse_elsewhere

CANCEL, MANAGE = "jobs:cancel", "jobs:manage"
AT_ONCE = 500
Move = tuple[Callable[..., Job], str, tuple[str, ...], str]
MOVES: dict[str, Move] = {
    "cancel": (
        queue.cancel,
        CANCEL,
        (*WAITING, "processing"),
        "It does not begin any more; if it runs, its worker is asked to stop it, and what it did is undone.",
    ),
    "drive-again": (
        queue.drive_again,
        MANAGE,
        ("retry", "failed", "dlq", "cancelled"),
        "It begins anew, with all its attempts, as soon as a worker is free.",
    ),
}


class AllOfATypeForm(acting.ReasonForm):
    """Which of the types that have jobs out of attempts."""

    job_type = forms.ChoiceField(label="Type")
    field_order = ("job_type", "reason")

    def __init__(self, kinds: list[tuple[str, int]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["job_type"]
        field.choices = [(kind, f"{kind} ({number})") for kind, number in kinds]


class JobPages(JobShown):
    """Jobs: all of them for who manages jobs, the tenant's and their own for everybody else."""

    change_list_template = "admin/core/jobs.html"
    change_form_template = "admin/core/job.html"
    has_history = True

    def get_urls(self) -> list[URLPattern]:
        """Add the pages on which something is done about jobs."""
        wrap = self.admin_site.admin_view
        return [
            path("drive-again/", wrap(self.drive_again_view), name="jobs_drive_again"),
            path("<uuid:job_id>/move/<str:move>/", wrap(self.move_view), name="job_move"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave what others own to whoever manages jobs; and what one page shows, to that page."""
        rows = super().get_queryset(request).defer("payload", "result")
        if tenant_of(request) is None:
            rows = rows.prefetch_related("tenant")
        if holds(request, MANAGE):
            return rows
        return rows.filter(Q(owner__isnull=True) | Q(owner_id=person_of(request).pk))

    def get_list_display(self, request: HttpRequest) -> Any:
        """Name the tenant to who sees several."""
        if tenant_of(request) is None:
            return (*self.list_display[:2], "tenant", *self.list_display[2:])
        return self.list_display

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Lead to what the log says of this job."""
        where = trails.address(self.get_object(request, object_id).pk)
        if where is None:
            raise Http404
        return redirect(where)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """List jobs beneath how they stand and how the last day went."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        now = timezone.now()
        hours = job_figures.hourly(_whose(request), now)
        standing = job_figures.standing(self.get_queryset(request))
        shown = {
            "tallies": [_told(tally, now) for tally in standing],
            "ended": [_told(tally, now) for tally in job_figures.ended(hours)],
            "charts": [charts.drawn(chart) for chart in job_figures.charts(hours)],
            "may_drive_again": holds(request, MANAGE) and any(_is_stranded(tally) for tally in standing),
        }
        return super().changelist_view(request, {**shown, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show what happened to a job, and offer what can be done about it."""
        job = self.get_object(request, object_id)
        moves = [
            (name, name.replace("-", " "))
            for name, (_, permission, states, _) in MOVES.items()
            if job.status in states and holds(request, permission)
        ]
        shown = {"moves": moves, "thread": thread_of(job), "latest": LATEST}
        return super().change_view(request, object_id, form_url, {**shown, **(extra_context or {})})

    def move_view(self, request: HttpRequest, job_id: UUID, move: str) -> HttpResponse:
        """Cancel a job or drive it again, for a reason."""
        if move not in MOVES:
            raise Http404
        verb, permission, _, effect = MOVES[move]
        _refuse_unless(self.has_view_permission(request) and holds(request, permission))
        job = self.get_object(request, str(job_id))
        form = acting.ReasonForm(request.POST or None)
        said: Any = None
        if form.is_valid():

            def go() -> Job:
                refuse_elsewhere(job.tenant_id)
                return verb(job.pk, by=person_of(request), reason=form.cleaned_data["reason"])

            said = acting.done(go)
            if not isinstance(said, Refusal):
                messages.success(request, _outcome(said))
                return redirect("admin:core_job_change", job.pk)
        title = f"{move.replace('-', ' ').capitalize()}: {job.job_type}"
        shown = {"title": title, "opts": self.opts, "effect": effect, "job": job}
        return acting.page(request, "admin/core/job_form.html", form, said, **shown)

    def drive_again_view(self, request: HttpRequest) -> HttpResponse:
        """Drive all jobs of a type again that ran out of attempts, for one reason."""
        _refuse_unless(self.has_view_permission(request) and holds(request, MANAGE))
        form = AllOfATypeForm(_kinds_in_dlq(), request.POST or None, initial=request.GET.dict())
        said: Any = None
        if form.is_valid():
            given = form.cleaned_data
            said = acting.done(
                lambda: queue.drive_all_again(
                    given["job_type"], by=person_of(request), reason=given["reason"], at_most=AT_ONCE
                )
            )
            if not isinstance(said, Refusal):
                messages.success(request, f"{said} of {given['job_type']} wait at the front again.")
                return redirect("admin:core_job_changelist")
        effect = f"Those out of attempts begin anew, the oldest first, at most {AT_ONCE} at once."
        shown = {"title": "Drive jobs of a type again", "opts": self.opts, "effect": effect, "job": None}
        return acting.page(request, "admin/core/job_form.html", form, said, **shown)


def stranded(request: HttpRequest) -> SafeString | None:
    """Say on the first page how many jobs ran out of attempts, to whoever may drive them again."""
    if not holds(request, MANAGE):
        return None
    tenant = tenant_of(request)
    rows = Job.objects.filter(tenant_id=tenant) if tenant else Job.objects.all()
    in_dlq = job_figures.stranded(rows)
    if not in_dlq.number or in_dlq.oldest is None:
        return None
    shown = {
        "number": in_dlq.said,
        "is_one": in_dlq.number == 1,
        "age": words.span(timezone.now() - in_dlq.oldest),
        "where": f"{reverse('admin:core_job_changelist')}?status=dlq",
    }
    return render_to_string("admin/jobs_panel.html", shown)


def _whose(request: HttpRequest) -> job_figures.Whose:
    person = None if holds(request, MANAGE) else person_of(request).pk
    return job_figures.Whose(tenant_of(request), person)


def _told(tally: job_figures.Tally, now: Any) -> dict[str, Any]:
    age = words.span(now - tally.oldest) if tally.oldest and tally.number else ""
    # of a part only so much is known, but where they were counted by age
    at_least = "at least " if tally.is_more and tally.state != "dlq" and not age.startswith("<") else ""
    return {
        "state": tally.state,
        "badge": words.badge(tally.state, "state"),
        "number": tally.said,
        "oldest": f"{at_least}{age}" if age else "",
    }


def _is_stranded(tally: job_figures.Tally) -> bool:
    return tally.state == "dlq" and tally.number > 0


def _kinds_in_dlq() -> list[tuple[str, int]]:
    """The types of which jobs are out of attempts in the tenant one works in, of the oldest so many."""
    here = Job.objects.filter(status="dlq", tenant_id=current().tenant or PLATFORM_TENANT_ID)
    kinds: dict[str, int] = {}
    for kind in here.order_by("created_at").values_list("job_type", flat=True)[: job_figures.MOST]:
        kinds[kind] = kinds.get(kind, 0) + 1
    return sorted(kinds.items())


def _outcome(job: Job) -> str:
    if job.status == "processing":
        return f"The worker is asked to stop {job.job_type}."
    return f"Now {job.status}: {job.job_type}."


def _refuse_unless(may: bool) -> None:
    if not may:
        raise PermissionDenied
