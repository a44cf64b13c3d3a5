"""Hot answers: PostgreSQL writes the JSON text, and it goes out as it is, after one message to the server.

Only a request that is plainly allowed gets one: a GET with a remembered key that holds and covers the
permission, with nothing but `limit` and `cursor`. Everything else takes the ordinary way of its view, which
alone refuses, filters and finds nothing; both ways say the same, and tests/core/web/test_hot.py proves it.

The message holds several statements, which PostgreSQL runs as one transaction of their own: the unit with its
role, tenant and actor, whether the key is live, and the rows, behind the same walls as ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.db import Error as DatabaseFailure
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from rest_framework.request import Request

from core.access import keys
from core.access.principals import REMEMBERED, Principal
from core.database.unit import Unit
from core.refusals import InvalidInput, NotFound
from core.web import deprecation, etags, hmac_v1, limits, rfc9421
from core.web.pagination import CursorPagination, read_cursor, read_limit
from core.web.problems import TooManyRequests
from core.web.requests import client_address
from core.web.views import ID, ApiView, ListView, origin_of

Row = tuple[str, str]

CONTENT_TYPE = "application/json"
JSON_WANTED = ("*/*", CONTENT_TYPE)
# whoever sends these wants more than the plain answer, or comes in another way
ELABORATE = tuple(
    f"HTTP_{name.upper().replace('-', '_')}" for name in ("If-None-Match", *hmac_v1.HEADERS, *rfc9421.HEADERS)
)
OWN = "tenant_id = (SELECT NULLIF(current_setting('app.tenant_id', true), '')::uuid)"


class HotView(ApiView, abstract=True):
    """A view whose plain answers the database writes.

    :cvar shown: the view of the database that writes them: tenant_id, id, and the JSON text in `shown`.
    """

    shown: ClassVar[str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer at once what is plain, and everything else as any view does."""
        text = self.text(request, **kwargs) if is_plain(request) else None
        if text is None:
            return super().dispatch(request, *args, **kwargs)
        answer = HttpResponse(text, content_type=CONTENT_TYPE)
        answer.headers["Allow"] = ", ".join(self.allowed_methods)
        answer.headers["Cache-Control"] = "no-store"
        if self.is_tagged:
            answer.headers["ETag"] = etags.etag(answer.content)
        deprecation.tell(answer, request, since=self.deprecated_since, sunset=self.sunset)
        return answer

    def text(self, request: HttpRequest, **kwargs: Any) -> str | None:
        """The JSON text of the answer; None where the ordinary way has to look."""
        raise NotImplementedError

    def rows(self, request: HttpRequest, narrowed: str, *values: Any) -> list[Row] | None:
        """Ids and texts of the principal's rows; None for whom it is not plain that they may see them."""
        wanted = self.permission["GET"]
        principal = _remembered(request)
        if principal is None or not (principal.holds(wanted) and principal.covers(wanted)):
            return None
        statement = f"SELECT id::text AS written, shown FROM {self.shown} WHERE {OWN} {narrowed}"  # noqa: S608 - our own names
        return _asked(request, principal, statement, values)


class HotList(HotView, ListView, abstract=True):
    """A list whose plain pages the database writes."""

    def text(self, request: HttpRequest, **_: Any) -> str | None:
        """Write one page with its links."""
        asked = _Asked(request)
        if any(len(values) > 1 or name not in ("limit", "cursor") for name, values in request.GET.lists()):
            return None
        try:
            limit, cursor = read_limit(asked), read_cursor(asked)
        except InvalidInput:
            return None
        is_backward = cursor is not None and cursor.backward
        place = f"AND id {'>' if is_backward else '<'} %s" if cursor else ""
        order = f"{place} ORDER BY id {'ASC' if is_backward else 'DESC'} LIMIT %s"
        found = self.rows(request, order, *([cursor.id] if cursor else []), limit + 1)
        if found is None:
            return None
        page = CursorPagination()
        following, before = page.links(asked, cursor, [UUID(place) for place, _ in found], limit)
        texts = [text for _, text in found[:limit]]
        results = ",".join(reversed(texts) if is_backward else texts)
        return f'{{"next":{json.dumps(following)},"previous":{json.dumps(before)},"results":[{results}]}}'


