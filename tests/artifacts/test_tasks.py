"""Evidence is verified by a job, in the tenant that asked; a damaged content is set aside."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from artifacts.models import Blob, Snapshot
from audit.models import AuditEvent
from core.access.models import User
from tests.calling import client_of
from tests.core.jobs.asking import ask, work
from tests.factories import World
from tests.raw import run, untriggered

pytestmark = pytest.mark.django_db


def verified(by: User, snapshot: str) -> dict[str, Any]:
    """What became of the job."""
    client = client_of(by)
    given = {
        "job_type": "evidence:verify",
        "idempotency_key": "once",
        "payload": {"snapshot_id": snapshot},
    }
    asked = ask(client, given)
    assert asked.status_code == 201, asked.content
    work()
    found: dict[str, Any] = client.get(f"/api/v1/jobs/{asked.json()['job_id']}").json()
    return found


def test_evidence_is_read_again_and_proved(world: World) -> None:
    job = verified(world.scout, world.evidence.snapshot_id)

    digest = hashlib.sha256(b"<p>Evidence.</p>").hexdigest()
    assert (job["status"], job["result"]) == ("completed", {"verified": True, "content_digest": digest})


def test_a_damaged_content_is_quarantined_and_the_log_says_so(world: World) -> None:
    with untriggered("blobs"):
        run("UPDATE blobs SET body = %s", b"something else")

    job = verified(world.scout, world.evidence.snapshot_id)

    assert job["status"] == "completed"
    assert (job["result"]["verified"], job["result"]["problem"]) == (False, "content_damaged")
    assert Blob.objects.get().quarantined_at
    assert AuditEvent.objects.get(action="blob:quarantine").actor_type == "system"


@pytest.mark.parametrize("wanted", ["0" * 64, "nonsense", ""])
def test_what_is_not_there_ends_the_job(world: World, wanted: str) -> None:
    job = verified(world.scout, wanted)

    assert job["status"] == "failed"
    assert job["error_message"].startswith("not_found: ")


def test_evidence_of_another_tenant_is_not_there(world: World) -> None:
    job = verified(world.boris, world.evidence.snapshot_id)

    assert job["status"] == "failed"
    assert job["error_message"].startswith("not_found: ")


def test_a_content_that_is_not_held_ends_the_job(world: World) -> None:
    run(
        "INSERT INTO snapshots (tenant_id, url, fetched_at, object_store_path) "
        "VALUES (%s, 'https://example.org/away', now(), 'https://store.example.org/away')",
        world.acme.pk,
    )
    away = Snapshot.objects.get(content_digest__isnull=True)

    job = verified(world.scout, away.snapshot_id)

    assert (job["status"], job["attempts"]) == ("failed", 1)
    assert job["error_message"].startswith("content_not_held: ")
