"""What every API view stands on: one unit per request, one permission per method, one tenant."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error as DatabaseFailure
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.template.response import SimpleTemplateResponse
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer, Serializer
from rest_framework.views import APIView

from core.access.permissions import PERMISSIONS
from core.database.unit import current, unit
from core.refusals import InvalidInput, NotAllowed, NotAuthenticated, NotFound, Refusal
from core.web import problems
from core.web.pagination import CursorPagination
from core.web.requests import client_address, user_agent

M = TypeVar("M", bound=Model)

SERVER_FAULT = 500
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
    :cvar body_limit: how many bytes a body may have, where it is not the default.
    """

    permission: ClassVar[Mapping[str, str]] = {}
    public: ClassVar[bool] = False
    database_role: ClassVar[str | None] = "api"
    parameters: ClassVar[frozenset[str]] = frozenset()
    body_limit: ClassVar[int | None] = None
    http_method_names = ["get", "head", "post", "put", "patch", "delete"]

    def __init_subclass__(cls, *, abstract: bool = False) -> None:
        super().__init_subclass__()
        answered = {name.upper() for name in cls.http_method_names if name != "head" and hasattr(cls, name)}
        unasked = set() if abstract or cls.public else answered - cls.permission.keys()
        unknown = set(cls.permission.values()) - PERMISSIONS.keys()
        if unasked or unknown:
            faults = ", ".join(sorted(unasked | unknown))
            raise TypeError(f"{cls.__name__} asks for no permission, or for an unknown one: {faults}.")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer within one unit, rendered before it ends."""
        if self.database_role is None:
            return super().dispatch(request, *args, **kwargs)
        try:
            with unit(self.database_role, **origin_of(request)):
                response = super().dispatch(request, *args, **kwargs)
                if isinstance(response, SimpleTemplateResponse):
                    response.render()
                if getattr(response, "exception", False) or response.status_code >= SERVER_FAULT:
                    transaction.set_rollback(True)
                return response
        except (Refusal, DatabaseFailure) as error:
            # raised by the unit itself: it could not begin, or COMMIT was refused
            answer = problems.answer_to(error, request)
            if answer is None:
                raise
            return answer

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what the view does not read, once it is known who asks and that they may."""
        super().initial(request, *args, **kwargs)
        self.check_parameters(request)

    def perform_authentication(self, request: Request) -> None:
        """Find who asks, unless everybody may."""
        if not self.public and request.user is None:
            raise NotAuthenticated

    def check_permissions(self, request: Request) -> None:
        """Ask for the permission of this method."""
        if request.method not in self.allowed_methods:
            raise MethodNotAllowed(str(request.method))
        wanted = self.permission.get("GET" if request.method == "HEAD" else str(request.method))
        if not self.public and not (wanted and request.user.has_perm(wanted)):
            raise NotAllowed(permission=wanted)

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
        return finished


class ListView(ApiView, abstract=True):
    """A list of the principal's tenant, newest first, page by page.

    A subclass gives `queryset` and `shape`; `serializer_class` describes a row for OpenAPI.

    :cvar filters: a Serializer of the query parameters to filter by; each field's source is the lookup.
    """

    pagination_class: ClassVar[type[CursorPagination]] = CursorPagination
    serializer_class: ClassVar[type[BaseSerializer[Any]]]
    filters: ClassVar[type[Serializer[Any]] | None] = None

    def queryset(self, request: Request) -> QuerySet[Any]:
        """Every row the list could hold; the tenant is added here, the order by the page."""
        raise NotImplementedError

    def shape(self, row: Any) -> dict[str, Any]:
        """One row as it is shown."""
        raise NotImplementedError

    def get(self, request: Request, **_: Any) -> Response:
        rows = in_tenant(self.queryset(request)).filter(**self.asked(request))
        paginator = self.pagination_class()
        page = paginator.paginate_queryset(rows, request, view=self)
        return paginator.get_paginated_response([self.shape(row) for row in page])

    def asked(self, request: Request) -> dict[str, Any]:
        """What the query filters by.

        :raises InvalidInput: naming the parameters that are not understood.
        """
        if self.filters is None:
            return {}
        names = self.filters().fields
        given = self.filters(
            data={name: value for name, value in request.query_params.items() if name in names}
        )
        if not given.is_valid():
            errors = [
                {"parameter": fault["pointer"][1:], "detail": fault["detail"]}
                for fault in problems.places(given.errors)
            ]
            raise InvalidInput(errors=errors)
        return dict(given.validated_data)

    def known_parameters(self) -> frozenset[str]:
        """The filters and those of the page."""
        filters = frozenset(self.filters().fields) if self.filters else frozenset[str]()
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
