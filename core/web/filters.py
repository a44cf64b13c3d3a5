"""What lists are searched by, read as strictly as everything else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Literal
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_filters import Filter, FilterSet

from core.refusals import InvalidInput
from core.web.forms import AN_INSTANT, RFC_3339

UUID_PATTERN = r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
# an id is born within the transaction that writes its row, and none lasts as long as this
SLACK = timedelta(hours=1)
LAST_MILLISECOND = 2**48 - 1

Side = Literal["after", "before"]


class Filters(FilterSet):  # type: ignore[misc]
    """The parameters that a list is searched by; each names its schema for OpenAPI."""

    base_filters: ClassVar[dict[str, Any]]

    @classmethod
    def narrow(cls, rows: QuerySet[Any], given: Mapping[str, str]) -> QuerySet[Any]:
        """Keep the rows that are asked for.

        :raises InvalidInput: naming every parameter that is not understood.
        """
        asked = cls({name: value for name, value in given.items() if name in cls.base_filters}, queryset=rows)
        faults = [{"parameter": name, "detail": detail} for name, detail in asked.faults()]
        if faults:
            raise InvalidInput(errors=faults)
        found: QuerySet[Any] = asked.qs
        return found

    def faults(self) -> Iterator[tuple[str, str]]:
        """Every parameter that is not understood; a parameter without a value asks for nothing."""
        for name, value in self.data.items():
            if not value.strip():
                yield name, "This parameter has no value."
            else:
                yield from ((name, detail) for detail in self.form.errors.get(name, ()))


class TextFilter(Filter):  # type: ignore[misc]
    """Exactly this text."""

    says = "Exactly this."
    field_class = forms.CharField

    def __init__(self, field: str, *, max_length: int) -> None:
        self.schema = {"type": "string", "minLength": 1, "maxLength": max_length}
        super().__init__(field, max_length=max_length, strip=False)


class WordFilter(Filter):  # type: ignore[misc]
    """One of a few words."""

    says = "Exactly this."
    field_class = forms.ChoiceField

    def __init__(self, field: str, words: Sequence[str]) -> None:
        self.schema = {"type": "string", "enum": list(words)}
        said = {"invalid_choice": f"One of: {', '.join(words)}."}
        super().__init__(field, choices=[(word, word) for word in words], error_messages=said)


class IdField(forms.RegexField):
    """A uuid as it is shown, in no other of the ways to write one."""

    def __init__(self, **options: Any) -> None:
        said = {"invalid": "A uuid, such as 019aa3f0-0000-7000-8000-000000000000."}
        super().__init__(rf"\A{UUID_PATTERN}\Z", error_messages=said, strip=False, **options)


class IdFilter(Filter):  # type: ignore[misc]
    """Exactly this id."""

    says = "Exactly this."
    field_class = IdField
    schema: ClassVar[dict[str, Any]] = {"type": "string", "format": "uuid", "pattern": f"^{UUID_PATTERN}$"}


class MomentField(forms.Field):
    """A time with its offset."""

    def to_python(self, value: Any) -> datetime | None:
        """Read RFC 3339 and nothing else."""
        if not value:
            return None
        try:
            return datetime.fromisoformat(value).astimezone(UTC) if RFC_3339.fullmatch(value) else _no_time()
        except (ValueError, OverflowError):
            return _no_time()


def _no_time() -> datetime:
    raise ValidationError(AN_INSTANT)


class BornFilter(Filter):  # type: ignore[misc]
    """Rows from this time on, or from before it.

    The ids sort by their time of birth, so the rows are found where the page begins and not by reading on.
    """

    field_class = MomentField
    schema: ClassVar[dict[str, Any]] = {
        "type": "string",
        "format": "date-time",
        "pattern": f"^{RFC_3339.pattern}$",
    }

    def __init__(self, field: str, side: Side) -> None:
        self.side = side
        self.says = "From this time on." if side == "after" else "Before this time."
        super().__init__(field)

    def filter(self, rows: QuerySet[Any], value: datetime | None) -> QuerySet[Any]:
        """Ask for the time that is shown, within the ids of about that time."""
        if value is None:
            return rows
        if self.side == "after":
            return rows.filter(**{f"{self.field_name}__gte": value, "pk__gte": first_id(value, -SLACK)})
        return rows.filter(**{f"{self.field_name}__lt": value, "pk__lt": first_id(value, SLACK)})


def first_id(moment: datetime, later: timedelta = timedelta(0)) -> UUID:
    """The smallest time-ordered uuid (RFC 9562, version 7) of this millisecond, or of one so much later."""
    milliseconds = (moment - datetime(1970, 1, 1, tzinfo=UTC) + later) // timedelta(milliseconds=1)
    return UUID(int=(min(max(milliseconds, 0), LAST_MILLISECOND) << 80) | (7 << 76) | (2 << 62))
