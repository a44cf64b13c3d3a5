"""The switches with which people stop agents, and jobs: for one tenant, or everywhere."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from core.access.models import PLATFORM_TENANT_ID, Tenant, User
from core.database.expressions import TimeOrderedUUID
from core.database.rows import insert
from core.database.unit import verb
from core.refusals import NotAllowed

AGENTS_MODE, JOBS_MODE = "AGENTS_MODE", "JOBS_MODE"
MODES = ("enabled", "paused")


class Switch(models.Model):
    """A switch, and where it stands; the one without a tenant is for all of them.

    It belongs to the system, and not to a tenant: everybody sees it, a tenant's people turn their own, and
    only the platform's turn the others.
    """

    id = models.UUIDField(primary_key=True, db_default=TimeOrderedUUID(), editable=False)
    name = models.CharField(max_length=50)
    for_tenant = models.ForeignKey(Tenant, models.PROTECT, null=True, db_constraint=False, related_name="+")
    value = models.CharField(max_length=20)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "switches"
        verbose_name_plural = "switches"
        constraints = [
            models.UniqueConstraint(
                fields=["name", "for_tenant"], nulls_distinct=False, name="one_switch_of_each_name"
            ),
            models.CheckConstraint(
                condition=Q(name__in=(AGENTS_MODE, JOBS_MODE), value__in=MODES),
                name="switch_and_value_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"


@verb("switch:turn", permission="switches:turn")
def turn(
    value: str, *, tenant: Tenant | None, by: User | None, reason: str, name: str = AGENTS_MODE
) -> Switch:
    """Let agents and services write, or stop them; people go on working, and everybody reads.

    The switch of jobs stops workers from beginning any; what runs is finished.

    :param value: `enabled` or `paused`.
    :param name: `AGENTS_MODE` or `JOBS_MODE`.
    :param tenant: whose agents; None for everybody's, which takes a person of the platform.
    """
    is_at_home = tenant is not None and by is not None and by.tenant_id == tenant.pk
    if by is not None and by.tenant_id != PLATFORM_TENANT_ID and not is_at_home:
        raise NotAllowed(permission="switches:turn")
    held = (
        Switch.objects.select_for_update(no_key=True)
        .filter(name=name, for_tenant_id=tenant.pk if tenant else None)
        .first()
    )

    if held is None:
        return insert(Switch, name=name, for_tenant_id=tenant.pk if tenant else None, value=value)
    held.value = value
    held.save(update_fields=["value"])

    return held
