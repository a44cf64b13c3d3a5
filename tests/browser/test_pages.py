"""The pages people decide on: nobody is kept out, on a desk or a phone, by light or in the dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, ViewportSize, expect

from audit.models import ApprovalDecision
from tests.audit.history import two_weeks
from tests.browser import axe
from tests.browser.conftest import Opener
from tests.browser.scene import Scene
from tests.factories import PASSWORD, REASON

DESK = ViewportSize(width=1400, height=950)
PHONE = ViewportSize(width=390, height=844)
SCREENS = {"desk": DESK, "phone": PHONE}
PICTURES = Path(settings.BASE_DIR) / ".run" / "pictures"
QUEUE = "/admin/audit/approvalrequest/"


def addresses(scene: Scene) -> dict[str, str]:
    return {
        "first": "/admin/",
        "queue": QUEUE,
        "mine-to-decide": f"{QUEUE}?mine=1&risk=low",
        "review": f"{QUEUE}{scene.revised.pk}/review/",
        "review-first-wording": f"{QUEUE}{scene.simple.pk}/review/",
        "receipt": f"{QUEUE}{scene.revised.pk}/receipt/",
        "overview": f"{QUEUE}overview/",
        "decisions": "/admin/audit/approvaldecision/",
        "together": f"{QUEUE}together/?ids={scene.simple.pk},{scene.revised.pk}",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("screen", list(SCREENS))
def test_nothing_keeps_anybody_from_using_them(
    scene: Scene, open_page: Opener, screen: str, scheme: str
) -> None:
    script = axe.source()
    two_weeks(scene.world)
    PICTURES.mkdir(parents=True, exist_ok=True)
    page = open_page(scene.world.grace.email, viewport=SCREENS[screen], color_scheme=scheme)

    found = {}
    for name, address in addresses(scene).items():
        page.goto(address)
        page.screenshot(path=PICTURES / f"{name}-{screen}-{scheme}.png", full_page=True)
        found[name] = axe.grave(page, script)
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, name
    assert not any(found.values()), found


@pytest.mark.parametrize("screen", list(SCREENS))
def test_a_refusal_is_as_usable_as_the_page_before_it(scene: Scene, open_page: Opener, screen: str) -> None:
    script = axe.source()
    page = open_page(scene.world.grace.email, viewport=SCREENS[screen])
    page.goto(f"{QUEUE}{scene.simple.pk}/review/")

    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Reject").click()

    expect(page.get_by_role("alert").first).to_be_visible()
    assert axe.grave(page, script) == []


def test_a_person_decides_without_a_mouse(scene: Scene, open_page: Opener) -> None:
    page = open_page(scene.world.grace.email, viewport=DESK)
    page.goto(f"{QUEUE}?q=MOON")

    tab_to(page, "Will a crewed mission orbit the Moon")
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/")
    tab_to(page, "", name="reason")
    page.keyboard.type(REASON)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Approved: the market exists")).to_be_visible()
    read_for = ApprovalDecision.objects.get(reviewer=scene.world.grace, verdict="approve").read_for
    assert read_for is not None


def test_without_javascript_everything_is_there_and_decides(scene: Scene, open_page: Opener) -> None:
    page = open_page(scene.world.grace.email, viewport=DESK, java_script_enabled=False)
    page.goto(QUEUE)

    page.get_by_role("link", name="Will a crewed mission orbit the Moon").click()
    page.get_by_text("Tried just now and taken back: it works.").click()
    expect(page.get_by_text("market.opened")).to_be_visible()
    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Approve this digest (1/1)").click()

    expect(page.get_by_role("heading", name="Approved: the market exists")).to_be_visible()


def tab_to(page: Page, text: str, *, name: str = "", most: int = 60) -> None:
    """Press the tabulator until the element of this text or name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        at = page.evaluate("() => [document.activeElement.textContent, document.activeElement.name || '']")
        if (text and at[0].startswith(text)) or (name and at[1] == name):
            return
    raise AssertionError(f"{text or name} is not reached by {most} tabulators")
