"""How far a witness cosigned the log, and whether it did."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection

from audit.sealing import notes
from audit.sealing.notes import NoteIsBroken, Verifier
from audit.sealing.shown import PATIENCE

COSIGNED = """
    SELECT a.size, c.note, a.line FROM audit_cosignature a LEFT JOIN audit_checkpoint c USING (size)
    WHERE a.holder = %s ORDER BY a.size
"""
# a checkpoint that was signed in the future, as the clock has it, is not waited for
DUE = """
    SELECT COALESCE(max(c.size), 0) FROM audit_checkpoint c
    WHERE c.sealed_at NOT BETWEEN clock_timestamp() - make_interval(secs => %s) AND clock_timestamp()
"""


def faults(witness: Verifier) -> Iterator[str]:
    """What is wrong with a witness's cosignatures: a wrong one, and what it should have cosigned by now."""
    newest = 0
    with connection.cursor() as cursor:
        cursor.execute(DUE, [PATIENCE])
        (due,) = cursor.fetchone()
        cursor.execute(COSIGNED, [witness.name])
        for size, note, line in cursor:
            if _is_cosigned(note or "", line, witness):
                newest = size
            else:
                yield f"the cosignature of {witness.name} over the checkpoint at {size} is not by its key"
    if newest < due:
        yield f"{witness.name} cosigned {newest} rows, and {due} were sealed a minute ago"


def _is_cosigned(note: str, line: str, witness: Verifier) -> bool:
    try:
        return notes.cosigned(notes.text_of(note), line, witness) is not None
    except NoteIsBroken:
        return False
