from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from pytest_django import Settings
from rest_framework import serializers

from core.web import health
from core.web.health import Details, Probe, Readiness, refuse_unfit_login

FIT = Readiness(is_connected=True, pending=0)
UNFIT = Readiness(is_connected=True, pending=0, is_login_unfit=True)


class Found(Probe):
    """A probe that found what a test says."""

    def __init__(self, found: Readiness) -> None:
        super().__init__()
        self.found = found

    def _looked(self) -> Readiness:
        return self.found


@pytest.fixture
def probe(monkeypatch: pytest.MonkeyPatch) -> Probe:
    monkeypatch.setattr(health, "PROBE", Probe())
    return health.PROBE


class Weather(serializers.Serializer[Any]):
    """What a room may say."""

    wind = serializers.IntegerField()


@pytest.fixture
def details(monkeypatch: pytest.MonkeyPatch) -> Details:
    """Nothing is registered, and nothing kept."""
    monkeypatch.setattr(health, "DETAILS", Details())
    return health.DETAILS


@pytest.mark.parametrize("path", ["/api/v1/health", "/api/v1/live"])
def test_a_living_process_says_so_without_asking_the_database(client: Client, path: str) -> None:
    # no database mark: a query would fail this test
    response = client.get(path)

    assert response.status_code == 200
    assert response.json()["status"] == "ok"
    assert response.json()["uptime_seconds"] >= 0


def test_the_version_names_what_runs_here(client: Client, settings: Settings) -> None:
    settings.BUILD, settings.ENVIRONMENT = "4f2a9c1", "staging"

    assert client.get("/api/v1/version").json() == {
        "name": "xmarket",
        "version": settings.VERSION,
        "build": "4f2a9c1",
        "env": "staging",
    }


def test_a_migrated_database_makes_the_process_ready(
    client: Client, committing_db: str, probe: Probe, details: Details
) -> None:
    response = client.get("/api/v1/ready")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "dependencies": {"db": "connected", "redis": "unknown"},
        "migrations": {"pending": 0},
        "login": "unfit",
    }


def test_a_pending_migration_makes_it_unready(client: Client, committing_db: str, probe: Probe) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")

    response = client.get("/api/v1/ready")

    assert response.status_code == 503
    assert response.json()["ready"] is False
    assert response.json()["migrations"] == {"pending": 1}


def test_that_nothing_is_pending_is_asked_once(
    committing_db: str, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = probe.ask(patience=5)
    monkeypatch.delattr(health, "MigrationExecutor")

    assert first == probe.ask(patience=5)
    assert first.pending == 0


def test_a_database_that_is_away_is_told_in_the_same_body(
    client: Client, probe: Probe, details: Details, monkeypatch: pytest.MonkeyPatch
) -> None:
    health.register_detail("weather", lambda: {"wind": 3}, Weather)
    monkeypatch.setattr(probe, "_looked", Readiness)
    response = client.get("/api/v1/ready")

    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "dependencies": {"db": "disconnected", "redis": "unknown", "weather": None},
        "migrations": {"pending": None},
        "login": "unknown",
    }


def test_a_login_that_is_away_counts_as_disconnected(committing_db: str, probe: Probe) -> None:
    connection.settings_dict["USER"] = "nobody_by_that_name"

    found = probe.ask(patience=5)

    assert found == Readiness()


def test_a_database_that_does_not_answer_in_time_counts_as_disconnected() -> None:
    answering = threading.Event()

    class Hanging(Probe):
        def _looked(self) -> Readiness:
            answering.wait()
            return FIT

    probe = Hanging()
    hurried = probe.ask(patience=0.01)
    answering.set()
    patient = probe.ask(patience=5)

    assert hurried == Readiness()
    assert patient == FIT


def test_who_asks_while_a_look_is_under_way_waits_for_that_one() -> None:
    looks, answering = [], threading.Event()

    class Counting(Probe):
        def _looked(self) -> Readiness:
            looks.append(1)
            answering.wait()
            return FIT

    probe = Counting()
    for _ in range(5):
        probe.ask(patience=0.01)
    answering.set()
    probe.ask(patience=5)

    assert len(looks) == 1


def test_a_defect_in_a_look_is_not_hidden() -> None:
    class Defect(Probe):
        def _looked(self) -> Readiness:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Defect().ask(patience=5)


