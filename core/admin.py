"""Who acts and what waits, to look at."""

from __future__ import annotations

from django.contrib import admin

from core.access.credentials import ED25519, HMAC, SigningKey
from core.access.models import ApiKey, Tenant, User
from core.jobs.models import Job
from core.messaging.models import OutboxEvent
from core.web.admin import ReadOnlyAdmin, one_of
from core.web.job_pages import JobPages, stranded
from core.web.key_pages import KeyPages
from core.web.people_pages import PeoplePages
from core.web.site import register_panel

STATES = ("active", "disabled")


@admin.register(Tenant)
class TenantAdmin(ReadOnlyAdmin):
    """Whose data there is."""

    permission = "access:read"
    tenant_field = "id"
    list_display = ("name", "type", "status", "created_at")
    list_filter = (one_of("status", STATES),)
    exactly = ("id",)
    beginning = ("name",)
    search_help_text = "The beginning of a name, or a whole id."


admin.site.register(User, PeoplePages)
admin.site.register(ApiKey, KeyPages)
admin.site.register(Job, JobPages)
register_panel(stranded)


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnlyAdmin):
    """Keys that sign requests; a secret is nowhere, and manage.py signing_keys makes them."""

    permission = "access:read"
    people = ("user",)
    list_display = ("key_id", "algorithm", "label", "user", "last_used_at", "expires_at", "revoked_at")
    list_filter = (one_of("algorithm", (HMAC, ED25519)),)
    exactly = ("id", "user_id", "key_id")
    search_help_text = "A whole id, of the key or of its user."
    fields = (
        "key_id",
        "algorithm",
        "label",
        "user",
        "scopes",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    )


@admin.register(OutboxEvent)
class OutboxEventAdmin(ReadOnlyAdmin):
    """Messages on their way."""

    permission = "access:read"
    list_display = ("event_type", "entity_type", "entity_id", "created_at", "published_at")
    exactly = ("entity_id",)
    beginning = ("event_type",)
    search_help_text = "The beginning of an event type, or the whole id of what it is about."
