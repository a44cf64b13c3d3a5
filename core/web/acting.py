"""Pages on which people do something: a form with a reason, one verb, and its refusal in place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.db import Error as DatabaseFailure
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from core.refusals import Refusal, translate

T = TypeVar("T")
UNPROCESSABLE = 422
SHORTEST_REASON, LONGEST_REASON = 10, 4000


class ReasonForm(forms.Form):
    """Why it is done, for the audit log."""

    reason = forms.CharField(
        min_length=SHORTEST_REASON, max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3})
    )


def done(do: Callable[[], T]) -> T | Refusal:
    """Do it whole or not at all; what refused it is answered, and not raised."""
    try:
        with transaction.atomic():
            return do()
    except (Refusal, DatabaseFailure) as error:
        refusal = translate(error)
        if refusal is None:
            raise
        return refusal


def page(
    request: HttpRequest, template: str, form: forms.Form, refusal: Refusal | None = None, **shown: Any
) -> HttpResponse:
    """The form, with everything that was wrong with it; never kept by a browser."""
    context = {**admin.site.each_context(request), "form": form, "refusal": refusal, **shown}
    status = refusal.status if refusal else UNPROCESSABLE if form.errors else 200
    answer = TemplateResponse(request, template, context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
