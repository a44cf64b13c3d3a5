from __future__ import annotations

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection

from artifacts import snapshots
from artifacts.models import Snapshot
from artifacts.refusals import SnapshotDiffers
from core.access.models import User
from core.database.unit import Unit, current
from core.refusals import InvalidInput, NotAllowed
from markets import proposals, questions
from markets.imports import Outcome
from markets.management.commands import import_questions
from markets.models import Proposal
from markets.questions import Question
from tests.factories import World, acting, make_world

DATA = Path(__file__).parent / "data"
THREE = DATA / "three.json"
MIXED = DATA / "mixed.json"
SHIPPED = Path(questions.__file__).parent / "data" / "questions.json"


def the_three() -> tuple[Question, Question, Question]:
    market, series, shared = questions.read(THREE.read_bytes()).questions
    assert isinstance(market, Question)
    assert isinstance(series, Question)
    assert isinstance(shared, Question)
    return market, series, shared


class Terminal(StringIO):
    """An output on which a line can be written over."""

    def isatty(self) -> bool:
        return True


def told(
    path: Path, *words: str, out: StringIO | None = None, by: str = "scout", tenant: str = "acme"
) -> str:
    """Run the command and return what it said."""
    said = out or StringIO()
    call_command("import_questions", str(path), "--as", by, "--tenant", tenant, *words, stdout=said)
    return said.getvalue()


def a_set_of(count: int, path: Path) -> Path:
    whole = json.loads(THREE.read_text())
    whole["questions"] = [whole["questions"][0] | {"id": f"q-{number}"} for number in range(count)]
    path.write_text(json.dumps(whole))
    return path


