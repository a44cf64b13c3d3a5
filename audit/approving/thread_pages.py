"""What people do beside deciding on the review page: claim, release, comment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from audit import subjects
from audit.approving import claims, comments
from audit.models import ApprovalRequest
from core.access.models import User
from core.refusals import Refusal
from core.web import acting
from core.web.admin import person_of
from core.web.tenants import refuse_elsewhere


class CommentForm(forms.Form):
    """What a person has to say."""

    body = forms.CharField(max_length=comments.LONGEST, widget=forms.Textarea(attrs={"rows": 3}))


def _claim(asked: ApprovalRequest, said: str, *, by: User) -> object:
    return claims.claim(asked.pk, by=by)


def _release(asked: ApprovalRequest, said: str, *, by: User) -> object:
    return claims.release(asked.pk, by=by)


def _comment(asked: ApprovalRequest, said: str, *, by: User) -> object:
    return comments.comment(asked.pk, said, by=by)


DEEDS: dict[str, tuple[Callable[..., object], str]] = {
    "claim": (_claim, "The others see that you are looking at it."),
    "release": (_release, "The others see that you look at it no more."),
    "comment": (_comment, "Your comment is part of the thread."),
}


def do(request: HttpRequest, asked: ApprovalRequest, deed: str) -> HttpResponse:
    """Do it, and go back to the page, which says what came of it."""
    form = CommentForm(request.POST)
    refusal: Any = None
    if deed == "comment" and not form.is_valid():
        refusal = " ".join(map(str, form.errors["body"]))
    else:
        said = acting.done(lambda: _done(asked, deed, form, by=person_of(request)))
        refusal = f"{said.message} {said.hint}" if isinstance(said, Refusal) else None
    if refusal:
        messages.error(request, refusal)
    else:
        messages.success(request, DEEDS[deed][1])
    return redirect(subjects.review_url(asked.pk))


def _done(asked: ApprovalRequest, deed: str, form: CommentForm, *, by: User) -> object:
    refuse_elsewhere(asked.tenant_id)
    said = form.cleaned_data["body"] if deed == "comment" else ""
    return DEEDS[deed][0](asked, said, by=by)
