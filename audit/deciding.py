"""The form on which a person decides, and the one place that carries it to the verbs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils import timezone

from audit import approvals, reauthentications
from audit.approving.refusals import DelegationIsNotInForce
from audit.models import ApprovalDecision, Delegation
from audit.refusals import DigestDiffers
from core.access.models import User
from core.refusals import ReasonTooShort

VERBS = {
    "approve": approvals.approve,
    "request_changes": approvals.request_changes,
    "reject": approvals.reject,
    "abstain": approvals.abstain,
    "break_glass": approvals.break_glass,
}
SHORTEST_REASON, LONGEST_REASON = 10, 4000
DIGEST_BYTES = 32
SIGNER = Signer(salt="audit.deciding")


class ProvedForm(forms.Form):
    """A reason, and the password that makes the word one's own."""

    reason = forms.CharField(
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": ReasonTooShort().message, "min_length": ReasonTooShort().message},
    )
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Type the password you log in with."},
    )

    def full_clean(self) -> None:
        """Say of each field that is wrong that it is, for those who do not see its colour."""
        super().full_clean()
        for name in self.errors.keys() & self.fields.keys():
            described = {"aria-invalid": "true", "aria-describedby": f"id_{name}_error"}
            self.fields[name].widget.attrs.update(described)


class DecisionForm(ProvedForm):
    """A verdict over one digest."""

    verdict = forms.ChoiceField(choices=[(name, name) for name in VERBS])
    digest = forms.CharField(widget=forms.HiddenInput)
    delegation = forms.UUIDField(required=False, widget=forms.HiddenInput)
    opened = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    field_order = ("verdict", "delegation", "digest", "reason", "password")

    def clean_delegation(self) -> Delegation | None:
        """Find the delegation by which the person decides; None in their own role."""
        wanted = self.cleaned_data["delegation"]
        found = Delegation.objects.filter(pk=wanted).first() if wanted else None
        if wanted and found is None:
            raise ValidationError(DelegationIsNotInForce().message)
        return found

    def clean_digest(self) -> bytes:
        """Read the 64 hex digits of the page the person saw."""
        try:
            seen = bytes.fromhex(self.cleaned_data["digest"])
        except ValueError:
            seen = b""
        if len(seen) != DIGEST_BYTES:
            raise ValidationError(DigestDiffers().message)
        return seen


def opened_now(shown: Collection[UUID], *, by: User) -> str:
    """When the page was shown, to whom and about which requests, signed so that it comes back as it was."""
    about = [str(request_id) for request_id in shown]
    return SIGNER.sign_object([about, str(by.pk), timezone.now().timestamp()])


def read_for(opened: str, decided: Collection[UUID], *, by: User) -> timedelta | None:
    """For how long each request on the page was before this person; None where nothing says it.

    Nobody knows how a person parts their time between the requests of a list, only how long they had it all.
    So each has an equal share of that: the shares add up to the time that there was, and a list that is
    approved as fast as one request counts as read as little as it was.
    """
    try:
        shown, whom, when = SIGNER.unsign_object(opened)
    except (BadSignature, ValueError):
        return None
    if whom != str(by.pk) or not {str(request_id) for request_id in decided} <= set(shown):
        return None
    # another process may have shown it, whose clock goes a little ahead
    return max(timedelta(seconds=timezone.now().timestamp() - when), timedelta(0)) / len(shown)


def decide(request_id: UUID, form: DecisionForm, *, by: User) -> ApprovalDecision:
    """Make the word of a valid form this person's decision, or leave nothing behind.

    :raises WrongPassword: and every refusal of the guards.
    """
    said = form.cleaned_data
    with transaction.atomic():
        proof = reauthentications.confirm(said["password"], by=by)
        return VERBS[said["verdict"]](
            request_id,
            digest=said["digest"],
            reauthentication=proof,
            delegation=said["delegation"],
            by=by,
            reason=said["reason"],
            read_for=read_for(said["opened"], [request_id], by=by),
        )
