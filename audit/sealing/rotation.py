"""Another epoch: after a restore into another cluster, whose transactions count anew, the log goes on."""

from __future__ import annotations

from django.conf import settings
from psycopg import sql

from core.database import sessions


def rotate() -> str:
    """Let every row from here on be of the next epoch; what was sealed before stays as it is.

    A direct session as owner, because it changes the default of a column.

    :returns: the number of the new epoch.
    """
    owner = sql.Identifier(f"{settings.DB_ROLE_PREFIX}owner")
    with sessions.connect() as conn, conn.transaction():
        conn.execute(sql.SQL("SET LOCAL ROLE {}").format(owner))
        ((epoch,),) = conn.execute("UPDATE audit_seal SET epoch = epoch + 1 RETURNING epoch").fetchall()
        default = sql.SQL("ALTER TABLE audit_event ALTER COLUMN epoch SET DEFAULT {}")
        conn.execute(default.format(sql.Literal(epoch)))
    return str(epoch)
