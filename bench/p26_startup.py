"""P26: how long a developer waits for a server, for a test database, and for all tests."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from bench.figures import Figure, median_figure, seconds
from core.database import clones, embedded

ROUNDS = 5
BASE = Path(settings.BASE_DIR)


def measure() -> Iterator[Figure]:
    """Start a server that exists, clone a database, run `make test` on a copy of the tree."""
    with tempfile.TemporaryDirectory(prefix="xm-bench-") as folder:
        run = Path(folder) / "run"
        _start_and_stop(run)  # the first start makes the cluster
        starts = [_start_and_stop(run) for _ in range(ROUNDS)]
        yield median_figure("P26", "embedded server start", starts, target=1, unit="s")
        clones.template()
        copies = [seconds(clones.clone, "xm_bench_clone") for _ in range(ROUNDS)]
        clones.drop("xm_bench_clone")
        yield median_figure("P26", "test database clone", copies, target=0.4, unit="s")
        tree = _copy_of_the_tree(Path(folder) / "tree")
        suites = [seconds(_make_test, tree) for _ in range(3)]
        yield median_figure("P26", "make test, all of it", suites, target=60, unit="s")


def _start_and_stop(run: Path) -> float:
    held = embedded.running(run)
    took = seconds(held.__enter__)
    held.__exit__(None, None, None)
    return took


def _copy_of_the_tree(tree: Path) -> Path:
    tracked = subprocess.run(
        ["/usr/bin/env", "git", "ls-files", "-z"], cwd=BASE, check=True, capture_output=True, text=True
    ).stdout.split("\0")
    for name in filter(None, tracked):
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(BASE / name, tree / name)
    (tree / ".venv").symlink_to(BASE / ".venv")
    return tree


def _make_test(tree: Path) -> None:
    unset = ("DATABASE_URL", "DATABASE_URL_UNPOOLED", "MAKEFLAGS", "MAKELEVEL")
    env = {name: value for name, value in os.environ.items() if name not in unset}
    subprocess.run(["/usr/bin/env", "make", "test"], cwd=tree, check=True, capture_output=True, env=env)