class TestTheCommand:
    def test_sums_up_what_it_created(self, world: World) -> None:
        said = told(THREE)

        assert "three.json, due 2026-11-15" in said
        assert "created: 3" in said
        assert "already there: 0" in said
        assert "refused: 0" in said
        assert "types: economic 2, culture 1" in said

    def test_may_be_repeated(self, world: World) -> None:
        told(THREE)

        said = told(THREE)

        assert "created: 0" in said
        assert "already there: 3" in said
        assert Proposal.objects.exclude(pk=world.proposal.pk).count() == 3

    def test_groups_what_it_refused_by_reason_with_the_places(self, world: World) -> None:
        said = told(MIXED)

        assert "created: 2" in said
        assert "refused: 4" in said
        assert "resolution_criteria is missing (1): /questions/1/resolution_criteria" in said
        assert "(2): /questions/3/freeze_datetime, /questions/4/freeze_datetime" in said
        assert "types: culture 1, economic 1" in said

    def test_names_five_examples_of_a_reason(self, world: World, tmp_path: Path) -> None:
        whole = json.loads(THREE.read_text())
        whole["questions"] = [None] * 7
        path = tmp_path / "seven.json"
        path.write_text(json.dumps(whole))

        said = told(path)

        assert (
            "must be an object (7): /questions/0, /questions/1, /questions/2, /questions/3, /questions/4, ..."
            in said
        )
        assert "types: none" in said

    def test_imports_the_first_questions_alone_with_a_limit(self, world: World) -> None:
        said = told(THREE, "--limit", "2")

        assert "created: 2" in said
        assert "types: culture 1, economic 1" in said

    def test_imports_the_whole_shipped_set(self, world: World) -> None:
        said = told(SHIPPED)

        assert "created: 24" in said
        assert "refused: 0" in said

    def test_opens_one_unit_for_each_question(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        units: list[Unit] = []

        def noted(question: Question, *, by: User) -> Outcome:
            units.append(current())
            return Outcome.CREATED

        monkeypatch.setattr(import_questions, "import_question", noted)

        told(THREE)

        assert len({id(unit) for unit in units}) == 3
        assert {(unit.role, unit.tenant, unit.actor) for unit in units} == {
            ("api", world.acme.pk, world.scout.pk)
        }

    def test_goes_on_after_a_refused_question_and_keeps_nothing_of_it(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, series, _ = the_three()
        _fail_at(monkeypatch, series, InvalidInput(errors=[{"pointer": "/title", "detail": "is odd"}]))

        said = told(THREE)

        assert "created: 2" in said
        assert "refused: 1" in said
        assert "/title is odd (1): /questions/1" in said
        assert not Snapshot.objects.filter(url=series.snapshot_url).exists()

    def test_says_a_refusal_of_the_database_by_its_name(self, world: World) -> None:
        market, *_ = the_three()
        with acting(world.scout):
            snapshots.ingest(
                market.snapshot_url,
                b"other",
                content_type="text/html",
                by=world.scout,
                fetched_at=market.frozen_at,
            )

        said = told(THREE)

        assert f"{SnapshotDiffers()} (1): /questions/0" in said

    @pytest.mark.parametrize("failure", [OperationalError("the server is gone"), NotAllowed()])
    def test_stops_at_what_would_refuse_every_question(
        self, world: World, monkeypatch: pytest.MonkeyPatch, failure: Exception
    ) -> None:
        _, series, _ = the_three()
        _fail_at(monkeypatch, series, failure)

        with pytest.raises(CommandError, match="/questions/1: "):
            told(THREE)

        assert Proposal.objects.filter(symbol__startswith="FRED-").count() == 0

    def test_lets_a_defect_be_seen(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        _, series, _ = the_three()
        _fail_at(monkeypatch, series, ZeroDivisionError())

        with pytest.raises(ZeroDivisionError):
            told(THREE)

    def test_is_refused_to_who_may_not_propose(self, world: World) -> None:
        with pytest.raises(CommandError, match="may not propose"):
            told(THREE, by="vera@acme.example")

    def test_needs_somebody_to_answer_for_it(self, world: World) -> None:
        with pytest.raises(CommandError, match="--as"):
            call_command("import_questions", str(THREE), "--tenant", "acme")

    def test_names_the_users_there_are_when_it_does_not_know_one(self, world: World) -> None:
        with pytest.raises(CommandError, match="scout"):
            told(THREE, by="nobody")

    def test_names_the_tenants_there_are_when_it_does_not_know_one(self, world: World) -> None:
        with pytest.raises(CommandError, match="acme"):
            told(THREE, tenant="nowhere")

    def test_takes_a_tenant_by_its_id_too(self, world: World) -> None:
        assert "created: 3" in told(THREE, tenant=str(world.acme.pk))

    @pytest.mark.parametrize("limit", ["0", "-1", "many"])
    def test_takes_no_limit_below_one(self, world: World, limit: str) -> None:
        with pytest.raises(CommandError, match="1 or more"):
            told(THREE, f"--limit={limit}")


class TestABadFile:
    """It is refused before the database is asked anything."""

    def test_is_refused_with_its_place_named(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.json"
        path.write_text('{"question_set": "a set", "forecast_due_date": "soon"}')

        with pytest.raises(
            CommandError, match="At /forecast_due_date: forecast_due_date is not a date"
        ) as caught:
            told(path)

        assert caught.value.returncode == 1

    def test_is_refused_with_its_line_named_when_it_is_not_json(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.json"
        path.write_text("{\n  oops")

        with pytest.raises(CommandError, match="At line 2 column 3: the file is not JSON"):
            told(path)

    def test_is_refused_when_its_top_is_at_fault(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.json"
        path.write_text("[]")

        with pytest.raises(CommandError, match="At the top: must be an object"):
            told(path)

    def test_is_refused_when_it_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="No such file"):
            told(tmp_path / "missing.json")

    def test_is_refused_when_it_is_a_folder(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="Is a directory"):
            told(tmp_path)


class TestProgress:
    @pytest.fixture(autouse=True)
    def _nothing_is_written(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(import_questions, "import_question", _say_created)

    def test_is_a_line_for_each_hundred_questions(self, world: World, tmp_path: Path) -> None:
        said = told(a_set_of(201, tmp_path / "many.json"))

        assert said.count(" of 201 questions\n") == 2
        assert said.startswith("100 of 201 questions\n200 of 201 questions\nthree.json")

    def test_is_one_line_written_over_on_a_terminal(self, world: World, tmp_path: Path) -> None:
        said = told(a_set_of(3, tmp_path / "few.json"), out=Terminal())

        assert said.startswith("\r1 of 3 questions\r2 of 3 questions\r3 of 3 questions\nthree.json")

    def test_ends_its_line_on_a_terminal_when_it_is_interrupted(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        said = Terminal()
        monkeypatch.setattr(import_questions, "import_question", _interrupt)

        with pytest.raises(CommandError, match="Interrupted"):
            told(THREE, out=said)

        assert said.getvalue().startswith("\nthree.json")


class TestWithRealCommits:
    @pytest.fixture
    def cast(self, committing_db: str) -> Iterator[World]:
        made = make_world()
        yield made
        connection.close()

    def test_an_interrupted_import_leaves_whole_questions(
        self, cast: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        market, series, shared = the_three()
        _fail_at(monkeypatch, series, KeyboardInterrupt())
        said = StringIO()

        with pytest.raises(CommandError, match="Interrupted") as caught:
            told(THREE, out=said)

        assert caught.value.returncode == 130
        assert "created: 1" in said.getvalue()
        connection.close()
        assert set(Snapshot.objects.values_list("url", flat=True)) == {cast.evidence.url, market.snapshot_url}
        assert set(Proposal.objects.values_list("symbol", flat=True)) == {"MOON-2027", market.symbol}
        assert not Proposal.objects.filter(symbol=shared.symbol).exists()

    def test_importing_again_after_an_interruption_completes_the_set(
        self, cast: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, series, _ = the_three()
        with monkeypatch.context() as broken:
            _fail_at(broken, series, KeyboardInterrupt())
            with pytest.raises(CommandError):
                told(THREE)

        said = told(THREE)

        assert "created: 2" in said
        assert "already there: 1" in said


def _interrupt(question: Question, *, by: User) -> Outcome:
    raise KeyboardInterrupt


def _say_created(question: Question, *, by: User) -> Outcome:
    return Outcome.CREATED


def _fail_at(monkeypatch: pytest.MonkeyPatch, question: Question, failure: BaseException) -> None:
    """Let the proposal of one question fail, after its evidence was written."""
    propose = proposals.propose

    def failing(content: Any, **kwargs: Any) -> Proposal:
        if content.symbol == question.symbol:
            raise failure
        return propose(content, **kwargs)

    monkeypatch.setattr(proposals, "propose", failing)
