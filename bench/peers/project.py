"""The smallest Django project: a database, and whichever apps are measured."""

from __future__ import annotations

import os

import django
from django.apps import AppConfig
from django.conf import settings
from psycopg import conninfo

CONTRIB = ("django.contrib.contenttypes", "django.contrib.auth")


class Peer(AppConfig):
    """The app whose model is saved."""

    name = "bench.peers"
    label = "peer"


def configure(*apps: str) -> None:
    """Set Django up with these apps, on the database of PEER_DATABASE_URL, which stays connected."""
    parts = conninfo.conninfo_to_dict(os.environ["PEER_DATABASE_URL"])
    known = {"NAME": parts["dbname"], **{name.upper(): parts[name] for name in ("user", "host", "port")}}
    settings.configure(
        SECRET_KEY="of nobody",  # noqa: S106 - signs nothing
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            *apps,
            "bench.peers.project.Peer",
        ],
        DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 600, **known}},
        LOGGING={"version": 1, "root": {"level": "CRITICAL"}},
    )
    django.setup()
