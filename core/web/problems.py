"""The one place where a refusal becomes an HTTP answer (RFC 9457, application/problem+json).

API views, unknown addresses, lost databases and defects all end here and look alike; outside /api/ the
answer is a small page for a person instead.
"""

from __future__ import annotations

import json
import logging
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import Error as DatabaseFailure
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.settings import api_settings

from core.database.unit import current
from core.refusals import (
    DatabaseUnavailable,
    InvalidInput,
    NotAllowed,
    NotAuthenticated,
    NotFound,
    OutsideUnit,
    Refusal,
    TooLarge,
    translate,
)

CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = 2
WAITING = (429, 503)
# what a document says already, and what its headers say
RESERVED = ("headers", "type", "title", "status", "detail", "code", "hint", "instance")

logger = logging.getLogger("xmarket.problems")


class MethodNotAllowed(Refusal):
    """This address does not answer to that method."""

    code = "method_not_allowed"
    status = 405
    hint = "Use one of the methods named in the Allow header."


class NotAcceptable(Refusal):
    """This address cannot answer in any of the formats that were asked for."""

    code = "not_acceptable"
    status = 406
    hint = "Send `Accept: application/json`, or no Accept header."


class UnsupportedMediaType(Refusal):
    """The body is in a format that is not read here."""

    code = "unsupported_media_type"
    status = 415
    hint = "Send JSON with `Content-Type: application/json`."


class TooManyRequests(Refusal):
    """Too many requests came from here in a short time."""

    code = "too_many_requests"
    status = 429
    hint = "Wait for as many seconds as Retry-After says."


class NotUnderstood(Refusal):
    """The request itself is malformed, before anything in it was read."""

    code = "not_understood"
    status = 400
    hint = "Check the host name, the headers and the length of the body."


class Forged(Refusal):
    """The form did not come from a page of this site, or the page was too old."""

    code = "form_is_from_this_site"
    status = 403
    hint = "Go back, load the page again and send the form again."


class Unexpected(Refusal):
    """Something went wrong here; nothing was changed, and it was logged under this request's id."""

    code = "unexpected"
    status = 500
    hint = "Tell an operator the request id."


def refusal_of(error: BaseException | None) -> Refusal | None:
    """Find the refusal an error stands for.

    :returns: None where the error is nobody's word but a defect.
    """
    if isinstance(error, Refusal):
        return error
    if isinstance(error, DatabaseFailure):
        return translate(error)
    if isinstance(error, exceptions.ValidationError):
        return InvalidInput(errors=list(places(error.detail)))
    if isinstance(error, exceptions.ParseError):
        return InvalidInput(errors=[{"pointer": "", "detail": str(error.detail)}])
    if isinstance(error, exceptions.Throttled):
        wait = getattr(error, "wait", None)
        waits = {} if wait is None else {"retry_after": math.ceil(wait)}
        return TooManyRequests(**waits)
    return next((refusal() for kind, refusal in BY_KIND.items() if isinstance(error, kind)), None)


BY_KIND: dict[type[BaseException], type[Refusal]] = {
    Http404: NotFound,
    exceptions.NotFound: NotFound,
    PermissionDenied: NotAllowed,
    exceptions.PermissionDenied: NotAllowed,
    exceptions.NotAuthenticated: NotAuthenticated,
    exceptions.AuthenticationFailed: NotAuthenticated,
    exceptions.MethodNotAllowed: MethodNotAllowed,
    exceptions.NotAcceptable: NotAcceptable,
    exceptions.UnsupportedMediaType: UnsupportedMediaType,
    RequestDataTooBig: TooLarge,
    SuspiciousOperation: NotUnderstood,
    BadRequest: NotUnderstood,
    UnreadablePostError: NotUnderstood,
}


