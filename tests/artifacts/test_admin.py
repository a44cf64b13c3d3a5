"""Evidence in the admin: proved when it is shown, and handed over as a file that runs nowhere."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from artifacts.excerpts import LENGTH, excerpt
from artifacts.models import Blob, Snapshot
from audit.models import AuditEvent
from tests.factories import World, make_snapshot
from tests.raw import run, untriggered
from tests.staff import browser

HTML = "text/html; charset=utf-8"


def content_of(snapshot: Snapshot) -> str:
    return f"/admin/artifacts/snapshot/{snapshot.pk}/content/"


def damage() -> None:
    with untriggered("blobs"):
        run("UPDATE blobs SET body = %s", b"something else")


def test_content_is_served_as_an_attachment_only(world: World) -> None:
    answer = browser(world.vera).get(content_of(world.evidence))

    assert answer.content == b"<p>Evidence.</p>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    expected = f'attachment; filename="{world.evidence.snapshot_id}.bin"'
    assert answer.headers["Content-Disposition"] == expected
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_foreign_content_is_as_unknown_as_content_that_does_not_exist(world: World) -> None:
    boris = browser(world.boris)

    assert boris.get(content_of(world.evidence)).status_code == 404
    assert boris.get(f"/admin/artifacts/snapshot/{uuid4()}/content/").status_code == 404
    assert Client().get(content_of(world.evidence)).status_code == 302


def test_damaged_content_is_quarantined_and_never_served(world: World) -> None:
    damage()

    answer = browser(world.vera).get(content_of(world.evidence), follow=True)

    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/admin/artifacts/snapshot/{world.evidence.pk}/change/"
    assert page.count("no longer matches its digest") == 2
    assert "content verified" not in page
    assert Blob.objects.get().quarantined_at is not None
    event = AuditEvent.objects.get(action="blob:quarantine")
    assert event.actor_id == world.vera.pk


def test_damage_is_recorded_once_however_often_it_is_read(world: World) -> None:
    damage()

    for _ in range(2):
        browser(world.vera).get(content_of(world.evidence))

    assert AuditEvent.objects.filter(action="blob:quarantine").count() == 1


def test_a_snapshots_page_says_that_its_content_is_verified(world: World) -> None:
    page = browser(world.vera).get(f"/admin/artifacts/snapshot/{world.evidence.pk}/change/").content.decode()

    assert "content verified" in page
    assert bytes(world.evidence.content_digest or b"").hex() in page
    assert content_of(world.evidence) in page


def test_snapshots_are_found_by_id_and_by_the_beginning_of_an_address(world: World) -> None:
    make_snapshot(world.scout, url="https://example.net/other")
    client = browser(world.vera)

    def found(wanted: str) -> int:
        return len(client.get("/admin/artifacts/snapshot/", {"q": wanted}).context["cl"].result_list)

    assert found(world.evidence.snapshot_id) == 1
    assert found("https://example.") == 2
    assert found("example.net") == 0


class TestExcerpts:
    @pytest.mark.parametrize(
        ("page", "text"),
        [
            (b"<p>One</p><p>Two &amp; three</p>", "One Two & three"),
            (b"<head><title>No</title></head><body>Yes</body>", "Yes"),
            (b"<script>no()</script>Yes<style>no</style>", "Yes"),
            (b"<svg><script>no</script></svg>Yes", "Yes"),
            (b"Yes<script>no", "Yes"),
            (b"<head><title>No<body>Yes", "Yes"),
            (b"&lt;script&gt;shown as text&lt;/script&gt;", "<script>shown as text</script>"),
            (b"\xff\xfe broken", "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER} broken"),
            ("right \N{RIGHT-TO-LEFT OVERRIDE}left".encode(), "right left"),
        ],
    )
    def test_keep_the_text_and_nothing_else(self, page: bytes, text: str) -> None:
        assert excerpt(page, HTML) == text

    def test_are_cut_after_600_characters(self) -> None:
        assert excerpt(b"x" * 5000, "text/plain") == "x" * LENGTH + " ..."

    def test_follow_the_charset_that_is_named_if_there_is_one(self) -> None:
        assert excerpt("caf\xe9".encode("latin-1"), "text/plain; charset=iso-8859-1") == "caf\xe9"
        assert excerpt(b"plain", "text/plain; charset=nonsense") == "plain"
        assert excerpt(b"plain", "text/plain; charset=rot13") == "plain"

    def test_are_empty_where_the_content_is_no_text(self) -> None:
        assert excerpt(b"%PDF-1.7", "application/pdf") == ""
        assert excerpt(b'{"rate": 2}', "application/json") == '{"rate": 2}'