class HotDetail(HotView, abstract=True):
    """One row, which the database writes; the address names its id last."""

    def text(self, request: HttpRequest, **kwargs: Any) -> str | None:
        """Write the row; one that is not there is looked for, and refused, the ordinary way."""
        (wanted,) = kwargs.values()
        if request.GET or not ID.fullmatch(wanted):
            return None
        found = self.rows(request, "AND id = %s", wanted)
        return found[0][1] if found else None

    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        # in the unit of the request, and yet the same bytes, and so the same ETag
        (wanted,) = kwargs.values()
        if not ID.fullmatch(wanted):
            raise NotFound
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT shown FROM {self.shown} WHERE {OWN} AND id = %s", [wanted])  # noqa: S608 - our own names
            found = cursor.fetchone()
        if found is None:
            raise NotFound
        answer = HttpResponse(found[0], content_type=CONTENT_TYPE)
        if self.is_tagged:
            answer.headers["ETag"] = etags.etag(answer.content)
        return answer


@dataclass(frozen=True)
class _Asked:
    """As much of a request as the pages look at."""

    request: HttpRequest

    @property
    def query_params(self) -> QueryDict:
        return self.request.GET

    def build_absolute_uri(self) -> str:
        return self.request.build_absolute_uri()


def is_plain(request: HttpRequest) -> bool:
    """Whether nothing but the rows themselves is asked for."""
    accepted = request.META.get("HTTP_ACCEPT", "*/*")
    return (
        request.method == "GET"
        and ";" not in accepted
        and any(kind in accepted for kind in JSON_WANTED)
        and not any(name in request.META for name in ELABORATE)
    )


def _remembered(request: HttpRequest) -> Principal | None:
    """Who asks, where the process knows the key, and nothing has to be looked at but the rows."""
    scheme, _, written = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if scheme.lower() != "bearer" or not keys.WRITTEN.fullmatch(written):
        return None
    principal = REMEMBERED.get(keys.digest_of(written))
    if principal is None or principal.policy != "none":
        return None
    try:
        limits.STRANGERS.look(client_address(request))
        limits.PRINCIPALS.take(principal.user_id)
    except TooManyRequests:
        return None
    return principal


def _asked(request: HttpRequest, principal: Principal, rows: str, values: Sequence[Any]) -> list[Row] | None:
    """The rows; None where the key is live no more, or the database did not answer."""
    opened = Unit("api", tenant=principal.tenant_id, actor=principal.user_id, **origin_of(request))
    known = {name: value for name, value in opened.settings().items() if value}
    calls = ", ".join(["set_config(%s, %s, true)"] * len(known))
    given = [part for setting in known.items() for part in setting]
    message = f"SELECT {calls}; SELECT key_is_live(%s); {rows}"
    try:
        with _nothing_stays(), connection.cursor() as cursor:
            cursor.execute(message, [*given, principal.key_id, *values])
            cursor.nextset()
            (is_live,) = cursor.fetchone()
            cursor.nextset()
            return cursor.fetchall() if is_live else None
    except DatabaseFailure:
        # the ordinary way looks whether the connection still lives, and says what is wrong
        connection.health_check_done = False  # type: ignore[attr-defined]
        return None


@contextmanager
def _nothing_stays() -> Iterator[None]:
    # what the settings last for is the message; only in a test there is a transaction around it
    if not connection.in_atomic_block:
        # nothing is lost with a dead connection: the ordinary way asks again
        is_open = connection.connection is not None
        connection.health_check_done = is_open  # type: ignore[attr-defined] # as above
        yield
        return
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)
