from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, sync_playwright

from core.web.csp import POLICY

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
REMEMBER_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    words = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--no-ws",
        "--port",
        port,
        "config.wsgi:application",
    ]
    server = subprocess.Popen(
        words, cwd=settings.BASE_DIR, env=os.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert server.stdout is not None
        while b"Started worker" not in server.stdout.readline():
            assert server.poll() is None
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate()


@pytest.fixture
def page() -> Iterator[Page]:
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        opened = browser.new_page()
        opened.add_init_script(REMEMBER_VIOLATIONS)
        yield opened
        browser.close()


def test_the_page_works_in_a_browser_under_its_policy(page: Page, address: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))

    page.goto(f"{address}/api/v1/docs")
    page.click("[data-path='/api/v1/version']")
    page.click("text=Try it out")
    page.click("text=Execute")
    page.wait_for_selector(".live-responses-table")

    assert '"name": "xmarket"' in page.inner_text(".live-responses-table")
    assert page.evaluate("window.violations") == []
    assert complaints == []


def test_the_browser_would_have_told_of_a_violation(page: Page, address: str) -> None:
    page.goto(f"{address}/api/v1/docs")

    page.evaluate(
        "document.body.appendChild(document.createElement('script')).textContent = 'window.injected = 1'"
    )

    assert page.evaluate("window.injected") is None
    assert page.evaluate("window.violations") == ["script-src-elem inline"]


def test_the_page_is_looser_than_others_by_its_icons_only(client: Client) -> None:
    policy = client.get("/api/v1/docs").headers["Content-Security-Policy"]

    assert policy == f"{POLICY}; img-src 'self' data:"


@pytest.mark.parametrize("path", ["/api/v1/docs", "/api/v1/docs?script=", "/api/v1/schema"])
def test_nothing_comes_from_elsewhere(client: Client, path: str) -> None:
    text = client.get(path).content.decode()

    assert "cdn" not in text
    assert 'src="http' not in text