@pytest.mark.parametrize(
    ("found", "is_served", "is_ready"),
    [
        (FIT, True, True),
        (UNFIT, False, True),
        (UNFIT, True, False),
        (Readiness(is_connected=True), False, False),
    ],
)
def test_a_served_process_with_an_unfit_login_is_not_ready(
    settings: Settings, found: Readiness, is_served: bool, is_ready: bool
) -> None:
    settings.IS_SERVED = is_served

    assert found.is_ready is is_ready


@pytest.mark.parametrize(("login", "is_unfit"), [("postgres", True), ("xm_tester", True), ("xm_app", False)])
def test_superusers_and_members_of_the_owner_are_unfit(
    committing_db: str, probe: Probe, login: str, is_unfit: bool
) -> None:
    connection.settings_dict["USER"] = login
    connection.settings_dict["OPTIONS"].pop("assume_role", None)

    found = probe.ask(patience=5)

    assert (found.is_connected, found.pending, found.is_login_unfit) == (True, 0, is_unfit)


def test_a_served_process_does_not_start_with_an_unfit_login(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.IS_SERVED = True
    monkeypatch.setattr(health, "PROBE", Found(UNFIT))

    with pytest.raises(ImproperlyConfigured, match="GRANT xm_api TO web"):
        refuse_unfit_login()


@pytest.mark.parametrize("found", [FIT, Readiness()])
def test_a_served_process_starts_with_a_fit_login_or_without_a_database(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, found: Readiness
) -> None:
    settings.IS_SERVED = True
    monkeypatch.setattr(health, "PROBE", Found(found))

    refuse_unfit_login()


class TestWhatRoomsSay:
    @pytest.fixture(autouse=True)
    def _is_ready(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(health, "PROBE", Found(FIT))

    def told(self, client: Client) -> dict[str, Any]:
        answer = client.get("/api/v1/ready")
        assert answer.status_code == 200
        dependencies: dict[str, Any] = answer.json()["dependencies"]
        return dependencies

    def test_stands_beside_the_dependencies_in_its_shape(
        self, client: Client, committing_db: str, details: Details
    ) -> None:
        health.register_detail("weather", lambda: {"wind": "3"}, Weather)

        assert self.told(client)["weather"] == {"wind": 3}

    def test_is_kept_for_a_few_seconds(
        self, client: Client, committing_db: str, details: Details, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        winds = iter(range(10))
        health.register_detail("weather", lambda: {"wind": next(winds)}, Weather)

        first, second = self.told(client), self.told(client)
        details.kept_until = time.monotonic()
        third = self.told(client)

        assert [told["weather"]["wind"] for told in (first, second, third)] == [0, 0, 1]

    def test_makes_no_process_unready_where_it_fails(
        self, client: Client, committing_db: str, details: Details
    ) -> None:
        def fail() -> object:
            raise ZeroDivisionError

        health.register_detail("weather", fail, Weather)
        health.register_detail("sea", lambda: {"wind": 4}, Weather)

        told = self.told(client)

        assert (told["weather"], told["sea"]) == (None, {"wind": 4})

    def test_is_not_waited_for_for_long(self, committing_db: str, details: Details) -> None:
        answering = threading.Event()

        def hang() -> object:
            answering.wait()
            return {"wind": 5}

        health.register_detail("weather", hang, Weather)
        hurried = details.ask(patience=0.01)
        answering.set()
        patient = details.ask(patience=5)

        assert (hurried, patient) == ({"weather": None}, {"weather": {"wind": 5}})

    def test_is_how_the_log_stands(self, client: Client, committing_db: str) -> None:
        health.DETAILS.kept_until = 0

        assert self.told(client)["log"].keys() == {
            "size",
            "unsealed_rows",
            "seal_lag_seconds",
            "last_checkpoint_at",
            "holders",
        }

    @pytest.mark.parametrize("face", ["all", "admin"])
    def test_is_read_by_the_login_of_production(
        self, client: Client, committing_db: str, settings: Settings, face: str
    ) -> None:
        connection.settings_dict["USER"] = "xm_app"
        connection.settings_dict["OPTIONS"].pop("assume_role", None)
        settings.SERVES, health.DETAILS.kept_until = face, 0

        assert health.DETAILS.ask(patience=5)["log"]["size"] == 0
