from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection

from artifacts import snapshots
from artifacts.models import Blob, Snapshot
from artifacts.refusals import SnapshotDiffers
from audit.models import ApprovalRequest
from core.access.models import User
from core.messaging.models import OutboxEvent
from core.refusals import OutsideUnit
from markets import proposals, questions
from markets.imports import Outcome, import_question
from markets.models import Proposal, Revision
from markets.questions import Question
from markets.refusals import SymbolTaken
from tests.factories import World, acting, make_agent, make_world

THREE = Path(__file__).parent / "data" / "three.json"


def the_three() -> tuple[Question, Question, Question]:
    market, series, shared = questions.read(THREE.read_bytes()).questions
    assert isinstance(market, Question)
    assert isinstance(series, Question)
    assert isinstance(shared, Question)
    return market, series, shared


def imported(question: Question, by: User) -> Outcome:
    with acting(by):
        return import_question(question, by=by)


def proposed(question: Question) -> Proposal:
    return Proposal.objects.get(symbol=question.symbol)


def content_of(question: Question) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(bytes(proposals.latest_revision(proposed(question)).canonical))
    return content


def rows() -> tuple[int, ...]:
    tables = (Proposal, Revision, Snapshot, Blob, ApprovalRequest, OutboxEvent)
    return tuple(table._default_manager.count() for table in tables)


