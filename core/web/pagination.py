"""Pages of a list by cursor: {next, previous, results}, in the order of the unique id and nothing else.

The cursor names a place and not a page, so rows that arrive meanwhile neither repeat nor hide another, and
the last page costs what the first one does. Ids sort by their time of birth: newest first.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from core.refusals import InvalidInput

DEFAULT_LIMIT = 50
LARGEST_LIMIT = 100
WHOLE_NUMBER = re.compile(r"[0-9]{1,3}")
FORWARD, BACKWARD = b"n", b"p"


class Asked(Protocol):
    """As much of a request as a page looks at."""

    @property
    def query_params(self) -> Any:
        """What the address asks for."""


@dataclass(frozen=True)
class Cursor:
    """A place in the list: after (or before) the row of this id, in the list's own order."""

    id: UUID
    backward: bool = False

    def __str__(self) -> str:
        return (
            base64.urlsafe_b64encode((BACKWARD if self.backward else FORWARD) + self.id.bytes)
            .decode()
            .rstrip("=")
        )

    @classmethod
    def read(cls, written: str) -> Cursor:
        """Read a cursor as `str()` wrote it.

        :raises ValueError: for everything else.
        """
        try:
            raw = base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True)
        except binascii.Error as error:
            raise ValueError(written) from error
        if raw[:1] not in (FORWARD, BACKWARD):
            raise ValueError(written)
        found = cls(UUID(bytes=raw[1:]), backward=raw[:1] == BACKWARD)
        if str(found) != written:
            raise ValueError(written)
        return found


class CursorPagination(BasePagination):
    """Reads `limit` and `cursor`, and links to the pages before and after."""

    parameters = frozenset({"limit", "cursor"})

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        """Take one page.

        :raises InvalidInput: for a limit or a cursor that nobody here wrote.
        """
        self.request = request
        limit, self.cursor = read_limit(request), read_cursor(request)
        backward = self.cursor is not None and self.cursor.backward
        if self.cursor is not None:
            queryset = queryset.filter(**{"pk__gt" if backward else "pk__lt": self.cursor.id})
        found = list(queryset.order_by("pk" if backward else "-pk")[: limit + 1])
        self.has_more = len(found) > limit
        self.page = found[:limit][::-1] if backward else found[:limit]
        self.ids = [row.pk for row in self.page]
        return self.page

    def links(
        self, request: Any, cursor: Cursor | None, found: list[UUID], limit: int
    ) -> tuple[str | None, str | None]:
        """Where the next and the previous page are.

        :param found: the ids in the order they were read, one more than the page holds where there are more.
        """
        self.request, self.cursor, self.has_more = request, cursor, len(found) > limit
        self.ids = found[:limit][::-1] if cursor is not None and cursor.backward else found[:limit]
        return self._next(), self._previous()

    def get_paginated_response(self, data: Sequence[Any]) -> Response:
        """Wrap a page in its links."""
        return Response({"next": self._next(), "previous": self._previous(), "results": data})

    def _next(self) -> str | None:
        came_back = self.cursor is not None and self.cursor.backward
        return self._link(self.ids[-1], backward=False) if self.ids and (came_back or self.has_more) else None

    def _previous(self) -> str | None:
        came_back = self.cursor is not None and self.cursor.backward
        there = self.has_more if came_back else self.cursor is not None
        return self._link(self.ids[0], backward=True) if self.ids and there else None

    def _link(self, id: UUID, *, backward: bool) -> str:  # noqa: A002 - what it is
        return replace_query_param(self.request.build_absolute_uri(), "cursor", str(Cursor(id, backward)))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe a page for OpenAPI."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Describe `limit` and `cursor` for OpenAPI."""
        limit = {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT}
        return [
            {"name": "limit", "in": "query", "description": "How many rows a page holds.", "schema": limit},
            {
                "name": "cursor",
                "in": "query",
                "description": "A place in the list, from the links of another page.",
                "schema": {"type": "string"},
            },
        ]


def read_limit(request: Asked) -> int:
    """How many rows a page holds."""
    given = request.query_params.get("limit")
    if given is None:
        return DEFAULT_LIMIT
    if not (WHOLE_NUMBER.fullmatch(given) and 1 <= int(given) <= LARGEST_LIMIT):
        raise _fault("limit", f"A whole number from 1 to {LARGEST_LIMIT}.")
    return int(given)


def read_cursor(request: Asked) -> Cursor | None:
    """Where the page begins; None at the head of the list."""
    given = request.query_params.get("cursor")
    if given is None:
        return None
    try:
        return Cursor.read(given)
    except ValueError:
        raise _fault("cursor", "Take it, unchanged, from a `next` or `previous` link of this list.") from None


def _fault(parameter: str, detail: str) -> InvalidInput:
    return InvalidInput(errors=[{"parameter": parameter, "detail": detail}])
