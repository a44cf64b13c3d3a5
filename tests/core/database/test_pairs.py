"""SQL is kept in files, up and down, with the roles written by their default names."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django import Settings

from core.database.pairs import SqlPair, named_for_this_cluster


def test_a_pair_runs_the_up_file_and_reverses_by_the_down_file(settings: Settings) -> None:
    folder = Path(settings.BASE_DIR) / "core" / "sql"

    pair = SqlPair("core", "0001_ids")

    assert pair.sql == (folder / "0001_ids.up.sql").read_text()
    assert pair.reverse_sql == (folder / "0001_ids.down.sql").read_text()


def test_a_missing_file_is_found_when_the_migration_is_loaded() -> None:
    with pytest.raises(FileNotFoundError):
        SqlPair("core", "9999_nothing")


def test_another_prefix_takes_the_place_of_the_written_one(settings: Settings) -> None:
    settings.DB_ROLE_PREFIX = "staging_"

    found = named_for_this_cluster("GRANT SELECT ON t TO xm_api, xm_backup; -- not xm_apiary nor my_xm_api")

    assert found == "GRANT SELECT ON t TO staging_api, staging_backup; -- not xm_apiary nor my_xm_api"


def test_a_pair_says_which_it_is_and_writes_itself_as_it_is_called() -> None:
    pair = SqlPair("core", "0001_ids")

    assert pair.describe() == "SQL core/0001_ids"
    assert pair.deconstruct() == ("SqlPair", ["core", "0001_ids"], {})
