"""Each content is stored once under its digest, checked on every read, and set aside when it is damaged."""

from __future__ import annotations

import hashlib

import pytest
import zstandard

from artifacts import blobs, snapshots
from artifacts.models import Blob
from artifacts.refusals import ContentDamaged, ContentTooLarge
from audit.models import AuditEvent
from core.access.models import PLATFORM_TENANT_ID
from core.database import seeds
from core.database.unit import unit
from core.refusals import AlreadyExists, NotAccepted, OutsideUnit
from tests.factories import REASON, World, acting, make_snapshot
from tests.raw import RUNTIME, WRITERS, denied, grant, one, refused, run, untriggered

pytestmark = pytest.mark.django_db

RAW = "INSERT INTO blobs (digest, size_bytes, body) VALUES (%s, %s, %s)"
TEXT = b"Text. " * 100


@pytest.fixture
def digest() -> bytes:
    seeds.load("default")
    with unit("api"):
        return blobs.store(TEXT)


def damage(change: str, *values: object) -> None:
    with untriggered("blobs"):
        run(f"UPDATE blobs SET {change}", *values)


class TestStoring:
    def test_knows_a_content_by_its_sha256(self, digest: bytes) -> None:
        assert digest == hashlib.sha256(TEXT).digest()

    def test_keeps_it_compressed(self, digest: bytes) -> None:
        blob = Blob.objects.get(digest=digest)

        assert (blob.size_bytes, blob.encoding) == (600, "zstd")
        assert len(blob.body) < 100
        assert zstandard.ZstdDecompressor().decompress(bytes(blob.body)) == TEXT

    def test_keeps_it_once_however_often_it_comes(self, digest: bytes) -> None:
        with unit("worker", tenant=PLATFORM_TENANT_ID):
            again = blobs.store(TEXT)

        assert again == digest
        assert Blob.objects.filter(digest=digest).count() == 1

    def test_refuses_more_than_a_mebibyte(self) -> None:
        with pytest.raises(ContentTooLarge), unit("api"):
            blobs.store(b"x" * (blobs.LIMIT + 1))

        assert not Blob.objects.filter(size_bytes__gte=blobs.LIMIT).exists()

    def test_refuses_what_it_found_damaged_before(self, digest: bytes) -> None:
        with unit("worker", tenant=PLATFORM_TENANT_ID):
            blobs.quarantine(digest, by=None, reason=REASON)

        with pytest.raises(ContentDamaged), unit("api"):
            blobs.store(TEXT)

    def test_notices_damage_when_the_same_comes_again(self, digest: bytes) -> None:
        damage("body = %s", zstandard.compress(b"something else"))

        with pytest.raises(ContentDamaged), unit("api"):
            blobs.store(TEXT)


class TestReading:
    def test_gives_the_content_back(self, digest: bytes) -> None:
        assert blobs.read(digest) == TEXT

    @pytest.mark.parametrize(
        "body",
        [
            zstandard.compress(b"something else"),
            b"no zstd at all",
            b"",
            zstandard.compress(TEXT)[:-3],
            zstandard.compress(TEXT + b"!"),
            zstandard.ZstdCompressor().compress(b"\0" * (64 * 1024 * 1024)),
        ],
        ids=["another text", "no zstd", "empty", "cut", "longer", "a bomb"],
    )
    def test_refuses_what_is_not_what_its_digest_says(self, digest: bytes, body: bytes) -> None:
        damage("body = %s", body)

        with pytest.raises(ContentDamaged) as caught:
            blobs.read(digest)

        assert caught.value.facts == {"digest": digest.hex()}

    def test_refuses_what_was_set_aside_even_where_it_is_whole(self, digest: bytes) -> None:
        with unit("worker", tenant=PLATFORM_TENANT_ID):
            blobs.quarantine(digest, by=None, reason=REASON)

        with pytest.raises(ContentDamaged):
            blobs.read(digest)

    def test_of_a_snapshot_refuses_damaged_content(self, world: World) -> None:
        damage("body = %s", zstandard.compress(b"something else"))

        with acting(world.scout), pytest.raises(ContentDamaged):
            snapshots.read(world.evidence)

    def test_of_damaged_content_refuses_to_make_evidence_of_it(self, world: World) -> None:
        damage("body = %s", zstandard.compress(b"something else"))

        with pytest.raises(ContentDamaged):
            make_snapshot(world.scout, url="https://example.org/again")


