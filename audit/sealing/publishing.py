"""Checkpoints go to everybody who is to keep them; who fails is tried again, and nothing waits for them.

Of each holder one row says how far it is. Who publishes claims that row for a while, in a unit of its own;
what goes over the network goes outside of any transaction, so sealing and appending never wait for it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import connection

from audit import log
from audit.sealing import cosigning, keeping
from audit.sealing.holders import Holder, kind_of
from audit.sealing.keeping import HolderFailed, HolderHasAnother
from audit.sealing.merkle import Proofs
from audit.sealing.models import Cosignature, HolderState, LogCheckpoint, LogTile
from audit.sealing.notes import Cosigned
from core.access.models import PLATFORM_TENANT_ID
from core.database.rows import insert
from core.database.unit import unit
from core.messaging import outbox

logger = logging.getLogger("xmarket.audit")
# seconds: of one turn, of the claim to it, and between tries at most
TURN, CLAIM, LONGEST = 20, 90, 300
MOST_AT_ONCE = 500
# a witness that is asked while another keeper asks it too tells another size each time
ASKED_AT_MOST = 3
CLAIMED = """
    UPDATE audit_holder SET next_at = clock_timestamp() + make_interval(secs => %s)
    WHERE name = %s AND next_at <= clock_timestamp()
      AND size < (SELECT max(c.size) FROM audit_checkpoint c) RETURNING size, tries
"""
PUBLISHED = """
    UPDATE audit_holder SET size = GREATEST(size, %s), published_at = clock_timestamp(), tries = 0,
           failing_since = NULL, last_error = NULL, next_at = clock_timestamp() WHERE name = %s
"""
FAILED = """
    UPDATE audit_holder SET size = GREATEST(size, %s), tries = LEAST(tries + 1, 30000), last_error = %s,
           failing_since = COALESCE(failing_since, clock_timestamp()),
           next_at = clock_timestamp() + make_interval(secs => LEAST(power(2, LEAST(tries, 20)), %s))
    WHERE name = %s RETURNING tries
"""


STANDING = """
    SELECT h.name, h.size, GREATEST(s.size - h.size, 0), h.published_at,
           EXTRACT(epoch FROM clock_timestamp() - h.published_at)::double precision,
           h.tries, h.failing_since, h.last_error
    FROM audit_holder h CROSS JOIN audit_seal s WHERE h.left_at IS NULL ORDER BY h.name
"""
LEFT = """
    UPDATE audit_holder SET left_at = clock_timestamp() WHERE left_at IS NULL AND NOT name = ANY (%s)
    RETURNING name
"""
CAME = """
    INSERT INTO audit_holder (name) VALUES (%s)
    ON CONFLICT ON CONSTRAINT holder_has_one_state DO UPDATE SET left_at = NULL
