"""The shapes of evidence, coming in and going out."""

from __future__ import annotations

import base64
import binascii
import unicodedata
from typing import Any
from urllib.parse import urlsplit

from django.core.validators import RegexValidator
from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from artifacts.blobs import LIMIT
from core.web.forms import Digest, Form, Moment, Text

URL_LENGTH = 2048
TOKEN = r"[A-Za-z0-9!#$&^_.+-]{1,127}"  # noqa: S105 - the word of RFC 6838 for half of a media type
MEDIA_TYPE = RegexValidator(
    rf"\A{TOKEN}/{TOKEN}( ?; ?{TOKEN}=({TOKEN}|\"[ !#-\[\]-~]*\"))*\Z", "A media type, such as text/html."
)


PAGE = {
    "url": "https://example.org/mission",
    "content_type": "text/html",
    "body": "<p>The launch window opens in May 2031.</p>",
}


@extend_schema_serializer(examples=[OpenApiExample("A page", PAGE, request_only=True)])
class SnapshotForm(Form):
    """What an address answered; when it did is the server's word."""

    url = Text(max_length=URL_LENGTH, help_text="Where it was fetched: http or https, without credentials.")
    content_type = Text(max_length=255, validators=[MEDIA_TYPE])
    body = Text(required=False, allow_blank=True, help_text="The content, where it is text (UTF-8).")
    body_base64 = Text(required=False, allow_blank=True, help_text="The content in base64 (RFC 4648).")

    def validate_url(self, value: str) -> str:
        """Only a plain address of the web: what is kept here is shown to people as a link."""
        # categories C and Z: what cannot be seen, and blanks of every kind
        if any(unicodedata.category(character)[0] in "CZ" for character in value):
            raise ValidationError("An address holds no blanks and no control characters.")
        try:
            parts = urlsplit(value)
            is_whole = bool(parts.hostname) and parts.port != 0
        except ValueError:
            raise ValidationError("That is not an address.") from None
        if parts.scheme not in {"http", "https"} or not is_whole:
            raise ValidationError("Give an address that begins with http:// or https:// and names a host.")
        if "@" in parts.netloc:
            raise ValidationError("An address here carries no user name and no password.")
        return value

    def validate_body_base64(self, value: str) -> bytes:
        """Decode it strictly."""
        try:
            return base64.b64decode(value, validate=True)
        except (binascii.Error, ValueError):
            raise ValidationError("That is not base64.") from None

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Exactly one of the two bodies."""
        if ("body" in attrs) == ("body_base64" in attrs):
            both = "body" in attrs
            raise ValidationError(
                {"body": f"Send exactly one of body and body_base64, not {'both' if both else 'none'}."}
            )
        return attrs


class SnapshotShape(serializers.Serializer[Any]):
    """One fetch of one address; `snapshot_id` is sha256(url + "|" + fetched_at) over exactly these texts."""

    snapshot_id = serializers.CharField()
    url = serializers.CharField()
    fetched_at = Moment()
    content_type = serializers.CharField(allow_null=True)
    size_bytes = serializers.IntegerField(allow_null=True, max_value=LIMIT)
    content_digest = Digest(allow_null=True)
    record_digest = Digest()
    object_store_path = serializers.CharField()
    created_at = Moment()
