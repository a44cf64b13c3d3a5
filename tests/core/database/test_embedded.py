from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings

from core.database import embedded

HOLDS_IT = """
import sys
from pathlib import Path
from core.database import embedded
with embedded.running(Path(sys.argv[1])):
    print("up", flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="module")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("it's a run folder")


@pytest.fixture
def holder(run_dir: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the cluster."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS_IT, str(run_dir)],
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "up\n"
        yield child
        child.kill()


def answers(server: embedded.Server) -> bool:
    with psycopg.connect(server.url("postgres", "postgres")) as conn:
        return conn.execute("SELECT 1").fetchone() == (1,)


def test_a_server_answers_inside_the_block_and_is_gone_after_it(run_dir: Path) -> None:
    with embedded.running(run_dir) as server:
        inside = answers(server)

    assert inside
    assert embedded.listening(run_dir / "pgdata") is None


def test_what_was_written_is_there_the_next_time(run_dir: Path) -> None:
    with embedded.running(run_dir) as server:
        embedded.prepare(server, database="kept")

    with embedded.running(run_dir) as server, psycopg.connect(server.url("xm_app", "kept")) as conn:
        assert conn.execute("SELECT current_database()").fetchone() == ("kept",)


def test_the_address_of_a_running_server_is_known_to_others(run_dir: Path) -> None:
    before = embedded.running_url(run_dir)

    with embedded.running(run_dir) as server:
        assert embedded.running_url(run_dir) == server.url("xm_app")
    assert before is None


def test_a_second_process_is_refused_while_the_first_holds_the_cluster(
    run_dir: Path, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(embedded.AlreadyUp, match="Another process is using"), embedded.running(run_dir):
        pass


def test_a_cluster_in_use_is_not_removed(run_dir: Path, holder: subprocess.Popen[str]) -> None:
    with pytest.raises(embedded.AlreadyUp):
        embedded.remove(run_dir)

    assert (run_dir / "pgdata" / "PG_VERSION").exists()


def test_a_server_left_by_a_killed_process_is_adopted_and_stopped(
    run_dir: Path, holder: subprocess.Popen[str]
) -> None:
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    left = embedded.listening(run_dir / "pgdata")

    with embedded.running(run_dir) as server:
        assert server == left
    assert embedded.listening(run_dir / "pgdata") is None


def test_a_process_id_that_a_crash_left_behind_stops_nobody(run_dir: Path) -> None:
    # after a crash the number belongs to anybody, here to this very process
    stale = f"{os.getpid()}\n{run_dir}/pgdata\n1700000000\n5432\n{run_dir}/pgdata\n\n  1  1\nready\n"
    (run_dir / "pgdata" / "postmaster.pid").write_text(stale)

    with embedded.running(run_dir) as server:
        assert answers(server)


def test_a_first_start_that_was_killed_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "pgdata").mkdir()
    (tmp_path / "pgdata" / "PG_VERSION").write_text("18\n")
    (tmp_path / "pgdata.unfinished").touch()

    with embedded.running(tmp_path) as server:
        assert answers(server)


def test_a_path_too_long_for_a_socket_is_no_obstacle(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 20) / ("er" * 20)

    with embedded.running(deep) as server:
        assert answers(server)
        assert server.socket_dir.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO) == 0


def test_a_foreign_locale_of_the_person_is_no_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "xx_XX.UTF-8")
    monkeypatch.setenv("PGPORT", "7777")

    with embedded.running(tmp_path) as server:
        assert answers(server)


def test_a_removed_cluster_leaves_nothing(tmp_path: Path) -> None:
    with embedded.running(tmp_path):
        pass

    embedded.remove(tmp_path)

    assert not (tmp_path / "pgdata").exists()


def test_a_failing_program_says_what_it_said(tmp_path: Path) -> None:
    (tmp_path / "pgdata").mkdir()
    (tmp_path / "pgdata" / "in the way").touch()

    with pytest.raises(embedded.DidNotWork, match="exists but is not empty"), embedded.running(tmp_path):
        pass
