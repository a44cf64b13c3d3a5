"""What our views have in common, told to OpenAPI."""

from __future__ import annotations

from typing import Any, cast

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter

from core.web.authentication import KeyAuthentication
from core.web.described import HEADERS, IF_MATCH, IF_NONE_MATCH, KEY_BY_NEED, PROBLEM, refusal
from core.web.signatures import SignatureAuthentication
from core.web.views import ApiView, ListView

CREATED = 201
NOT_MODIFIED = 304


class ApiSchema(AutoSchema):
    """Describes a view of ours."""

    @property
    def own(self) -> ApiView:
        """The view, which is one of ours."""
        return cast(ApiView, self.view)

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
        filters = self.view.filters if isinstance(self.view, ListView) and self.is_list() else None
        searched = [
            OpenApiParameter(name, known.schema, OpenApiParameter.QUERY, description=known.says)
            for name, known in (filters.base_filters.items() if filters else ())
        ]
        return [*super().get_override_parameters(), *searched, *self.headers_read()]

    def get_auth(self) -> Any:
        """A public view asks for no key."""
        return [] if isinstance(self.view, ApiView) and self.view.public else super().get_auth()

    def headers_read(self) -> list[OpenApiParameter]:
        """The request headers that this operation reads."""
        view = self.view
        if not isinstance(view, ApiView) or view.public:
            return []
        if self.method == "POST":
            return [KEY_BY_NEED[view.idempotency], *([IF_MATCH] if view.needs_if_match else [])]
        return [IF_NONE_MATCH] if view.is_tagged else []

    def is_deprecated(self) -> bool:
        """Whether clients were told to go elsewhere."""
        return isinstance(self.view, ApiView) and self.view.deprecated_since is not None

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """Every status that an operation answers is listed; every refusal has the same shape."""
        operation = super().get_operation(*args, **kwargs)
        if operation and isinstance(self.view, ApiView):
            problem = ResolvedComponent(  # type: ignore[no-untyped-call]
                "Problem", ResolvedComponent.SCHEMA, schema=PROBLEM, object="Problem"
            )
            self.registry.register_on_missing(problem)
            refusals = {str(status): refusal(status, problem.ref) for status in self.refused_with()}
            answers = {**refusals, **operation["responses"], **self.spared()}
            for status, answer in answers.items():
                headers = self.headers_answered(int(status))
                if headers:
                    answer["headers"] = headers
            operation["responses"] = dict(sorted(answers.items()))
        return operation

    def spared(self) -> dict[str, Any]:
        """The answer to who has it already."""
        is_tagged = self.own.is_tagged and self.method == "GET"
        return {str(NOT_MODIFIED): {"description": "You have it already."}} if is_tagged else {}

    def refused_with(self) -> set[int]:
        """The statuses of refusals that this operation answers."""
        if self.own.public:
            return {400, 406, 500, *self.own.refused_with}
        found = {400, 401, 403, 406, 429, 500, 503, *self.own.refused_with}
        if "{" in self.path:
            found.add(404)
        if self.method == "POST":
            found |= {409, 413, 415, 422}
            found |= {412, 428} if self.own.needs_if_match else set()
        return found

    def headers_answered(self, status: int) -> dict[str, Any]:
        """The headers of an answer that are worth knowing, where it is no refusal."""
        if self.own.public or status > NOT_MODIFIED:
            return {}
        is_post = self.method == "POST"
        names = [
            *(["ETag"] if self.own.is_tagged or is_post else []),
            *(["Idempotent-Replayed"] if is_post else []),
            *(["Location"] if status == CREATED else []),
        ]
        return {name: HEADERS[name] for name in names}


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
