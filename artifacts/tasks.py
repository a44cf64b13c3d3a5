"""Work on evidence that principals of the API may ask for."""

from __future__ import annotations

from typing import Any

from django_tasks import task

from artifacts import evidence
from artifacts.models import Snapshot
from artifacts.refusals import ContentDamaged
from core.database.unit import current
from core.refusals import NotFound


@task(job_type="evidence:verify", permission="snapshots:read", time_limit=60.0)
def verify(snapshot_id: str) -> dict[str, Any]:
    """Read a snapshot's content again, and prove it against its digest; a damaged one is set aside.

    :raises NotFound: for what is no snapshot of the job's tenant.
    :raises ContentNotHeld: where only the address of the content is known.
    """
    found = Snapshot.objects.filter(tenant=current().tenant, snapshot_id=snapshot_id).first()
    if found is None:
        raise NotFound
    digest = bytes(found.content_digest or b"").hex()
    try:
        evidence.read(found, by=None)
    except ContentDamaged as damage:
        # answered, not raised: raising would roll the quarantine back
        return {"verified": False, "content_digest": digest, "problem": damage.code}
    return {"verified": True, "content_digest": digest}
