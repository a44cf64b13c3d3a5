"""The second factor of staff: an authenticator app, and recovery codes for the day it is lost.

django-otp keeps the devices, slows down who guesses, and takes each code once. Of a recovery code only a
digest is kept; the app's secret is shown on the page that sets it up, and nowhere else.
"""

from __future__ import annotations

import io
import re
import secrets
from base64 import b32encode
from hashlib import sha256
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_otp import login, verify_token
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from core.access.models import User

# sent in the unit of what happened, with `action`, `person`, `by` and `reason`
happened = Signal()
RECOVERY_CODES = 10
SIX_DIGITS = re.compile(r"[0-9]{6}")


class CodeForm(forms.Form):
    """The code that the app shows."""

    code = forms.CharField(
        max_length=6,
        label="Code",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


def is_enrolled(person: User) -> bool:
    """Whether this person has confirmed a device."""
    return bool(TOTPDevice.objects.filter(user_id=person.pk, confirmed=True).exists())


def is_given(request: HttpRequest) -> bool:
    """Whether this session may work: where the second factor is required, only once it was given."""
    person: Any = request.user
    return not settings.SECOND_FACTOR_REQUIRED or person.is_verified()


def device_that_accepts(person: User, code: str) -> Any:
    """Take a code of the app or a recovery code, once; None where it is not accepted."""
    kind = TOTPDevice if SIX_DIGITS.fullmatch(code) else StaticDevice
    device = kind.objects.filter(user_id=person.pk, confirmed=True).first()
    # who typed no code guessed none: the device is not slowed down by it
    if device is None or not code:
        return None
    token = code if kind is TOTPDevice else _digest(code)
    accepted = verify_token(person, device.persistent_id, token)
    if accepted and kind is StaticDevice:
        happened.send(User, action="second_factor:recover", person=person, by=person, reason="")
    return accepted


def reset(person: User, *, by: User | None, reason: str) -> int:
    """Forget somebody's device and recovery codes; they set up another one at the next login."""
    gone = [kind.objects.filter(user_id=person.pk).delete()[0] for kind in (TOTPDevice, StaticDevice)]
    happened.send(User, action="second_factor:reset", person=person, by=by, reason=reason)
    return sum(gone)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """Set up an app: show its secret, ask for a code, then show the recovery codes once.

    A wrong code is answered with 200, because an answer of 400 and above would undo that it was counted.
    """
    person = request.user
    if not isinstance(person, User):
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    if not person.is_staff or person.status != "active":
        raise PermissionDenied
    if is_enrolled(person):
        return redirect("admin:index")
    form = CodeForm(request.POST or None)
    page = {**context, "title": "Set up your second factor", "form": form}
    device = _offered(person, anew=request.method != "POST")
    if form.is_valid():
        if _confirmed(person, device, form.cleaned_data["code"]):
            login(request, device)
            request.session.cycle_key()
            return TemplateResponse(
                request, "admin/second_factor.html", {**page, "codes": _new_codes(person)}
            )
        form.add_error("code", "This code is wrong or was used. Wait for the next one and type that.")
    secret = b32encode(device.bin_key).decode()
    return TemplateResponse(
        request, "admin/second_factor.html", {**page, "secret": secret, "drawn": _drawn(device.config_url)}
    )


def _offered(person: User, *, anew: bool) -> Any:
    mine = TOTPDevice.objects.filter(user_id=person.pk, confirmed=False)
    if anew:
        # nobody who saw an earlier page knows this secret
        mine.delete()
    return mine.first() or TOTPDevice.objects.create(
        user_id=person.pk, name="Authenticator app", confirmed=False
    )


def _confirmed(person: User, device: Any, code: str) -> bool:
    locked = TOTPDevice.objects.select_for_update().filter(pk=device.pk, confirmed=False).first()
    if locked is None or not SIX_DIGITS.fullmatch(code) or not locked.verify_token(code):
        return False
    locked.confirmed = True
    locked.save(update_fields=["confirmed"])
    happened.send(User, action="second_factor:enrol", person=person, by=person, reason="")
    return True


def _new_codes(person: User) -> list[str]:
    StaticDevice.objects.filter(user_id=person.pk).delete()
    kept = StaticDevice.objects.create(user_id=person.pk, name="Recovery codes")
    codes = ["-".join(re.findall("....", secrets.token_hex(8))) for _ in range(RECOVERY_CODES)]
    StaticToken.objects.bulk_create([StaticToken(device=kept, token=_digest(code)) for code in codes])
    return codes


def _digest(code: str) -> str:
    # as long as the column is; a code has 64 random bits, so nobody finds it from this
    return sha256(re.sub(r"[\s-]", "", code).lower().encode()).hexdigest()[:16]


def _drawn(address: str) -> SafeString:
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", xmldecl=False, scale=5, light="#fff", svgclass="qr", lineclass=None
    )
    return mark_safe(drawn.getvalue().decode())  # noqa: S308 - paths and numbers, drawn by ourselves
