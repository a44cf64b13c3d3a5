"""Making tenants, and letting all of one act or none."""

from __future__ import annotations

from core.access.models import PLATFORM_TENANT_ID, Tenant, User
from core.database.rows import insert
from core.database.unit import verb
from core.refusals import NotAllowed


@verb("tenant:create", permission="tenants:manage")
def create(name: str, *, by: User | None, reason: str) -> Tenant:
    """Make a tenant, with nobody in it yet.

    :raises AlreadyExists: when there is one of this name.
    """
    _refuse_unless_of_the_platform(by)
    return insert(Tenant, name=name)


@verb("tenant:disable", permission="tenants:manage")
def disable(tenant: Tenant, *, by: User | None, reason: str) -> None:
    """Let nobody of a tenant do anything any more, from the next request on."""
    _stand(tenant, "disabled", by)


@verb("tenant:enable", permission="tenants:manage")
def enable(tenant: Tenant, *, by: User | None, reason: str) -> None:
    """Let a disabled tenant act again."""
    _stand(tenant, "active", by)


def _stand(tenant: Tenant, status: str, by: User | None) -> None:
    _refuse_unless_of_the_platform(by)
    if tenant.pk == PLATFORM_TENANT_ID:
        raise NotAllowed(permission="tenants:manage")
    tenant.status = status
    tenant.save(update_fields=["status"])


def _refuse_unless_of_the_platform(by: User | None) -> None:
    if by is not None and by.tenant_id != PLATFORM_TENANT_ID:
        raise NotAllowed(permission="tenants:manage")
