"""The stock peer: Django REST framework as its tutorial writes it, over our own table.

ModelSerializer, a generic view, the framework's own cursor pagination, a key looked up by one query, and of
all middleware only the one that counts the bytes.
"""

from __future__ import annotations

import hashlib
import os
from typing import Any

import django
from django.core.wsgi import get_wsgi_application
from django.urls import path

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.peers.stock_settings"
django.setup()

from django.db import connection  # noqa: E402 - Django is set up first
from rest_framework import exceptions, generics, pagination, permissions, serializers  # noqa: E402
from rest_framework.authentication import BaseAuthentication  # noqa: E402

from audit.models import AuditEvent  # noqa: E402


class Shape(serializers.ModelSerializer[AuditEvent]):
    """Every column that our list shows."""

    class Meta:
        model = AuditEvent
        exclude = ("tenant",)


class Newest(pagination.CursorPagination):
    """The stock cursor, on the key."""

    ordering = "-audit_id"
    page_size = 50


class Key(BaseAuthentication):
    """One query for each request."""

    def authenticate(self, request: Any) -> Any:
        """Find the tenant of a key."""
        written = request.META["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
        with connection.cursor() as cursor:
            digest = hashlib.sha256(written.encode()).digest()
            cursor.execute(
                "SELECT tenant_id, state FROM authenticate_key(%s, %s)", [written.split("_")[1], digest]
            )
            found = cursor.fetchone()
        if found is None or found[1] != "active":
            raise exceptions.AuthenticationFailed
        return (found[0], None)


class Listed(generics.ListAPIView):  # type: ignore[type-arg]
    """The list."""

    authentication_classes = [Key]
    permission_classes: list[type[permissions.BasePermission]] = []
    serializer_class = Shape
    pagination_class = Newest

    def get_queryset(self) -> Any:
        """Every fact of the tenant."""
        tenant: Any = self.request.user
        return AuditEvent.objects.filter(tenant_id=tenant)


urlpatterns = [path("api/v1/audit-events", Listed.as_view())]
application = get_wsgi_application()
