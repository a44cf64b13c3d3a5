from __future__ import annotations

import threading

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client
from pytest_django import Settings

from core.web import health
from core.web.health import Probe, Readiness, refuse_unfit_login

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
    client: Client, committing_db: str, probe: Probe
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
    client: Client, probe: Probe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(probe, "_looked", Readiness)
    response = client.get("/api/v1/ready")

    assert response.status_code == 503
    assert response.json() == {
        "ready": False,
        "dependencies": {"db": "disconnected", "redis": "unknown"},
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
