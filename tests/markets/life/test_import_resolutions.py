"""A resolution set proposes how imported markets ended, once, and says what became of each row."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from artifacts.models import Snapshot
from audit.models import ApprovalRequest
from core.access.models import User
from markets import imports, proposals, questions
from markets.forecastbench import QuestionSetRefused, RefusedRow
from markets.life import resolutions
from markets.life.imports import Outcome, import_resolution
from markets.life.resolutions import Resolved
from markets.models import Market, Proposal
from markets.questions import Question
from tests.factories import World, acting, make_world, request_for
from tests.markets.life.changing import approve
from tests.raw import run, untriggered

THREE = Path(__file__).parents[1] / "data" / "three.json"


def three() -> list[Question]:
    return [found for found in questions.read(THREE.read_bytes()).questions if isinstance(found, Question)]


def row_of(question: Question, **changes: Any) -> dict[str, Any]:
    days = question.resolution_dates
    said = {
        "id": question.id,
        "source": question.source,
        "direction": None,
        "resolution_date": min(days).isoformat() if days else "2026-11-09",
        "resolved_to": 1.0,
        "resolved": True,
    }
    return {**said, **changes}


def written(*rows: dict[str, Any]) -> bytes:
    whole = {"question_set": "of-test.json", "forecast_due_date": "2026-10-25", "resolutions": list(rows)}
    return json.dumps(whole).encode()


def read(raw: dict[str, Any]) -> Resolved:
    (row,) = resolutions.read(written(raw)).resolutions
    assert isinstance(row, Resolved)
    return row


def bring(raw: dict[str, Any], by: User) -> Outcome:
    with acting(by):
        return import_resolution(read(raw), by=by)


class TestReading:
    @pytest.mark.parametrize(
        ("change", "place", "problem"),
        [
            ({"resolved": "yes"}, "/resolved", "resolved must be true or false"),
            ({"resolved_to": 1.5}, "/resolved_to", "resolved_to is not a number from 0 to 1"),
            ({"resolved_to": True}, "/resolved_to", "resolved_to is not a number from 0 to 1"),
            (
                {"resolution_date": "soon"},
                "/resolution_date",
                "resolution_date is not a date like 2027-01-31",
            ),
            ({"id": ["a", "b"]}, "/id", "id must be a text"),
            (
                {"direction": [1, -1]},
                "/direction",
                "direction is about several questions at once, and a market is about one",
            ),
        ],
    )
    def test_names_the_fault_of_a_row(self, change: dict[str, Any], place: str, problem: str) -> None:
        (row,) = resolutions.read(written(row_of(three()[0], **change))).resolutions

        assert row == RefusedRow(f"/resolutions/0{place}", problem)

    @pytest.mark.parametrize(
        "body", [b"", b"[]", b"{}", b'{"question_set": "a", "forecast_due_date": "2026-01-01"}']
    )
    def test_refuses_a_file_that_is_none(self, body: bytes) -> None:
        with pytest.raises(QuestionSetRefused):
            resolutions.read(body)

    @pytest.mark.parametrize(
        ("resolved_to", "is_resolved", "outcome"),
        [(1.0, True, "yes"), (0, True, "no"), (0.4, True, None), (1.0, False, None), (None, True, None)],
    )
    def test_knows_an_end_from_what_is_open(
        self, resolved_to: float | None, is_resolved: bool, outcome: str | None
    ) -> None:
        assert read(row_of(three()[0], resolved_to=resolved_to, resolved=is_resolved)).outcome == outcome


@pytest.mark.django_db
class TestARow:
    @pytest.fixture
    def markets(self, world: World) -> list[Market]:
        for question in three():
            with acting(world.scout):
                imports.import_question(question, by=world.scout)
        found = Proposal.objects.filter(symbol__in=[question.symbol for question in three()])
        for proposal in found:
            approve(proposal, world.grace, *([world.alan] if request_for(proposal).risk == "high" else []))
        return list(Market.objects.all())

    def test_proposes_how_its_market_ended(self, world: World, markets: list[Market]) -> None:
        raw = row_of(three()[0])

        assert bring(raw, world.scout) == Outcome.PROPOSED

        proposal = Proposal.objects.get(kind="resolve")
        said = json.loads(bytes(proposals.latest_revision(proposal).canonical))
        (evidence,) = Snapshot.objects.filter(snapshot_id__in=said["snapshot_ids"])
        assert (said["outcome"], said["symbol"]) == ("yes", three()[0].symbol)
        assert said["known_at"] == read(raw).known_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        assert evidence.url == f"{three()[0].snapshot_url}-resolved-{raw['resolution_date']}"

    def test_proposes_it_once(self, world: World, markets: list[Market]) -> None:
        bring(row_of(three()[0]), world.scout)

        assert bring(row_of(three()[0]), world.scout) == Outcome.ALREADY_THERE
        assert Proposal.objects.filter(kind="resolve").count() == 1

    def test_is_put_again_when_nobody_decided_in_time(self, world: World, markets: list[Market]) -> None:
        bring(row_of(three()[0]), world.scout)
        with untriggered("approval_requests"):
            run("UPDATE approval_requests SET expires_at = clock_timestamp() WHERE status = 'open'")

        assert bring(row_of(three()[0]), world.scout) == Outcome.ASKED_AGAIN
        assert ApprovalRequest.objects.awaiting_decision().filter(action="market:resolve").count() == 1

    @pytest.mark.parametrize("change", [{"resolved": False}, {"resolved_to": 0.3}])
    def test_that_is_open_proposes_nothing(
        self, world: World, markets: list[Market], change: dict[str, Any]
    ) -> None:
        assert bring(row_of(three()[0], **change), world.scout) == Outcome.NOT_YET

    def test_of_another_day_proposes_nothing(self, world: World, markets: list[Market]) -> None:
        dated = next(question for question in three() if question.resolution_dates)

        assert bring(row_of(dated, resolution_date="2026-11-10"), world.scout) == Outcome.NOT_YET
        assert (
            bring(row_of(dated, resolution_date="2026-11-10", resolved=False), world.scout) == Outcome.NOT_YET
        )

    def test_of_any_day_resolves_a_market_without_one(self, world: World, markets: list[Market]) -> None:
        undated = next(question for question in three() if not question.resolution_dates)

        assert bring(row_of(undated, resolution_date="2026-11-01"), world.scout) == Outcome.PROPOSED

    def test_of_a_market_that_is_not_here_proposes_nothing(self, world: World) -> None:
        assert bring(row_of(three()[0]), world.scout) == Outcome.UNKNOWN


def test_the_command_says_what_became_of_each_row(committing_db: str, tmp_path: Path) -> None:
    world = make_world()
    first, second, third = three()
    call_command("import_questions", str(THREE), "--as", "scout", "--tenant", "acme", stdout=StringIO())
    proposal = Proposal.objects.get(symbol=first.symbol)
    approve(proposal, world.grace, *([world.alan] if request_for(proposal).risk == "high" else []))
    path = tmp_path / "resolutions.json"
    path.write_bytes(
        written(row_of(first), row_of(second), row_of(third, resolved=None), row_of(first, resolved=False))
    )
    said = [StringIO(), StringIO()]

    for out in said:
        call_command("import_resolutions", str(path), "--as", "scout", "--tenant", "acme", stdout=out)

    once, again = (out.getvalue().splitlines() for out in said)
    assert once == [
        "of-test.json, due 2026-10-25",
        "  proposed: 1",
        "  already there: 0",
        "  already there, asked again because the time to decide was over: 0",
        "  not resolved yet, or for another day than the market's: 1",
        "  of a market that is not here: 1",
        "  refused: 1",
        "    resolved must be true or false (1): /resolutions/2/resolved",
    ]
    assert again[1:3] == ["  proposed: 0", "  already there: 1"]


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_resolutions", str(tmp_path / "none.json"), "--as", "scout", "--tenant", "acme")
