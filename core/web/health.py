"""Whether this process lives, and whether it can do its work."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from core.database.unit import role_name, unit
from core.web.views import ApiView

logger = logging.getLogger("xmarket.health")
T = TypeVar("T")

PATIENCE_SECONDS = 1.0
KEPT_SECONDS = 5.0
BEGAN = time.monotonic()

UNFIT_LOGIN = """
SELECT me.rolsuper OR me.rolbypassrls OR EXISTS (
  SELECT FROM pg_roles owner WHERE owner.rolname = %s AND pg_has_role(me.oid, owner.oid, 'MEMBER'))
FROM pg_roles me WHERE me.rolname = session_user
"""


@dataclass(frozen=True)
class Readiness:
    """What was found when the database was last asked.

    :ivar pending: how many migrations it lacks; None where that could not be read.
    :ivar is_login_unfit: whether the login is a superuser, or may become the owner of the tables.
    """

    is_connected: bool = False
    pending: int | None = None
    is_login_unfit: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether requests can be answered as they should."""
        return self.is_connected and self.pending == 0 and not (settings.IS_SERVED and self.is_login_unfit)


class Asking(Generic[T]):
    """Asks the database from a thread and a connection of its own, so that a hanging one delays nobody.

    Whoever asks while a look is under way waits for that one.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.look: Future[T] | None = None

    def ask(self, patience: float = PATIENCE_SECONDS) -> T:
        """Look, or say what is said when there is no answer in time."""
        with self.lock:
            if self.look is None or self.look.done():
                self.look = Future()
                threading.Thread(target=self._fill, args=(self.look,), daemon=True).start()
            look = self.look
        try:
            return look.result(timeout=patience)
        except TimeoutError:
            return self._unanswered()

    def _fill(self, look: Future[T]) -> None:
        try:
            look.set_result(self._looked())
        except Exception as error:  # noqa: BLE001 - raised again where it was asked for
            look.set_exception(error)
        finally:
            connection.close()

    def _looked(self) -> T:
        raise NotImplementedError

    def _unanswered(self) -> T:
        raise NotImplementedError


class Probe(Asking[Readiness]):
    """Looks whether the database answers; `disconnected` when there is no answer in time.

    That no migration is pending is remembered: while this process runs, its own code gains none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.is_migrated = False

    def _unanswered(self) -> Readiness:
        return Readiness()

    def _looked(self) -> Readiness:
        try:
            with connection.cursor() as cursor:
                cursor.execute(UNFIT_LOGIN, [role_name("owner")])
                (is_unfit,) = cursor.fetchone()
        except DatabaseFailure:
            return Readiness()
        return Readiness(is_connected=True, pending=self._pending(), is_login_unfit=is_unfit)

    def _pending(self) -> int | None:
        if self.is_migrated:
            return 0
        try:
            executor = MigrationExecutor(connection)
            pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        except DatabaseFailure:
            return None
        self.is_migrated = pending == 0
        return pending


@dataclass(frozen=True)
class Detail:
    """What a room says beside the dependencies.

    :ivar look: reads it, in a unit of the role that this process works as.
    :ivar shape: how it is written.
    """

    name: str
    look: Callable[[], object]
    shape: type[serializers.Serializer[Any]]


