"""Waiting for an end: one address for each kind of thing, which answers as soon as the thing has ended.

Where the database tells of every change, whoever says in If-None-Match what they have is answered as soon as
it is something else.

The stream process (`core.web.stream`) waits without a thread for each caller; before and after that it reads
through the view here, as any request is read. A web process sends whoever asks it to the stream process,
before anybody's credentials are looked at: a signature that is taken here would not be taken there.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from core.database.unit import current
from core.refusals import InvalidInput, NotFound, Refusal
from core.web import authentication, problems, signatures
from core.web.etags import READING, Representation, differs
from core.web.signatures import Signed
from core.web.views import ID, ApiView

LONGEST = 60
SECONDS = re.compile(r"[0-9]{1,2}")
ELSEWHERE = 307


class WaitingIsNotServed(Refusal):
    """No process that waits is known here."""

    code = "waiting_is_not_served"
    status = 503
    hint = "Read it again every few seconds; the operator names the process that waits in STREAM_URL."


@dataclass(frozen=True)
class Found:
    """Something as it is now, as it is shown."""

    shown: dict[str, Any]
    has_ended: bool


@dataclass(frozen=True)
class Subject:
    """What somebody waits for, and as whom."""

    view: type[WaitView]
    wanted: str
    tenant: UUID | None
    actor: UUID | None


class Waiter:
    """One request of the stream process, as its readings and its wait share it.

    :ivar woken: set where it is worth reading again.
    :ivar has_ended: whether the last reading found the end, or what the caller does not have yet.
    :ivar signed: by what the first reading admitted it; a nonce is taken only once.
    """

    def __init__(self, subscribe: Callable[[Waiter], None]) -> None:
        self.woken = asyncio.Event()
        self.subject: Subject | None = None
        self.seconds = 0
        self.has_ended = False
        self.is_gone = False
        self.is_admitted = False
        self.signed: Signed | None = None
        self.request_id = ""
        self._subscribe = subscribe

    def wait_for(self, subject: Subject, seconds: int) -> None:
        """Hear from now on of this subject's end."""
        self.subject, self.seconds = subject, seconds
        self._subscribe(self)


class WaitView(ApiView, abstract=True):
    """Answers when something has ended, or after so many seconds as it is then.

    A subclass gives `look` and `ended`; its address names one id.

    :cvar channel: where the database says that one has ended, by its id.
    :cvar tells_changes: whether it says so of every change as well.
    """

    channel: ClassVar[str]
    tells_changes: ClassVar[bool] = False
    parameters = frozenset({"seconds"})
    is_tagged = True
    channels: ClassVar[set[str]] = set()

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        super().__init_subclass__(abstract=abstract)
        WaitView.channels.add(cls.channel)

    def look(self, wanted: str) -> Found:
        """Find it, in the unit of the request.

        :raises NotFound: where there is none that this principal sees.
        """
        raise NotImplementedError

    @staticmethod
    def ended(among: Collection[str]) -> set[str]:
        """Those of these ids whose end is there, in a unit of whoever waits."""
        raise NotImplementedError

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer in the stream process, and send there from any other."""
        if request.method in READING and waiter_of(request) is None:
            return _elsewhere(request)
        return super().dispatch(request, *args, **kwargs)

    def admitted(self, request: HttpRequest, origin: dict[str, Any]) -> dict[str, Any]:
        """Find who asks: the first time as ever, then whether they still may."""
        waiter = waiter_of(request)
        if waiter is None or not waiter.is_admitted:
            known = super().admitted(request, origin)
            if waiter is not None:
                waiter.is_admitted, waiter.signed = True, getattr(request, "signed", None)
            return known
        if waiter.signed is not None:
            return signatures.admit_again(request, waiter.signed, **origin)
        return dict(authentication.admit(request, **origin))

    def get(self, request: Request, **kwargs: str) -> Response:
        (wanted,) = kwargs.values()
        waiter = waiter_of(request._request)  # noqa: SLF001 - DRF's own name for it
        assert waiter is not None  # noqa: S101 - dispatch sent everybody else away
        seconds = _seconds(request)
        if not ID.fullmatch(wanted):
            raise NotFound
        known = current()
        # before the state is read: an end in between is heard of
        waiter.wait_for(Subject(type(self), wanted.lower(), known.tenant, known.actor), seconds)
        found = self.look(wanted)
        waiter.has_ended = found.has_ended or (self.tells_changes and differs(request, found.shown))
        return Representation(found.shown)


def described(shape: Any) -> Any:
    """Describe a subclass for OpenAPI.

    :param shape: what it answers with.
    """
    seconds = OpenApiParameter(
        "seconds",
        {"type": "integer", "minimum": 0, "maximum": LONGEST, "default": LONGEST},
        OpenApiParameter.QUERY,
        description="How long to wait at most.",
    )
    away = OpenApiResponse(description="The process that waits is at `Location`.")
    return extend_schema(parameters=[seconds], responses={200: shape, ELSEWHERE: away})


def waiter_of(request: HttpRequest) -> Waiter | None:
    """The wait that this request is a reading of; None outside the stream process."""
    found: Waiter | None = getattr(request, "waiter", None)
    return found


def _seconds(request: Request) -> int:
    given = request.query_params.get("seconds")
    if given is None:
        return LONGEST
    if not (SECONDS.fullmatch(given) and int(given) <= LONGEST):
        detail = f"A whole number from 0 to {LONGEST}."
        raise InvalidInput(errors=[{"parameter": "seconds", "detail": detail}])
    return int(given)


def _elsewhere(request: HttpRequest) -> HttpResponse:
    if not settings.STREAM_URL:
        return problems.answer(WaitingIsNotServed(), request)
    where = f"{settings.STREAM_URL}{request.get_full_path()}"
    answer = HttpResponse(status=ELSEWHERE, headers={"Location": where, "Cache-Control": "no-store"})
    del answer.headers["Content-Type"]
    return answer
