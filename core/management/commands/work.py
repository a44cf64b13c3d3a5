"""`manage.py work`: processes that do jobs, one that keeps the engine going, one that looks after them."""

from __future__ import annotations

import logging
import sys
import time
from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import Error as DatabaseFailure

from core.database.unit import unit
from core.jobs import claims, services, status, worker
from core.jobs.models import DEFAULT_LANE
from core.management import children
from core.management.supervisor import Member, Supervisor

logger = logging.getLogger("xmarket.jobs")
ENDED = "The worker process ended while it was at it."


class Command(BaseCommand):
    """Do jobs until asked to stop; SIGTERM lets what runs end, and gives the rest back."""

    help = "Do jobs, and keep the engine going."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take lanes, numbers and times."""
        parser.add_argument(
            "--lanes", nargs="+", default=[DEFAULT_LANE], help="the most urgent first (default)"
        )
        parser.add_argument("--processes", type=_number, default=1, help="that do jobs (1)")
        parser.add_argument("--threads", type=_number, default=4, help="in each of them (4)")
        parser.add_argument("--lease", type=_seconds, default=60.0, help="seconds without a word (60)")
        parser.add_argument("--poll", type=_seconds, default=1.0, help="seconds between looks (1)")
        parser.add_argument("--grace", type=_seconds, default=25.0, help="seconds to end what runs (25)")
        parser.add_argument("--metrics-port", type=int, default=0, help="serve Prometheus on loopback (off)")
        parser.add_argument("--once", action="store_true", help="do what is due now, and end")
        parser.add_argument("--member", choices=("worker", "keeper"), help="be one of the processes")
        parser.add_argument("--name", default="", help="of the worker")

    def handle(self, *args: Any, member: str | None, once: bool, **options: Any) -> None:
        """Be the one that looks after the others, or one of them."""
        if once:
            self._once(options)
        elif member == "worker":
            sys.exit(self._work(options))
        elif member == "keeper":
            self._keep(options)
        else:
            self._supervise(options)

    def _once(self, options: dict[str, Any]) -> None:
        for service in services.every():
            services.once(service)
        alone = worker.Worker(options["lanes"], threads=1, name=worker.new_name(), pace=_pace(options))
        alone.once()
        self.stdout.write(status.counted(alone.outcomes))

    def _work(self, options: dict[str, Any]) -> int:
        stop = children.Stop()
        named = options["name"] or worker.new_name()
        one = worker.Worker(options["lanes"], threads=options["threads"], name=named, pace=_pace(options))
        return one.run(lambda: stop.asked_by is not None)

    def _keep(self, options: dict[str, Any]) -> None:
        stop = children.Stop()
        if options["metrics_port"]:
            status.serve_metrics(options["metrics_port"])
        services.run(lambda: stop.asked_by is not None)

    def _supervise(self, options: dict[str, Any]) -> None:
        stop = children.Stop()
        lanes, threads = options["lanes"], options["threads"]
        self.stdout.write(
            f"Working on {', '.join(lanes)}: {options['processes']} x {threads} jobs at once. Ctrl-C stops."
        )
        self.stdout.flush()
        shared = [*(f"--{name}={options[name]}" for name in ("threads", "lease", "poll", "grace"))]
        shared += ["--lanes", *lanes]
        members = [Member("worker", shared, after=_take_back) for _ in range(options["processes"])]
        members.append(Member("keeper", [f"--metrics-port={options['metrics_port']}"]))
        supervisor = Supervisor(members, _words, patience=options["grace"] + 2 * worker.STUBBORN_FOR)
        supervisor.start()
        said_at, said = time.monotonic(), ""
        while stop.asked_by is None:
            supervisor.look_after()
            time.sleep(0.1)
            if sys.stdout.isatty() and time.monotonic() - said_at > status.SAID_EVERY:
                said_at, line = time.monotonic(), status.line()
                if line != said:
                    said = line
                    self.stdout.write(f"{time.strftime('%H:%M:%S')} {line}")
                    self.stdout.flush()
        self.stdout.write("Stopping: what runs is ended or given back.")
        self.stdout.flush()
        supervisor.stop()
        self.stdout.write("Stopped.")


def _words(member: Member, name: str) -> list[str]:
    manage = str(Path(settings.BASE_DIR) / "manage.py")
    return [sys.executable, manage, "work", "--member", member.kind, "--name", name, *member.options]


def _take_back(name: str) -> None:
    try:
        with unit("worker"):
            claims.reap(name, why=ENDED)
    except DatabaseFailure as error:
        # their leases run out by themselves
        logger.warning("Jobs of %s wait for their lease: %s", name, str(error).split("\n", 1)[0])


def _pace(options: dict[str, Any]) -> worker.Pace:
    return worker.Pace(lease=options["lease"], poll=options["poll"], grace=options["grace"])


def _number(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 256:  # noqa: PLR2004 - more is a slip of the hand
        raise ArgumentTypeError(f"{text!r} is not a number from 1 to 256")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:  # noqa: PLR2004 - a day
        raise ArgumentTypeError(f"{text!r} is not a number of seconds")
    return seconds
