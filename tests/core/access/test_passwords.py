"""The same policy wherever a password in clear is set."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import CommandError

from core.access import people
from core.access.models import PLATFORM_TENANT_ID, User
from core.access.refusals import PasswordIsTooWeak
from core.database.unit import unit
from tests.factories import World, as_staff

WEAK = ["short", "123456789012", "new.person@acme.example", "x1-y" * 40]
EMAIL = "new.person@acme.example"
weak = pytest.mark.parametrize("password", WEAK)


@weak
def test_nobody_is_made_with_a_weak_password(world: World, password: str) -> None:
    with as_staff(world.grace), pytest.raises(PasswordIsTooWeak):
        people.create_person(EMAIL, tenant_id=world.acme.pk, role="viewer", password=password, by=world.grace)

    assert not User.objects.filter(email=EMAIL).exists()


@weak
def test_nobody_changes_to_a_weak_password(world: World, password: str) -> None:
    with unit("platform", tenant=PLATFORM_TENANT_ID), pytest.raises(PasswordIsTooWeak):
        people.change_password(User(email=EMAIL), password, by=None)


@pytest.mark.django_db
def test_createsuperuser_refuses_with_what_to_do() -> None:
    with pytest.raises(CommandError, match="12 to 128 characters"):
        people.create_superuser("boss@example.org", password="short")


def test_a_good_one_is_kept_as_a_hash(world: World) -> None:
    good = "an even better battery staple"

    with as_staff(world.grace), patch.object(User, "save"):
        people.change_password(world.grace, good, by=world.grace)

    assert world.grace.password != good
    assert check_password(good, world.grace.password)
