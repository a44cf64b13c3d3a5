from __future__ import annotations

from contextlib import closing
from unittest.mock import Mock

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from core.web.csp import POLICY, ContentSecurityPolicy


@pytest.mark.parametrize("path", ["/", "/nothing", "/api/v1/nothing", "/api/v1/health", "/api/v1/schema"])
def test_every_answer_carries_the_strict_policy(client: Client, path: str) -> None:
    headers = client.get(path).headers

    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Permissions-Policy"]


def test_a_static_file_carries_the_policy_too(client: Client) -> None:
    with closing(client.get("/static/admin/css/base.css")) as answer:
        assert answer.headers["Content-Security-Policy"] == POLICY


def test_no_script_from_elsewhere_and_none_inline_is_allowed() -> None:
    assert "default-src 'self'" in POLICY
    assert "unsafe" not in POLICY


def test_a_view_may_set_a_policy_of_its_own(rf: RequestFactory) -> None:
    own = HttpResponse(headers={"Content-Security-Policy": "sandbox"})

    response = ContentSecurityPolicy(Mock(return_value=own))(rf.get("/"))

    assert response.headers["Content-Security-Policy"] == "sandbox"
