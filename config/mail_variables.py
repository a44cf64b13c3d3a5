"""The variables of e-mail: how it leaves, from whom, and under which address its readers find the admin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import environ  # type: ignore[import-untyped]
from django.core.exceptions import ImproperlyConfigured

if TYPE_CHECKING:
    from config.environment import Reader

# printed where a developer sees it
DEVELOPMENT_URL = "consolemail://"
# runserver's; make demo says its own
DEVELOPMENT_BASE = "http://127.0.0.1:8000"
DEVELOPMENT_SENDER = "xmarket@localhost"
SENDING = ("smtp", "smtps", "smtp+tls", "smtp+ssl")
LOCAL = ("consolemail", "filemail")
_URL_FIX = (
    "Write smtp+tls://user:password@host:587 (percent-encode special characters); without it none is sent."
)


def transport(reader: Reader) -> dict[str, Any] | None:
    """Django's settings of how e-mail leaves; None where none is sent."""
    given = reader.text("EMAIL_URL") or ("" if reader.is_served else DEVELOPMENT_URL)
    if not given:
        return None
    try:
        read: dict[str, Any] = environ.Env.email_url_config(given)
    except (ImproperlyConfigured, ValueError):
        read = {}
    scheme = given.partition("://")[0].lower()
    # what was given is left out: it holds the password
    if scheme not in SENDING + LOCAL or not read or (scheme in SENDING and not read["EMAIL_HOST"]):
        reader.wrong("EMAIL_URL", "is no address of a mail server", _URL_FIX)
        return None
    return read


def sender(reader: Reader) -> str:
    """From whom e-mail comes."""
    given = reader.text("EMAIL_FROM")
    if given and not re.fullmatch(r"[^\s<>@]+@[^\s<>@]+|[^<>\r\n\"]+ <[^\s<>@]+@[^\s<>@]+>", given):
        reader.wrong(
            "EMAIL_FROM", "is no address", "Write xmarket@example.org, or Xmarket <xmarket@example.org>."
        )
        return DEVELOPMENT_SENDER
    if not given and _is_sent_to_others(reader):
        reader.missing(
            "EMAIL_FROM", "Set it to the address that e-mail comes from, such as xmarket@example.org."
        )
    return given or DEVELOPMENT_SENDER


def base_url(reader: Reader) -> str:
    """Under which address people reach the admin, as e-mail writes it."""
    given = reader.origins("BASE_URL")
    if not given and not reader.text("BASE_URL") and _is_sent_to_others(reader):
        reader.missing("BASE_URL", "Set it to the https://host at which people reach the admin.")
    return given[0] if given else DEVELOPMENT_BASE


def _is_sent_to_others(reader: Reader) -> bool:
    return reader.is_served and bool(reader.text("EMAIL_URL"))
