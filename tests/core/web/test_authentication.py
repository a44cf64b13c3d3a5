from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from core.access import keys
from core.access.models import ApiKey, User
from core.database.unit import unit
from core.web import problems
from core.web.views import ApiView
from tests.factories import World, as_staff, make_key

handler404 = problems.not_found
handler500 = problems.unexpected


class WhoAmI(ApiView):
    """Tells who asks."""

    permission = {"GET": "markets:read"}

    def get(self, request: Request) -> Response:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_user, current_setting('app.tenant_id'), current_setting('app.actor_id')"
            )
            role, tenant, actor = cursor.fetchone()
        return Response(
            {
                "user": str(request.user.pk),
                "key": str(getattr(request.auth, "key_id", None)),
                "role": role,
                "tenant": tenant,
                "actor": actor,
            }
        )


urlpatterns = [path("api/v1/whoami", WhoAmI.as_view())]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def ask(client: Client, authorization: str | None) -> Any:
    headers = {} if authorization is None else {"Authorization": authorization}
    return client.get("/api/v1/whoami", headers=headers)


def body_of(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.json().items() if name != "instance"}


def test_a_live_key_is_its_principal_in_its_tenant(client: Client, world: World) -> None:
    response = ask(client, f"Bearer {make_key(world.scout)}")

    assert response.status_code == 200
    assert response.json()["user"] == response.json()["actor"] == str(world.scout.pk)
    assert response.json()["tenant"] == str(world.acme.pk)
    assert response.json()["role"] == "xm_api"


def test_the_scheme_may_be_written_in_any_case(client: Client, world: World) -> None:
    assert ask(client, f"bEARER {make_key(world.scout)}").status_code == 200


def test_without_a_key_the_answer_says_how_to_come_back(client: Client, world: World) -> None:
    response = ask(client, None)

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer, Signature"
    assert response.json()["code"] == "not_authenticated"


def spoiled(written: str) -> dict[str, str]:
    _, prefix, secret = written.split("_", 2)
    flipped = secret[:-1] + ("A" if secret[-1] != "A" else "B")
    return {
        "no scheme": written,
        "another scheme": f"Basic {written}",
        "no key": "Bearer",
        "an empty key": "Bearer ",
        "two spaces": f"Bearer  {written}",
        "another secret": f"Bearer xm_{prefix}_{flipped}",
        "an unknown prefix": f"Bearer xm_{'0' * 12}_{secret}",
        "cut short": f"Bearer {written[:-1]}",
        "too long": f"Bearer {written}x",
        "huge": "Bearer xm_" + "a" * 100_000,
        "a NUL": f"Bearer {written}\x00",
        "no ASCII": "Bearer xm_\u00e9\u00e9\u00e9",
        "a quote": "Bearer xm_' OR 1=1 --_x",
    }


@pytest.mark.parametrize("how", spoiled("xm_a_b"))
def test_whatever_is_no_live_key_gets_one_same_answer(client: Client, world: World, how: str) -> None:
    written = make_key(world.scout)

    response = ask(client, spoiled(written)[how])

    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer, Signature"
    assert body_of(response) == body_of(ask(client, None))


def test_an_expired_key_says_so(client: Client, world: World) -> None:
    with unit("staff", tenant=world.acme.pk):
        _, written = keys.issue(
            world.scout, label="old", scopes=["*"], by=None, expires_at=datetime(2020, 1, 1, tzinfo=UTC)
        )

    response = ask(client, f"Bearer {written}")

    assert (response.status_code, response.json()["code"]) == (401, "key_expired")


def test_a_revoked_key_says_so(client: Client, world: World) -> None:
    written = make_key(world.scout)
    with as_staff(world.grace):
        keys.revoke(
            ApiKey.objects.get(prefix=written.split("_")[1]), by=world.grace, reason="It leaked yesterday."
        )

    response = ask(client, f"Bearer {written}")

    assert (response.status_code, response.json()["code"]) == (401, "key_revoked")


def disable_user(world: World) -> None:
    User.objects.filter(pk=world.scout.pk).update(status="disabled")


def disable_tenant(world: World) -> None:
    type(world.acme).objects.filter(pk=world.acme.pk).update(status="disabled")


@pytest.mark.parametrize("disable", [disable_user, disable_tenant])
def test_the_key_of_somebody_disabled_is_a_strangers(
    client: Client, world: World, disable: Callable[[World], None]
) -> None:
    written = make_key(world.scout)
    disable(world)

    response = ask(client, f"Bearer {written}")

    assert body_of(response) == body_of(ask(client, None))


def test_a_session_is_no_way_into_the_api(client: Client, world: World) -> None:
    client.force_login(world.grace)

    assert ask(client, None).status_code == 401


def test_nothing_of_the_key_reaches_the_request_but_its_id(client: Client, world: World) -> None:
    written = make_key(world.scout)

    response = ask(client, f"Bearer {written}")

    with unit("staff", tenant=world.acme.pk):
        assert response.json()["key"] == str(ApiKey.objects.get(prefix=written.split("_")[1]).pk)
    assert written.split("_", 2)[2] not in response.content.decode()
