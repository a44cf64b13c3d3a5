from __future__ import annotations

import json
import logging
from uuid import UUID

import pytest
from django.test import Client, RequestFactory

from core.web.logs import JsonFormatter
from core.web.requests import client_address, correlation_of, user_agent


@pytest.mark.parametrize("given", ["abc", "A-1_b.2", "x" * 128, "0190d4a2-7c3e-7c3e-8c3e-0190d4a27c3e"])
def test_a_request_id_is_echoed(client: Client, given: str) -> None:
    response = client.get("/api/v1/health", headers={"X-Request-Id": given})

    assert response.headers["X-Request-Id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a/b", "\u00e9", "a\tb", "<script>"])
def test_an_id_that_is_none_is_replaced_by_a_new_one(client: Client, given: str) -> None:
    response = client.get("/api/v1/health", headers={"X-Request-Id": given})

    assert UUID(response.headers["X-Request-Id"]).version == 4


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/api/v1/nothing", "/api/v1/version", "/static/nothing.css"]
)
def test_every_answer_carries_an_id(client: Client, path: str) -> None:
    assert client.get(path).headers["X-Request-Id"]


def test_a_uuid_is_its_own_correlation_id() -> None:
    given = UUID("0190d4a2-7c3e-7c3e-8c3e-0190d4a27c3e")

    assert correlation_of(str(given)) == given


def test_another_text_always_gives_the_same_correlation_id() -> None:
    assert correlation_of("deploy-7") == correlation_of("deploy-7")
    assert correlation_of("deploy-7") != correlation_of("deploy-8")


def test_each_request_leaves_one_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        client.get("/api/v1/nothing?key=hidden", headers={"X-Request-Id": "abc"})

    (record,) = [record for record in caplog.records if record.name == "xmarket.access"]
    line = json.loads(JsonFormatter().format(record))
    assert (line["method"], line["path"], line["status"]) == ("GET", "/api/v1/nothing", 404)
    assert line["duration_ms"] >= 0
    assert "hidden" not in json.dumps(line)


@pytest.mark.parametrize(
    ("address", "kept"),
    [("203.0.113.7", "203.0.113.7"), ("2001:db8::1", "2001:db8::1"), ("", ""), ("unix:", "")],
)
def test_the_address_is_the_connections_own(rf: RequestFactory, address: str, kept: str) -> None:
    request = rf.get("/", REMOTE_ADDR=address, headers={"X-Forwarded-For": "198.51.100.1"})

    assert client_address(request) == kept


def test_the_user_agent_fits_into_the_log(rf: RequestFactory) -> None:
    assert user_agent(rf.get("/", headers={"User-Agent": "a\x00b" + "c" * 1000})) == "ab" + "c" * 398
    assert user_agent(rf.get("/")) == ""
