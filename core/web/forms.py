"""The words that every room's API shapes are made of, and how a body is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from core.access.models import User
from core.refusals import NotAuthenticated

RFC_3339 = re.compile(
    r"(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
AN_INSTANT = "A time with its offset, such as 2027-12-31T23:59:00Z."


class Form(serializers.Serializer[Any]):
    """What a write reads; a field that it does not name is refused."""

    def to_internal_value(self, data: Any) -> Any:
        """Read every field, and name every fault at once."""
        names = data if isinstance(data, Mapping) else ()
        unread = {name: ["There is no such field here."] for name in names if name not in self.fields}
        try:
            read = super().to_internal_value(data)
        except ValidationError as fault:
            found = fault.detail if isinstance(fault.detail, dict) else {}
            raise ValidationError({**found, **unread}) from None
        if unread:
            raise ValidationError(unread)
        return read


def read(form: type[Form], request: Request) -> dict[str, Any]:
    """Read the body of a request.

    :raises InvalidInput: (as DRF's ValidationError) with the place of every fault.
    """
    given = form(data=request.data)
    given.is_valid(raise_exception=True)
    return dict(given.validated_data)


def principal(request: Request) -> User:
    """Who asks; a view that is not public is reached by nobody else."""
    if not isinstance(request.user, User):
        raise NotAuthenticated
    return request.user


class Text(serializers.CharField):
    """A text exactly as it was sent: nothing is trimmed, and nothing else is taken for a text."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> str:
        """Refuse numbers, and what only looks empty."""
        if not isinstance(data, str):
            self.fail("invalid")
        if not self.allow_blank and not data.strip():
            self.fail("blank")
        return str(super().to_internal_value(data))


class Word(serializers.ChoiceField):
    """One of a few words."""

    def __init__(self, choices: Any, **options: Any) -> None:
        super().__init__(
            choices=choices, error_messages={"invalid_choice": f"One of: {', '.join(choices)}."}, **options
        )


@extend_schema_field({"type": "string", "pattern": "^[0-9a-f]{64}$"})
class Digest(serializers.Field[Any, Any, str, Any]):
    """A sha256, shown as 64 lowercase hex digits."""

    def to_representation(self, value: Any) -> str:
        """Write the bytes out."""
        return bytes(value).hex()


class Moment(serializers.DateTimeField):
    """A time in UTC, always to the microsecond: the form that digests and snapshot ids are made from."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M:%S.%fZ", default_timezone=UTC, **options)


class Instant(serializers.DateTimeField):
    """A time with its offset; without one nobody could say when it is."""

    def to_internal_value(self, value: Any) -> Any:
        """Read RFC 3339 and nothing else."""
        if not (isinstance(value, str) and RFC_3339.fullmatch(value)):
            raise ValidationError(AN_INSTANT)
        return super().to_internal_value(value)


class Whole(serializers.IntegerField):
    """A whole number, and nothing that only looks like one."""

    def to_internal_value(self, data: Any) -> int:
        """Refuse texts and booleans."""
        if type(data) is not int:
            self.fail("invalid")
        return int(super().to_internal_value(data))


class YesOrNo(serializers.BooleanField):
    """True or false, and nothing that only looks like one."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuse texts and numbers."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Seconds(serializers.IntegerField):
    """A length of time, in whole seconds."""

    def to_representation(self, value: Any) -> int:
        """Count them."""
        length: timedelta = value
        return length // timedelta(seconds=1)


@extend_schema_field({"type": "object", "additionalProperties": True})
class JsonObject(serializers.JSONField):
    """An object of whatever names."""
