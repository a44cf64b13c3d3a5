"""What our views have in common, told to OpenAPI."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent

from core.web.authentication import KeyAuthentication
from core.web.problems import CONTENT_TYPE
from core.web.signatures import SignatureAuthentication
from core.web.views import ApiView, ListView

PROBLEM = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457), with the facts of the refusal as further members.",
    "required": ["type", "title", "status", "detail", "code", "hint", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {
            "type": "string",
            "description": "The refusal's name; of a database rule, the constraint's.",
        },
        "hint": {"type": "string"},
        "instance": {"type": "string", "description": "The id of the request, as in X-Request-Id."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "The place in the body (RFC 6901)."},
                    "parameter": {"type": "string", "description": "The query parameter."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class ApiSchema(AutoSchema):
    """Describes a view of ours."""

    def is_list(self) -> bool:
        """Whether this operation answers with a page."""
        return isinstance(self.view, ListView) and self.method == "GET"

    def get_response_serializers(self) -> Any:
        """A list answers with many of its rows."""
        if isinstance(self.view, ListView) and self.is_list():
            return self.view.serializer_class(many=True)
        return super().get_response_serializers()

    def get_override_parameters(self) -> list[Any]:
        """A list takes its filters."""
        if isinstance(self.view, ListView) and self.is_list() and self.view.filters:
            return [self.view.filters]
        return super().get_override_parameters()

    def get_auth(self) -> Any:
        """A public view asks for no key."""
        return [] if isinstance(self.view, ApiView) and self.view.public else super().get_auth()

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """Every operation can be refused, always in the same shape."""
        operation = super().get_operation(*args, **kwargs)
        if operation:
            problem = ResolvedComponent(  # type: ignore[no-untyped-call]
                "Problem", ResolvedComponent.SCHEMA, schema=PROBLEM, object="Problem"
            )
            self.registry.register_on_missing(problem)
            answer = {"description": "Refused.", "content": {CONTENT_TYPE: {"schema": problem.ref}}}
            operation["responses"].setdefault("default", answer)
        return operation


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes our keys."""

    target_class = KeyAuthentication
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Name the scheme."""
        return {"type": "http", "scheme": "bearer", "description": "An API key: `xm_<prefix>_<secret>`."}


class SignatureScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes our signatures."""

    target_class = SignatureAuthentication
    name = "signature"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Name the header; the others are in docs/signing.md."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Signature",
            "description": "RFC 9421 with Ed25519 (Signature-Input, Signature, Content-Digest), or HMAC v1 "
            "(X-HMAC-KeyId, X-HMAC-Ts, X-HMAC-Nonce, X-HMAC-Signature).",
        }
