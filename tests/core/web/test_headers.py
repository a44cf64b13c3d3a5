"""Every address there is answers with the headers that make a browser careful."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import get_resolver

from core.web.csp import HEADERS, POLICY
from tests.factories import World
from tests.staff import browser

STATIC = (
    "/static/admin/css/base.css",
    "/static/nothing.css",
    "/nothing",
    "/api/v1/nothing",
    "/admin/nothing/",
)


def addresses(patterns: list[Any], before: str = "/") -> Iterator[str]:
    for each in patterns:
        part = re.sub(r"\(\?P<.*?>.*?\)|<.*?>", str(UUID(int=1)), str(each.pattern)).strip("^$")
        here = before + part.replace("\\", "").replace("?$", "")
        if hasattr(each, "url_patterns"):
            yield from addresses(each.url_patterns, here)
        else:
            yield here


def careless(client: Client) -> dict[str, list[str]]:
    """The addresses whose answer lacks a header, and which."""
    found = {}
    for address in {*addresses(get_resolver().url_patterns), *STATIC}:
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer)  # read to its end, the file is closed
        wanted = {**HEADERS, "Content-Security-Policy": POLICY}
        missing = [name for name in wanted if not answer.headers.get(name)]
        if address.startswith("/admin/") and "no-store" not in answer.headers.get("Cache-Control", ""):
            missing.append("Cache-Control")
        if missing:
            found[address] = missing
    return found


def test_the_walk_reaches_every_part() -> None:
    found = set(addresses(get_resolver().url_patterns))

    assert {"/admin/", "/admin/login/", "/admin/second-factor/", "/api/v1/health", "/api/v1/markets"} <= found
    assert len(found) > 80


@pytest.mark.parametrize("who", ["nobody", "root"])
def test_every_answer_makes_a_browser_careful(world: World, who: str) -> None:
    assert careless(Client() if who == "nobody" else browser(world.root)) == {}
