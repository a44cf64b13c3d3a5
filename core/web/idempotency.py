"""Idempotency-Key (draft-ietf-httpapi-idempotency-key-header): a POST sent twice is done once.

The answer is kept in the transaction of its effect, for the same principal, method and path. Who asks and
whether they may is checked before it is answered again.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.encoding import escape_uri_path
from rest_framework.request import Request

from core.database.unit import current
from core.idempotency import answers
from core.idempotency.answers import Attempt
from core.idempotency.models import LONGEST_KEY, KeptAnswer
from core.idempotency.refusals import KeyIsRequired
from core.web.bodies import raw_body
from core.web.forms import principal
from core.web.headers import fault

HEADER = "Idempotency-Key"
KEPT_HEADERS = ("Content-Type", "Location", "ETag")
QUOTED = re.compile(r'"((?:[\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"')
PLAIN = re.compile(r"[\x21\x23-\x7e][\x21-\x7e]*")

Handler = Callable[..., Any]


def once(post: Handler) -> Handler:
    """Let a view's `post` be done once for each key, and be answered alike whenever it comes again."""

    @functools.wraps(post)
    def answered(view: Any, request: Request, *args: Any, **kwargs: Any) -> Any:
        if view.idempotency == "body":
            return post(view, request, *args, **kwargs)
        key = key_of(request)
        if key is None:
            if view.idempotency == "required":
                raise KeyIsRequired
            return post(view, request, *args, **kwargs)
        attempt = _attempt(request, key, view.body_limit)
        kept = answers.begin(attempt)
        if kept is not None:
            return replay(kept)
        view.attempt = attempt
        return post(view, request, *args, **kwargs)

    return answered


def key_of(request: Request) -> str | None:
    """The key, quoted as the draft writes it or plain; None where there is none.

    :raises InvalidInput: for what is no key.
    """
    given = request.headers.get(HEADER)
    if given is None:
        return None
    quoted = QUOTED.fullmatch(given)
    key = re.sub(r"\\(.)", r"\1", quoted[1]) if quoted else given
    if not (quoted or PLAIN.fullmatch(given)) or not 1 <= len(key) <= LONGEST_KEY:
        raise fault(HEADER, f"1 to {LONGEST_KEY} visible ASCII characters, best a new uuid.")
    return key


def refuse_another(request: Request, key: str) -> None:
    """Hold the header, where there is one, to the key that stands in the body.

    :raises InvalidInput: for what is no key, or another one.
    """
    given = key_of(request)
    if given is not None and given != key:
        raise fault(HEADER, "It differs from the idempotency_key of the body, which rules: leave it out.")


def keep(attempt: Attempt, response: HttpResponseBase) -> None:
    """Keep an answer with its effect."""
    if isinstance(response, HttpResponse):
        headers = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
        answers.keep(attempt, status=response.status_code, headers=headers, body=response.content)


def replay(kept: KeptAnswer) -> HttpResponse:
    """Give a kept answer again, byte for byte."""
    headers = {**kept.headers, "Idempotent-Replayed": "true"}
    return HttpResponse(bytes(kept.body), status=kept.status_code, headers=headers)


def _attempt(request: Request, key: str, limit: int | None) -> Attempt:
    by = principal(request)
    return Attempt(
        tenant=current().tenant or by.tenant_id,
        principal=by.pk,
        method=str(request.method),
        path=escape_uri_path(request.path),
        key=key,
        payload_digest=hashlib.sha256(raw_body(request._request, limit)).digest(),  # noqa: SLF001
    )