def places(detail: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """Flatten a serializer's errors to one entry per place, by JSON pointer.

    :param detail: a text, a list of them, or a mapping or sequence of the same by field or position.
    """
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from places(inner, pointer if name == "non_field_errors" else step(pointer, name))
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        # texts are several faults of one place, everything else stands at its position
        for position, inner in enumerate(detail):
            yield from places(inner, pointer if isinstance(inner, str) else step(pointer, position))
    else:
        yield {"pointer": pointer, "detail": str(detail)}


def step(pointer: str, name: object) -> str:
    """One step further down a JSON pointer (RFC 6901)."""
    written = str(name)[:200].replace("~", "~0").replace("/", "~1")
    return f"{pointer}/{written.encode('utf-8', 'backslashreplace').decode()}"


def document(refusal: Refusal, instance: str) -> dict[str, Any]:
    """Write a refusal as RFC 9457 asks, its facts as further members.

    :param instance: the request's id.
    """
    said = " ".join(refusal.message.split())
    members = {
        "type": f"urn:xmarket:refusal:{refusal.code}",
        "title": said.split(". ")[0].rstrip(".") + ".",
        "status": refusal.status,
        "detail": str(refusal.facts.get("detail") or said),
        "code": refusal.code,
        "hint": refusal.hint,
        "instance": instance,
    }
    return members | {name: fact for name, fact in refusal.facts.items() if name not in RESERVED}


def answer(refusal: Refusal, request: HttpRequest | Request) -> HttpResponse:
    """Answer with a refusal: as problem+json under /api/, as a small page elsewhere."""
    problem = document(refusal, getattr(request, "request_id", ""))
    headers = _headers(refusal)
    if request.path.startswith("/api/"):
        body = json.dumps(problem, default=_written)
        return HttpResponse(body, status=refusal.status, content_type=CONTENT_TYPE, headers=headers)
    page = render_to_string("problem.html", {"problem": problem})
    return HttpResponse(page, status=refusal.status, headers=headers)


def _headers(refusal: Refusal) -> dict[str, str]:
    if refusal.status == NotAuthenticated.status:
        return {"WWW-Authenticate": _schemes()}
    if "retry_after" in refusal.facts or refusal.status in WAITING:
        seconds = refusal.facts.get("retry_after", RETRY_AFTER_SECONDS)
        return {**refusal.facts.get("headers", {}), "Retry-After": str(seconds)}
    return {}


def _schemes() -> str:
    """Every way to say who one is."""
    ways: Any = api_settings.DEFAULT_AUTHENTICATION_CLASSES
    return ", ".join(dict.fromkeys(way().authenticate_header(None) for way in ways))


def _written(fact: object) -> str:
    return fact.hex() if isinstance(fact, bytes | memoryview) else str(fact)


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """Answer for an API view that raised (Django REST framework's EXCEPTION_HANDLER).

    :returns: None for a defect, which is raised on and ends as a 500.
    """
    return answer_to(error, context["request"])


def answer_to(error: BaseException, request: HttpRequest | Request) -> HttpResponse | None:
    """Answer with the refusal an error stands for; None for a defect."""
    refusal = refusal_of(error)
    if refusal is None:
        return None
    if isinstance(refusal, DatabaseUnavailable):
        logger.warning("%s", str(error).split("\n", 1)[0])
    elif refusal.status >= Unexpected.status:
        logger.error("%s", refusal.code, exc_info=error)
    return answer(refusal, request)


class Problems:
    """Answers for views that are no API views and let a refusal or a database error out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn the error into its answer, and leave nothing half-written."""
        if not isinstance(error, Refusal | DatabaseFailure):
            return None
        found = answer_to(error, request)
        if found is not None:
            _roll_back()
        return found


def _roll_back() -> None:
    try:
        current()
    except OutsideUnit:
        return
    transaction.set_rollback(True)


def not_understood(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer to a malformed request (handler400)."""
    return answer(refusal_of(exception) or NotUnderstood(), request)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer to what a view forbade (handler403)."""
    return answer(refusal_of(exception) or NotAllowed(), request)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer to an address that does not exist (handler404)."""
    return answer(NotFound(), request)


def unexpected(request: HttpRequest) -> HttpResponse:
    """Answer to whatever else was raised, also by a middleware (handler500)."""
    error = sys.exc_info()[1]
    known = refusal_of(error) if isinstance(error, Refusal | DatabaseFailure) else None
    return answer(known or Unexpected(), request)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer to a form without this site's token (CSRF_FAILURE_VIEW)."""
    return answer(Forged(), request)


@csrf_exempt
def unknown_address(request: HttpRequest) -> HttpResponse:
    """Answer to an address under /api/ that no room serves, whatever the method, also with DEBUG on."""
    return answer(NotFound(), request)
