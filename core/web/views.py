"""What every API view stands on: one unit per request, one permission per method, one tenant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar, cast

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error as DatabaseFailure
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from core.access.entitlements import WRITES
from core.access.permissions import PERMISSIONS
from core.access.principals import Principal
from core.database.unit import current, unit
from core.idempotency.answers import Attempt
from core.refusals import InvalidInput, NotAllowed, NotAuthenticated, NotFound, Refusal, ScopeIsMissing
from core.web import authentication, deprecation, etags, idempotency, limits, problems, signatures
from core.web.filters import Filters
from core.web.pagination import CursorPagination
from core.web.requests import client_address, user_agent

M = TypeVar("M", bound=Model)

FIRST_NO_SUCCESS = 300
SERVER_FAULT = 500
READING = ("GET", "HEAD")
ID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


class ApiView(APIView):
    """A view of the API.

    A subclass names in `permission` what each of its methods asks for, or says `public = True`; either is
    checked when the class is made. Outside the request's unit nothing is read or written: whatever is raised,
    by the view or by COMMIT, rolls everything back and becomes a problem document.

    :cvar permission: by method, such as `{"GET": "markets:read", "POST": "proposals:propose"}`.
    :cvar public: everybody may ask, and nobody is asked who they are.
    :cvar database_role: the role of the unit; None opens no unit at all.
    :cvar parameters: the query parameters that are read; any other is a 400.
    :cvar quotas: what a write takes a token of.
    :cvar body_limit: how many bytes a body may have, where it is not the default.
    :cvar idempotency: whether a POST must carry an Idempotency-Key, or may; or names its key in the body, and
        is done once by what it writes.
    :cvar is_tagged: its answers are `Representation`s, which carry an ETag.
    :cvar needs_if_match: a POST says in If-Match which state it acts on.
    :cvar refused_with: statuses of refusals that no other address of its kind answers.
    :cvar deprecated_since: when clients were told to go elsewhere (RFC 9745).
    :cvar sunset: when it will be gone (RFC 8594).
    """

    permission: ClassVar[Mapping[str, str]] = {}
    public: ClassVar[bool] = False
    database_role: ClassVar[str | None] = "api"
    parameters: ClassVar[frozenset[str]] = frozenset()
    quotas: ClassVar[tuple[str, ...]] = (WRITES,)
    body_limit: ClassVar[int | None] = None
    idempotency: ClassVar[Literal["required", "optional", "body"]] = "required"
    is_tagged: ClassVar[bool] = False
    needs_if_match: ClassVar[bool] = False
    deprecated_since: ClassVar[datetime | None] = None
    sunset: ClassVar[datetime | None] = None
    refused_with: ClassVar[frozenset[int]] = frozenset()
    attempt: Attempt | None = None
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        super().__init_subclass__()
        answered = {name.upper() for name in cls.http_method_names if name != "head" and hasattr(cls, name)}
        unasked = set() if abstract or cls.public else answered - cls.permission.keys()
        unknown = set(cls.permission.values()) - PERMISSIONS.keys()
        if unasked or unknown:
            faults = ", ".join(sorted(unasked | unknown))
            raise TypeError(f"{cls.__name__} asks for no permission, or for an unknown one: {faults}.")
        if "post" in vars(cls) and not cls.public:
            # nobody writes a POST that could be done twice
            setattr(cls, "post", idempotency.once(vars(cls)["post"]))  # noqa: B010

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer within one unit, rendered before it ends."""
        if self.database_role is None:
            return super().dispatch(request, *args, **kwargs)
        origin = origin_of(request)
        try:
            origin |= self.admitted(request, origin)
            with unit(self.database_role, **origin):
                response = super().dispatch(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                if getattr(response, "exception", False) or response.status_code >= SERVER_FAULT:
                    transaction.set_rollback(True)
                    return response
                return self.concluded(request, response)
        except (Refusal, DatabaseFailure) as error:
            # raised by the unit itself: it could not begin, or COMMIT was refused
            answer = problems.answer_to(error, request)
            if answer is None:
                raise
            return answer

    def admitted(self, request: HttpRequest, origin: dict[str, Any]) -> dict[str, Any]:
        """Find who asks, by signature or by key, before the unit begins; what the unit then knows of them."""
        if self.public:
            return {}
        address = origin["ip"]
        limits.STRANGERS.look(address)
        try:
            known = signatures.admit(
                request, limit=self.body_limit or settings.API_BODY_LIMIT, **origin
            ) or authentication.admit(request, **origin)
        except Refusal as refusal:
            if refusal.status == NotAuthenticated.status:
                limits.STRANGERS.take(address)
            raise
        if known:
            limits.PRINCIPALS.take(known["actor"])
        return known

    def concluded(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Count a write, and keep the answer with its effect; or spare it whoever has it already."""
        if not self.public and request.method not in READING:
            # last of all, so that writes of one principal wait for each other as shortly as can be
            quota = limits.take(cast("Principal", self.request.auth).user_id, self.quotas)
            for name, value in quota.headers().items():
                response.headers[name] = value
        if self.attempt is not None and response.status_code < FIRST_NO_SUCCESS:
            idempotency.keep(self.attempt, response)
        return etags.spare(request, response)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what the view does not read, once it is known who asks and that they may."""
        super().initial(request, *args, **kwargs)
        self.check_parameters(request)
        if self.needs_if_match:
            etags.required(request)

    def perform_authentication(self, request: Request) -> None:
        """Find who asks, unless everybody may."""
        if self.public:
            return
        if request.user is None:
            raise NotAuthenticated
        signatures.refuse_unsigned(request)

    def check_permissions(self, request: Request) -> None:
        """Ask for the permission of this method."""
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        wanted = self.permission.get("GET" if request.method == "HEAD" else str(request.method))
        if self.public:
            return
        principal = cast("Principal", request.auth)
        if not wanted or not principal.holds(wanted):
            raise NotAllowed(permission=wanted)
        if not principal.covers(wanted):
            raise ScopeIsMissing(scope=wanted)

    def check_parameters(self, request: Request) -> None:
        """Refuse query parameters that nobody reads, and those given twice."""
        known = self.known_parameters()
        errors = [
            {
                "parameter": name[:200],
                "detail": "There is no such parameter here." if name not in known else "Given twice.",
            }
            for name, values in request.query_params.lists()
            if name not in known or len(values) > 1
        ]
        if errors:
            raise InvalidInput(errors=errors)

    def known_parameters(self) -> frozenset[str]:
        """Every query parameter that is read here."""
        return self.parameters

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep answers out of every cache: they belong to one principal, or to one moment."""
        finished = super().finalize_response(request, response, *args, **kwargs)
        finished.headers.setdefault("Cache-Control", "no-store")
        deprecation.tell(finished, request, since=self.deprecated_since, sunset=self.sunset)
        return finished


class ListView(ApiView, abstract=True):
    """A list of the principal's tenant, newest first, page by page.

    A subclass gives `queryset` and `shape`; `serializer_class` describes a row for OpenAPI.

    :cvar filters: the query parameters to filter by.
    """

    pagination_class: ClassVar[type[CursorPagination]] = CursorPagination
    serializer_class: ClassVar[type[BaseSerializer[Any]]]
    filters: ClassVar[type[Filters] | None] = None

    def queryset(self, request: Request) -> QuerySet[Any]:
        """Every row the list could hold; the tenant is added here, the order by the page."""
        raise NotImplementedError

    def shape(self, row: Any) -> dict[str, Any]:
        """One row as it is shown."""
        raise NotImplementedError

    def get(self, request: Request, **_: Any) -> Response:
        rows = in_tenant(self.queryset(request))
        if self.filters is not None:
            rows = self.filters.narrow(rows, request.query_params.dict())
        paginator = self.pagination_class()
        page = paginator.paginate_queryset(rows, request, view=self)
        return paginator.get_paginated_response([self.shape(row) for row in page])

    def known_parameters(self) -> frozenset[str]:
        """The filters and those of the page, where a page is asked for."""
        if self.request.method not in etags.READING:
            return self.parameters
        filters = frozenset(self.filters.base_filters) if self.filters else frozenset[str]()
        return self.parameters | filters | self.pagination_class.parameters


def in_tenant(rows: QuerySet[M]) -> QuerySet[M]:
    """Only the rows of the open unit's tenant: the one place where the API narrows to it."""
    return rows.filter(tenant_id=current().tenant)


def find(rows: QuerySet[M], wanted: str) -> M:
    """The row of this id in the principal's tenant.

    :raises NotFound: for an unknown, a foreign and an ill-formed id alike.
    """
    if not ID.fullmatch(wanted):
        raise NotFound
    return only(rows.filter(pk=wanted))


def only(rows: QuerySet[M]) -> M:
    """The one row of the principal's tenant among these.

    :raises NotFound: where there is none.
    """
    try:
        return in_tenant(rows).get()
    except ObjectDoesNotExist:
        raise NotFound from None


def origin_of(request: HttpRequest) -> dict[str, Any]:
    """What a unit knows of where a request comes from."""
    return {
        "correlation_id": getattr(request, "correlation_id", None),
        "ip": client_address(request),
        "user_agent": user_agent(request),
    }
