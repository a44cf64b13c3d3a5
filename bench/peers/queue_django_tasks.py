"""django-tasks-db, as its documentation uses it: the Django Tasks API and its own `db_worker`."""

from __future__ import annotations

import os

import django
from django.conf import settings
from psycopg import conninfo

from bench.peers import contest

if not settings.configured:
    parts = conninfo.conninfo_to_dict(os.environ["PEER_DATABASE_URL"])
    known = {"NAME": parts["dbname"], **{name.upper(): parts[name] for name in ("user", "host", "port")}}
    settings.configure(
        SECRET_KEY="of nobody",  # noqa: S106 - signs nothing
        USE_TZ=True,
        INSTALLED_APPS=["django_tasks", "django_tasks_db"],
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 600, **known}},
        TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
        LOGGING={"version": 1, "root": {"level": "CRITICAL"}},
    )
    django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django_tasks import task


@task()
def noop() -> None:
    """Do nothing."""


def prepare() -> None:
    """Make the tables."""
    call_command("migrate", verbosity=0)


def enqueue(jobs: int) -> float:
    """Ask for one job after the other."""
    return contest.rate(lambda _: asked.enqueue(), jobs)


def fill(jobs: int, at_once: int) -> None:
    """Ask for many; there is no way to do so at once."""
    for _ in range(jobs // at_once):
        with transaction.atomic():
            for _ in range(at_once):
                asked.enqueue()


def work(_: int) -> None:
    """Do what there is."""
    connection.ensure_connection()
    contest.wait_for_the_start()
    call_command("db_worker", batch=True, startup_delay=False, interval=0, verbosity=0)


if __name__ == "__main__":
    # a worker finds the task by the name that it has when it is imported
    from bench.peers.queue_django_tasks import noop as asked

    contest.attend({"prepare": prepare, "enqueue": enqueue, "fill": fill, "work": work})
