"""How evidence says no."""

from __future__ import annotations

from core.refusals import Refusal


class SnapshotDiffers(Refusal):
    """This address was fetched at this very time already, with another content."""

    code = "snapshot_differs"
    hint = "A snapshot is never overwritten: fetch again, or use the existing one."


class SnapshotIdIsWrong(Refusal):
    """A snapshot's id is the sha256 of its address and time."""

    code = "snapshot_id_is_its_source_and_time"
    status = 422
    hint = "Leave the id out; the database computes it."


class EvidenceNeverChanges(Refusal):
    """Evidence is written once and stays."""

    code = "snapshot_never_changes"
    hint = "Fetch again; that makes a new snapshot."
    constraints = ("content_never_changes",)


class ContentDamaged(Refusal):
    """The stored content no longer matches its digest; it is quarantined and never served."""

    code = "content_damaged"
    status = 409
    hint = "Tell an operator: this copy is lost, and the same bytes are not taken again."


class ContentNotHeld(Refusal):
    """The content of this snapshot is not held here."""

    code = "content_not_held"
    status = 404
    hint = "Its address is in `object_store_path`."


class ContentTooLarge(Refusal):
    """A snapshot's content is at most 1 MiB here."""

    code = "blob_is_at_most_1_mib"
    status = 413
    hint = "Send a smaller page; the limit in bytes is 1048576."
