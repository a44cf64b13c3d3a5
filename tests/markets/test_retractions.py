"""A published event is taken back by staff, once, with a reason, and stays to be seen."""

from __future__ import annotations

from uuid import UUID

import pytest

from audit.models import AuditEvent
from core.access.models import User
from core.database.unit import unit
from core.messaging.models import OutboxEvent
from core.refusals import NotAllowed, NotFound, ReasonTooShort
from markets import publishing
from markets.event_refusals import EventIsRetractedOnce
from markets.models import Event, Market, Retraction
from tests.events import (
    publish_event,
)
from tests.factories import REASON, World, acting, as_staff, open_market
from tests.raw import denied, failing, refused, run

pytestmark = pytest.mark.django_db

RETRACT = "INSERT INTO event_retractions (event_id, retracted_by, reason) VALUES (%s, %s, %s)"


@pytest.fixture
def market(world: World) -> Market:
    return open_market(world.proposal, world.grace)


class TestRetracting:
    @pytest.fixture
    def event(self, world: World, market: Market) -> Event:
        return publish_event(world, market)

    def retract(self, event: Event, by: User, reason: str = REASON) -> Retraction:
        with as_staff(by, event.tenant_id):
            return publishing.retract(event.pk, by=by, reason=reason)

    @pytest.mark.parametrize("who", ["grace", "alan", "root"])
    def test_is_for_admins_and_the_platform(self, world: World, event: Event, who: str) -> None:
        by = getattr(world, who)

        made = self.retract(event, by)

        assert (made.event_id, made.retracted_by_id, made.tenant_id) == (event.pk, by.pk, world.acme.pk)
        assert Event.objects.get().summary == event.summary
        assert OutboxEvent.objects.get(event_type="event.retracted").entity_id == str(event.pk)
        assert AuditEvent.objects.filter(entity_type="event_retractions", action="event:retract").count() == 1

    @pytest.mark.parametrize("who", ["edith", "vera", "scout"])
    def test_is_not_for_others(self, world: World, event: Event, who: str) -> None:
        by = getattr(world, who)

        with pytest.raises(NotAllowed):
            self.retract(event, by)
        with acting(by, "staff"), refused("retraction_is_by_staff"):
            run(RETRACT, event.pk, by.pk, REASON)

    def test_is_not_for_another_tenants_admin(self, world: World, event: Event) -> None:
        with as_staff(world.boris), pytest.raises(NotFound):
            publishing.retract(event.pk, by=world.boris, reason=REASON)
        with acting(world.boris, "staff"), refused("retraction_is_by_staff"):
            run(RETRACT, event.pk, world.boris.pk, REASON)

    def test_is_in_ones_own_name(self, world: World, event: Event) -> None:
        with as_staff(world.grace), refused("retraction_is_ones_own"):
            run(RETRACT, event.pk, world.alan.pk, REASON)

    def test_is_not_for_a_disabled_admin(self, world: World, event: Event) -> None:
        run("UPDATE users SET status = 'disabled' WHERE id = %s", world.grace.pk)

        with as_staff(world.grace), refused("retraction_is_by_staff"):
            run(RETRACT, event.pk, world.grace.pk, REASON)

    def test_says_why(self, world: World, event: Event) -> None:
        with pytest.raises(ReasonTooShort):
            self.retract(event, world.grace, "Wrong.")
        with as_staff(world.grace), refused("reason_is_given"):
            run(RETRACT, event.pk, world.grace.pk, "Wrong.")

    def test_happens_once(self, world: World, event: Event) -> None:
        self.retract(event, world.grace)

        with failing() as caught:
            self.retract(event, world.alan)
        assert "event_is_retracted_once" in str(caught.value)
        with as_staff(world.alan), refused(EventIsRetractedOnce.code):
            run(RETRACT, event.pk, world.alan.pk, REASON)

    def test_is_of_an_event_that_is_there(self, world: World) -> None:
        with as_staff(world.grace), refused("retraction_has_a_known_event"):
            run(RETRACT, UUID(int=9), world.grace.pk, REASON)

    @pytest.mark.parametrize(
        "statement",
        ["UPDATE event_retractions SET reason = 'Never mind that.'", "DELETE FROM event_retractions"],
    )
    def test_stays(self, world: World, event: Event, statement: str) -> None:
        self.retract(event, world.grace)

        with refused("retraction_never_changes"):
            run(statement)

    @pytest.mark.parametrize("role", ["api", "worker"])
    def test_is_nothing_for_the_api(self, world: World, event: Event, role: str) -> None:
        with unit(role, tenant=world.acme.pk, actor=world.grace.pk), denied("event_retractions"):
            run(RETRACT, event.pk, world.grace.pk, REASON)

    def test_is_never_emptied_at_one_stroke(self) -> None:
        with refused("retraction_never_changes"):
            run("TRUNCATE event_retractions")
