"""The truth chain is one line of entries; whatever is done to it by whoever may, verifying it says where."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection

from audit.models import AuditEvent
from audit.sealing import keys
from audit.sealing.verification import verify as verify_the_log
from audit.truth import chain
from audit.truth.models import TruthHead, TruthRecord
from core.access.models import User
from core.database import seeds
from core.database.unit import unit
from core.refusals import NotAccepted, UnknownReference
from tests.factories import World
from tests.raw import RUNTIME, denied, every, one, refused, run
from tests.sealing import seal_everything

SUBJECT = ("agent", UUID(int=7))


@pytest.fixture
def _first_rows(db: None) -> None:
    seeds.load("default")


def append(record_type: str = "system_event", by: User | None = None, **payload: Any) -> TruthRecord:
    with unit("worker"):
        return chain.append(record_type, subject=SUBJECT, payload=payload, by=by)


def broken() -> list[int]:
    return [link.sequence_number for link in chain.verify() if not link.is_valid]


@pytest.mark.django_db
@pytest.mark.usefixtures("_first_rows")
class TestAnEntry:
    def test_follows_the_one_before(self) -> None:
        first, second = append(said="first"), append(said="second")

        assert (first.sequence_number, first.previous_hash) == (1, None)
        assert (second.sequence_number, second.previous_hash) == (2, first.hash)
        assert [link.is_valid for link in chain.verify()] == [True, True]
        assert one("SELECT get_next_truth_chain_sequence()") == 3

    def test_says_who_caused_it(self, world: World) -> None:
        kinds = [append(by=by).actor_type for by in (world.grace, world.scout, None)]

        assert kinds == ["user", "agent", "system"]

    def test_is_of_a_known_kind_about_a_known_kind_by_somebody_known(self) -> None:
        with unit("worker"), refused("truth_record_is_known", NotAccepted):
            run("SELECT append_truth('gossip', 'agent', %s, '{}', NULL, 'system', NULL)", uuid4())
        with unit("worker"), refused("truth_subject_is_known", NotAccepted):
            run("SELECT append_truth('system_event', 'market', %s, '{}', NULL, 'system', NULL)", uuid4())
        with unit("worker"), refused("truth_has_a_known_actor", UnknownReference):
            run("SELECT append_truth('system_event', 'agent', %s, '{}', %s, 'user', NULL)", uuid4(), uuid4())
        assert TruthHead.objects.get().sequence_number == 0

    def test_is_read_by_everybody_and_written_by_one_function(self) -> None:
        append()
        for role in RUNTIME:
            with unit(role):
                assert one("SELECT count(*) FROM truth_chain") == 1
            if role == "backup":
                continue
            with unit(role):
                assert broken() == []
            for statement in (
                "INSERT INTO truth_chain SELECT * FROM truth_chain",
                "UPDATE truth_chain SET payload = '{}'",
                "DELETE FROM truth_chain",
                "TRUNCATE truth_chain",
                "UPDATE truth_chain_head SET hash = NULL",
            ):
                with unit(role), denied("truth_chain"):
                    run(statement)

    @pytest.mark.parametrize("role", ["api", "auditor"])
    def test_is_appended_by_no_agent_and_no_auditor(self, role: str) -> None:
        with unit(role), denied("function append_truth"):
            run("SELECT append_truth('system_event', 'agent', %s, '{}', NULL, 'system', NULL)", uuid4())

    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE truth_chain SET payload = '{}'",
            "DELETE FROM truth_chain",
            "TRUNCATE truth_chain",
            "UPDATE truth_chain_head SET hash = NULL",
            "UPDATE truth_chain_head SET sequence_number = 9",
            "DELETE FROM truth_chain_head",
            "TRUNCATE truth_chain_head",
        ],
    )
    def test_stays_for_the_owner_too(self, statement: str) -> None:
        append()
        with refused("audit_event_only_grows"):
            run(statement)


@pytest.mark.django_db
class TestAHash:
    def test_is_of_every_part_with_its_length(self) -> None:
        pairs = [("{}", None), ("{}", ""), ('{"a": 1}', "b"), ('{"a": "1|1:b"}', None), ("{}", "|")]
        found = {one("SELECT calculate_truth_chain_hash(%s, %s)", data, before) for data, before in pairs}

        assert len(found) == len(pairs)
        assert all(len(str(each)) == 64 for each in found)

    def test_has_an_alias_and_needs_no_hash_before(self) -> None:
        assert one("SELECT calculate_hash('{}')") == one("SELECT calculate_truth_chain_hash('{}', NULL)")

    @pytest.mark.usefixtures("_first_rows")
    def test_is_the_same_in_every_time_zone(self) -> None:
        append()
        run("SET LOCAL TimeZone = 'Asia/Kathmandu'")

        assert broken() == []


@pytest.mark.django_db
@pytest.mark.usefixtures("_first_rows")
class TestTampering:
    @pytest.fixture(autouse=True)
    def _unguarded(self, _first_rows: None) -> None:
        for number in range(4):
            append(number=number)
        run("ALTER TABLE truth_chain DISABLE TRIGGER USER")
        run("ALTER TABLE truth_chain_head DISABLE TRIGGER USER")

    @pytest.mark.parametrize(
        "change",
        [
            "payload = '{}'",
            "record_type = 'acquisition'",
            "subject_id = gen_random_uuid()",
            "actor_type = 'user'",
            "signature = 'x'",
            "created_at = created_at + interval '1 microsecond'",
            "anchored_at = now()",
            "anchor_tx_hash = 'x'",
            "id = gen_random_uuid()",
        ],
    )
    def test_a_changed_entry_is_found(self, change: str) -> None:
        run(f"UPDATE truth_chain SET {change} WHERE sequence_number = 2")

        assert broken() == [2]

    def test_an_entry_with_its_hash_made_anew_breaks_the_next(self) -> None:
        run("UPDATE truth_chain SET payload = '{}' WHERE sequence_number = 2")
        run(
            "UPDATE truth_chain t SET hash = calculate_truth_chain_hash(truth_chain_data(t), t.previous_hash) "
            "WHERE sequence_number = 2"
        )

        assert broken() == [3]

    @pytest.mark.parametrize(("gone", "found"), [(1, [2, 3, 4]), (2, [3, 4]), (4, [4])])
    def test_a_missing_entry_is_found(self, gone: int, found: list[int]) -> None:
        run("DELETE FROM truth_chain WHERE sequence_number = %s", gone)

        assert broken() == found

    def test_everything_gone_is_found(self) -> None:
        run("DELETE FROM truth_chain")

        assert broken() == [4]

    def test_only_so_many_are_looked_at_as_asked(self) -> None:
        run("UPDATE truth_chain SET payload = '{}' WHERE sequence_number = 3")

        assert [link.is_valid for link in chain.verify(2)] == [True, True]


def test_the_log_knows_the_head_of_the_chain_and_says_when_it_is_not_whole(committing_db: str) -> None:
    seal_everything()
    append(said="first")
    append(said="second")
    seal_everything_and_the_truth()

    (event,) = AuditEvent.objects.filter(action="truth_chain:head")
    assert event.new_value == {"sequence_number": 2, "hash": TruthHead.objects.get().hash}
    assert verify_the_log(keys.verifiers()) == []
    run("ALTER TABLE truth_chain DISABLE TRIGGER USER")
    run("UPDATE truth_chain SET payload = '{}' WHERE sequence_number = 1")
    assert [fault.what for fault in verify_the_log(keys.verifiers())] == ["truth"]


def seal_everything_and_the_truth() -> None:
    from audit.sealing import sealer  # noqa: PLC0415

    with unit("worker"):
        sealer.seal()
    seal_everything()


def test_two_who_append_at_once_wait_for_each_other(committing_db: str) -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    def one_more(number: int) -> int:
        try:
            return append(number=number).sequence_number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as writers:
        numbers = list(writers.map(one_more, range(20)))

    assert sorted(numbers) == list(range(1, 21))
    assert broken() == []
    assert every("SELECT count(*) FROM truth_chain") == [(20,)]
