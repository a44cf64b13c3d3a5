"""What people read before they decide on another policy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from audit import subjects
from audit.comparison import Layout, compare
from audit.models import ApprovalPolicy, ApprovalRequest
from audit.policies import CHANGE
from audit.policing.content import PolicyContent
from audit.policing.models import PolicyChange, PolicyVersion
from audit.reading import Check, Link, Made, Reading
from core.access.models import PLATFORM_TENANT_ID, User

LAYOUT = Layout(
    order=(
        "required_roles",
        "needs_reauthentication",
        "publishes_by_itself",
        "request_lifetime_seconds",
        "due_after_seconds",
        "grant_lifetime_seconds",
        "explanation",
        "action",
        "risk",
    ),
    labels={
        "required_roles": "who approves",
        "needs_reauthentication": "password each time",
        "publishes_by_itself": "nobody is asked",
        "request_lifetime_seconds": "seconds to decide",
        "due_after_seconds": "escalated after seconds",
        "grant_lifetime_seconds": "seconds to use it",
        "explanation": "why",
        "instead_of": "instead of the policy set by",
    },
)
EFFECT = "puts this policy into force at once; what was asked before keeps the policy it was asked under"


def read(asked: ApprovalRequest, about: Sequence[ApprovalRequest], *, by: User) -> Reading:
    """Say what the policy would be, and what of it is another than now."""
    change = PolicyChange.objects.get(pk=asked.subject_id)
    content = json.loads(bytes(change.canonical))
    made = PolicyVersion.objects.filter(change=change).first()
    before = _before(change, made)
    return Reading(
        title=f"Who approves {change.action} at {change.risk} risk",
        name=change.action,
        kind="another approval policy",
        wording="the proposed policy",
        before="the policy before it" if before else "",
        effect=EFFECT,
        done="the policy is in force",
        rows=compare(before, content, LAYOUT),
        wordings={row.pk: "the proposed policy" for row in about},
        checks=[_people(content), *([] if made else [_still_stands(change, content)])],
        place=Link("Policies", reverse("admin:audit_approvalpolicy_changelist")),
        made=_made(change, made),
        related=Q(action=CHANGE, subject_id__in=_same_policy(change)),
    )


def _before(change: PolicyChange, made: PolicyVersion | None) -> dict[str, Any] | None:
    """What stands, or stood before this was put into force."""
    if made is not None:
        earlier = PolicyVersion.objects.filter(
            action=made.action, risk=made.risk, number=made.number - 1
        ).first()
        return json.loads(bytes(earlier.change.canonical)) if earlier else None
    standing = _standing(change)
    if standing is None:
        return None
    instead_of = str(standing.set_by_audit_id) if standing.set_by_audit_id else None
    return {**PolicyContent.of(standing).written(), "instead_of": instead_of, "explanation": ""}


def _standing(change: PolicyChange) -> ApprovalPolicy | None:
    return ApprovalPolicy.objects.filter(action=change.action, risk=change.risk).first()


def _people(content: Mapping[str, Any]) -> Check:
    """Whether people of the platform alone could meet it; every tenant has others of its own."""
    missing = [
        f"{count} {role}" for role, count in content["required_roles"].items() if _holders(role) < count
    ]
    if missing:
        said = f"the platform has fewer than {', '.join(missing)}; a tenant needs people of its own for it"
        return Check(passed=None, subject="people", said=said)
    return Check(passed=True, subject="people", said="people of the platform alone could meet it")


def _holders(role: str) -> int:
    reaching = ("admin", "super-admin") if role == "admin" else ("super-admin",)
    staff = User.objects.filter(tenant_id=PLATFORM_TENANT_ID, kind="person", status="active", is_staff=True)
    return staff.filter(roles__role__in=reaching).distinct().count()


def _still_stands(change: PolicyChange, content: Mapping[str, Any]) -> Check:
    standing = _standing(change)
    instead_of = str(standing.set_by_audit_id) if standing and standing.set_by_audit_id else None
    if instead_of == content["instead_of"]:
        return Check(passed=True, subject="policy", said="nobody changed it since this was proposed")
    return Check(passed=False, subject="policy", said="it was changed since this was proposed")


def _made(change: PolicyChange, made: PolicyVersion | None) -> Made | None:
    standing = _standing(change)
    if made is None or standing is None:
        return None
    page = reverse("admin:audit_approvalpolicy_change", args=[standing.pk])
    return Made(f"Version {made.number} of the policy", page, made.pk)


def _same_policy(change: PolicyChange) -> Any:
    return PolicyChange.objects.filter(action=change.action, risk=change.risk).values("pk")


def _describe(requests: Sequence[ApprovalRequest]) -> Mapping[UUID, subjects.Description]:
    found = PolicyChange.objects.in_bulk([row.subject_id for row in requests])
    return {
        row.pk: subjects.Description(
            f"Who approves {found[row.subject_id].action} at {found[row.subject_id].risk} risk",
            found[row.subject_id].action,
            "",
        )
        for row in requests
        if row.subject_id in found
    }


def _of_type(wanted: str) -> Q:
    return Q(pk__in=[])


def _named(beginning: str) -> Q:
    changes = PolicyChange.objects.filter(action__startswith=beginning.lower())
    return Q(action=CHANGE, subject_id__in=changes.values("pk"))


PRESENTATION = subjects.Presentation(
    noun="policy", describe=_describe, read=read, types=(), of_type=_of_type, named=_named
)
