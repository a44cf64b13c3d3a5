"""The description of the API, for programs and for people."""

from __future__ import annotations

from typing import Any

from drf_spectacular.renderers import (
    OpenApiJsonRenderer,
    OpenApiJsonRenderer2,
    OpenApiYamlRenderer,
    OpenApiYamlRenderer2,
)
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request
from rest_framework.response import Response

from core.web.csp import POLICY

# the page's style sheet draws its icons from data: addresses; nothing else is looser than elsewhere
PAGE_POLICY = f"{POLICY}; img-src 'self' data:"


class Document(SpectacularAPIView):
    """The OpenAPI document, as JSON, or as YAML for who asks for `application/yaml`."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiJsonRenderer, OpenApiYamlRenderer2, OpenApiYamlRenderer]


class Page(SpectacularSwaggerSplitView):
    """The OpenAPI document as a page to read and to try."""

    template_name = "docs.html"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Show the page, or its script."""
        response: Response = super().get(request, *args, **kwargs)  # type: ignore[no-untyped-call]
        response.headers["Content-Security-Policy"] = PAGE_POLICY
        return response
