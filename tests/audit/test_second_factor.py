"""Staff set up a second factor, need it where it is required, and get it reset by somebody else alone."""

from __future__ import annotations

import re
from binascii import unhexlify
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from audit.models import AuditEvent
from core.access.models import User
from tests.conftest import RoleTaker
from tests.factories import PASSWORD, World
from tests.raw import denied, every, run
from tests.staff import browser

PAGE = "/admin/second-factor/"


def code_of(person: User) -> str:
    return f"{totp(unhexlify(TOTPDevice.objects.get(user_id=person.pk).key)):06d}"


def enrol(client: Client, person: User) -> list[str]:
    """Set it up, and let the code of this half minute be usable again."""
    client.get(PAGE)
    page = client.post(PAGE, {"code": code_of(person)}).content.decode()
    TOTPDevice.objects.update(last_t=-1)
    return re.findall(r"\b(?:[0-9a-f]{4}-){3}[0-9a-f]{4}\b", page)


def log_in(person: User, code: str = "", password: str = PASSWORD) -> tuple[Client, Any]:
    client = Client()
    form = {"username": person.email, "password": password, "code": code}
    return client, client.post("/admin/login/", form)


@pytest.fixture
def required(settings: LazySettings) -> None:
    settings.SECOND_FACTOR_REQUIRED = True


def test_a_stranger_is_asked_to_log_in_first(client: Client) -> None:
    answers = [client.get(PAGE), client.post(PAGE, {"code": "123456"})]

    assert [answer.headers["Location"] for answer in answers] == [f"/admin/login/?next={PAGE}"] * 2


@pytest.mark.usefixtures("required")
def test_who_has_none_is_led_to_it_before_anything_else(world: World) -> None:
    client, _ = log_in(world.grace)

    for address in ("/admin/", "/admin/markets/market/", "/admin/password_change/"):
        assert client.get(address, follow=True).redirect_chain[-1][0] == PAGE


@pytest.mark.usefixtures("required")
@pytest.mark.parametrize("who", ["grace", "root"])
def test_once_set_up_the_admin_opens_and_the_next_login_needs_the_code(world: World, who: str) -> None:
    person = getattr(world, who)
    client, _ = log_in(person)

    assert len(enrol(client, person)) == 10
    assert client.get("/admin/").status_code == 200
    assert log_in(person)[1].status_code == 200
    again, answer = log_in(person, code_of(person))
    assert answer.status_code == 302
    assert again.get("/admin/").status_code == 200


def test_a_code_opens_once(world: World) -> None:
    enrol(browser(world.grace), world.grace)
    code = code_of(world.grace)

    assert log_in(world.grace, code)[1].status_code == 302
    assert log_in(world.grace, code)[1].status_code == 200


def test_wrong_codes_are_slowed_down_and_lock_the_login(world: World) -> None:
    enrol(browser(world.grace), world.grace)

    codes = [log_in(world.grace, "000000")[1].status_code for _ in range(5)]

    assert codes == [200] * 4 + [429]
    assert TOTPDevice.objects.get().throttling_failure_count >= 1
    assert log_in(world.grace, code_of(world.grace))[1].status_code == 429


def test_a_right_password_without_the_code_looks_like_a_wrong_one(world: World) -> None:
    enrol(browser(world.grace), world.grace)

    pages = [log_in(world.grace, "", password)[1].content.decode() for password in (PASSWORD, "wrong")]

    said = [re.findall(r'class="errornote">(.*?)</p>', page, re.DOTALL) for page in pages]
    assert said[0] == said[1] != []


def test_a_recovery_code_opens_once_and_is_in_the_log(world: World) -> None:
    code = enrol(browser(world.grace), world.grace)[0]

    assert log_in(world.grace, code.upper())[1].status_code == 302
    assert log_in(world.grace, code)[1].status_code == 200
    event = AuditEvent.objects.get(action="second_factor:recover")
    assert (event.actor_id, event.entity_id) == (world.grace.pk, str(world.grace.pk))


def test_a_wrong_code_confirms_nothing(world: World) -> None:
    client = browser(world.grace)
    client.get(PAGE)

    page = client.post(PAGE, {"code": "abcdef"}).content.decode()

    assert "This code is wrong" in page
    assert not TOTPDevice.objects.get().confirmed


def test_secrets_are_on_their_own_page_alone_and_never_in_the_log(world: World) -> None:
    client = browser(world.grace)
    page = client.get(PAGE)
    secret = re.findall(r"<code>([A-Z2-7]+)</code>", page.content.decode())[0]
    codes = enrol(client, world.grace)

    logged = str(every("SELECT e::text FROM audit_event e"))
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert "no-store" in page.headers["Cache-Control"]
    assert not re.search(r"\sstyle=|data:", page.content.decode())
    assert client.get(PAGE).status_code == 302
    assert not [word for word in (secret, TOTPDevice.objects.get().key, *codes) if word in logged]
    assert not kept & {code.replace("-", "") for code in codes}
    assert AuditEvent.objects.filter(action="second_factor:enrol").count() == 1


def test_a_super_admin_resets_it_for_somebody_else(world: World) -> None:
    enrol(browser(world.grace), world.grace)

    call_command("reset_second_factor", world.grace.email, reason="Phone lost.", actor=world.root.username)

    assert log_in(world.grace)[1].status_code == 302
    event = AuditEvent.objects.get(action="second_factor:reset")
    assert (event.actor_id, event.tenant_id) == (world.root.pk, world.acme.pk)


@pytest.mark.usefixtures("required")
def test_a_reset_ends_what_the_old_device_opened(world: World) -> None:
    client, _ = log_in(world.grace)
    enrol(client, world.grace)

    call_command("reset_second_factor", world.grace.email, reason="Stolen.", actor=world.root.username)

    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == PAGE


@pytest.mark.parametrize(("actor", "tenant"), [("root", None), ("grace", "acme"), (None, None)])
def test_nobody_else_resets_and_nobody_their_own(world: World, actor: str | None, tenant: str | None) -> None:
    target = world.root if actor == "root" else world.alan
    enrol(browser(target), target)
    who: dict[str, Any] = {"actor": getattr(world, actor).username} if actor else {}
    where = {"tenant": tenant} if tenant else {}

    with pytest.raises(CommandError):
        call_command("reset_second_factor", target.email, reason="Let me in.", **who, **where)

    assert TOTPDevice.objects.filter(user_id=target.pk, confirmed=True).exists()


@pytest.mark.parametrize("role", ["api", "worker", "auditor"])
@pytest.mark.parametrize(
    "table", ["otp_totp_totpdevice", "otp_static_staticdevice", "otp_static_statictoken"]
)
def test_who_does_not_serve_the_login_reads_no_secret(
    world: World, as_role: RoleTaker, role: str, table: str
) -> None:
    with as_role(role), denied(table):
        run(f"SELECT * FROM {table}")
