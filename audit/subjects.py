"""What requests are about, in the words of the rooms that own the subjects.

The queue shows every request, whatever its action, and knows no room above. A room says here how the
subjects of one of its actions are named, found and reviewed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from django.db.models import Q
from django.urls import reverse

from audit.models import ApprovalRequest
from audit.reading import Reading
from core.access.models import User


@dataclass(frozen=True)
class Description:
    """A subject in a few words: what it says, what it is called, and of which type it is."""

    title: str
    name: str
    type: str


class Read(Protocol):
    """Reads what a request puts to people."""

    def __call__(self, asked: ApprovalRequest, about: Sequence[ApprovalRequest], *, by: User) -> Reading:
        """Say everything that a decision needs.

        :param about: every request about the same subject and action, the oldest first.
        :param by: who reads, in whose name evidence that is found damaged is quarantined.
        """


@dataclass(frozen=True)
class Presentation:
    """How a room presents the subjects of one action.

    :ivar noun: what is decided on, in one word ("market").
    :ivar describe: descriptions by request id, in a number of queries that does not grow with the requests.
    :ivar read: everything a person reads before they decide on a request.
    :ivar types: the types there are.
    :ivar of_type: picks the requests about subjects of a type.
    :ivar named: picks the requests about subjects whose name begins so.
    """

    noun: str
    describe: Callable[[Sequence[ApprovalRequest]], Mapping[UUID, Description]]
    read: Read
    types: Sequence[str]
    of_type: Callable[[str], Q]
    named: Callable[[str], Q]


_presentations: dict[str, Presentation] = {}


def register(action: str, presentation: Presentation) -> None:
    """Say how the subjects of `action` are presented."""
    _presentations[action] = presentation


def describe(requests: Iterable[ApprovalRequest]) -> dict[UUID, Description]:
    """Name the subjects of these requests; one that no room presents is named by its action and id."""
    by_action: dict[str, list[ApprovalRequest]] = {}
    for request in requests:
        by_action.setdefault(request.action, []).append(request)
    described = {
        request.pk: Description(request.action, str(request.subject_id), "")
        for of_action in by_action.values()
        for request in of_action
    }
    for action, of_action in by_action.items():
        if action in _presentations:
            described.update(_presentations[action].describe(of_action))
    return described


def noun(action: str) -> str:
    """What an action is about, in one word."""
    return _presentations[action].noun if action in _presentations else action


def kinds() -> dict[str, str]:
    """What each presented action is about, by the action."""
    return {action: known.noun for action, known in _presentations.items()}


def presented(action: str) -> Presentation | None:
    """The presentation of an action; None where no room gave one."""
    return _presentations.get(action)


def review_url(request_id: UUID) -> str:
    """Where the request of this id is reviewed."""
    return reverse("admin:audit_review", args=[request_id])


def types() -> tuple[str, ...]:
    """Every type of subject, in the order of the rooms."""
    return tuple(dict.fromkeys(word for known in _presentations.values() for word in known.types))


def of_type(wanted: str) -> Q:
    """Pick the requests about subjects of this type."""
    return _any_of(known.of_type(wanted) for known in _presentations.values() if wanted in known.types)


def named(beginning: str) -> Q:
    """Pick the requests about subjects whose name begins so."""
    return _any_of(known.named(beginning) for known in _presentations.values())


def _any_of(conditions: Iterable[Q]) -> Q:
    picked = Q(pk__in=[])
    for condition in conditions:
        picked |= condition
    return picked
