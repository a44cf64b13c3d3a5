"""Tenants by command, and the switches that stop their agents and jobs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from core.access import switches, tenants
from core.access.models import Tenant, User
from core.access.switches import AGENTS_MODE, JOBS_MODE, MODES
from core.database.commands import UnitCommand


class Command(UnitCommand):
    """Make, list, disable and enable tenants; pause and release their agents and jobs. Takes the platform."""

    help = "Manage tenants, and stop or release their agents and jobs."
    role = "platform"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take one of the actions, each with who acts."""
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        writing = [
            actions.add_parser(name, help=f"{name} a tenant") for name in ("create", "disable", "enable")
        ]
        for action in writing:
            action.add_argument("name")
        agents = actions.add_parser("agents", help="let agents write, or stop them")
        jobs = actions.add_parser("jobs", help="let workers begin jobs, or stop them")
        for action in (agents, jobs):
            action.add_argument("mode", choices=MODES)
            action.add_argument("name", nargs="?", help="of which tenant; of all where there is none")
        for action in (*writing, agents, jobs):
            action.add_argument("--reason", default="manage.py tenants", help="why, for the audit log")
        for action in (*writing, agents, jobs, actions.add_parser("list", help="show every tenant")):
            super().add_arguments(action)

    def handle(self, *args: Any, action: str, **options: Any) -> None:
        """Do it in one unit, and say what was done."""
        platform, actor = self.acting(options)
        with self.refusing(), self.unit(platform, actor):
            self.stdout.write(getattr(self, f"_{action}")(options, actor))

    def _create(self, options: dict[str, Any], actor: User | None) -> str:
        made = tenants.create(options["name"], by=actor, reason=options["reason"])
        return (
            f"{made.name} is a tenant, with nobody in it yet: manage.py people create --tenant {made.name}."
        )

    def _disable(self, options: dict[str, Any], actor: User | None) -> str:
        tenants.disable(self._tenant(options["name"]), by=actor, reason=options["reason"])
        return f"{options['name']} is disabled, from the next request on."

    def _enable(self, options: dict[str, Any], actor: User | None) -> str:
        tenants.enable(self._tenant(options["name"]), by=actor, reason=options["reason"])
        return f"{options['name']} is active."

    def _agents(self, options: dict[str, Any], actor: User | None) -> str:
        return f"Agents {self._turned(AGENTS_MODE, options, actor)}"

    def _jobs(self, options: dict[str, Any], actor: User | None) -> str:
        return f"Jobs {self._turned(JOBS_MODE, options, actor)}"

    def _turned(self, name: str, options: dict[str, Any], actor: User | None) -> str:
        tenant = self._tenant(options["name"]) if options["name"] else None
        switches.turn(options["mode"], tenant=tenant, by=actor, reason=options["reason"], name=name)
        return f"{'of ' + tenant.name if tenant else 'everywhere'} are {options['mode']}."

    def _list(self, options: dict[str, Any], actor: User | None) -> str:
        paused = switches.Switch.objects.filter(value="paused")
        stopped = set(paused.values_list("name", "for_tenant_id"))

        def mode(name: str, row: Tenant) -> str:
            return "paused" if {(name, row.pk), (name, None)} & stopped else "enabled"

        rows = [
            f"{row.name}  {row.status}  agents {mode(AGENTS_MODE, row)}  jobs {mode(JOBS_MODE, row)}"
            for row in Tenant.objects.order_by("name")
        ]
        return "\n".join(rows)
