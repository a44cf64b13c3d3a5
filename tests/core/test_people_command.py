"""`manage.py people` and `manage.py tenants` do what an operator needs, and say what went wrong."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audit.models import AuditEvent
from core.access import people
from core.access.backends import StaffLogin
from core.access.models import Tenant, User
from core.refusals import NotAllowed
from tests.factories import PASSWORD, REASON, World, as_staff
from tests.raw import every, one

pytestmark = pytest.mark.django_db


def manage(command: str, *words: str) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out, no_color=True)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XMARKET_PASSWORD", PASSWORD)


class TestPeople:
    def test_are_made_and_can_log_in(self, world: World) -> None:
        said = manage("people", "create", "ada@acme.example", "--role", "editor", "--tenant", "acme")

        ada = User.objects.get(email="ada@acme.example")
        assert said == "ada@acme.example is a person of staff, editor.\n"
        assert (ada.tenant_id, ada.role, ada.is_staff) == (world.acme.pk, "editor", True)

    def test_answer_for_agents_that_may_do_nothing_yet(self, world: World) -> None:
        manage("people", "agent", "probe", "--operator", world.olga.username, "--tenant", "acme")

        probe = User.objects.get(username="probe")
        assert (probe.kind, probe.operated_by_id) == ("agent", world.olga.pk)
        assert one("SELECT count(*) FROM user_entitlements WHERE user_id = %s", probe.pk) == 0

    def test_get_and_lose_roles(self, world: World) -> None:
        granted = manage("people", "grant", world.vera.username, "admin", "--tenant", "acme")
        revoked = manage("people", "revoke", world.vera.username, "admin", "--tenant", "acme")

        assert (granted, revoked) == ("vera@acme.example is admin.\n", "vera@acme.example is viewer.\n")

    def test_get_another_password(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XMARKET_PASSWORD", "an even better battery staple")

        said = manage(
            "people", "password", world.grace.username, "--tenant", "acme", "--reason", "She asked."
        )

        assert "every session they had is over" in said
        assert StaffLogin().authenticate(None, username=world.grace.email, password=PASSWORD) is None
        known = {"username": world.grace.email, "password": "an even better battery staple"}
        assert StaffLogin().authenticate(None, **known) == world.grace

    def test_get_no_password_from_another_but_a_super_admin(self, world: World) -> None:
        with as_staff(world.grace), pytest.raises(NotAllowed):
            people.change_password(world.vera, "an even better battery staple", by=world.grace, reason=REASON)
        with as_staff(world.alan):
            people.change_password(world.vera, "an even better battery staple", by=world.alan, reason=REASON)

    def test_are_disabled_and_enabled(self, world: World) -> None:
        manage("people", "disable", "scout", "--tenant", "acme", "--reason", "It misbehaves.")
        stopped = User.objects.get(pk=world.scout.pk).status
        manage("people", "enable", "scout", "--tenant", "acme")

        assert (stopped, User.objects.get(pk=world.scout.pk).status) == ("disabled", "active")
        event = AuditEvent.objects.get(action="user:disable")
        assert (event.metadata or {})["reason"] == "It misbehaves."

    def test_are_entitled(self, world: World) -> None:
        said = manage(
            "people", "entitle", "scout", "--tenant", "acme", "--types", "sports", "--symbols", "A-*", "B",
            "--exposure", "10.5", "--open", "3",
        )  # fmt: skip

        assert said.startswith("agent:scout is entitled to types sports, symbols A-* B, regions none;")
        assert every(
            "SELECT asset_classes, instruments, venues, max_notional::text, max_open_orders "
            "FROM user_entitlements WHERE user_id = %s",
            world.scout.pk,
        ) == [(["sports"], ["A-*", "B"], [], "10.5000", 3)]

    def test_are_listed(self, world: World) -> None:
        assert "scout  agent  -  active\n" in manage("people", "list", "--tenant", "acme")

    def test_of_the_platform_act_in_every_tenant(self, world: World) -> None:
        manage("people", "disable", "scout", "--tenant", "acme", "--as", world.root.username)

        assert AuditEvent.objects.get(action="user:disable").actor_id == world.root.pk

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["grant", "nobody", "admin"], "No user 'nobody' here. There is: alan@acme.example"),
            (["grant", "scout", "admin"], "Only persons hold roles."),
            (["grant", "vera@acme.example", "viewer"], "This person holds this role already."),
            (["revoke", "vera@acme.example", "admin"], "This person does not hold this role."),
            (["grant", "vera@acme.example", "owner"], "invalid choice: 'owner'"),
            (["create", "vera@acme.example"], "Somebody else logs in with this e-mail address."),
            (["agent", "scout", "--operator", "olga@acme.example"], "Somebody else in this tenant has this"),
            (["agent", "probe", "--operator", "nobody"], "No user 'nobody' here."),
            (["entitle", "scout", "--exposure", "much"], "--exposure 'much' is no amount"),
            (["entitle", "scout", "--open", "-1"], "The database's own rules do not accept"),
            (
                ["disable", "grace@acme.example", "--as", "grace@acme.example"],
                "Nobody changes their own roles.",
            ),
            (
                ["disable", "grace@acme.example", "--as", "vera@acme.example"],
                "This principal may not do that.",
            ),
        ],
    )
    def test_that_cannot_be_done_says_what_can(self, world: World, words: list[str], said: str) -> None:
        with pytest.raises(CommandError) as caught:
            manage("people", *words, "--tenant", "acme")

        assert said in str(caught.value)

    def test_have_a_password(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("XMARKET_PASSWORD", "")
        monkeypatch.setattr("getpass.getpass", lambda prompt: "")

        with pytest.raises(CommandError, match="A person needs a password"):
            manage("people", "create", "ada@acme.example", "--tenant", "acme")


class TestTenants:
    def test_are_made_listed_disabled_and_enabled(self, world: World) -> None:
        manage("tenants", "create", "gamma")
        manage("tenants", "disable", "gamma")
        listed = manage("tenants", "list")
        manage("tenants", "enable", "gamma")

        assert "gamma  disabled  agents enabled" in listed
        assert Tenant.objects.get(name="gamma").status == "active"

    def test_are_told_to_stop_their_agents(self, world: World) -> None:
        said = manage("tenants", "agents", "paused", "acme", "--reason", "They write nonsense.")

        assert said == "Agents of acme are paused.\n"
        listed = manage("tenants", "list")
        assert "acme  active  agents paused" in listed
        assert "beta  active  agents enabled" in listed

    def test_are_told_to_stop_their_jobs(self, world: World) -> None:
        said = manage("tenants", "jobs", "paused", "acme", "--reason", "The feed is broken.")

        assert said == "Jobs of acme are paused.\n"
        listed = manage("tenants", "list")
        assert "acme  active  agents enabled  jobs paused" in listed
        assert "beta  active  agents enabled  jobs enabled" in listed
        assert manage("tenants", "jobs", "paused") == "Jobs everywhere are paused.\n"
        assert "jobs enabled" not in manage("tenants", "list")
        assert manage("tenants", "jobs", "enabled") == "Jobs everywhere are enabled.\n"

    def test_are_stopped_all_at_once(self, world: World) -> None:
        assert manage("tenants", "agents", "paused") == "Agents everywhere are paused.\n"
        assert "agents enabled" not in manage("tenants", "list")

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["create", "acme"], "Something with this name or key exists already."),
            (["disable", "gamma"], "No tenant 'gamma'. There is: acme, beta"),
            (["disable", "platform"], "This principal may not do that."),
            (["agents", "off"], "invalid choice: 'off'"),
            (["create", "gamma", "--as", "nobody"], "No active user 'nobody'"),
        ],
    )
    def test_that_cannot_be_done_says_what_can(self, world: World, words: list[str], said: str) -> None:
        with pytest.raises(CommandError) as caught:
            manage("tenants", *words)

        assert said in str(caught.value)
