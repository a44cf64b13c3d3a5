"""A snapshot is named by where and when it was fetched, and commits to what was fetched."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest

from artifacts import snapshots
from artifacts.models import Blob, Snapshot
from artifacts.refusals import ContentNotHeld, ContentTooLarge, SnapshotDiffers
from core.access.models import PLATFORM_TENANT_ID, User
from core.database import seeds
from core.database.unit import unit
from core.refusals import NotAccepted, UnknownReference
from tests.factories import World, acting
from tests.raw import RUNTIME, WRITERS, denied, every, one, refused, run, untriggered

pytestmark = pytest.mark.django_db

URL = "https://example.org/a?b=c#d"
NOON = datetime(2026, 11, 1, 12, 0, 0, 123456, tzinfo=UTC)
RAW = "INSERT INTO snapshots (tenant_id, snapshot_id, url, fetched_at, object_store_path) VALUES (%s, %s, %s, %s, 's3://b/k')"


def ingest(
    by: User, body: bytes = b"Text.", url: str = URL, at: datetime | None = NOON
) -> tuple[Snapshot, bool]:
    with acting(by):
        return snapshots.ingest(url, body, content_type="text/plain", by=by, fetched_at=at)


def id_of(url: str, written_time: str) -> str:
    return hashlib.sha256(f"{url}|{written_time}".encode()).hexdigest()


class TestTheId:
    @pytest.mark.parametrize(
        ("at", "written"),
        [
            (NOON, "2026-11-01T12:00:00.123456Z"),
            (NOON.replace(microsecond=0), "2026-11-01T12:00:00.000000Z"),
            (NOON.astimezone(timezone(timedelta(hours=5, minutes=30))), "2026-11-01T12:00:00.123456Z"),
        ],
    )
    def test_is_the_sha256_of_address_and_time(self, world: World, at: datetime, written: str) -> None:
        made, _ = ingest(world.scout, at=at)

        assert made.snapshot_id == id_of(URL, written)

    def test_does_not_depend_on_the_time_zone_of_the_session(self, world: World) -> None:
        run("SET LOCAL TIME ZONE 'Asia/Tokyo'")

        assert one("SELECT snapshot_id_of(%s, %s)", URL, NOON) == id_of(URL, "2026-11-01T12:00:00.123456Z")

    def test_of_an_address_in_any_script_is_of_its_utf8(self, world: World) -> None:
        url = "https://example.org/\u00fc/\u6771\u4eac"

        assert ingest(world.scout, url=url)[0].snapshot_id == id_of(url, "2026-11-01T12:00:00.123456Z")

    @pytest.mark.parametrize("role", WRITERS)
    def test_is_checked_by_the_database(self, world: World, role: str) -> None:
        with acting(world.scout, role), refused("snapshot_id_is_its_source_and_time"):
            run(RAW, world.acme.pk, "0" * 64, URL, NOON)

    def test_is_checked_for_the_owner_too(self, world: World) -> None:
        with refused("snapshot_id_is_its_source_and_time"):
            run(RAW, world.acme.pk, id_of(URL, "2026-11-01T12:00:00Z"), URL, NOON)

    def test_of_the_source_is_accepted(self, world: World) -> None:
        run(RAW, world.acme.pk, id_of(URL, "2026-11-01T12:00:00.123456Z"), URL, NOON)

        assert Snapshot.objects.filter(url=URL).exists()

    def test_is_made_by_the_database_where_none_is_given(self) -> None:
        seeds.load("default")

        run("INSERT INTO snapshots (url, object_store_path) VALUES (%s, 's3://b/k')", URL)

        made = Snapshot.objects.get(url=URL)
        assert made.tenant_id == PLATFORM_TENANT_ID
        assert made.snapshot_id == one(
            "SELECT snapshot_id_of(url, fetched_at) FROM snapshots WHERE url = %s", URL
        )
        assert one("SELECT fetched_at > now() FROM snapshots WHERE url = %s", URL) is True


class TestIngesting:
    def test_keeps_what_the_address_answered(self, world: World) -> None:
        made, is_new = ingest(world.scout)

        assert is_new
        assert (made.url, made.fetched_at, made.content_type, made.size_bytes) == (URL, NOON, "text/plain", 5)
        assert made.object_store_path == f"db:sha256/{hashlib.sha256(b'Text.').hexdigest()}"
        assert made.tenant_id == world.acme.pk

    def test_takes_the_servers_clock_where_no_time_is_given(self, world: World) -> None:
        made, _ = ingest(world.scout, at=None)

        assert one("SELECT fetched_at > now() FROM snapshots WHERE id = %s", made.pk) is True

    def test_the_same_again_is_the_existing_row(self, world: World) -> None:
        first, _ = ingest(world.scout)

        second, is_new = ingest(world.scout)

        assert (second.pk, is_new) == (first.pk, False)

    def test_the_same_address_and_time_with_other_content_is_refused(self, world: World) -> None:
        ingest(world.scout)

        with pytest.raises(SnapshotDiffers) as caught:
            ingest(world.scout, b"Other text.")

        assert caught.value.facts == {"snapshot_id": id_of(URL, "2026-11-01T12:00:00.123456Z")}
        assert Blob.objects.filter(size_bytes=11).count() == 0

    def test_the_same_address_and_time_is_refused_by_the_database(self, world: World) -> None:
        made, _ = ingest(world.scout)

        with acting(world.scout), refused("snapshot_differs"):
            run(RAW, world.acme.pk, made.snapshot_id, URL, NOON)

    def test_another_tenant_may_fetch_the_same(self, world: World) -> None:
        first, _ = ingest(world.scout)

        second, is_new = ingest(world.boris)

        assert is_new
        assert (second.snapshot_id, second.tenant_id) == (first.snapshot_id, world.beta.pk)

    def test_another_time_is_another_row_of_the_same_content(self, world: World) -> None:
        first, _ = ingest(world.scout)

        second, is_new = ingest(world.scout, at=NOON + timedelta(microseconds=1))

        assert is_new
        assert bytes(first.content_digest or b"") == bytes(second.content_digest or b"")
        assert Blob.objects.filter(digest=first.content_digest).count() == 1

    def test_a_page_over_one_mebibyte_is_refused(self, world: World) -> None:
        with pytest.raises(ContentTooLarge):
            ingest(world.scout, b"x" * (1024 * 1024 + 1))

    def test_a_page_of_one_mebibyte_is_kept(self, world: World) -> None:
        made, _ = ingest(world.scout, b"x" * 1024 * 1024)

        assert snapshots.read(made) == b"x" * 1024 * 1024

    def test_an_empty_page_is_kept(self, world: World) -> None:
        assert snapshots.read(ingest(world.scout, b"")[0]) == b""

    @pytest.mark.parametrize("content_type", ["text/html\r\nSet-Cookie: a=b", "text/html\n"])
    def test_a_content_type_is_one_line(self, world: World, content_type: str) -> None:
        with acting(world.scout), refused("snapshot_content_type_is_one_line", NotAccepted):
            snapshots.ingest(URL, b"Text.", content_type=content_type, by=world.scout)


class TestReading:
    def test_gives_the_bytes_back(self, world: World) -> None:
        made, _ = ingest(world.scout, bytes(range(256)) * 9)

        with acting(world.edith):
            assert snapshots.read(made) == bytes(range(256)) * 9

    def test_of_what_is_not_held_here_is_refused(self, world: World) -> None:
        run(RAW, world.acme.pk, None, "https://example.org/far", NOON)
        far = Snapshot.objects.get(url="https://example.org/far")

        with pytest.raises(ContentNotHeld) as caught:
            snapshots.read(far)

        assert caught.value.facts == {"object_store_path": "s3://b/k"}


class TestASnapshot:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE snapshots SET content_type = 'text/html'",
            "UPDATE snapshots SET url = url",
            "DELETE FROM snapshots",
            "TRUNCATE snapshots CASCADE",
        ],
    )
    def test_never_changes(self, world: World, statement: str) -> None:
        with refused("snapshot_never_changes"):
            run(statement)

    @pytest.mark.parametrize("statement", ["UPDATE snapshots SET url = url", "DELETE FROM snapshots"])
    def test_is_changed_by_no_role(self, statement: str) -> None:
        for role in RUNTIME:
            with unit(role), denied("snapshots"):
                run(statement)

    @pytest.mark.parametrize("column", ["id", "record_digest", "created_at"])
    def test_is_dated_and_sealed_by_the_database_alone(self, column: str) -> None:
        for role in WRITERS:
            with unit(role), denied("snapshots"):
                run(f"INSERT INTO snapshots (url, {column}) VALUES ('https://example.org/', DEFAULT)")

    def test_points_at_content_that_is_held(self, world: World) -> None:
        with acting(world.scout), refused("snapshot_has_its_content", UnknownReference):
            run(
                "INSERT INTO snapshots (tenant_id, url, object_store_path, content_digest) VALUES (%s, %s, %s, %s)",
                world.acme.pk,
                URL,
                f"db:sha256/{'00' * 32}",
                b"\0" * 32,
            )

    def test_points_at_its_content_by_digest(self, world: World) -> None:
        with acting(world.scout), refused("snapshot_path_is_its_content", NotAccepted):
            run(
                "INSERT INTO snapshots (tenant_id, url, object_store_path, content_digest) VALUES (%s, %s, 'db:other', %s)",
                world.acme.pk,
                URL,
                bytes(world.evidence.content_digest or b""),
            )

    def test_belongs_to_a_known_tenant(self) -> None:
        with unit("api", tenant=UUID(int=9)), refused("snapshot_has_a_known_tenant", UnknownReference):
            run("INSERT INTO snapshots (url, object_store_path) VALUES (%s, 'p')", URL)

    def test_is_governed(self, world: World) -> None:
        made, _ = ingest(world.scout)

        found = every(
            "SELECT action, actor_id, new_value ->> 'url' FROM audit_event WHERE entity_id = %s", str(made.pk)
        )
        assert found == [("snapshot:ingest", world.scout.pk, URL)]


class TestItsRecord:
    @pytest.mark.parametrize(
        "change",
        [
            "content_type = 'text/html'",
            "size_bytes = 6",
            "fetched_at = now(), snapshot_id = snapshot_id_of(url, now())",
            "content_digest = NULL",
        ],
    )
    def test_commits_to_everything_that_was_fetched(self, world: World, change: str) -> None:
        made, _ = ingest(world.scout)
        before = bytes(made.record_digest)

        with untriggered("snapshots"):
            run(f"UPDATE snapshots SET {change} WHERE id = %s", made.pk)

        assert bytes(Snapshot.objects.get(pk=made.pk).record_digest) != before

    def test_can_be_computed_by_anybody(self, world: World) -> None:
        made, _ = ingest(world.scout)
        content = hashlib.sha256(b"Text.").hexdigest()
        written = [
            "xmarket snapshot v1",
            made.snapshot_id,
            content,
            "text/plain",
            "5",
            f"db:sha256/{content}",
        ]

        assert bytes(made.record_digest) == hashlib.sha256("\n".join(written).encode()).digest()
