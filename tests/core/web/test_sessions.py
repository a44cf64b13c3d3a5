"""A session ends in time, whatever is done with it."""

from __future__ import annotations

from typing import Any

import pytest

from core.web import sessions
from tests.config.test_settings import PRODUCTION, run
from tests.factories import World
from tests.staff import browser

MINUTE, HOUR = 60, 3600
NAMES = """
from config import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SAMESITE, s.SECOND_FACTOR_REQUIRED)
"""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    moment = [1_800_000_000]
    monkeypatch.setattr(sessions, "now", lambda: moment[0])
    return moment


def after(client: Any, clock: list[int], seconds: int) -> int:
    clock[0] += seconds
    return int(client.get("/admin/").status_code)


def test_half_an_hour_without_a_request_ends_it(world: World, clock: list[int]) -> None:
    client = browser(world.grace)

    assert [after(client, clock, step) for step in (29 * MINUTE, 29 * MINUTE, 30 * MINUTE)] == [200, 200, 302]
    assert after(client, clock, 0) == 302


def test_eight_hours_end_it_however_busy_it_is(world: World, clock: list[int]) -> None:
    client = browser(world.grace)

    codes = [after(client, clock, 20 * MINUTE) for _ in range(24)]

    assert codes == [200] * 23 + [302]


def test_a_session_that_does_not_say_when_it_began_is_over(world: World) -> None:
    client = browser(world.grace)
    kept = client.session
    del kept[sessions.OPENED]
    kept.save()

    assert client.get("/admin/").status_code == 302


def test_cookies_belong_to_this_very_host_where_others_reach_it() -> None:
    assert run("-c", NAMES, **PRODUCTION).stdout.split() == [
        "__Host-session",
        "__Host-csrf",
        "Lax",
        "Lax",
        "True",
    ]
