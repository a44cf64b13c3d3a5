"""Take the pictures of the README anew: make test ARGS=tests/browser/pictures.py."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from playwright.sync_api import ViewportSize

from tests.audit.history import two_weeks
from tests.browser.conftest import Opener
from tests.browser.scene import Scene

PICTURES = Path(settings.BASE_DIR) / "docs" / "pictures"
SIZE = ViewportSize(width=1400, height=950)
PHONE = ViewportSize(width=390, height=844)


def test_pictures_of_the_queue_and_of_a_review(scene: Scene, open_page: Opener) -> None:
    page = open_page(scene.world.grace.email, viewport=SIZE)

    page.get_by_role("link", name="Open the review queue").click()
    page.wait_for_load_state()
    page.screenshot(path=PICTURES / "review-queue.png")
    page.get_by_role("link", name="Will the ECB cut").click()
    page.get_by_label("Reason").fill("Sources checked, the threshold is exact.")
    page.wait_for_load_state()
    page.screenshot(path=PICTURES / "review-page.png")


def test_a_picture_of_a_review_in_the_dark_on_a_phone(scene: Scene, open_page: Opener) -> None:
    page = open_page(scene.world.grace.email, viewport=PHONE, color_scheme="dark")

    page.goto(f"/admin/audit/approvalrequest/{scene.revised.pk}/review/")
    page.screenshot(path=PICTURES / "review-page-phone.png")


def test_a_picture_of_how_deciding_goes(scene: Scene, open_page: Opener) -> None:
    two_weeks(scene.world)
    page = open_page(scene.world.grace.email, viewport=SIZE)

    page.goto("/admin/audit/approvalrequest/overview/")
    page.screenshot(path=PICTURES / "overview.png")