class Details(Asking[dict[str, Any]]):
    """What rooms say, kept for a few seconds; what fails or is late is None, which makes nothing unready."""

    def __init__(self) -> None:
        super().__init__()
        self.known: dict[str, Detail] = {}
        self.kept: dict[str, Any] = {}
        self.kept_until = 0.0

    def ask(self, patience: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """What is kept, or a look."""
        return self.kept if time.monotonic() < self.kept_until else super().ask(patience)

    def _looked(self) -> dict[str, Any]:
        said = {name: self._said(detail) for name, detail in self.known.items()}
        self.kept, self.kept_until = said, time.monotonic() + KEPT_SECONDS
        return said

    def _said(self, detail: Detail) -> Mapping[str, Any] | None:
        try:
            with unit("staff" if settings.SERVES == "admin" else "api"):
                return dict(detail.shape(detail.look()).data)
        except Exception as error:  # noqa: BLE001 - whatever it is, the process is no less ready for it
            logger.warning("How %s stands cannot be told: %s", detail.name, str(error).split("\n", 1)[0])
            return None

    def _unanswered(self) -> dict[str, Any]:
        return dict.fromkeys(self.known)


PROBE = Probe()
DETAILS = Details()


def register_detail(name: str, look: Callable[[], object], shape: type[serializers.Serializer[Any]]) -> None:
    """Have `/ready` say more about what the process leans on, whatever it is never making it unready."""
    DETAILS.known[name] = Detail(name, look, shape)


def refuse_unfit_login() -> None:
    """Stop a served process whose login could switch the guards off; an unreachable database is asked later.

    :raises ImproperlyConfigured: when the database is reachable and the login is unfit.
    """
    if settings.IS_SERVED and PROBE.ask(patience=5).is_login_unfit:
        raise ImproperlyConfigured(
            "DATABASE_URL logs in as a superuser, or as a member of the role that owns the tables. Give each "
            "process a login of its own: CREATE ROLE web LOGIN NOINHERIT PASSWORD '...'; "
            f"GRANT {role_name('api')} TO web;"
        )


class HealthShape(serializers.Serializer[Any]):
    """The process answers."""

    status = serializers.ChoiceField(choices=["ok"])
    uptime_seconds = serializers.FloatField()


class DependenciesShape(serializers.Serializer[Any]):
    """What the process leans on."""

    db = serializers.ChoiceField(choices=["connected", "disconnected"])
    redis = serializers.ChoiceField(choices=["unknown"])

    def get_fields(self) -> dict[str, Any]:
        """Add what rooms say, or null where it cannot be told now."""
        told = {name: detail.shape(allow_null=True) for name, detail in DETAILS.known.items()}
        return {**super().get_fields(), **told}


class MigrationsShape(serializers.Serializer[Any]):
    """How far the database is behind the code."""

    pending = serializers.IntegerField(allow_null=True)


class ReadyShape(serializers.Serializer[Any]):
    """Whether requests can be answered as they should."""

    ready = serializers.BooleanField()
    dependencies = DependenciesShape()
    migrations = MigrationsShape()
    login = serializers.ChoiceField(choices=["fit", "unfit", "unknown"])


class VersionShape(serializers.Serializer[Any]):
    """What runs here."""

    name = serializers.CharField()
    version = serializers.CharField()
    build = serializers.CharField()
    env = serializers.CharField()


class Health(ApiView):
    """The process lives; the database is not asked."""

    public = True
    database_role = None

    @extend_schema(responses=HealthShape)
    def get(self, request: Request) -> Response:
        return Response({"status": "ok", "uptime_seconds": round(time.monotonic() - BEGAN, 1)})


class Ready(ApiView):
    """The process can do its work: the database answers and lacks no migration. If not: 503, same body."""

    public = True
    database_role = None

    @extend_schema(responses={200: ReadyShape, 503: ReadyShape})
    def get(self, request: Request) -> Response:
        found = PROBE.ask()
        login = "unfit" if found.is_login_unfit else "fit"
        told = DETAILS.ask() if found.is_connected else dict.fromkeys(DETAILS.known)
        db = "connected" if found.is_connected else "disconnected"
        body = {
            "ready": found.is_ready,
            "dependencies": {"db": db, "redis": "unknown", **told},
            "migrations": {"pending": found.pending},
            "login": login if found.is_connected else "unknown",
        }
        return Response(body, status=200 if found.is_ready else 503)


class Version(ApiView):
    """Which version and build runs here."""

    public = True
    database_role = None

    @extend_schema(responses=VersionShape)
    def get(self, request: Request) -> Response:
        return Response(
            {
                "name": "xmarket",
                "version": settings.VERSION,
                "build": settings.BUILD,
                "env": settings.ENVIRONMENT,
            }
        )
