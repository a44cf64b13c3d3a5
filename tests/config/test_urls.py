from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from pytest_django import Settings

from core.web.docs import Document, Page
from core.web.views import ApiView


def patterns(found: list[Any], before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in found:
        path = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns, path)
        else:
            yield path, pattern


def api() -> list[tuple[str, URLPattern]]:
    return [
        (path, found) for path, found in patterns(get_resolver().url_patterns) if path.startswith("api/v1/")
    ]


def test_the_root_leads_to_the_admin(client: Client) -> None:
    response = client.get("/")

    assert response.status_code == 302
    assert response.headers["Location"] == "/admin/"


def test_every_address_of_the_api_stands_on_the_view_base_or_describes_the_api() -> None:
    views = [getattr(found.callback, "cls", None) for _, found in api()]

    assert views
    assert all(view in (Document, Page) or (view and issubclass(view, ApiView)) for view in views)


def test_no_address_of_the_api_ends_in_a_slash() -> None:
    assert [path for path, _ in api() if path.endswith("/")] == []


def test_an_id_that_is_none_reaches_the_view_so_that_it_answers_like_an_unknown_one() -> None:
    assert [path for path, _ in api() if "<uuid:" in path or "<int:" in path] == []


@pytest.mark.parametrize("debug", [False, True])
@pytest.mark.parametrize("method", ["get", "post", "delete", "options"])
@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v1/health/", "/api/v2/health", "/api/"])
def test_an_unknown_address_of_the_api_is_a_problem_document(
    client: Client, settings: Settings, path: str, method: str, debug: bool
) -> None:
    settings.DEBUG = debug

    response = getattr(client, method)(path)

    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"


def test_an_unknown_address_elsewhere_is_a_small_page(client: Client) -> None:
    response = client.get("/nothing")

    assert response.status_code == 404
    assert "There is nothing here by that name." in response.content.decode()
