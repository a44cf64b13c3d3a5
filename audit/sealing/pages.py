"""What people of staff see of the sealed log: receipts, and on the first page how sealing goes."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from audit.models import AuditEvent
from audit.refusals import NotSealedYet
from audit.sealing import keys, notes, publishing, receipts
from audit.sealing.standing import MOST, STOPPED_AFTER, standing
from core.database.unit import current, hold
from core.web import charts, words
from core.web.admin import holds, tenant_of
from core.web.charts import Bar, Chart
from core.web.filters import first_id
from core.web.words import HOUR

READ = "audit:read"
TEXT = "text/plain; charset=utf-8"
SOON = timedelta(minutes=2)
HOURS = 24
# each hour is counted to a limit
HOURLY = """
    SELECT hours.place, (SELECT count(*) FROM (
      SELECT FROM audit_event e
      WHERE e.audit_id >= hours.since AND e.audit_id < hours.until {whose} LIMIT %(most)s) found)
    FROM unnest(%(since)s::uuid[], %(until)s::uuid[]) WITH ORDINALITY hours (since, until, place)
"""


@require_safe
def receipt(request: HttpRequest, event: AuditEvent) -> HttpResponse:
    """Show where a fact stands in the sealed log, or say when to look again."""
    found = _receipt_of(event)
    shown = {"title": f"Receipt: {event.action}", "opts": AuditEvent._meta, "event": event}
    if isinstance(found, NotSealedYet):
        return _page(request, {**shown, "refusal": found}, found)
    checkpoint = notes.parsed(notes.text_of(found.note))
    shown |= {
        "receipt": found,
        "text": found.text(),
        "checkpoint": checkpoint,
        "root": base64.b64encode(checkpoint.root).decode(),
        "signed_by": [_signer(checkpoint.origin, *line) for line in notes.SIGNED_BY.findall(found.note)],
        "verifiers": [str(verifier) for verifier in keys.verifiers()],
        "file": _file_of(event),
    }
    return _page(request, shown)


@require_safe
def download(request: HttpRequest, event: AuditEvent) -> HttpResponse:
    """Give the receipt as a file; where there is none yet, lead to the page that says so."""
    found = _receipt_of(event)
    if isinstance(found, NotSealedYet):
        return redirect("admin:audit_auditevent_receipt", event.pk)
    disposition = f'attachment; filename="{_file_of(event)}"'
    return HttpResponse(found.text(), content_type=TEXT, headers={"Content-Disposition": disposition})


def panel(request: HttpRequest) -> SafeString | None:
    """Say on the first page how much is sealed, what waits, and how the last day went."""
    if not holds(request, READ):
        return None
    now = standing()
    shown = {
        "now": now,
        "size": charts.said(now.size),
        "unsealed": Bar("", now.unsealed, now.is_more).said,
        "lag": _length(now.lag_seconds),
        "sealed_at": words.instant(now.sealed_at),
        "patience": f"{STOPPED_AFTER:.0f}",
        "holders": [_holder(each) for each in now.holders],
        "chart": charts.drawn(hourly(tenant_of(request), timezone.now())),
    }
    return render_to_string("admin/audit/log.html", shown)


def hourly(tenant: UUID | None, now: datetime) -> Chart:
    """The facts of the last day by the hour, found by their time-ordered ids, each hour counted to `MOST`.

    :param tenant: whose; None for everybody's.
    """
    last = now.replace(minute=0, second=0, microsecond=0)
    begins = [last - HOUR * (HOURS - 1 - place) for place in range(HOURS)]
    known: dict[str, Any] = {
        "since": [first_id(hour) for hour in begins],
        "until": [first_id(hour + HOUR) for hour in begins],
        "most": MOST + 1,
        "tenant": tenant,
    }
    whose = "AND e.tenant_id = %(tenant)s" if tenant else ""
    with connection.cursor() as cursor:
        cursor.execute(HOURLY.format(whose=whose), known)
        counted = dict(cursor.fetchall())
    bars = [
        Bar(f"{hour:%H:%M}", min(counted[place], MOST), counted[place] > MOST)
        for place, hour in enumerate(begins, 1)
    ]
    title = "Events of your tenant" if tenant else "Events of all tenants"
    return Chart("facts", f"{title} per hour (UTC)", bars, "events")


def _receipt_of(event: AuditEvent) -> receipts.Receipt | NotSealedYet:
    # people of the platform see facts of tenants in which they do not work at the moment
    before = current().tenant
    hold(tenant=event.tenant_id)
    try:
        return receipts.receipt(event.pk)
    except NotSealedYet as refusal:
        return refusal
    finally:
        hold(tenant=before)


def _page(
    request: HttpRequest, shown: dict[str, Any], refusal: NotSealedYet | None = None
) -> TemplateResponse:
    context = {**admin.site.each_context(request), **shown}
    answer = TemplateResponse(
        request, "admin/audit/receipt.html", context, status=refusal.status if refusal else 200
    )
    if refusal:
        answer.headers["Retry-After"] = str(refusal.facts["retry_after"])
    return answer


def _signer(origin: str, name: str, signature: str) -> tuple[str, str, str]:
    """How somebody signed, who that is, and the id of the key, which begins the signature."""
    how = "signed by" if name == origin else "cosigned by"
    return how, name, base64.b64decode(signature)[: notes.ID_BYTES].hex()


def _file_of(event: AuditEvent) -> str:
    return f"receipt-{event.pk}.txt"


def _holder(holder: publishing.Standing) -> dict[str, Any]:
    """How far somebody is who keeps checkpoints, as it is shown."""
    return {
        "name": holder.name,
        "kind": holder.kind,
        "size": charts.said(holder.size),
        "behind": charts.said(holder.behind),
        "published_at": words.instant(holder.published_at),
        "since": words.instant(holder.failing_since) if holder.failing_since else "",
        "error": holder.last_error,
    }


def _length(seconds: float) -> str:
    length = timedelta(seconds=seconds)
    return f"{seconds:.0f} s" if length < SOON else words.span(length)
