"""Jobs and their events as they lie in the tables, and what a page says of them."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from core.web.filters import first_id
from tests.factories import World
from tests.raw import one, run

CAST = ("vera", "edith", "grace", "alan", "boris", "root")


def job(world: World, status: str = "dlq", **columns: Any) -> UUID:
    values = {
        "tenant_id": world.acme.pk,
        "job_type": "test:add",
        "idempotency_key": str(uuid4()),
        "status": status,
        "requested_by": world.edith.pk,
        **columns,
    }
    places = ", ".join(["%s"] * len(values))
    made = one(f"INSERT INTO jobs ({', '.join(values)}) VALUES ({places}) RETURNING job_id", *values.values())
    assert isinstance(made, UUID)
    return made


def event(world: World, job_id: UUID, event_type: str, age: timedelta = timedelta(0), **columns: Any) -> None:
    """Something that happened so long ago."""
    when = timezone.now() - age
    values = {
        # ids of one millisecond differ in what follows it
        "id": UUID(int=first_id(when).int | (uuid4().int & ((1 << 60) - 1))),
        "tenant_id": world.acme.pk,
        "job_id": job_id,
        "event_type": event_type,
        "created_at": when,
        **columns,
    }
    run(
        f"INSERT INTO job_events ({', '.join(values)}) VALUES ({', '.join(['%s'] * len(values))})",
        *values.values(),
    )


def text_of(answer: Any) -> str:
    """What the page says, without its marks."""
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))
