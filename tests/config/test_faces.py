"""A process serves the admin, the API, or both; what it does not serve, it does not mount."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.urls import clear_url_caches

from config import urls
from config.settings import FOR_PEOPLE

FOUND = {200, 302, 401}
PATHS = {"/.well-known/security.txt", "/admin/login/", "/api/v1/markets", "/api/v1/health"}


@pytest.fixture
def serving(settings: LazySettings) -> Iterator[None]:
    yield
    settings.SERVES = "all"
    _mount()


def _mount() -> None:
    importlib.reload(urls)
    clear_url_caches()


@pytest.mark.django_db
@pytest.mark.usefixtures("serving")
@pytest.mark.parametrize(
    ("face", "mounted"),
    [
        ("api", {"/.well-known/security.txt", "/api/v1/markets", "/api/v1/health"}),
        ("admin", {"/.well-known/security.txt", "/admin/login/", "/api/v1/health"}),
        ("all", {"/.well-known/security.txt", "/admin/login/", "/api/v1/markets", "/api/v1/health"}),
    ],
)
def test_a_process_mounts_only_what_it_serves(
    settings: LazySettings, client: Client, face: str, mounted: set[str]
) -> None:
    settings.SERVES = face
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    _mount()

    answers = {path: client.get(path).status_code for path in PATHS}

    assert {path for path, status in answers.items() if status in FOUND} == mounted
    assert all(answers[path] == 404 for path in PATHS - mounted)


def _said(answer: Any) -> dict[str, Any]:
    """Return what an answer says, without how long the process has been up."""
    return {name: value for name, value in answer.json().items() if name != "uptime_seconds"}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/markets", "/api/v1/health", "/api/v1/nothing"])
def test_an_answer_of_the_api_is_the_same_where_nobody_logs_in(settings: LazySettings, path: str) -> None:
    whole = Client().get(path, headers={"X-Request-Id": "same"})
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if each not in FOR_PEOPLE]

    slim = Client().get(path, headers={"X-Request-Id": "same"})

    assert slim.status_code == whole.status_code
    assert _said(slim) == _said(whole)
    assert dict(slim.headers) == dict(whole.headers)
    assert slim.headers["Content-Security-Policy"]
    assert slim.headers["X-Request-Id"] == "same"
