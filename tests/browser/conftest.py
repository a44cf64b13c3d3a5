"""A real browser against a real server, on a database of its own."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, sync_playwright

from core.database import clones
from core.management import children
from tests.browser.scene import Scene, make_scene
from tests.factories import PASSWORD

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
UP_WITHIN = 30.0
GLANCE = 0.05
PATIENCE = 10_000.0

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip(f"There is no {CHROMIUM}: apt-get install chromium")
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # its event loop stays in this thread, and Django would refuse to query beside it
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def scene(committing_db: str) -> Scene:
    return make_scene()


@pytest.fixture
def address(committing_db: str, scene: Scene) -> Iterator[str]:
    """Where the site is served, by the login that production has and no other."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    known = clones.addresses(committing_db)
    env = {**os.environ, "DATABASE_URL": known["DATABASE_URL"], "LOG_LEVEL": "WARNING"}
    server = children.start(_granian(port), env)
    try:
        _wait_until_up(server, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        children.end(server)


@pytest.fixture
def open_page(chromium: Browser, address: str) -> Iterator[Opener]:
    """Open a page of a browser of one's own, as the person who has this e-mail address.

    At the end the content security policy must have refused nothing, and nothing may have been missing.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(email: str, **options: Any) -> Page:
        context = chromium.new_context(base_url=address, reduced_motion="reduce", **options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.extend(_complaint(message)))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("response", lambda response: complaints.extend(_missing(response)))
        page.goto("/admin/login/")
        page.get_by_label("Email").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("**/admin/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _granian(port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *(
            "--working-dir",
            str(settings.BASE_DIR),
            "--blocking-threads",
            "2",
            "--no-ws",
            "--log-level",
            "warning",
        ),
        "config.wsgi:application",
    ]


def _wait_until_up(server: subprocess.Popen[str], port: int) -> None:
    until = time.monotonic() + UP_WITHIN
    while not _is_up(port):
        assert server.poll() is None, "the server ended by itself"
        assert time.monotonic() < until, f"the server was not up within {UP_WITHIN:.0f} s"
        time.sleep(GLANCE)


def _is_up(port: int) -> bool:
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asking.request("GET", "/api/v1/live")
        return asking.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        asking.close()


def _complaint(message: ConsoleMessage) -> Iterator[str]:
    # an answer of 4xx to a form is one of the answers that are tested
    if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
        yield message.text


def _missing(response: Response) -> Iterator[str]:
    if response.request.resource_type != "document" and not response.ok:
        yield f"{response.status} {response.url}"
