"""People, agents and services of a tenant by command."""

from __future__ import annotations

import getpass
import os
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db.models import QuerySet

from core.access import entitlements, people
from core.access.models import PLATFORM_TENANT_ID, User
from core.access.permissions import ROLES
from core.database.commands import UnitCommand
from core.database.unit import current

PASSWORD = "XMARKET_PASSWORD"  # noqa: S105 - the name of a variable
SHOWN = 20


class Command(UnitCommand):
    """Make people and agents, grant and revoke roles, disable and enable, and say what they are entitled to.

    A password is asked for, or read from the variable XMARKET_PASSWORD; never from the command line.
    """

    help = "Manage the people, agents and services of a tenant."
    role = "platform"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one of the actions, each with its tenant and who acts."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        create = actions.add_parser("create", help="a person of staff")
        create.add_argument("email")
        create.add_argument("--role", choices=ROLES, default="viewer", help="(viewer)")
        agent = actions.add_parser("agent", help="an agent, which somebody answers for")
        agent.add_argument("username")
        agent.add_argument("--operator", required=True, help="username of whoever answers for it")
        agent.add_argument("--service", action="store_true", help="a service instead")
        grant, revoke = (actions.add_parser(name, help=f"{name} a role") for name in ("grant", "revoke"))
        for action in (grant, revoke):
            action.add_argument("user")
            action.add_argument("role_named", metavar="role", choices=ROLES)
        disable, enable = (actions.add_parser(name, help=f"{name} a user") for name in ("disable", "enable"))
        entitle = actions.add_parser("entitle", help="say what a user may propose, whole")
        password = actions.add_parser("password", help="another password for somebody who forgot theirs")
        for action in (disable, enable, entitle, password):
            action.add_argument("user")
        for name in ("types", "symbols", "regions"):
            entitle.add_argument(f"--{name}", nargs="*", default=[], help="names; * for all")
        entitle.add_argument("--exposure", default="0", help="the highest of one proposal (0)")
        for name, default in (("proposals", 10), ("writes", 100), ("open", 100)):
            entitle.add_argument(f"--{name}", type=int, default=default, help=f"({default})")
        writing = (create, agent, grant, revoke, disable, enable, entitle, password)
        for action in writing:
            action.add_argument("--reason", default="manage.py people", help="why, for the audit log")
        for action in (*writing, actions.add_parser("list", help="show everybody")):
            super().add_arguments(action)

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Do it in one unit, and say what was done."""
        tenant, actor = self.acting(options)
        known = {"by": actor, "reason": options.get("reason", "")}
        password = _password() if action in ("create", "password") else None
        with self.refusing(), self.unit(tenant, actor):
            self.stdout.write(getattr(self, f"_{action}")(options, known, password))

    def _create(self, options: dict[str, Any], known: dict[str, Any], password: str | None) -> str:
        tenant = current().tenant
        assert tenant is not None  # noqa: S101 - every command has one
        made = people.create_person(
            options["email"], tenant_id=tenant, role=options["role"], password=password, **known
        )
        return f"{made} is a person of staff, {options['role']}."

    def _agent(self, options: dict[str, Any], known: dict[str, Any], _: str | None) -> str:
        kind = "service" if options["service"] else "agent"
        made = people.create_agent(
            options["username"], operated_by=_user(options["operator"]), kind=kind, **known
        )
        return f"{made} is operated by {made.operated_by}. It is entitled to nothing yet, and has no key."

    def _grant(self, options: dict[str, Any], known: dict[str, Any], _: str | None) -> str:
        user = _user(options["user"])
        people.grant_role(user, options["role_named"], **known)
        return f"{user} is {user.role}."

    def _revoke(self, options: dict[str, Any], known: dict[str, Any], _: str | None) -> str:
        user = _user(options["user"])
        people.revoke_role(user, options["role_named"], **known)
        return f"{user} is {user.role or 'without a role'}."

    def _disable(self, options: dict[str, Any], known: dict[str, Any], _: str | None) -> str:
        user = _user(options["user"])
        people.disable(user, **known)
        return f"{user} is disabled, from the next request on."

    def _enable(self, options: dict[str, Any], known: dict[str, Any], _: str | None) -> str:
        user = _user(options["user"])
        people.enable(user, **known)
        return f"{user} is active."

    def _password(self, options: dict[str, Any], known: dict[str, Any], password: str | None) -> str:
        user = _user(options["user"])
        people.change_password(user, password or "", **known)
        return f"{user} logs in with another password; every session they had is over."

    def _entitle(self, options: dict[str, Any], known: dict[str, Any], _: str | None) -> str:
        user = _user(options["user"])
        entitlements.entitle(
            user,
            asset_classes=options["types"],
            instruments=options["symbols"],
            venues=options["regions"],
            max_notional=_amount(options["exposure"]),
            proposals_per_minute=options["proposals"],
            writes_per_minute=options["writes"],
            open_proposals=options["open"],
            **known,
        )
        named = [f"{name} {' '.join(options[name]) or 'none'}" for name in ("types", "symbols", "regions")]
        return f"{user} is entitled to {', '.join(named)}; exposure {options['exposure']} at most."

    def _list(self, options: dict[str, Any], known: dict[str, Any], _: str | None) -> str:
        rows = _here().order_by("kind", "username")
        lines = [f"{user.username}  {user.kind}  {user.role or '-'}  {user.status}" for user in rows]
        return "\n".join(lines) or "There is nobody here."


def _user(username: str) -> User:
    found = _here().filter(username=username).first()
    if found is None:
        names = ", ".join(_here().order_by("username").values_list("username", flat=True)[:SHOWN])
        raise CommandError(f"No user {username!r} here. There is: {names or 'nobody'}.")
    return found


def _here() -> QuerySet[User]:
    return User.objects.filter(tenant_id=current().tenant or PLATFORM_TENANT_ID)


def _password() -> str:
    given = os.environ.get(PASSWORD) or getpass.getpass("Password: ")
    if not given:
        raise CommandError(f"A person needs a password: type it, or set {PASSWORD}.")
    return given


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise CommandError(f"--exposure {text!r} is no amount such as 1000 or 0.5.")
    return amount
