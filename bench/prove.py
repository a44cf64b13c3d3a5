"""`python -m bench.prove [ID]`: run every reliability experiment at full size, or one; exit 1 on a failure.

An experiment is a test marked `experiment(ID)` that prints its line; `make test` runs the same ones small.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
EXPERIMENTS = {
    "E1": "tests/experiments/test_e1_fuzz.py",
    "E2": "tests/experiments/test_e2_matrix.py",
    "E3": "tests/experiments/test_e3_walls.py",
    "E4": "tests/experiments/test_e4_mass_assignment.py",
    "E5": "tests/experiments/test_e5_kills.py",
    "E6": "tests/experiments/test_e6_glitches.py",
    "E8": "tests/experiments/test_e8_tampering.py",
    "E9": "tests/experiments/test_e9_sealing.py",
    "E11": "tests/experiments/test_e11_replay.py",
    "E12": "tests/experiments/test_e12_bypass.py",
    "E13": "tests/experiments/test_e13_life.py",
    "E22": "tests/experiments/test_e22_races.py",
}


def main(wanted: list[str]) -> int:
    """Hand the experiments to pytest, which shows what they print."""
    unknown = [name for name in wanted if name not in EXPERIMENTS]
    if unknown:
        print(f"There is no {', '.join(unknown)}. There is: {', '.join(EXPERIMENTS)}.")
        return 2
    files = [EXPERIMENTS[name] for name in wanted or EXPERIMENTS]
    words = [sys.executable, "-m", "pytest", "--quiet", "--capture=no", *files]
    return subprocess.run(
        words, cwd=BASE, check=False, env={"LOG_LEVEL": "WARNING", **os.environ, "FULL_SIZE": "1"}
    ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