"""


@dataclass(frozen=True)
class Standing:
    """How far a holder is, for whoever watches.

    :ivar size: of the newest checkpoint that it took.
    :ivar behind: how many rows are sealed that it has no checkpoint of.
    :ivar age_seconds: how long ago it took that one; None before the first.
    :ivar failures: how often in a row it took none.
    :ivar failing_since: since when; None where it keeps what it is given.
    """

    name: str
    kind: str
    size: int
    behind: int
    published_at: datetime | None
    age_seconds: float | None
    failures: int
    failing_since: datetime | None
    last_error: str | None


def configured() -> list[Holder]:
    """Everybody who is to keep checkpoints (AUDIT_WITNESSES)."""
    return [Holder.read(written) for written in settings.AUDIT_WITNESSES]


def standing() -> list[Standing]:
    """How far each of them is, in this unit of whatever role, by name.

    It is read from what the worker wrote, because other processes need not know where the holders are.
    """
    return [
        Standing(name, kind_of(name), size, behind, at, None if age is None else max(age, 0.0), *failing)
        for name, size, behind, at, age, *failing in _run(STANDING)
    ]


def let_go() -> str | None:
    """Have whoever is configured no longer be watched no longer, in this unit; who that is, for the log."""
    left = [name for (name,) in _run(LEFT, [holder.name for holder in configured()])]
    return f"{', '.join(left)} keeps checkpoints no longer" if left else None


def tick(holder: Holder) -> str | None:
    """Hand a holder what it does not have, where it is its turn; what that was, for the log.

    It opens units of its own, and none is open while it waits for the holder.
    """
    claimed = _claimed(holder)
    if claimed is None:
        return None
    turn = Turn(holder, *claimed)
    try:
        turn.publish()
    except DatabaseFailure:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a holder does, it is the holder that failed
        _failed(turn, str(error) if isinstance(error, HolderFailed) else cosigning.said_of(error))
        return None
    _published(turn)
    return f"{holder.name} has {turn.size} rows"


@dataclass
class Turn:
    """One go at one holder.

    :ivar size: what it has by now.
    :ivar tries: how often it failed in a row before.
    :ivar cosigned: what a witness signed, of the checkpoint of that size.
    """

    holder: Holder
    size: int
    tries: int
    cosigned: Cosigned | None = None

    def publish(self) -> None:
        """Hand over what there is.

        :raises HolderFailed: where the holder does not take it; what it took before is in `size`.
        """
        if self.holder.kind == "witness":
            self._have_cosigned()
            return
        keep = keeping.keep_in_directory if self.holder.kind == "directory" else keeping.keep_in_store
        until = time.monotonic() + TURN
        for size, note in _after(self.size):
            keep(self.holder, size, note)
            self.size = size
            if time.monotonic() > until:
                break

    def _have_cosigned(self) -> None:
        """Have the newest checkpoint cosigned, which says that every earlier one was its beginning."""
        old = self.size
        for _ in range(ASKED_AT_MOST):
            size, note, proof = _newest(old)
            answer = cosigning.asked(self.holder, old, proof, note)
            if isinstance(answer, Cosigned):
                self.size, self.cosigned = size, answer
                return
            if answer.size == old == size:
                raise HolderHasAnother(f"the witness saw another tree of {size} rows")
            old = answer.size
        raise HolderFailed("the witness says another size each time")


def _after(size: int) -> list[tuple[int, str]]:
    with unit("worker"):
        rows = LogCheckpoint.objects.filter(size__gt=size).order_by("size")[:MOST_AT_ONCE]
        return list(rows.values_list("size", "note"))


def _newest(old: int) -> tuple[int, str, list[bytes]]:
    """Size, note and proof of the newest checkpoint.

    :raises HolderHasAnother: where the witness saw more than there is.
    """
    with unit("worker"):
        newest = LogCheckpoint.objects.latest("size")
        if old > newest.size:
            raise HolderHasAnother(f"the witness saw {old} rows, and the log has {newest.size}: it was cut")
        return newest.size, newest.note, Proofs(_tile, newest.size).consistency(old)


def _tile(level: int, position: int) -> bytes:
    return bytes(LogTile.objects.get(level=level, position=position).hashes)


def _claimed(holder: Holder) -> tuple[int, int] | None:
    """Take the turn at a holder, where it is due and there is something new: its size and tries."""
    with unit("worker"):
        if not HolderState.objects.filter(name=holder.name, left_at=None).exists():
            _run(CAME, holder.name)
        for size, tries in _run(CLAIMED, CLAIM, holder.name):
            return size, tries
    return None


def _published(turn: Turn) -> None:
    with unit("worker", tenant=PLATFORM_TENANT_ID):
        _run(PUBLISHED, turn.size, turn.holder.name)
        if turn.cosigned:
            _keep_cosignature(turn, turn.cosigned)
        if turn.tries:
            _tell("published_again", turn, {"size": turn.size})
    if turn.tries:
        logger.info("%s keeps checkpoints again", turn.holder.name)


def _keep_cosignature(turn: Turn, cosigned: Cosigned) -> None:
    if not Cosignature.objects.filter(holder=turn.holder.name, size=turn.size).exists():
        insert(
            Cosignature,
            holder=turn.holder.name,
            size=turn.size,
            line=cosigned.line,
            cosigned_at=datetime.fromtimestamp(cosigned.at, UTC),
        )


def _failed(turn: Turn, why: str) -> None:
    """Let it be tried again later; the first time in a row is an alarm."""
    with unit("worker", tenant=PLATFORM_TENANT_ID):
        ((tries,),) = _run(FAILED, turn.size, why, LONGEST, turn.holder.name)
        is_alarm = tries == 1
        if is_alarm:
            _tell("unpublished", turn, {"size": turn.size, "error": why})
    level = logging.ERROR if is_alarm else logging.WARNING
    logger.log(level, "%s does not keep the log's checkpoints: %s", turn.holder.name, why)


def _tell(what: str, turn: Turn, facts: dict[str, Any]) -> None:
    name = turn.holder.name
    log.record(f"log:{what}", by=None, entity_type="log", entity_id=name, new_value=facts)
    outbox.emit(
        f"log.{what}",
        tenant_id=PLATFORM_TENANT_ID,
        entity_type="log",
        entity_id=name,
        payload={"holder": name, **facts},
    )


def _run(statement: str, *values: Any) -> Iterator[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return iter(cursor.fetchall() if cursor.description else [])
