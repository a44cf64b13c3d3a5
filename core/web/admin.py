"""The admin's own small layer: one unit for each request, and pages that only read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property

from core.access import permissions
from core.access.models import PLATFORM_TENANT_ID, User
from core.database.unit import hold, unit
from core.web.requests import client_address, user_agent
from core.web.tenants import works_in

# no character sorts behind it where the order is by bytes
LAST_CHARACTER = chr(sys.maxunicode)


class StaffUnit:
    """Open the unit of every request under /admin/.

    It opens as `staff` without a tenant, because the session says who it is; once the person is known, the
    same transaction goes on as them. A person of the platform tenant works as `platform`, in the tenant they
    picked.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within one transaction, which every answer of 400 and above undoes but a lock-out."""
        if not _is_of_the_admin(request):
            return self.get_response(request)
        with unit(
            "staff",
            correlation_id=getattr(request, "correlation_id", None),
            ip=client_address(request),
            user_agent=user_agent(request),
        ):
            response = self.get_response(request)
            if response.status_code >= HTTPStatus.BAD_REQUEST and not _is_lock_out(request, response):
                transaction.set_rollback(True)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Go on as the person whose session it is."""
        person = request.user if _is_of_the_admin(request) else None
        if isinstance(person, User):
            go_on_as(person, works_in(request, person))


def go_on_as(person: User, tenant: UUID) -> None:
    """Let the open unit be this person's, from here on."""
    role = "platform" if person.tenant_id == PLATFORM_TENANT_ID else "staff"
    hold(role=role, tenant=tenant, actor=person.pk)


def _is_of_the_admin(request: HttpRequest) -> bool:
    return settings.SERVES != "api" and request.path.startswith("/admin/")


def _is_lock_out(request: HttpRequest, response: HttpResponse) -> bool:
    # the failure that locks is counted in this transaction: undone, it would never lock anybody
    is_locked: bool = getattr(request, "axes_locked_out", False)
    return is_locked and response.status_code == HTTPStatus.TOO_MANY_REQUESTS


class UpToALimit(Paginator):  # type: ignore[type-arg]
    """Pages of a list that nobody counts to its end: a table that grows for ever is searched, not paged."""

    LIMIT = 1000

    @cached_property
    def count(self) -> int:
        """How many rows there are, or one more than the limit."""
        rows: Any = self.object_list
        return len(rows.order_by().values_list("pk")[: self.LIMIT + 1])

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than it shows."""
        return self.count > self.LIMIT


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page that lists and shows, and has nothing to edit: what changes, changes by a verb.

    `permission` names the permission that opens it; the rows are the person's own tenant's, or everybody's
    for people of the platform.

    :cvar title: the name in the list of pages, where the model's own does not say it.
    :cvar place: the order in the list of pages.
    :cvar exactly: fields that a search finds by their whole value; ids only match what can be an id.
    :cvar beginning: fields that a search finds by their beginning, case and all; a whole id is nobody's
        beginning. Where a table has no end, its field is ordered by bytes (`db_collation="C"`) and indexed.
    :cvar has_history: whether `history_view` shows anything.
    :cvar people: foreign keys to users that the list shows, fetched at once and never with their password.
    """

    permission: ClassVar[str]
    title: ClassVar[str | None] = None
    place: ClassVar[int] = 500
    tenant_field: ClassVar[str | None] = "tenant"
    exactly: ClassVar[tuple[str, ...]] = ()
    beginning: ClassVar[tuple[str, ...]] = ()
    people: ClassVar[tuple[str, ...]] = ()
    has_history: ClassVar[bool] = False
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    paginator = UpToALimit
    list_per_page = 50
    list_max_show_all = 0
    # an empty list of relations: the default would join users, whose password hash no staff role reads
    list_select_related: ClassVar[tuple[str, ...]] = ()
    sortable_by: ClassVar[tuple[str, ...]] = ()
    actions: Any = None

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Show only what belongs to the person's tenant."""
        rows = super().get_queryset(request).prefetch_related(*self.people)
        tenant = tenant_of(request)
        if self.tenant_field is None or tenant is None:
            return rows
        return rows.filter(**{self.tenant_field: tenant})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Find the row; a foreign id is the same as an unknown one."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Nothing: Django's history knows only what its own forms changed."""
        raise Http404

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Offer a search where there is something to search by."""
        return (*self.exactly, *self.beginning)

    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        """Find whole values and beginnings; nothing that would have to read the whole table."""
        wanted = search_term.strip()
        if not wanted:
            return queryset, False
        return queryset.filter(self.found_by(wanted)), False

    def found_by(self, wanted: str) -> models.Q:
        """What a search asks for."""
        asked = models.Q(pk__in=[])
        for name in self.exactly:
            try:
                self.model._meta.get_field(name).to_python(wanted)
            except ValidationError:
                continue
            asked |= models.Q(**{name: wanted})
        for name in () if _is_an_id(wanted) else self.beginning:
            asked |= self._begins(name, wanted)
        return asked

    def _begins(self, name: str, wanted: str) -> models.Q:
        field: Any = self.model._meta.get_field(name)
        if field.db_collation != "C":
            return models.Q(**{f"{name}__startswith": wanted})
        # LIKE is not leakproof, so the walls between tenants keep it away from every index; a comparison is
        return models.Q(**{f"{name}__gte": wanted, f"{name}__lt": wanted + LAST_CHARACTER})

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """List the rows under the page's own title."""
        named = {"title": self.title} if self.title else {}
        return super().changelist_view(request, {**named, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show one row, with a way to its history where there is one."""
        shown = {"has_history": self.has_history, **(extra_context or {})}
        return super().change_view(request, object_id, form_url, shown)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Ask the one file of permissions."""
        return holds(request, self.permission)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the room to who may see this page."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added by form."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nothing is changed by form."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nothing is deleted."""
        return False


def _is_an_id(wanted: str) -> bool:
    try:
        return bool(UUID(wanted))
    except ValueError:
        return False


def one_of(field: str, words: Sequence[str], title: str = "") -> type[admin.SimpleListFilter]:
    """Make a filter by one of these words; Django's own would ask the table which words it holds."""

    class OneOf(admin.SimpleListFilter):
        parameter_name = field

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            """Offer the words."""
            return [(word, word.replace("_", " ").capitalize()) for word in words]

        def queryset(self, request: HttpRequest, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
            """Keep the rows of the word that was chosen."""
            chosen = self.value()
            return queryset.filter(**{field: chosen}) if chosen in words else queryset

    OneOf.title = title or field.replace("_", " ")
    return OneOf


def person_of(request: HttpRequest) -> User:
    """Who is logged in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def holds(request: HttpRequest, permission: str) -> bool:
    """Whether the person who is logged in may do this; their role is read once for each request."""
    person = request.user
    if not isinstance(person, User) or not person.is_staff or person.status != "active":
        return False
    return permissions.allows(permission, kind=person.kind, role=role_of(request))


def role_of(request: HttpRequest) -> str | None:
    """The highest role of the person who is logged in, read once for each request."""
    if not hasattr(request, "highest_role"):
        request.highest_role = person_of(request).role  # type: ignore[attr-defined]
    role: str | None = request.highest_role  # type: ignore[attr-defined]
    return role


def tenant_of(request: HttpRequest) -> UUID | None:
    """The tenant whose rows this person sees; None means all of them."""
    person = person_of(request)
    return None if person.tenant_id == PLATFORM_TENANT_ID else person.tenant_id
