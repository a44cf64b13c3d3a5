"""P5: how fast a million facts are verified, beside what one core's sha256 can do over the same bytes.

`manage.py audit verify` reads every row in the database with four statements at once, and every tile and
checkpoint; `xmarket_verify.py` reads an export in one process, from its start to its end. The floor is one
process that hashes the same bytes, which lie in its memory, and does nothing else: of an export the records,
in the database also the four values that a record knows by their sha256. In turns, in one run.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from django.db import connection

from audit.sealing import exporting, keys
from audit.sealing.verification import verify
from bench import filling
from bench.figures import Figure, against, seconds

ROUNDS = 3
COUNT = 1_000_000
JOBS = 4
# as many files of records as fit into memory without a thought
IN_MEMORY = 4
VALUES = """
    SELECT convert_to(v.value, 'UTF8')
    FROM (SELECT * FROM audit_event ORDER BY epoch, xid, seq LIMIT %s) e,
         unnest(ARRAY[e.old_value::text, e.new_value::text, e.ip_address::text, e.user_agent]) AS v (value)
    WHERE v.value IS NOT NULL
"""


def measure() -> Iterator[Figure]:
    """Measure all three in turns."""
    with filling.sealed_log(COUNT), tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "export"
        count = exporting.export(export)
        records = _records(export)
        contents = records + _values(len(records))

        def turn() -> list[float]:
            rates = [count / seconds(_verify), len(records) / seconds(_hash, contents)]
            return [*rates, count / seconds(_check, export), len(records) / seconds(_hash, records)]

        rounds = [turn() for _ in range(ROUNDS)]
    name = f"verify {COUNT:,} facts"
    yield against("P5", f"{name}, {JOBS} at once, vs one core's sha256", rounds, 1, target=0.33)
    alone = [rates[2:] for rates in rounds]
    yield against("P5", f"{name}, stand-alone, vs one core's sha256", alone, 1, target=0.2)
    # not a figure, and worth knowing
    against("P5", f"{name}, {JOBS} at once, vs one core's sha256 of the records alone", rounds, 3, target=0)


def _verify() -> None:
    assert verify(keys.verifiers(), jobs=JOBS) == []


def _check(export: Path) -> None:
    words = [sys.executable, str(export / "xmarket_verify.py"), "log", str(export)]
    for verifier in keys.verifiers():
        words += ["--key", str(verifier)]
    subprocess.run(words, check=True, capture_output=True)


def _hash(contents: list[bytes]) -> None:
    for content in contents:
        sha256(content).digest()


def _records(export: Path) -> list[bytes]:
    found = []
    for file in sorted(export.glob("records-*.bin"))[:IN_MEMORY]:
        data, at = file.read_bytes(), 0
        while at < len(data):
            end = at + 4 + int.from_bytes(data[at : at + 4], "big")
            found.append(b"\x00" + data[at + 4 : end])
            at = end
    return found


def _values(rows: int) -> list[bytes]:
    """What the records of the first so many facts know by its sha256."""
    with connection.cursor() as cursor:
        cursor.execute(VALUES, [rows])
        return [bytes(value) for (value,) in cursor.fetchall()]
