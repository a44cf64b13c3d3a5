"""What jobs are searched by."""

from __future__ import annotations

from core.jobs.handlers import LONGEST_TYPE
from core.jobs.models import STATUSES
from core.web.filters import BornFilter, Filters, TextFilter, WordFilter


class JobFilters(Filters):
    """What jobs are searched by."""

    job_type = TextFilter("job_type", max_length=LONGEST_TYPE)
    status = WordFilter("status", STATUSES)
    created_after = BornFilter("created_at", "after")
    created_before = BornFilter("created_at", "before")
