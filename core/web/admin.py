"""The admin's own small layer: one unit for each request, and pages that only read."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import admin
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse

from core.access.models import PLATFORM_TENANT_ID, User
from core.database.unit import hold, unit


class StaffUnit:
    """Open the unit of every request under /admin/.

    It opens as `staff` without a tenant, because the session says who it is; once the person is known, the
    same transaction goes on as them. A person of the platform tenant works as `platform`.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within one transaction, which an answer of 500 and above undoes."""
        if not request.path.startswith("/admin/"):
            return self.get_response(request)
        with unit(
            "staff",
            correlation_id=getattr(request, "correlation_id", None),
            ip=request.META.get("REMOTE_ADDR", ""),
            user_agent=request.headers.get("User-Agent", "")[:500],
        ):
            response = self.get_response(request)
            if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                transaction.set_rollback(True)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Go on as the person whose session it is."""
        person = request.user if request.path.startswith("/admin/") else None
        if isinstance(person, User):
            role = "platform" if person.tenant_id == PLATFORM_TENANT_ID else "staff"
            hold(role=role, tenant=person.tenant_id, actor=person.pk)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A page that lists and shows, and has nothing to edit: what changes, changes by a verb.

    `permission` names the permission that opens it; the rows are the person's own tenant's, or everybody's
    for people of the platform.
    """

    permission: ClassVar[str]
    tenant_field: ClassVar[str | None] = "tenant"
    show_full_result_count = False
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        """Show only what belongs to the person's tenant."""
        rows = super().get_queryset(request)
        tenant = tenant_of(request)
        if self.tenant_field is None or tenant is None:
            return rows
        return rows.filter(**{self.tenant_field: tenant})

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Ask the one file of permissions."""
        return request.user.is_staff and request.user.has_perm(self.permission)

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


def tenant_of(request: HttpRequest) -> UUID | None:
    """The tenant whose rows this person sees; None means all of them."""
    person = request.user
    if not isinstance(person, User):
        raise PermissionError
    return None if person.tenant_id == PLATFORM_TENANT_ID else person.tenant_id
