"""What a machine can say about a proposal before people decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.dateparse import parse_datetime

from audit.models import ApprovalRequest
from audit.reading import Check, Exhibit
from core.web import words
from markets.models import Market, Revision


def checks(
    request: ApprovalRequest,
    revision: Revision,
    content: Mapping[str, Any],
    evidence: Sequence[Exhibit],
    now: datetime,
) -> list[Check]:
    """Every finding, in the order of reading."""
    is_new = request.action == "market:create"
    return [
        _evidence_is_verified(evidence, expected=len(revision.snapshot_ids)),
        *([_symbol_is_free(request, content)] if is_new else [_market_stands(request, content)]),
        *([_closes_later(content, now)] if "closes_at" in content else []),
        _risk(revision, content),
        _statements(revision),
    ]


def _evidence_is_verified(evidence: Sequence[Exhibit], *, expected: int) -> Check:
    sound = sum(1 for item in evidence if item.is_verified)
    counted = f"{sound} of {expected} snapshots" if sound != expected else _counted(sound, "snapshot")
    return Check(sound == expected, "evidence", f"{counted}, content verified on reading")


def _symbol_is_free(request: ApprovalRequest, content: Mapping[str, Any]) -> Check:
    symbol = content["symbol"]
    holder = Market.objects.filter(tenant_id=request.tenant_id, symbol=symbol).first()
    if holder is None:
        return Check(passed=True, subject="symbol", said=f"{symbol} is free")
    if holder.proposal_id == request.subject_id:
        return Check(passed=True, subject="symbol", said=f"{symbol} is the market that this approval opened")
    return Check(passed=False, subject="symbol", said=f"a market {symbol} exists already")


def _market_stands(request: ApprovalRequest, content: Mapping[str, Any]) -> Check:
    market = Market.objects.get(tenant_id=request.tenant_id, pk=content["market_id"])
    if bytes(market.content_digest).hex() == content["base_digest"]:
        return Check(
            passed=True, subject="market", said=f"{market.symbol} is {market.status}, unchanged since"
        )
    if request.status == "granted":
        return Check(passed=None, subject="market", said=f"{market.symbol} was changed since")
    return Check(passed=False, subject="market", said=f"{market.symbol} was changed since this was proposed")


def _closes_later(content: Mapping[str, Any], now: datetime) -> Check:
    closes_at = parse_datetime(content["closes_at"])
    if closes_at is None or closes_at.tzinfo is None:
        return Check(passed=False, subject="close", said="the closing time names no time zone")
    if closes_at <= now:
        return Check(passed=False, subject="close", said="the closing time is over")
    return Check(passed=True, subject="close", said=f"closes in {words.span(closes_at - now)}")


def _risk(revision: Revision, content: Mapping[str, Any]) -> Check:
    by_type = _risk_of_type(revision.type)
    stated = content.get("risk_level")
    if revision.risk == by_type:
        said = f"{revision.risk}, as every {revision.type} market is at least"
    else:
        said = f"{revision.risk}, stated by the proposer; {revision.type} markets are at least {by_type}"
    if stated and stated != revision.risk:
        said += f" (the proposer stated {stated})"
    return Check(passed=None, subject="risk", said=said)


def _risk_of_type(market_type: str) -> str:
    # the database's own function, so that there is one table of risks
    with connection.cursor() as cursor:
        cursor.execute("SELECT market_risk(%s, NULL)", [market_type])
        return str(cursor.fetchone()[0])


def _statements(revision: Revision) -> Check:
    if revision.producer is None:
        return Check(passed=None, subject="provenance", said="proposed by a person, without a producer")
    assertions = ", ".join(revision.safety_assertions)
    said = f"{revision.producer} {revision.schema_version} states: {assertions}"
    return Check(passed=None, subject="provenance", said=said)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
