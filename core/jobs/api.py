"""Jobs through the API: asked for once, watched, waited for, cancelled; nobody sets a status by hand."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import URLPattern, path, reverse
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from core.access.principals import Principal
from core.jobs import queue, requests
from core.jobs.filters import JobFilters
from core.jobs.models import ENDED, Job, JobEvent
from core.jobs.queue import Wanted
from core.jobs.serializers import CancellationForm, JobDetailShape, JobEventShape, JobForm, JobShape
from core.web import idempotency
from core.web.etags import Representation
from core.web.forms import principal, read
from core.web.views import ApiView, ListView, find
from core.web.waiting import Found, WaitView, described

show_job = JobShape().to_representation
show_event = JobEventShape().to_representation


class Jobs(ListView):
    """Jobs of the tenant and one's own, newest first."""

    permission = {"GET": "jobs:read", "POST": "jobs:write"}
    idempotency = "body"
    serializer_class = JobShape
    filters = JobFilters
    # a payload of 32 KiB comes as up to 192 KiB when it is written in \u escapes
    body_limit = 256 * 1024

    def queryset(self, request: Request) -> QuerySet[Job]:
        """Every job, without what may be secret or long."""
        return Job.objects.defer("payload", "payload_digest", "result", "error_message")

    def shape(self, row: Job) -> dict[str, Any]:
        """One job."""
        return show_job(row)

    @extend_schema(request=JobForm, responses={201: JobDetailShape, 200: JobDetailShape})
    def post(self, request: Request) -> Response:
        """Ask for work of a type that is open to you.

        201 for new work; 200 with the same job for the same key and payload, however often it comes.
        """
        given = read(JobForm, request)
        idempotency.refuse_another(request, given["idempotency_key"])
        wanted = Wanted(
            key=given["idempotency_key"],
            owner=principal(request) if given.get("owned") else None,
            run_after=given.get("run_after"),
            max_attempts=given.get("max_attempts"),
        )
        by = cast("Principal", request.auth)
        job, is_new = requests.ask(given["job_type"], given.get("payload", {}), wanted, by=by)
        where = request.build_absolute_uri(reverse("job", args=[job.pk]))
        shown = in_detail(Job.objects.get(pk=job.pk))
        return Representation(shown, status=201 if is_new else 200, headers={"Location": where})


class JobDetail(ApiView):
    """One job, with what it was given and what came of it."""

    permission = {"GET": "jobs:read"}
    is_tagged = True

    @extend_schema(responses=JobDetailShape)
    def get(self, request: Request, job_id: str) -> Response:
        return Representation(in_detail(find(Job.objects.all(), job_id)))


class JobEvents(ListView):
    """What happened to a job, newest first."""

    permission = {"GET": "jobs:read"}
    serializer_class = JobEventShape

    def queryset(self, request: Request) -> QuerySet[JobEvent]:
        """Every event of the job."""
        job = find(Job.objects.only("pk"), self.kwargs["job_id"])
        return JobEvent.objects.filter(job_id=job.pk)

    def shape(self, row: JobEvent) -> dict[str, Any]:
        """One event."""
        return show_event(row)


class Cancellation(ApiView):
    """The end of a job before it is done."""

    permission = {"POST": "jobs:cancel"}

    @extend_schema(request=CancellationForm, responses=JobDetailShape)
    def post(self, request: Request, job_id: str) -> Response:
        """End a job that waits; ask the worker to stop one that runs, as `cancel_requested_at` shows then."""
        job = find(Job.objects.only("pk"), job_id)
        given = read(CancellationForm, request)
        cancelled = queue.cancel(job.pk, by=principal(request), reason=given["reason"])
        return Representation(in_detail(cancelled))


@extend_schema_view(get=described(JobDetailShape))
class JobWait(WaitView):
    """The end of a job, as soon as it is there."""

    permission = {"GET": "jobs:read"}
    channel = queue.ENDED_CHANNEL

    def look(self, wanted: str) -> Found:
        """The job as it is now."""
        job = find(Job.objects.all(), wanted)
        return Found(in_detail(job), has_ended=job.status in ENDED)

    @staticmethod
    def ended(among: Collection[str]) -> set[str]:
        """Those of these jobs that have ended, as far as whoever asks sees them."""
        found = Job.objects.filter(pk__in=among, status__in=ENDED)
        return {str(job_id) for job_id in found.values_list("pk", flat=True)}


def in_detail(job: Job) -> dict[str, Any]:
    """One job with everything that is shown of it."""
    return JobDetailShape(job).data


urlpatterns: list[URLPattern] = [
    path("jobs", Jobs.as_view(), name="jobs"),
    path("jobs/<str:job_id>", JobDetail.as_view(), name="job"),
    path("jobs/<str:job_id>/events", JobEvents.as_view(), name="job-events"),
    path("jobs/<str:job_id>/cancel", Cancellation.as_view(), name="job-cancel"),
    path("wait/jobs/<str:job_id>", JobWait.as_view(), name="wait-job"),
]
