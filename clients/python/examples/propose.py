"""An agent's first proposal: evidence, then a market, signed with Ed25519 and safe to repeat.

XMARKET_URL, XMARKET_KEY_ID and XMARKET_SEED (64 hex digits) say where to and by whom; run again, it proposes
nothing more.
"""

from __future__ import annotations

import os
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from xmarket_client import Client, Ed25519Key

SYMBOL = "AGENT-FIRST-LIGHT"
EVIDENCE = {
    "url": "https://example.org/telescope/schedule",
    "content_type": "text/plain",
    "body": "First light of the telescope is planned for the second half of 2029.",
}
PROPOSAL: dict[str, Any] = {
    "symbol": SYMBOL,
    "type": "technology",
    "title": "Will the telescope see first light before 2030?",
    "resolution_criteria": "Resolves YES if its operator reports first light before 2030-01-01 (UTC).",
    "closes_at": "2029-12-31T23:59:00Z",
    "producer": "clients/python/examples/propose.py",
    "schema_version": "v1",
    "safety_assertions": ["requires-human-approval", "uses-snapshot-ids-for-provenance"],
}


def main() -> None:
    """Say what waits for a decision."""
    seed = bytes.fromhex(os.environ["XMARKET_SEED"])
    key = Ed25519Key.from_seed(os.environ["XMARKET_KEY_ID"], seed)
    with Client(os.environ["XMARKET_URL"], key) as client:
        known = client.get("/api/v1/proposals", symbol=SYMBOL)["results"]
        found = known[0] if known else _propose(client)
    print(f"{SYMBOL}: {PROPOSAL['title']} ({found['status']})")


def _propose(client: Client) -> dict[str, Any]:
    evidence = client.post("/api/v1/snapshots", EVIDENCE, idempotency_key=_once("evidence"))
    return client.propose(
        {**PROPOSAL, "snapshot_ids": [evidence["snapshot_id"]]},
        idempotency_key=_once(evidence["snapshot_id"]),
    )


def _once(what: str) -> str:
    """The same key for the same thing, in whatever process."""
    return str(uuid5(NAMESPACE_URL, f"urn:xmarket:example:{SYMBOL}:{what}"))


if __name__ == "__main__":
    main()
