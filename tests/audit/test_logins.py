"""Five failed logins lock for an hour, survive their own refusal, and are in the audit log."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.core.management import call_command
from django.db.models import F
from django.test import Client

from audit.models import AuditEvent
from tests.conftest import RoleTaker
from tests.factories import PASSWORD, World
from tests.raw import denied, every, run

LIMIT = 5
WRONG = "wrong"
ELSEWHERE = "203.0.113.9"


def log_in(email: str | None, password: str = WRONG, **known: Any) -> Any:
    return Client().post("/admin/login/", {"username": email, "password": password}, **known)


def fail(email: str | None, times: int = LIMIT, **known: Any) -> list[int]:
    return [log_in(email, **known).status_code for _ in range(times)]


def actions() -> list[str]:
    found = AuditEvent.objects.filter(action__startswith="login:").order_by("seq")
    return list(found.values_list("action", flat=True))


def test_the_fifth_failure_locks_and_the_right_password_no_longer_opens(world: World) -> None:
    codes = fail(world.grace.email)

    answer = log_in(world.grace.email, PASSWORD)

    assert codes == [200, 200, 200, 200, 429]
    assert answer.status_code == 429
    assert 3590 <= int(answer.headers["Retry-After"]) <= 3600


def test_the_fifth_failure_is_kept_although_it_was_refused(world: World) -> None:
    fail(world.grace.email)

    assert AccessAttempt.objects.get().failures_since_start == LIMIT


def test_after_an_hour_one_may_try_again(world: World) -> None:
    fail(world.grace.email)
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=61))

    assert log_in(world.grace.email, PASSWORD).status_code == 302


def test_four_failures_are_forgotten_with_a_login(world: World) -> None:
    fail(world.grace.email, LIMIT - 1)

    assert log_in(world.grace.email, PASSWORD).status_code == 302
    assert fail(world.grace.email, LIMIT - 1) == [200] * 4


def test_another_spelling_or_a_forged_header_is_no_way_around(world: World) -> None:
    fail(world.grace.email, LIMIT - 1)

    answer = log_in(
        f" {str(world.grace.email).upper()} ", headers={"X-Forwarded-For": ELSEWHERE, "User-Agent": "x"}
    )

    assert answer.status_code == 429


def test_another_address_or_another_person_is_not_locked(world: World) -> None:
    fail(world.grace.email)

    assert log_in(world.grace.email, PASSWORD, REMOTE_ADDR=ELSEWHERE).status_code == 302
    assert log_in(world.alan.email, PASSWORD).status_code == 302


def test_the_answer_does_not_tell_whether_the_account_exists(world: World) -> None:
    known, unknown = fail(world.grace.email), fail("nobody@example.org")
    pages = [
        log_in(email, headers={"X-Request-Id": "the-same"}).content
        for email in (world.grace.email, "nobody@example.org")
    ]

    assert known == unknown
    assert pages[0] == pages[1]


def test_nothing_is_kept_of_the_request_but_the_two_addresses(world: World) -> None:
    log_in(world.grace.email, "a secret that was typed", headers={"User-Agent": "a browser"})

    row = AccessAttempt.objects.get()
    kept = (row.user_agent, row.http_accept, row.path_info, row.get_data, row.post_data)
    assert kept == ("", "", "", "", "")


def test_failures_and_the_lock_out_are_in_the_log_once_each(world: World) -> None:
    fail(world.grace.email, LIMIT + 2)

    assert actions() == ["login:fail"] * LIMIT + ["login:lock_out"]
    event = AuditEvent.objects.get(action="login:lock_out")
    assert (event.tenant_id, event.entity_id, event.actor_id) == (world.acme.pk, str(world.grace.pk), None)


def test_what_a_stranger_typed_is_not_in_the_log(world: World) -> None:
    log_in("my password, in the wrong field")

    (row,) = every("SELECT e::text FROM audit_event e WHERE action = 'login:fail'")
    assert "wrong field" not in str(row[0])


def test_an_operator_unlocks_and_the_log_says_why(world: World) -> None:
    fail(world.grace.email)

    call_command("unlock", str(world.grace.email).upper(), reason="She called from her desk.")

    assert log_in(world.grace.email, PASSWORD).status_code == 302
    event = AuditEvent.objects.get(action="login:unlock")
    assert event.entity_id == str(world.grace.pk)
    assert event.metadata == {"reason": "She called from her desk."}


@pytest.mark.parametrize("role", ["api", "worker", "auditor"])
def test_who_does_not_serve_the_login_neither_reads_nor_unlocks(
    world: World, as_role: RoleTaker, role: str
) -> None:
    for statement in ("SELECT 1 FROM axes_accessattempt", "DELETE FROM axes_accessattempt"):
        with as_role(role), denied("axes_accessattempt"):
            run(statement)
