"""Who acts and what waits, to look at."""

from __future__ import annotations

from django.contrib import admin

from core.access.models import ApiKey, Tenant, User
from core.jobs.models import Job
from core.messaging.models import OutboxEvent
from core.web.admin import ReadOnlyAdmin

admin.site.site_header = "Xmarket"
admin.site.site_title = "Xmarket"
admin.site.index_title = "Agents propose. People decide. The database proves it."
admin.site.enable_nav_sidebar = True


@admin.register(Tenant)
class TenantAdmin(ReadOnlyAdmin):
    """Whose data there is."""

    permission = "access:read"
    tenant_field = "id"
    list_display = ("name", "type", "status", "created_at")
    search_fields = ("name",)


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """People, agents and services."""

    permission = "access:read"
    list_display = ("username", "kind", "email", "highest_role", "status", "operated_by")
    list_filter = ("kind", "status")
    search_fields = ("username__istartswith", "email__istartswith")
    fields = (
        "id",
        "kind",
        "email",
        "username",
        "display_name",
        "status",
        "is_staff",
        "highest_role",
        "operated_by",
        "last_login",
    )
    list_select_related = False

    @admin.display(description="role")
    def highest_role(self, user: User) -> str:
        """The role that counts."""
        return user.role or "none"


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    """Keys by their prefix; the keys themselves are nowhere."""

    permission = "access:read"
    list_display = ("prefix", "label", "user", "created_at", "expires_at", "revoked_at")
    fields = ("prefix", "label", "user", "created_at", "expires_at", "revoked_at")


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Work that was asked for."""

    permission = "access:read"
    list_display = ("job_type", "idempotency_key", "status", "attempts", "created_at")
    list_filter = ("status",)


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    """Messages on their way."""

    permission = "access:read"
    list_display = ("event_type", "entity_type", "entity_id", "created_at", "published_at")
    list_filter = ("event_type",)
