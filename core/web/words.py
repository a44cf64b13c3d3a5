"""How pages write instants, spans of time, digests, people and badges."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.access.models import User

HOUR = timedelta(hours=1)
TWO_DAYS = timedelta(days=2)
NOTHING = "\N{EM DASH}"
# one of its people, whom the wall hides from tenants
PLATFORM = "the platform"


def instant(when: datetime | None) -> SafeString:
    """A moment in UTC, to the second."""
    if when is None:
        return SafeString(NOTHING)
    utc = when.astimezone(UTC)
    return format_html('<time datetime="{}">{}Z</time>', utc.isoformat(), f"{utc:%Y-%m-%d %H:%M:%S}")


def span(length: timedelta) -> str:
    """A length of time in its largest fitting unit, cut off and never rounded up."""
    if length < timedelta(minutes=1):
        return "< 1 min"
    if length < HOUR:
        return f"{length // timedelta(minutes=1)} min"
    if length < TWO_DAYS:
        return f"{length // HOUR} h"
    return f"{length // timedelta(days=1)} d"


def badge(word: str, kind: str) -> SafeString:
    """A word in a frame; the frame only repeats what the word says."""
    return format_html('<span class="badge {}-{}">{}</span>', kind, word, word.replace("_", " "))


def digest(value: bytes | memoryview | None) -> SafeString:
    """A digest in full, to be read, selected and compared."""
    return format_html('<code class="digest">{}</code>', bytes(value).hex()) if value else SafeString(NOTHING)


def person(user: User | None) -> str:
    """Who it is: people by name, agents and services with what they are."""
    if user is None:
        return "system"
    if user.kind == "person":
        return user.display_name or user.email or user.username
    return f"{user.kind}:{user.username}"


def who(row: models.Model, field: str) -> str:
    """Whom a row names; the wall hides people of the platform from everybody else."""
    if getattr(row, f"{field}_id") is None:
        return person(None)
    try:
        found: User | None = getattr(row, field)
    except ObjectDoesNotExist:
        found = None
    return person(found) if found else PLATFORM


def pretty(value: object) -> SafeString:
    """JSON for reading."""
    if value is None:
        return SafeString(NOTHING)
    return format_html(
        '<pre class="json">{}</pre>', json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
    )
