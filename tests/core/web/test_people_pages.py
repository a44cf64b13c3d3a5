"""Roles, standing and entitlements are changed in the admin, each with a reason, by whoever may."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from audit.models import AuditEvent
from core.access.entitlements import UserEntitlement
from core.access.models import User
from tests.factories import REASON, World
from tests.staff import browser

pytestmark = pytest.mark.django_db

LIMITS = {
    "asset_classes": "sports technology",
    "instruments": "A-*",
    "venues": "",
    "max_notional": "10.5",
    "proposals_per_minute": "1",
    "writes_per_minute": "2",
    "open_proposals": "3",
}


def move(client: Client, user: User, name: str, **given: str) -> Any:
    return client.post(f"/admin/core/user/{user.pk}/move/{name}/", {"reason": REASON, **given})


def shown(client: Client, user: User) -> str:
    return client.get(f"/admin/core/user/{user.pk}/change/").content.decode()


def now(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_a_role_is_granted_and_revoked(world: World) -> None:
    grace = browser(world.grace)

    answer = move(grace, world.vera, "grant", role="admin")
    after = now(world.vera).role
    move(grace, world.vera, "revoke", role="admin")

    assert answer.headers["Location"] == f"/admin/core/user/{world.vera.pk}/change/"
    assert (after, now(world.vera).role) == ("admin", "viewer")
    event = AuditEvent.objects.get(action="role:grant")
    assert (event.actor_id, (event.metadata or {})["reason"]) == (world.grace.pk, REASON)


def test_somebody_is_disabled_and_enabled(world: World) -> None:
    grace = browser(world.grace)

    move(grace, world.scout, "disable")
    stopped = now(world.scout).status
    move(grace, world.scout, "enable")

    assert (stopped, now(world.scout).status) == ("disabled", "active")


def test_somebody_is_entitled_whole(world: World) -> None:
    move(browser(world.grace), world.scout, "entitle", **LIMITS)

    held = UserEntitlement.objects.get(user=world.scout)
    assert (held.asset_classes, held.instruments, held.venues) == (["sports", "technology"], ["A-*"], [])
    assert (held.rfq_rate_limit, held.order_rate_limit, held.max_open_orders) == (1, 2, 3)
    assert "sports" in shown(browser(world.grace), world.scout)


@pytest.mark.parametrize("policy", ["hmac", "ed25519"])
def test_somebody_has_to_sign(world: World, policy: str) -> None:
    move(browser(world.grace), world.scout, "sign", policy=policy)

    assert now(world.scout).signature_policy == policy
    assert AuditEvent.objects.get(action="user:require_signature").actor_id == world.grace.pk


@pytest.mark.parametrize(
    ("case", "given", "status", "said"),
    [
        ("grace vera grant", {"role": "super-admin"}, 403, "role_is_granted_from_above"),
        ("grace grace grant", {"role": "viewer"}, 403, "nobody_changes_their_own_roles"),
        ("grace scout grant", {"role": "viewer"}, 422, "only_persons_hold_roles"),
        ("grace vera grant", {"role": "viewer"}, 409, "role_is_held_already"),
        ("grace vera revoke", {"role": "admin"}, 409, "role_is_not_held"),
        ("grace grace disable", {}, 403, "nobody_changes_their_own_roles"),
        ("root vera disable", {}, 409, "Work in acme"),
        ("grace vera grant", {"role": "owner"}, 422, "not one of the available choices"),
        ("grace vera disable", {"reason": "short"}, 422, "at least 10 characters"),
        ("grace scout entitle", {**LIMITS, "max_notional": "-1"}, 422, "greater than or equal to 0"),
        ("grace scout entitle", {**LIMITS, "open_proposals": "x"}, 422, "Enter a whole number"),
    ],
)
def test_what_is_refused_is_said_in_place(
    world: World, case: str, given: dict[str, str], status: int, said: str
) -> None:
    who, about, name = case.split()
    before = AuditEvent.objects.count()

    answer = move(browser(getattr(world, who)), getattr(world, about), name, **given)

    assert answer.status_code == status
    assert said in answer.content.decode()
    assert AuditEvent.objects.count() == before


@pytest.mark.parametrize("name", ["grant", "revoke", "disable", "enable", "entitle"])
def test_it_is_not_for_who_may_not_nor_for_other_tenants(world: World, name: str) -> None:
    before = AuditEvent.objects.count()

    answers = [move(browser(person), world.scout, name, **LIMITS) for person in (world.vera, world.edith)]
    foreign = move(browser(world.boris), world.scout, name, **LIMITS)

    assert [answer.status_code for answer in answers] == [403, 403]
    assert foreign.status_code == 404
    assert AuditEvent.objects.count() == before


def test_an_unknown_move_does_not_exist(world: World) -> None:
    assert move(browser(world.grace), world.scout, "explode").status_code == 404


def test_a_page_offers_what_can_be_done(world: World) -> None:
    of_a_person, of_an_agent = (shown(browser(world.grace), user) for user in (world.vera, world.scout))

    assert all(f"/move/{name}/" in of_a_person for name in ("grant", "revoke", "disable", "entitle"))
    assert "/move/enable/" not in of_a_person
    assert "/move/grant/" not in of_an_agent
