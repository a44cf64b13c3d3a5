from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from core.refusals import AlreadyExists
from core.web import problems
from core.web.views import ApiView
from tests.calling import client_of
from tests.factories import World
from tests.test_openapi import routes

handler404 = problems.not_found


class Old(ApiView):
    """Is on its way out."""

    permission = {"GET": "markets:read"}
    parameters = frozenset({"refuse"})
    deprecated_since = datetime(2027, 1, 1, tzinfo=UTC)
    sunset = datetime(2027, 7, 1, tzinfo=UTC)

    def get(self, request: Request) -> Response:
        if "refuse" in request.query_params:
            raise AlreadyExists
        return Response({})


class Older(ApiView):
    """Nobody knows yet when it will be gone."""

    permission = {"GET": "markets:read"}
    deprecated_since = datetime(2027, 1, 1, tzinfo=UTC)

    def get(self, request: Request) -> Response:
        return Response({})


urlpatterns = [path("api/v1/old", Old.as_view()), path("api/v1/older", Older.as_view())]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
@pytest.mark.parametrize("path", ["/api/v1/old", "/api/v1/old?refuse=yes"])
def test_an_address_that_is_deprecated_says_so_whatever_it_answers(world: World, path: str) -> None:
    response = client_of(world.vera).get(path)

    assert response.headers["Deprecation"] == "@1798761600"
    assert response.headers["Sunset"] == "Thu, 01 Jul 2027 00:00:00 GMT"
    assert response.headers["Link"] == '<http://testserver/api/v1/docs>; rel="deprecation"; type="text/html"'


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_an_address_may_be_deprecated_before_its_end_is_known(world: World) -> None:
    response = client_of(world.vera).get("/api/v1/older")

    assert "Deprecation" in response.headers
    assert "Sunset" not in response.headers


def test_no_address_is_deprecated_now() -> None:
    answered = Client().get("/api/v1/health")

    assert [route.path for route in routes() if route.view.deprecated_since or route.view.sunset] == []
    assert {"Deprecation", "Sunset", "Link"}.isdisjoint(answered.headers)
