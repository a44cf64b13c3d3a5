"""Take the pictures of the README anew: make test ARGS=tests/browser/pictures.py."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from playwright.sync_api import ViewportSize

from tests.browser.conftest import Opener
from tests.browser.scene import Scene

PICTURES = Path(settings.BASE_DIR) / "docs" / "pictures"
SIZE = ViewportSize(width=1400, height=950)


def test_pictures_of_the_queue_and_of_a_review(scene: Scene, open_page: Opener) -> None:
    page = open_page(scene.world.grace.email, viewport=SIZE)

    page.get_by_role("link", name="Open the review queue").click()
    page.wait_for_load_state()
    page.screenshot(path=PICTURES / "review-queue.png")
    page.get_by_role("link", name="Will the ECB cut").click()
    page.get_by_label("Reason").fill("Sources checked, the threshold is exact.")
    page.wait_for_load_state()
    page.screenshot(path=PICTURES / "review-page.png")
