from __future__ import annotations

from typing import Any

import pytest
import yaml
from django.test import Client


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.get("/api/v1/schema").json()
    return found


def operations(document: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    return [
        (f"{method} {path}", found)
        for path, item in document["paths"].items()
        for method, found in item.items()
    ]


def test_the_document_is_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    assert document["info"]["title"] == "Xmarket"


def test_the_document_comes_as_yaml_for_who_asks(client: Client, document: dict[str, Any]) -> None:
    response = client.get("/api/v1/schema", headers={"accept": "application/yaml"})

    assert yaml.safe_load(response.content) == document


def test_every_operation_says_how_it_refuses(document: dict[str, Any]) -> None:
    refused = {"$ref": "#/components/schemas/Problem"}

    assert operations(document)
    for name, operation in operations(document):
        answer = operation["responses"]["400"]
        assert answer["content"]["application/problem+json"]["schema"] == refused, name


def test_what_is_public_asks_for_no_key_and_everything_else_does(document: dict[str, Any]) -> None:
    public = {"health", "live", "ready", "version", "checkpoint", "{place}"}

    for name, operation in operations(document):
        is_public = name.rsplit("/", 1)[1] in public
        assert operation.get("security", []) == ([] if is_public else [{"key": []}, {"signature": []}]), name


def test_readiness_is_described_for_both_answers(document: dict[str, Any]) -> None:
    assert set(document["paths"]["/api/v1/ready"]["get"]["responses"]) == {"200", "400", "406", "500", "503"}
