"""What every operation reads and answers beside its own shapes, in the words of OpenAPI."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from core.idempotency.models import LONGEST_KEY
from core.web.idempotency import HEADER as KEY_HEADER
from core.web.problems import CONTENT_TYPE

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
                    "header": {"type": "string", "description": "The header."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}
SAID = {
    400: "Something is missing or malformed; `errors` names each place.",
    401: "No live key or signature.",
    403: "This principal may not do that.",
    404: "There is nothing here by that name, or it is not yours.",
    406: "There is no answer in the format that was asked for.",
    409: "It does not fit what there is now, or a request with this key is being answered.",
    412: "It is not what you acted on any more.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "It is understood, and not accepted; or the key came with another body.",
    428: "If-Match is missing.",
    429: "Too many requests.",
    500: "Something went wrong here; nothing was changed.",
    503: "The database cannot be reached right now; nothing was changed.",
}
HEADERS: dict[str, dict[str, Any]] = {
    "ETag": {"description": "Names exactly this representation.", "schema": {"type": "string"}},
    "Location": {"description": "Where it is from now on.", "schema": {"type": "string", "format": "uri"}},
    "Idempotent-Replayed": {
        "description": "`true` where this was answered before, and nothing was done now.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "Retry-After": {
        "description": "In how many seconds.",
        "schema": {"type": "string", "pattern": "^[0-9]+$"},
    },
    "WWW-Authenticate": {"description": "Every way to say who one is.", "schema": {"type": "string"}},
}
HEADER_OF_REFUSAL = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}
TAG = '(W/)?"[!#-~]*"'
SAMPLE_TAG = '"9d8f4c2b7a1e0f3d5c6b8a7e9f0d1c2b"'


def refusal(status: int, problem: dict[str, Any]) -> dict[str, Any]:
    """Describe a refusal."""
    answer: dict[str, Any] = {
        "description": SAID[status],
        "content": {CONTENT_TYPE: {"schema": problem}},
    }
    named = HEADER_OF_REFUSAL.get(status)
    return answer | ({"headers": {named: HEADERS[named]}} if named else {})


def _header(name: str, description: str, example: str, *, required: bool, **schema: Any) -> OpenApiParameter:
    return OpenApiParameter(
        name,
        {"type": "string", **schema},
        OpenApiParameter.HEADER,
        required=required,
        description=description,
        examples=[OpenApiExample(name, value=example)],
    )


ONCE = "Sent again with the same key, the same request is answered alike and done once."
KEY_BY_NEED = {
    need: _header(
        KEY_HEADER,
        said,
        "5b0c2f9e-6d0e-4f0c-9a44-0c3f0a6f2f7e",
        required=need == "required",
        pattern="^[!#-~][!-~]*$",
        maxLength=LONGEST_KEY,
    )
    for need, said in {
        "required": ONCE,
        "optional": ONCE,
        "body": "Where it is sent, it is the `idempotency_key` of the body, which rules.",
    }.items()
}
IF_MATCH = _header(
    "If-Match",
    "The ETag of what you act on, or `*` for whatever there is.",
    SAMPLE_TAG,
    required=True,
    pattern=rf"^(\*|{TAG}(, ?{TAG})*)$",
)
IF_NONE_MATCH = _header(
    "If-None-Match",
    "The ETag of what you have; where it still is that, the answer is 304 without a body.",
    SAMPLE_TAG,
    required=False,
    pattern=rf"^(\*|{TAG}(, ?{TAG})*)$",
)
