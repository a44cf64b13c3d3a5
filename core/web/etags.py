"""ETags (RFC 9110, section 8.8.3): the digest of exactly the bytes that are answered.

So they are strong, they are the same wherever the same representation is answered, and nothing that is shown
can change without them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotModified
from rest_framework.request import Request
from rest_framework.response import Response

from core.refusals import Refusal
from core.web.headers import fault
from core.web.renderers import Json

TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
LIST = re.compile(rf"{TAG}(?:[ \t]*,[ \t]*{TAG})*")
ANY = ["*"]
READING = ("GET", "HEAD")


class IfMatchIsRequired(Refusal):
    """Say which state you acted on: this changes what somebody else may have changed meanwhile."""

    code = "if_match_is_required"
    status = 428
    hint = "GET it, and send its ETag as `If-Match`."


class IfMatchFailed(Refusal):
    """It is not what you acted on any more; nothing was changed."""

    code = "if_match_failed"
    status = 412
    hint = "GET it again, look at what changed, and send its new ETag as `If-Match`."


class Representation(Response):
    """An answer that is named by its ETag."""

    @property
    def rendered_content(self) -> Any:
        """Write the answer, and name it."""
        content: bytes = super().rendered_content
        self.headers["ETag"] = etag(content)
        return content


def etag(content: bytes) -> str:
    """Name these bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def spare(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Answer 304 where the caller has this representation already.

    :raises InvalidInput: for an If-None-Match that is malformed.
    """
    own = response.headers.get("ETag")
    if own is None or request.method not in READING:
        return response
    given = tags(request, "If-None-Match")
    if given is None or not _names(given, own):
        return response
    spared = HttpResponseNotModified()
    for name in ("ETag", "Cache-Control", "Vary", "Deprecation", "Sunset", "Link"):
        if name in response.headers:
            spared.headers[name] = response.headers[name]
    return spared


def differs(request: Request, shown: Any) -> bool:
    """Whether the caller has another representation than this one; not where they have none.

    :raises InvalidInput: for an If-None-Match that is malformed.
    """
    given = tags(request, "If-None-Match")
    return given is not None and not _names(given, etag(Json().render(shown)))


def required(request: Request | HttpRequest) -> list[str]:
    """The tags of If-Match, or `*` alone.

    :raises IfMatchIsRequired: where there is none.
    :raises InvalidInput: where it is malformed.
    """
    given = tags(request, "If-Match")
    if given is None:
        raise IfMatchIsRequired
    return given


def unchanged(request: Request, show: Callable[[], Any]) -> Callable[[], None]:
    """Make the check that a verb runs once it holds its lock: what is shown now is what the caller saw.

    :param show: the representation as it is now.
    """
    given = required(request)

    def check() -> None:
        # compared strongly: a weak tag names no exact state
        if given != ANY and etag(Json().render(show())) not in given:
            raise IfMatchFailed

    return check


def tags(request: Request | HttpRequest, header: str) -> list[str] | None:
    """The tags of a header, or `*` alone; None where it is absent."""
    given = request.headers.get(header)
    if given is None:
        return None
    if given.strip() == "*":
        return ANY
    if not LIST.fullmatch(given.strip()):
        raise fault(header, 'An ETag as it came, such as "5d41402abc4b2a76b9719d911017c592", or *.')
    return re.findall(TAG, given)


def _names(given: list[str], own: str) -> bool:
    return given == ANY or own in {tag.removeprefix("W/") for tag in given}
