"""The asynchronous peer: FastAPI, asyncpg and pydantic, with the same rows, fields and keys as ours.

A key is looked up by its sha256 with `authenticate_key`, one query, and remembered for five seconds. Rows are
narrowed by WHERE; there is no unit, no row-level security, no request id and no log line.
"""

from __future__ import annotations

import base64
import hashlib
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import orjson
from fastapi import Depends, FastAPI, Header, HTTPException, Request
from pydantic import BaseModel

KEPT_SECONDS = 5.0
COLUMNS = (
    "audit_id, actor_id, actor_type, action, entity_type, entity_id, old_value, new_value, payload_hash,"
    " signature, job_id, correlation_id, host(ip_address) AS ip_address, user_agent, metadata, created_at,"
    " epoch, xid::text AS xid, seq"
)
HEAD = f"SELECT {COLUMNS} FROM audit_event WHERE tenant_id = $1 ORDER BY audit_id DESC LIMIT $2"
AFTER = (
    f"SELECT {COLUMNS} FROM audit_event WHERE tenant_id = $1 AND audit_id < $3 "
    "ORDER BY audit_id DESC LIMIT $2"
)
ONE = f"SELECT {COLUMNS} FROM audit_event WHERE tenant_id = $1 AND audit_id = $2"
KEY = "SELECT tenant_id, state FROM authenticate_key($1, $2)"


class AuditEvent(BaseModel):
    """One fact of the audit log."""

    audit_id: UUID
    actor_id: UUID | None
    actor_type: str
    action: str
    entity_type: str | None
    entity_id: str | None
    old_value: dict[str, Any] | None
    new_value: dict[str, Any] | None
    payload_hash: str | None
    signature: str | None
    job_id: UUID | None
    correlation_id: UUID | None
    ip_address: str | None
    user_agent: str | None
    metadata: dict[str, Any] | None
    created_at: datetime
    epoch: int
    xid: str
    seq: int


class Page(BaseModel):
    """A page with its links."""

    next: str | None
    previous: str | None
    results: list[AuditEvent]


class Database:
    """The pool, and the keys of the last seconds."""

    pool: Any
    keys: dict[bytes, tuple[float, UUID]] = {}


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    async def prepare(connection: Any) -> None:
        await connection.set_type_codec(
            "jsonb", encoder=str, decoder=orjson.loads, schema="pg_catalog", format="text"
        )

    Database.pool = await asyncpg.create_pool(
        os.environ["PEER_DATABASE_URL"], min_size=4, max_size=8, init=prepare
    )
    yield
    await Database.pool.close()


async def tenant_of(authorization: Annotated[str, Header()]) -> UUID:
    """Whose key it is."""
    written = authorization.removeprefix("Bearer ")
    digest = hashlib.sha256(written.encode()).digest()
    known = Database.keys.get(digest)
    if known and known[0] > time.monotonic():
        return known[1]
    found = await Database.pool.fetchrow(KEY, written.split("_")[1], digest)
    if found is None or found["state"] != "active":
        raise HTTPException(401)
    Database.keys[digest] = (time.monotonic() + KEPT_SECONDS, found["tenant_id"])
    return UUID(str(found["tenant_id"]))


async def listed(
    request: Request, tenant: Annotated[UUID, Depends(tenant_of)], limit: int = 50, cursor: str | None = None
) -> Any:
    """One page, newest first."""
    if cursor is None:
        found = await Database.pool.fetch(HEAD, tenant, limit + 1)
    else:
        place = UUID(bytes=base64.urlsafe_b64decode(cursor + "=="))
        found = await Database.pool.fetch(AFTER, tenant, limit + 1, place)
    page = [dict(row) for row in found[:limit]]
    following = (
        str(request.url.include_query_params(cursor=_cursor(page[-1]))) if len(found) > limit else None
    )
    return {"next": following, "previous": None, "results": page}


async def one(audit_id: UUID, tenant: Annotated[UUID, Depends(tenant_of)]) -> Any:
    """One row."""
    found = await Database.pool.fetchrow(ONE, tenant, audit_id)
    if found is None:
        raise HTTPException(404)
    return dict(found)


def _cursor(row: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(row["audit_id"].bytes).decode().rstrip("=")


app = FastAPI(lifespan=_life, openapi_url=None)
app.add_api_route("/api/v1/audit-events", listed, response_model=Page)
app.add_api_route("/api/v1/audit-events/{audit_id}", one, response_model=AuditEvent)