class TestAnImportedQuestion:
    def test_becomes_evidence_that_says_what_was_known_when_it_was_frozen(self, world: World) -> None:
        market, *_ = the_three()

        outcome = imported(market, world.scout)

        snapshot = Snapshot.objects.get(url="https://films.example/oscars#pollhouse-q-1")
        named = f"{snapshot.url}|2026-11-01T00:00:00.000000Z"
        assert outcome is Outcome.CREATED
        assert snapshot.fetched_at == datetime(2026, 11, 1, tzinfo=UTC)
        assert snapshot.snapshot_id == hashlib.sha256(named.encode()).hexdigest()
        assert snapshot.content_type == "text/html; charset=utf-8"
        assert snapshots.read(snapshot) == market.html

    def test_becomes_a_proposal_with_that_evidence(self, world: World) -> None:
        market, *_ = the_three()

        imported(market, world.scout)

        content = content_of(market)
        snapshot = Snapshot.objects.get(url=market.snapshot_url)
        assert content["snapshot_ids"] == [snapshot.snapshot_id]
        assert content["symbol"] == f"POLLHOUSE-{hashlib.sha256(b'q-1').hexdigest()[:12]}"
        assert content["type"] == "culture"
        assert content["title"] == "Will the film win an Oscar?"
        assert content["closes_at"] == "2028-03-31T16:00:00.000000Z"
        assert content["description"] == "A film of 2027.\n\nIt was shown in March."
        assert content["resolution_criteria"] == (
            "Resolves by the list of winners.\n\nOnly the first announcement counts."
        )

    def test_keeps_where_it_came_from(self, world: World) -> None:
        _, series, _ = the_three()

        imported(series, world.scout)

        assert content_of(series)["metadata"] == {
            "source": "fred",
            "source_id": "q-2",
            "question_set": "three.json",
            "forecast_due_date": "2026-11-15",
            "resolution_dates": ["2027-05-15", "2027-02-15", "2036-07-30"],
            "freeze_value": "",
            "freeze_value_explanation": "",
        }

    def test_waits_for_people_in_the_name_of_its_agent(self, world: World) -> None:
        market, *_ = the_three()

        imported(market, world.scout)

        proposal = proposed(market)
        revision = proposals.latest_revision(proposal)
        assert (proposal.status, proposal.tenant_id) == ("proposed", world.acme.pk)
        assert (proposal.proposed_by_id, proposal.operated_by_id) == (world.scout.pk, world.olga.pk)
        assert (revision.producer, revision.schema_version) == ("import_questions", "v1")
        assert revision.safety_assertions == ["requires-human-approval", "uses-snapshot-ids-for-provenance"]
        assert proposals.latest_request(proposal).status == "open"

    def test_may_close_centuries_ahead(self, world: World) -> None:
        market, *_ = the_three()
        far = replace(market, closes_at=datetime(2525, 1, 1, 5, tzinfo=UTC))

        imported(far, world.scout)

        assert content_of(far)["closes_at"] == "2525-01-01T05:00:00.000000Z"

    def test_may_have_closed_already(self, world: World) -> None:
        market, *_ = the_three()
        past = replace(market, closes_at=datetime(2020, 1, 1, tzinfo=UTC))

        assert imported(past, world.scout) is Outcome.CREATED

    def test_has_a_snapshot_of_its_own_also_where_it_shares_a_page(self, world: World) -> None:
        _, series, shared = the_three()

        imported(series, world.scout)
        imported(shared, world.scout)

        assert content_of(series)["snapshot_ids"] != content_of(shared)["snapshot_ids"]

    def test_outside_a_unit_is_refused(self, world: World) -> None:
        market, *_ = the_three()

        with pytest.raises(OutsideUnit):
            import_question(market, by=world.scout)

    def test_frozen_at_the_same_time_with_another_page_is_refused(self, world: World) -> None:
        market, *_ = the_three()
        with acting(world.scout):
            snapshots.ingest(
                market.snapshot_url,
                b"another page",
                content_type="text/html",
                by=world.scout,
                fetched_at=market.frozen_at,
            )

        with pytest.raises(SnapshotDiffers):
            imported(market, world.scout)

    def test_leaves_nothing_behind_when_its_proposal_is_refused(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        market, *_ = the_three()
        before = rows()
        monkeypatch.setattr(proposals, "propose", _refuse)

        with pytest.raises(SymbolTaken):
            imported(market, world.scout)

        assert rows() == before

    def test_leaves_nothing_behind_when_the_audit_row_fails(self, world: World) -> None:
        market, *_ = the_three()
        before = rows()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_event ADD CONSTRAINT log_is_full CHECK (false) NOT VALID")

        with pytest.raises(IntegrityError, match="log_is_full"):
            imported(market, world.scout)

        assert rows() == before


class TestAQuestionThatIsThereAlready:
    def test_is_left_as_it_is(self, world: World) -> None:
        market, *_ = the_three()
        imported(market, world.scout)
        before = rows()

        outcome = imported(market, world.scout)

        assert outcome is Outcome.ALREADY_THERE
        assert rows() == before

    def test_is_left_as_it_is_whoever_imports_it(self, world: World) -> None:
        market, *_ = the_three()
        imported(market, world.scout)
        second = make_agent("second", world.olga)

        assert imported(market, second) is Outcome.ALREADY_THERE

    def test_is_left_as_it_is_when_a_later_set_asks_it_again(self, world: World) -> None:
        market, *_ = the_three()
        imported(market, world.scout)
        before = rows()
        later = replace(market, frozen_at=datetime(2026, 12, 1, tzinfo=UTC), question_set="later.json")

        outcome = imported(later, world.scout)

        assert outcome is Outcome.ALREADY_THERE
        assert rows() == before

    def test_stays_withdrawn_when_it_was_withdrawn(self, world: World) -> None:
        market, *_ = the_three()
        imported(market, world.scout)
        with acting(world.scout):
            proposals.withdraw(proposed(market).pk, by=world.scout, reason="It was a mistake.")

        outcome = imported(market, world.scout)

        assert outcome is Outcome.ALREADY_THERE
        assert proposed(market).status == "withdrawn"

    def test_is_new_to_another_tenant(self, world: World) -> None:
        market, *_ = the_three()
        imported(market, world.scout)
        elsewhere = make_agent("scout", world.boris)

        outcome = imported(market, elsewhere)

        assert outcome is Outcome.CREATED
        assert Proposal.objects.filter(symbol=market.symbol).count() == 2
        assert Snapshot.objects.filter(url=market.snapshot_url).count() == 2


class TestTwoImportsAtOnce:
    def test_make_each_question_once(self, committing_db: str) -> None:
        scout = make_world().scout
        market, *_ = the_three()
        outcomes: list[Outcome] = []

        def race(agent: UUID) -> None:
            try:
                outcomes.append(imported(market, User.objects.get(pk=agent)))
            finally:
                connection.close()

        racers = [Thread(target=race, args=[scout.pk]) for _ in range(4)]
        for racer in racers:
            racer.start()
        for racer in racers:
            racer.join()

        assert sorted(outcomes) == ["already there", "already there", "already there", "created"]
        assert Proposal.objects.filter(symbol=market.symbol).count() == 1


def _refuse(*args: Any, **kwargs: Any) -> None:
    raise SymbolTaken
