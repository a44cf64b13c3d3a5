"""People in templates, written as everywhere else."""

from __future__ import annotations

from django import template
from django.db.models import Model

from core.web import words

register = template.Library()


@register.filter
def who(row: Model, field: str) -> str:
    """Whom a row names in this field: `{{ decision|who:"reviewer" }}`."""
    return words.who(row, field)
