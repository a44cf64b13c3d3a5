"""Work that is open to the API, and how tests ask for it."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django_tasks import task

from core.jobs.worker import Worker, new_name
from tests.bad_input.sending import send

NO_HEADER: dict[str, Any] = {"headers": {"Idempotency-Key": None}}


@task(job_type="test:open", permission="jobs:write")
def opened(text: str, number: int = 0) -> dict[str, Any]:
    return {"text": text, "number": number}


@task(job_type="test:managers", permission="jobs:manage")
def managers() -> None:
    """Do nothing, for whoever manages jobs."""


def body(**changes: Any) -> dict[str, Any]:
    """A body that is accepted, under a key of its own."""
    return {
        "job_type": "test:open",
        "idempotency_key": str(uuid4()),
        "payload": {"text": "A secret."},
        **changes,
    }


def ask(client: Any, given: Any, **how: Any) -> Any:
    """Ask for work, without the header that may be left out."""
    return send(client, "jobs", given, **{**NO_HEADER, **how})


def work() -> dict[str, int]:
    """Do what is due, and say what became of it."""
    worker = Worker(["default"], threads=1, name=new_name())
    worker.once()
    return dict(worker.outcomes)
