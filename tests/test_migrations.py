"""Each migration goes down and comes up again as it was, says all that the models say, and holds no data."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython

from core.database.pairs import SqlPair
from tests.raw import every
from tests.reflection import ROOMS, sources

FLOORS = ("core", "audit", "artifacts", "markets")
CATALOGUE = """
    SELECT 'column', c.relname, a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull,
           a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid), NULLIF(a.attacl, '{}'))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')
    UNION ALL
    SELECT 'relation', c.relname, '', concat_ws(' ', c.relkind, (SELECT array_agg(x::text ORDER BY x::text)
           FROM unnest(COALESCE(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))) x))
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'constraint', k.conrelid::regclass::text, k.conname, pg_get_constraintdef(k.oid)
    FROM pg_constraint k WHERE k.connamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'index', x.indrelid::regclass::text, x.indexrelid::regclass::text, pg_get_indexdef(x.indexrelid)
    FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'trigger', t.tgrelid::regclass::text, t.tgname, pg_get_triggerdef(t.oid) || t.tgenabled::text
    FROM pg_trigger t WHERE NOT t.tgisinternal
    UNION ALL
    SELECT 'function', p.oid::regprocedure::text, '', concat_ws(' ', pg_get_functiondef(p.oid),
           (SELECT array_agg(x::text ORDER BY x::text) FROM unnest(p.proacl) x))
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
    ORDER BY 1, 2, 3
"""


def steps() -> list[tuple[str, str]]:
    """Our migrations in the order in which they run."""
    graph = MigrationLoader(connection).graph
    leaves = [node for node in graph.leaf_nodes() if node[0] in FLOORS]
    ordered = dict.fromkeys(node for leaf in leaves for node in graph.forwards_plan(leaf))
    return [node for node in ordered if node[0] in FLOORS]


def whole_plan() -> list[Migration]:
    """Every migration, those of Django and its libraries as well, in the order in which they run."""
    executor = MigrationExecutor(connection)
    return [
        found for found, _ in executor.migration_plan(executor.loader.graph.leaf_nodes(), clean_start=True)
    ]


def catalogue() -> list[tuple[object, ...]]:
    """All that the migrations of ours make; those of Django and its libraries come and go with the users."""
    return [row for row in every(CATALOGUE) if not re.match(r"auth_|django_|axes_|otp_", str(row[1]))]


def test_each_migration_goes_down_and_comes_up_as_it_was(committing_db: str) -> None:
    seen: dict[str, dict[tuple[str, str], list[tuple[object, ...]]]] = {
        "unapply_start": {},
        "apply_success": {},
    }

    def look(action: str, migration: Migration | None = None, fake: bool | None = None) -> None:
        if migration and action in seen and migration.app_label in FLOORS:
            seen[action][migration.app_label, migration.name] = catalogue()

    ran = whole_plan()
    MigrationExecutor(connection, look).migrate(None, plan=[(migration, True) for migration in reversed(ran)])
    assert every("SELECT FROM pg_class WHERE oid = to_regclass('users')") == []
    MigrationExecutor(connection, look).migrate(None, plan=[(migration, False) for migration in ran])

    down, up = seen.values()
    assert set(down) == set(up) == set(steps())
    assert [step for step in steps() if down[step] != up[step]] == []


@pytest.mark.django_db
def test_the_migrations_say_all_that_the_models_say() -> None:
    said = StringIO()

    call_command("makemigrations", check=True, dry_run=True, stdout=said)

    assert said.getvalue().strip() == "No changes detected"


@pytest.mark.django_db
def test_no_migration_holds_data() -> None:
    loader = MigrationLoader(connection)

    holding = [
        node
        for node in steps()
        if any(isinstance(operation, RunPython) for operation in loader.graph.nodes[node].operations)
    ]
    inserting = [
        path.name
        for path in sources("sql/*.sql")
        if re.search(r"^(INSERT|UPDATE|DELETE|COPY)\b", path.read_text(), re.MULTILINE)
    ]

    assert (holding, inserting) == ([], [])


@pytest.mark.django_db
def test_every_sql_file_is_run_by_one_migration() -> None:
    loader = MigrationLoader(connection)
    ran = [
        (operation.app, operation.name)
        for node in steps()
        for operation in loader.graph.nodes[node].operations
        if isinstance(operation, SqlPair)
    ]

    written = {(path.parts[-3], path.name.removesuffix(".up.sql")) for path in sources("*.up.sql")}
    assert sorted(ran) == sorted(written)


@pytest.mark.django_db
def test_a_migration_stands_on_the_floors_below_its_own() -> None:
    loader = MigrationLoader(connection)

    wrong = [
        (node, below)
        for node in steps()
        for below in loader.graph.nodes[node].dependencies
        if below[0] in FLOORS and FLOORS.index(below[0]) > FLOORS.index(node[0])
    ]

    assert wrong == []
    assert set(FLOORS) < set(ROOMS)
