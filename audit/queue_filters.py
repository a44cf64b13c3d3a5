"""What the review queue is narrowed by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from audit import eligibility, subjects
from audit.approving import claims, delegations
from audit.models import Claim
from core.database.expressions import ClockNow
from core.database.unit import current
from core.web.admin import person_of, role_of

CLOSED = ("granted", "rejected", "changes_requested", "superseded", "withdrawn")


def mine(request: HttpRequest) -> Q:
    """Pick what the person who looks can decide now."""
    person = person_of(request)
    return eligibility.decidable(
        by=person,
        role=role_of(request),
        works_in=current().tenant,
        lent=delegations.held_by(person),
    )


class State(admin.SimpleListFilter):
    """By what became of the request; what waits comes first and unasked."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer every end a request can take, and what is late."""
        return [(name, name.replace("_", " ")) for name in ("overdue", "expired", *CLOSED, "all")]

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        """Offer them after the default."""
        for value, words_for in [(None, "waiting"), *self.lookup_choices]:
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string(
                    {self.parameter_name: value} if value else {}, [] if value else [self.parameter_name]
                ),
                "display": str(words_for).capitalize(),
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the requests in this state."""
        chosen = self.value()
        if chosen == "all":
            return queryset
        if chosen in CLOSED:
            return queryset.filter(status=chosen)
        if chosen == "expired":
            return queryset.filter(status="open", expires_at__lte=ClockNow())
        waiting = queryset.filter(status="open", expires_at__gt=ClockNow())
        return waiting.filter(due_at__lte=ClockNow()) if chosen == "overdue" else waiting


class ForYou(admin.SimpleListFilter):
    """By whether the person who looks can decide."""

    title = "who decides"
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer what waits for this person."""
        return [("1", "Mine to decide")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep what this person can decide now."""
        if self.value() != "1":
            return queryset
        return queryset.filter(mine(request))


class Claimed(admin.SimpleListFilter):
    """By whether somebody is looking at it."""

    title = "who looks at it"
    parameter_name = "claimed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer both."""
        return [("0", "Nobody"), ("1", "Somebody")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the requests that somebody looks at, or that nobody does."""
        if self.value() not in {"0", "1"}:
            return queryset
        claimed = Exists(
            Claim.objects.filter(
                request=OuterRef("pk"), released_at=None, claimed_at__gt=ClockNow() - claims.LASTS
            )
        )
        return queryset.filter(claimed if self.value() == "1" else ~claimed)


class Kind(admin.SimpleListFilter):
    """By what is decided on."""

    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the kinds the rooms know."""
        return [(action, noun.capitalize()) for action, noun in subjects.kinds().items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the requests of this kind."""
        chosen = self.value()
        return queryset.filter(action=chosen) if chosen in subjects.kinds() else queryset


class Type(admin.SimpleListFilter):
    """By the type of what is proposed."""

    title = "type"
    parameter_name = "type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Offer the types the rooms know."""
        return [(name, name.capitalize()) for name in subjects.types()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the requests about this type."""
        chosen = self.value()
        return queryset.filter(subjects.of_type(chosen)) if chosen in subjects.types() else queryset
