"""People of staff see how the log is sealed, and take the receipt of any fact they may read."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from audit.admin import Log
from audit.models import AuditEvent
from audit.sealing import keys, pages, publishing, receipts
from audit.sealing.models import LogCheckpoint
from audit.sealing.standing import STOPPED_AFTER, Standing
from core.access.models import User
from markets.models import Market
from tests.factories import World, make_world, open_market, request_for
from tests.sealing import seal_everything
from tests.staff import browser

NOW = datetime(2026, 6, 1, 12, 30, tzinfo=UTC)
WELL = Standing(12_345, 1, False, 1.5, NOW, 2.0)
STOPPED = replace(WELL, unsealed=7, lag_seconds=STOPPED_AFTER + 5, age_seconds=STOPPED_AFTER + 5)


def address(event: AuditEvent, of: str = "receipt/") -> str:
    return f"/admin/audit/auditevent/{event.pk}/{of}"


def text_of(client: Client, where: str) -> str:
    return " ".join(unescape(client.get(where).content.decode()).split())


def granted(world: World) -> AuditEvent:
    return AuditEvent.objects.get(action="approval:grant", tenant_id=world.acme.pk)


@pytest.fixture
def there(committing_db: str) -> World:
    """A world with a market, in a log that is sealed."""
    world = make_world()
    open_market(world.proposal, world.grace)
    seal_everything()
    return world


@pytest.fixture
def stands(monkeypatch: pytest.MonkeyPatch) -> Callable[[Standing], None]:
    """Let the log stand as a test says."""
    return lambda found: monkeypatch.setattr(pages, "standing", lambda: found)


class TestAReceipt:
    def test_shows_where_the_fact_stands_and_who_signed_for_it(self, there: World) -> None:
        client, newest = browser(there.vera), LogCheckpoint.objects.latest("size")
        found = receipts.read(client.get(address(granted(there), "receipt/file/")).content.decode())

        answer = client.get(address(granted(there)))

        shown = " ".join(unescape(answer.content.decode()).split())
        assert answer.status_code == 200
        assert "no-store" in answer.headers["Cache-Control"]
        assert f"<dt>index</dt><dd>{found.index}</dd>" in shown
        assert f"<dt>size of the log</dt><dd>{newest.size}</dd>" in shown
        assert base64.b64encode(bytes(newest.root)).decode() in shown
        (verifier,) = keys.verifiers()
        assert f"<code>{verifier.name}</code>, key <code>{verifier.id.hex()}</code>" in shown
        assert str(verifier) in shown
        assert found.text() in unescape(answer.content.decode())

    def test_is_kept_as_a_file_that_checks(self, there: World) -> None:
        event = granted(there)

        answer = browser(there.vera).get(address(event, "receipt/file/"))

        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="receipt-{event.pk}.txt"'
        found = receipts.read(answer.content.decode())
        assert found.check(keys.verifiers()).size == LogCheckpoint.objects.latest("size").size
        assert b"approval:grant" in found.record

    def test_is_given_to_the_platform_wherever_it_works(self, there: World) -> None:
        answer = browser(there.root).get(address(granted(there), "receipt/file/"))

        found = receipts.read(answer.content.decode())
        assert found.check(keys.verifiers()).size > found.index

    @pytest.mark.parametrize("of", ["receipt/", "receipt/file/"])
    def test_of_what_is_not_ones_own_is_not_there(self, there: World, of: str) -> None:
        client = browser(there.boris)

        foreign = client.get(address(granted(there), of))
        unknown = client.get(f"/admin/audit/auditevent/{uuid4()}/{of}")

        assert (foreign.status_code, unknown.status_code) == (404, 404)


@pytest.mark.django_db
class TestAFactThatIsNotSealed:
    def test_says_so_and_when_to_look_again(self, world: World) -> None:
        event = AuditEvent.objects.filter(tenant_id=world.acme.pk)[0]

        answer = browser(world.vera).get(address(event))

        assert (answer.status_code, answer.headers["Retry-After"]) == (409, "2")
        shown = " ".join(answer.content.decode().split())
        assert "Not sealed yet" in shown
        assert "Look again in 2 seconds" in shown

    def test_leads_there_instead_of_to_a_file(self, world: World) -> None:
        event = AuditEvent.objects.filter(tenant_id=world.acme.pk)[0]

        answer = browser(world.vera).get(address(event, "receipt/file/"))

        assert answer.headers["Location"] == address(event)


@pytest.mark.django_db
class TestTheWayThere:
    @pytest.mark.parametrize("of", ["receipt/", "receipt/file/"])
    def test_is_closed_to_who_may_not_read_the_log(
        self, world: World, of: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        event = AuditEvent.objects.filter(tenant_id=world.acme.pk)[0]
        monkeypatch.setattr(Log, "permission", "jobs:manage")

        assert browser(world.vera).get(address(event, of)).status_code == 403

    @pytest.mark.parametrize("of", ["receipt/", "receipt/file/"])
    def test_is_only_read(self, world: World, of: str) -> None:
        event = AuditEvent.objects.filter(tenant_id=world.acme.pk)[0]

        assert browser(world.vera).post(address(event, of)).status_code == 405

    def test_begins_at_the_page_of_a_fact(self, world: World) -> None:
        event = AuditEvent.objects.filter(tenant_id=world.acme.pk)[0]

        assert f'href="{address(event)}">Receipt</a>' in text_of(
            browser(world.vera), address(event, "change/")
        )

    def test_begins_where_a_decision_and_its_grant_are_shown(self, world: World) -> None:
        open_market(world.proposal, world.grace)
        decided = AuditEvent.objects.get(entity_type="approval_decisions")

        shown = text_of(
            browser(world.vera), f"/admin/audit/approvalrequest/{request_for(world.proposal).pk}/receipt/"
        )

        assert address(granted(world)) in shown
        assert address(decided) in shown

    def test_begins_at_the_proof_of_a_market(self, world: World) -> None:
        open_market(world.proposal, world.grace)

        shown = text_of(browser(world.vera), f"/admin/markets/market/{Market.objects.get().pk}/change/")

        assert address(granted(world)) in shown


@pytest.mark.django_db
class TestTheFirstPage:
    def shown(self, person: User) -> str:
        return text_of(browser(person), "/admin/")

    def test_says_how_much_is_sealed_and_what_waits(
        self, world: World, stands: Callable[[Standing], None]
    ) -> None:
        stands(WELL)

        shown = self.shown(world.vera)

        assert "<strong>12,345</strong> events are sealed, <strong>1</strong> waits" in shown
        assert "for <strong>2 s</strong>" in shown
        assert "2026-06-01 12:30:00Z" in shown
        assert ">stopped</span>" not in shown

    def test_raises_an_alarm_when_sealing_stopped(
        self, world: World, stands: Callable[[Standing], None]
    ) -> None:
        stands(STOPPED)

        shown = self.shown(world.vera)

        assert 'role="alert"><span class="badge state-failed">stopped</span>' in shown
        assert "<strong>7</strong> wait, the oldest for <strong>65 s</strong>" in shown

    def test_says_what_is_so_before_the_first_checkpoint(self, world: World) -> None:
        shown = self.shown(world.vera)

        assert "<strong>0</strong> events are sealed" in shown
        assert "There is no checkpoint yet." in shown

    def test_says_who_keeps_checkpoints_and_who_fails(
        self, world: World, stands: Callable[[Standing], None]
    ) -> None:
        keeps = publishing.Standing("file:///kept", "directory", 12_345, 0, NOW, 1.0, 0, None, None)
        fails = publishing.Standing(
            "w/1", "witness", 0, 12_345, None, None, 2, NOW, "the witness <took> too long"
        )
        stands(replace(WELL, holders=[keeps, fails]))

        shown = self.shown(world.vera)

        assert "<code>file:///kept</code></th><td>directory</td><td>12,345</td><td>0</td>" in shown
        assert shown.count('<span class="badge state-active">keeps</span>') == 1
        assert "<code>w/1</code></th><td>witness</td><td>0</td><td>12,345</td>" in shown
        assert '<span role="alert"><span class="badge state-failed">failing</span> since <time' in shown
        assert "the witness <took> too long" in shown

    def test_says_nothing_of_holders_where_there_is_none(self, world: World) -> None:
        assert "Who keeps checkpoints" not in self.shown(world.vera)

    def test_is_silent_to_who_may_not_read_the_log(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(pages, "READ", "jobs:manage")

        assert 'id="log-heading"' not in self.shown(world.vera)
        assert 'id="log-heading"' in self.shown(world.grace)

    def test_says_more_than_it_counted(self, world: World, stands: Callable[[Standing], None]) -> None:
        stands(replace(STOPPED, unsealed=10_000, is_more=True, lag_seconds=7300.0))

        assert "<strong>more than 10,000</strong> wait, the oldest for <strong>2 h</strong>" in self.shown(
            world.vera
        )


@pytest.mark.django_db
class TestTheHours:
    def test_are_of_the_tenant_or_of_all(self, world: World) -> None:
        whole = AuditEvent.objects.count()
        own = AuditEvent.objects.filter(tenant_id=world.acme.pk).count()

        everybodys = pages.hourly(None, timezone.now())
        theirs = pages.hourly(world.acme.pk, timezone.now())

        assert sum(bar.number for bar in everybodys.bars) == whole
        assert sum(bar.number for bar in theirs.bars) == own < whole
        assert (everybodys.title, theirs.title) == (
            "Events of all tenants per hour (UTC)",
            "Events of your tenant per hour (UTC)",
        )

    def test_are_the_last_24_and_end_with_this_one(self, world: World) -> None:
        moment = timezone.now()

        chart = pages.hourly(None, moment + timedelta(hours=3))

        assert len(chart.bars) == 24
        assert chart.bars[-1].label == f"{moment + timedelta(hours=3):%H}:00"
        assert chart.bars[-4].number + chart.bars[-5].number == AuditEvent.objects.count()
        assert not any(bar.number for bar in pages.hourly(None, moment + timedelta(days=3)).bars)

    def test_are_counted_to_a_limit(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(pages, "MOST", 2)

        bars = pages.hourly(None, timezone.now()).bars

        assert {(bar.number, bar.is_more) for bar in bars if bar.number} == {(2, True)}