class TestQuarantine:
    def test_says_when_and_is_written_down(self, world: World) -> None:
        digest = bytes(world.evidence.content_digest or b"")

        with acting(world.grace, "staff"):
            blobs.quarantine(digest, by=world.grace, reason=REASON)

        event = AuditEvent.objects.get(action="blob:quarantine")
        assert Blob.objects.get(digest=digest).quarantined_at is not None
        assert (event.actor_id, event.entity_type, event.entity_id) == (world.grace.pk, "blobs", digest.hex())
        assert event.metadata == {"reason": REASON}

    def test_happens_once(self, digest: bytes) -> None:
        with unit("worker", tenant=PLATFORM_TENANT_ID):
            blobs.quarantine(digest, by=None, reason=REASON)
        when = Blob.objects.get(digest=digest).quarantined_at

        with unit("worker", tenant=PLATFORM_TENANT_ID):
            blobs.quarantine(digest, by=None, reason="Once more, please.")

        assert Blob.objects.get(digest=digest).quarantined_at == when
        assert AuditEvent.objects.filter(action="blob:quarantine").count() == 1

    def test_is_never_lifted(self, digest: bytes) -> None:
        with unit("worker", tenant=PLATFORM_TENANT_ID):
            blobs.quarantine(digest, by=None, reason=REASON)

        for role in (*WRITERS, "owner"):
            with unit(role), refused("content_never_changes"):
                run("UPDATE blobs SET quarantined_at = NULL")

    def test_is_dated_by_the_database(self, digest: bytes) -> None:
        with unit("api"):
            run("UPDATE blobs SET quarantined_at = '2000-01-01'")

        assert one("SELECT bool_and(quarantined_at > now()) FROM blobs") is True

    def test_happens_in_a_unit(self, digest: bytes) -> None:
        with pytest.raises(OutsideUnit):
            blobs.quarantine(digest, by=None, reason=REASON)


class TestABlob:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE blobs SET body = 'x'",
            "UPDATE blobs SET size_bytes = 1, quarantined_at = now()",
            "DELETE FROM blobs",
            "TRUNCATE blobs CASCADE",
        ],
    )
    def test_never_changes(self, digest: bytes, statement: str) -> None:
        with refused("content_never_changes"):
            run(statement)

    @pytest.mark.parametrize("column", ["body", "digest", "size_bytes", "encoding", "created_at"])
    def test_is_changed_by_no_role(self, column: str) -> None:
        for role in RUNTIME:
            with unit(role), denied("blobs"):
                run(f"UPDATE blobs SET {column} = DEFAULT")

    def test_is_removed_by_no_role(self) -> None:
        for role in RUNTIME:
            with unit(role), denied("blobs"):
                run("DELETE FROM blobs")

    def test_is_not_changed_by_a_role_that_was_given_the_right(self, digest: bytes) -> None:
        grant("UPDATE", "blobs", "api")

        with unit("api"), refused("content_never_changes"):
            run("UPDATE blobs SET body = 'x'")

    @pytest.mark.parametrize(
        ("values", "name", "answer"),
        [
            ((b"short", 1, b"x"), "blob_digest_is_a_sha256", NotAccepted),
            ((b"d" * 32, 1048577, b"x"), "blob_is_at_most_1_mib", None),
            ((b"d" * 32, -1, b"x"), "blob_is_at_most_1_mib", None),
        ],
    )
    def test_has_a_digest_and_a_size(
        self, values: tuple[object, ...], name: str, answer: type | None
    ) -> None:
        with unit("api"), refused(name, answer):
            run(RAW, *values)

    def test_is_compressed_in_one_way(self) -> None:
        with unit("api"), refused("blob_encoding_is_known", NotAccepted):
            run("INSERT INTO blobs (digest, size_bytes, body, encoding) VALUES (sha256('x'), 1, 'x', 'gzip')")

    def test_is_stored_once(self, digest: bytes) -> None:
        with unit("api"), refused("content_is_stored_once", AlreadyExists):
            run(RAW, digest, 1, b"x")

    def test_is_dated_by_the_database_alone(self) -> None:
        for column in ("id", "created_at", "quarantined_at"):
            with unit("api"), denied("blobs"):
                run(f"INSERT INTO blobs (digest, {column}) VALUES ('x', DEFAULT)")
