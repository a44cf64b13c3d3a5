"""On the policies' pages, people of the platform propose, and everybody reads who must approve what."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from audit.models import PolicyChange
from tests.audit.policing.people import (
    WHY,
    Platform,
    asked_about,
    make_platform,
    propose,
    standing,
    wanted,
)
from tests.audit.voting import by_verb
from tests.factories import World
from tests.staff import browser

pytestmark = pytest.mark.django_db

FORM = {
    "admins": "1",
    "super_admins": "1",
    "request_hours": "24",
    "due_hours": "2",
    "grant_hours": "24",
    "needs_reauthentication": "on",
    "reason": WHY,
}


@pytest.fixture
def platform(world: World) -> Platform:
    return make_platform(world)


def sent(platform: Platform, **changes: str) -> Any:
    return browser(platform.root).post(page(), {**FORM, **changes})


def page() -> str:
    return reverse("admin:audit_policy_propose", args=[standing().pk])


def text(answer: Any) -> str:
    found: str = answer.content.decode()
    return found


def test_the_form_shows_the_policy_as_it_is(platform: Platform) -> None:
    form = browser(platform.root).get(page()).context["form"]

    assert {name: form.initial[name] for name in ("admins", "super_admins", "due_hours")} == {
        "admins": 1,
        "super_admins": 0,
        "due_hours": 12.0,
    }


def test_a_person_of_the_platform_proposes_and_is_led_to_the_review(platform: Platform) -> None:
    answer = sent(platform)

    change = PolicyChange.objects.get()
    asked = asked_about(change)
    assert (answer.status_code, str(asked.pk) in answer.headers["Location"]) == (302, True)
    shown = text(browser(platform.sue).get(answer.headers["Location"]))
    assert "Who approves market:create at low risk" in shown
    assert WHY in shown
    assert bytes(asked.digest).hex() in shown
    assert "people of the platform alone could meet it" in shown
    # what would happen was tried: the version, and the policy
    assert "nobody changed it since this was proposed" in shown


def test_the_last_vote_is_tried_on_the_review_page(platform: Platform) -> None:
    asked = asked_about(propose(platform.root))
    by_verb(asked, platform.sue)

    trial = browser(platform.ada).get(reverse("admin:audit_review", args=[asked.pk])).context["trial"]

    assert trial.refusal is None
    assert ("new", "approval_policy_versions") in [(step.sign, step.what) for step in trial.steps]
    assert ("changed", "approval_policies") in [(step.sign, step.what) for step in trial.steps]
    assert ("sent", "policy.changed") in [(step.sign, step.what) for step in trial.steps]
    assert standing().set_by_audit_id is None


def test_a_policy_that_few_could_meet_is_said_to_be_one(platform: Platform) -> None:
    asked = asked_about(propose(platform.root, wanted(required_roles={"super-admin": 9})))

    shown = text(browser(platform.sue).get(reverse("admin:audit_review", args=[asked.pk])))

    assert "the platform has fewer than 9 super-admin" in shown


def test_the_receipt_leads_to_the_policy_and_the_policy_to_what_people_decided(
    world: World, platform: Platform
) -> None:
    asked = asked_about(propose(platform.root))
    for person in (platform.sue, platform.ada):
        by_verb(asked, person)
    here = reverse("admin:audit_approvalpolicy_change", args=[standing().pk])

    receipt = text(browser(platform.root).get(reverse("admin:audit_receipt", args=[asked.pk])))
    policy, elsewhere = text(browser(platform.root).get(here)), text(browser(world.vera).get(here))

    assert here in receipt
    assert reverse("admin:audit_receipt", args=[asked.pk]) in policy
    assert "by the platform" in elsewhere
    assert str(asked.pk) not in elsewhere


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"admins": "10"}, "less than or equal to 9"),
        ({"reason": "short"}, "at least 10 characters"),
        ({"admins": "0", "super_admins": "0"}, "No policy can say this"),
        ({"due_hours": "25"}, "No policy can say this"),
        ({"publishes_by_itself": "on"}, "No policy can say this"),
        ({"super_admins": "0", "due_hours": "12"}, "says this already"),
        ({"request_hours": "nan"}, "Enter a number"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_proposed(
    platform: Platform, changes: dict[str, str], said: str
) -> None:
    answer = sent(platform, **changes)

    assert answer.status_code == 422
    assert said in text(answer)
    assert not PolicyChange.objects.exists()


def test_it_is_proposed_in_the_platforms_own_tenant(world: World, platform: Platform) -> None:
    client = browser(platform.root)
    client.post("/admin/tenant/", {"tenant": str(world.acme.pk)})

    answer = client.post(page(), FORM)

    assert (answer.status_code, PolicyChange.objects.exists()) == (409, False)


def test_it_is_offered_to_people_of_the_platform_alone(world: World, platform: Platform) -> None:
    here = reverse("admin:audit_approvalpolicy_change", args=[standing().pk])

    assert "/propose/" in text(browser(platform.ada).get(here))
    nowhere = reverse("admin:audit_policy_propose", args=[world.acme.pk])
    assert browser(platform.ada).get(nowhere).status_code == 404
    for person in (world.alan, world.vera):
        assert "/propose/" not in text(browser(person).get(here))
        assert browser(person).get(page()).status_code == 403
        assert browser(person).post(page(), FORM).status_code == 403


def test_the_queue_finds_it_by_its_action(platform: Platform) -> None:
    propose(platform.root)

    shown = text(browser(platform.sue).get("/admin/audit/approvalrequest/?q=market:cr"))

    assert "Who approves market:create at low risk" in shown
