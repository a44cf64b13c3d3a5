"""What was forgotten is found by looking: every table, key, trigger, function, verb and refusal of ours."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest
from django.apps import apps

from config.tables import FOREIGN_TABLES, TABLES, UNIQUE_OVER_ALL_TENANTS
from core.refusals import BY_CONSTRAINT, BY_STATE, Refusal
from tests.raw import every
from tests.reflection import BASE, ROOMS, refusals, sources, verbs

OURS = "c.relnamespace = 'public'::regnamespace AND c.relname = ANY (%s)"
TENANT_TABLES = sorted(name for name, table in TABLES.items() if table.kind != "system")
GOVERNED = sorted(name for name, table in TABLES.items() if table.is_governed)
# their rows are known by what they are about, and nothing points at their id
KNOWN_BY_WHAT_THEY_ARE_ABOUT = {"approval_subjects", "event_snapshots"}
# it writes its audit row before it is there itself, because it carries the row's id
LOGGED_BEFORE = "approval_grants"
# another key of the same table holds the tenant, or the row is of the person's tenant and not of the subject's
TENANT_IS_HELD_ELSEWHERE = {
    "amendment_needs_human_approval",
    "comment_is_by_a_known_user",
    "decision_has_a_known_delegation",
    "decision_has_a_known_reauthentication",
    "decision_is_over_the_requests_digest",
    "delegation_has_a_known_proof",
    "event_needs_human_approval",
    "market_needs_human_approval",
    "review_has_a_known_proof",
    "reopening_needs_human_approval",
    "resolution_needs_human_approval",
    "revocation_has_a_known_proof",
}
WHO_ACTED = re.compile(r"(actor|reviewer|person)_(id|kind)|\w+_by")
RAISED = re.compile(r"(?:refuse|refuse_change)\('([a-z0-9_]+)'|CONSTRAINT = '([a-z0-9_]+)'")
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
SQL_FILES = sources("sql/*.sql")
PYTHON = [path for path in sources("*.py") if "migrations" not in path.parts]


def columns_of(table: str) -> dict[str, tuple[str, bool]]:
    """Every column with its type and whether it is NOT NULL."""
    found = every(
        "SELECT attname, format_type(atttypid, NULL), attnotnull FROM pg_attribute "
        "WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped",
        table,
    )
    return {str(name): (str(kind), bool(required)) for name, kind, required in found}


def uniques_of(table: str) -> dict[str, list[str]]:
    """Every unique index on plain columns, by name."""
    found = every(
        "SELECT i.relname, array_agg(a.attname::text ORDER BY k.place) FROM pg_index x "
        "JOIN pg_class i ON i.oid = x.indexrelid CROSS JOIN unnest(x.indkey) WITH ORDINALITY k(attnum, place) "
        "LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum "
        "WHERE x.indisunique AND x.indrelid = %s::regclass GROUP BY 1",
        table,
    )
    return {str(name): list(columns) for name, columns in found}  # type: ignore[call-overload]


def key_of(table: str) -> str:
    """The one column of the primary key."""
    ((name,),) = every(
        "SELECT a.attname FROM pg_index x JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey) "
        "WHERE x.indisprimary AND x.indrelid = %s::regclass",
        table,
    )
    return str(name)


@pytest.mark.django_db
class TestTables:
    def test_every_table_is_listed_and_every_listed_one_is_there(self) -> None:
        found = {
            str(name) for (name,) in every("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        }

        assert found == TABLES.keys() | FOREIGN_TABLES

    def test_every_table_of_ours_is_a_model(self) -> None:
        assert {model._meta.db_table for model in apps.get_models()} >= TABLES.keys()

    @pytest.mark.parametrize("table", TABLES)
    def test_updated_at_is_kept_by_a_trigger(self, table: str) -> None:
        kept = every(
            "SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgfoid = 'update_updated_at_column'::regproc",
            table,
        )

        assert bool(kept) == ("updated_at" in columns_of(table))

    @pytest.mark.parametrize("table", TABLES)
    def test_every_id_is_a_uuid(self, table: str) -> None:
        assert columns_of(table)[key_of(table)] == ("uuid", True)

    @pytest.mark.parametrize("table", TENANT_TABLES)
    def test_a_tenant_table_says_whose_it_is(self, table: str) -> None:
        assert columns_of(table)["tenant_id"] == ("uuid", True)

    @pytest.mark.parametrize("table", sorted(TABLES.keys() - set(TENANT_TABLES)))
    def test_a_system_table_is_nobodys(self, table: str) -> None:
        assert "tenant_id" not in columns_of(table)

    @pytest.mark.parametrize("table", TENANT_TABLES)
    def test_a_row_is_known_by_its_tenant_and_key(self, table: str) -> None:
        led = [set(columns) for columns in uniques_of(table).values() if columns[0] == "tenant_id"]

        assert led
        assert table in KNOWN_BY_WHAT_THEY_ARE_ABOUT or {"tenant_id", key_of(table)} in led

    @pytest.mark.parametrize("table", TENANT_TABLES)
    def test_no_unique_value_tells_a_tenant_about_another(self, table: str) -> None:
        kinds = columns_of(table)

        told = {
            name
            for name, columns in uniques_of(table).items()
            if columns[0] != "tenant_id"
            and not any(column and kinds[column][0] == "uuid" for column in columns)
        }

        assert told <= UNIQUE_OVER_ALL_TENANTS.keys()

    def test_every_exception_from_that_is_still_there(self) -> None:
        found = {name for table in TABLES for name in uniques_of(table)}

        assert found >= UNIQUE_OVER_ALL_TENANTS.keys()


@pytest.mark.django_db
class TestKeys:
    QUERY = (
        "SELECT k.conname, k.condeferrable, k.confmatchtype, k.confdeltype, c.relname, f.relname, "
        "(SELECT array_agg(a.attname::text) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)), "
        "(SELECT bool_and(a.attnotnull) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)) "
        "FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid "
        f"WHERE k.contype = 'f' AND {OURS}"
    )

    @pytest.fixture
    def keys(self) -> list[tuple[object, ...]]:
        return every(self.QUERY, list(TABLES))

    def test_speak_at_once_and_under_a_name_of_ours(self, keys: list[tuple[object, ...]]) -> None:
        wrong = [
            name for name, deferrable, *_ in keys if deferrable or re.search(r"_[0-9a-f]{8}|_fk", str(name))
        ]

        assert wrong == []
        assert len(keys) > 30

    def test_are_refused_by_different_names(self) -> None:
        found = every(
            f"SELECT k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE {OURS} "
            "AND k.contype <> 'n' GROUP BY 1 HAVING count(*) > 1",
            list(TABLES),
        )

        assert found == []

    def test_delete_nothing_but_rights_of_a_user_and_events_of_a_job(
        self, keys: list[tuple[object, ...]]
    ) -> None:
        assert {name for name, _, _, on_delete, *_ in keys if on_delete != "r"} == {
            "role_has_a_known_user",
            "entitlement_has_a_known_user",
            "job_event_has_a_known_job",
        }

    def test_of_several_columns_hold_whole_where_none_may_be_null(
        self, keys: list[tuple[object, ...]]
    ) -> None:
        wrong = [
            name
            for name, _, match, _, _, _, columns, required in keys
            if len(list(columns)) > 1 and required and match != "f"  # type: ignore[call-overload]
        ]

        assert wrong == []

    def test_from_tenant_to_tenant_hold_the_tenant(self, keys: list[tuple[object, ...]]) -> None:
        wrong = {
            str(name)
            for name, _, _, _, table, target, columns, _ in keys
            if table in TENANT_TABLES
            and target in TENANT_TABLES
            and "tenant_id" not in list(columns)  # type: ignore[call-overload]
            and not all(WHO_ACTED.fullmatch(column) for column in columns)  # type: ignore[attr-defined]
        }

        assert wrong == TENANT_IS_HELD_ELSEWHERE


@pytest.mark.django_db
class TestGuards:
    def test_every_trigger_that_guards_or_logs_holds_in_every_mode(self) -> None:
        found = every(
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            f"WHERE NOT t.tgisinternal AND t.tgenabled <> 'A' AND {OURS} "
            "AND t.tgfoid <> 'update_updated_at_column'::regproc",
            list(TABLES),
        )

        assert found == []

    def test_every_function_with_the_owners_rights_looks_in_one_place_and_is_nobodys(self) -> None:
        found = every(
            "SELECT p.proname, p.proconfig::text, (SELECT count(*) FROM aclexplode(COALESCE(p.proacl, "
            "acldefault('f', p.proowner))) a WHERE a.grantee = 0) FROM pg_proc p "
            "WHERE p.prosecdef AND p.pronamespace = 'public'::regnamespace"
        )

        assert [row for row in found if row[1:] != ('{"search_path=pg_catalog, public, pg_temp"}', 0)] == []
        assert len(found) > 12

    def test_every_view_reads_with_the_rights_of_its_reader(self) -> None:
        found = every(
            "SELECT c.relname FROM pg_class c WHERE c.relkind = 'v' AND c.relnamespace = 'public'::regnamespace "
            "AND NOT 'security_invoker=true' = ANY (COALESCE(c.reloptions, '{}'))"
        )

        assert found == []

    @pytest.mark.parametrize(
        "table", [name for name in TABLES if name not in {"jobs", "job_rates", "outbox_events"}]
    )
    def test_what_is_kept_for_ever_is_never_truncated(self, table: str) -> None:
        # 32 is TRUNCATE in tgtype; what others point at is truncated with them or not at all
        found = every(
            "SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgtype & 32 > 0 AND tgenabled = 'A'",
            table,
        )

        assert found == [(1,)]


@pytest.mark.django_db
class TestTheLog:
    QUERY = (
        "SELECT tgargs, tgtype FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'change_is_audited' "
        "AND tgfoid = 'audit_governed_change'::regproc AND tgenabled = 'A'"
    )

    @pytest.mark.parametrize("table", [name for name in GOVERNED if name != LOGGED_BEFORE])
    def test_a_governed_table_writes_every_change_itself(self, table: str) -> None:
        ((arguments, kind),) = every(self.QUERY, table)

        key, left_out, _, _ = bytes(arguments).decode().split("\0")  # type: ignore[call-overload]
        # a row trigger after INSERT, DELETE and UPDATE
        assert kind == 1 | 4 | 8 | 16
        assert key == key_of(table)
        assert set(filter(None, left_out.split(","))) == TABLES[table].left_out

    @pytest.mark.parametrize("table", [*sorted(TABLES.keys() - set(GOVERNED)), LOGGED_BEFORE])
    def test_another_table_does_not(self, table: str) -> None:
        assert every(self.QUERY, table) == []

    @pytest.mark.parametrize("table", GOVERNED)
    def test_every_column_is_shown_or_left_out(self, table: str) -> None:
        known = TABLES[table]

        assert known.logged | known.left_out == columns_of(table).keys()
        assert not known.logged & known.left_out

    @pytest.mark.parametrize("table", GOVERNED)
    def test_nothing_that_looks_like_a_secret_is_shown(self, table: str) -> None:
        secret = re.compile(r"password|secret|token|body|canonical")

        assert [column for column in TABLES[table].logged if secret.search(column)] == []


class TestVerbs:
    @pytest.mark.parametrize("name", verbs())
    def test_say_who_and_why_by_keyword(self, name: str) -> None:
        taken = inspect.signature(verbs()[name]).parameters

        assert taken["by"].kind == taken["reason"].kind == inspect.Parameter.KEYWORD_ONLY

    @pytest.mark.parametrize("name", verbs())
    def test_say_what_becomes_true(self, name: str) -> None:
        assert re.match(r"[A-Z][^\n]+\.", verbs()[name].__doc__ or "")

    def test_are_found(self) -> None:
        assert len(verbs()) > 15


class TestRefusals:
    @pytest.mark.parametrize("refusal", refusals())
    def test_say_a_sentence_and_what_to_do(self, refusal: type[Refusal]) -> None:
        known = refusal.__new__(refusal)

        assert re.fullmatch(r"[A-Z].+\.", known.message)
        assert known.hint.endswith((".", "`"))
        assert re.fullmatch(r"[a-z0-9_]+", known.code)
        assert 400 <= known.status < 600

    def test_have_a_code_each(self) -> None:
        codes = [refusal.code for refusal in refusals()]

        assert len(codes) == len(set(codes)) > 40

    def test_are_known_for_every_name_that_the_guards_say(self) -> None:
        said = {
            name for path in SQL_FILES for found in RAISED.findall(path.read_text()) for name in found if name
        }

        assert said - BY_CONSTRAINT.keys() == set()
        assert len(said) > 30

    @pytest.mark.parametrize("room", ROOMS)
    def test_are_of_the_room_whose_guards_say_them_or_of_one_below(self, room: str) -> None:
        reached = set(ROOMS[: ROOMS.index(room) + 1])
        said = {
            name
            for path in SQL_FILES
            if path.relative_to(BASE).parts[0] == room
            for found in RAISED.findall(path.read_text())
            for name in found
            if name
        }

        above = {name for name in said if BY_CONSTRAINT[name].__module__.split(".")[0] not in reached}

        assert above == set()

    @pytest.mark.django_db
    def test_answer_only_for_names_that_the_database_says(self) -> None:
        said = {
            name for path in SQL_FILES for found in RAISED.findall(path.read_text()) for name in found if name
        }
        held = {
            str(name)
            for (name,) in every("SELECT conname FROM pg_constraint UNION SELECT relname FROM pg_class")
        }

        answered = {name for refusal in refusals() for name in refusal.constraints}

        assert answered - said - held == set()

    def test_are_general_where_a_constraint_has_none_of_its_own(self) -> None:
        assert BY_STATE.keys() >= {"23502", "23503", "23505", "23514"}


class TestFiles:
    def test_every_step_up_has_its_step_down(self) -> None:
        names = {path.name for path in SQL_FILES}

        pairs = {name.replace(".up.sql", ".down.sql") for name in names if name.endswith(".up.sql")}
        assert pairs == {name for name in names if name.endswith(".down.sql")}
        assert len(pairs) * 2 == len(names)

    @pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: str(path.relative_to(BASE)))
    def test_every_sql_file_opens_with_its_promise(self, path: Path) -> None:
        first = path.read_text().splitlines()[0]

        assert re.fullmatch(r"-- [A-Z].+\.", first)

    def test_no_file_is_longer_than_400_lines(self) -> None:
        lengths = {
            str(path.relative_to(BASE)): len(path.read_text().splitlines()) for path in [*PYTHON, *SQL_FILES]
        }

        assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}

    def test_no_function_is_longer_than_40_lines(self) -> None:
        long = [
            f"{path.relative_to(BASE)}:{node.lineno} {node.name}"
            for path in PYTHON
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
        ]

        assert long == []
