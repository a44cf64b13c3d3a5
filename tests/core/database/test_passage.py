from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from core.database import embedded, passage

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to run the server as somebody else")

IS_KILLED = """
import os, signal, sys
from pathlib import Path
from core.database import embedded
with embedded.running(Path(sys.argv[1])):
    os.kill(os.getpid(), signal.SIGKILL)
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    return folder


def test_folders_are_opened_aloud_and_closed_again(closed: Path) -> None:
    said: list[str] = []

    with embedded.running(closed / "run", say=said.append):
        meanwhile = mode(closed)

    assert meanwhile == 0o701
    assert mode(closed) == 0o700
    assert str(closed) in " ".join(said)


def test_folders_stay_open_until_the_last_server_stops(closed: Path) -> None:
    with embedded.running(closed / "one"):
        with embedded.running(closed / "two"):
            pass
        after_the_first = mode(closed)

    assert after_the_first == 0o701
    assert mode(closed) == 0o700


def test_what_a_killed_process_left_open_its_successor_closes(closed: Path) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", IS_KILLED, str(closed / "run")], check=False, cwd=settings.BASE_DIR
    )
    left = mode(closed)

    with embedded.running(closed / "run"):
        pass

    assert (killed.returncode, left) == (-signal.SIGKILL, 0o701)
    assert mode(closed) == 0o700


def test_a_mode_that_somebody_changed_meanwhile_is_theirs(closed: Path) -> None:
    with embedded.running(closed / "run"):
        closed.chmod(0o755)

    assert mode(closed) == 0o755


def test_the_cluster_of_another_account_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pgdata").mkdir()
    (tmp_path / "pgdata" / "PG_VERSION").write_text("18\n")

    with pytest.raises(passage.SomebodyElses), embedded.running(tmp_path):
        pass
