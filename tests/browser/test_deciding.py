"""A person with a browser: from logging in to a market with its proof, and every page they pass."""

from __future__ import annotations

import json
from base64 import b32decode
from itertools import product

from django.contrib import admin
from django_otp.oath import totp
from playwright.sync_api import Page, ViewportSize, expect

from audit.models import AuditEvent
from markets.models import Market
from tests.browser.conftest import Opener
from tests.browser.scene import Scene
from tests.factories import PASSWORD, REASON, make_key
from tests.sealing import seal_everything

DESK = ViewportSize(width=1400, height=950)
PHONE = ViewportSize(width=390, height=844)
OTHER_PAGES = (
    "/admin/password_change/", "/admin/tenant/", "/admin/agents/", "/admin/second-factor/", "/admin/nothing/",
    "/admin/core/apikey/issue/", "/admin/core/job/?status=dlq", "/admin/core/job/drive-again/",
)  # fmt: skip
# by WCAG 2.1, for text of the usual size
CONTRAST = 4.5
FAINTEST = """
() => {
  const channel = v => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 };
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const colour = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const behind = e => {
    for (; e; e = e.parentElement) {
      const c = colour(getComputedStyle(e).backgroundColor);
      if (c.length === 3 || c[3] > 0) return c;
    }
    return [255, 255, 255];
  };
  return [...document.querySelectorAll('#content *')]
    .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.checkVisibility())
    .map(e => {
      const [a, b] = [light(colour(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
      return [(a + 0.05) / (b + 0.05), e.outerHTML.slice(0, 120)];
    }).sort((x, y) => x[0] - y[0])[0];
}
"""


def queue(page: Page) -> None:
    page.get_by_role("link", name="Open the review queue").click()
    expect(page.get_by_role("heading", name="Review queue", level=1)).to_be_visible()


def test_a_person_approves_and_the_market_is_there_with_its_proof(scene: Scene, open_page: Opener) -> None:
    page = open_page(scene.world.grace.email, viewport=DESK)

    queue(page)
    page.get_by_role("link", name="Will a crewed mission orbit the Moon").click()
    expect(page.get_by_text("content verified").first).to_be_visible()
    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Approve this digest (1/1)").click()

    expect(page.get_by_role("heading", name="Approved: the market exists")).to_be_visible()
    market = Market.objects.get(symbol="MOON-2027")
    expect(page.get_by_text(f"GET /api/v1/markets/{market.pk}/proof")).to_be_visible()
    page.get_by_role("link", name="Market MOON-2027").click()
    expect(page.get_by_text(bytes(market.digest).hex())).to_be_visible()
    key = {"Authorization": f"Bearer {make_key(scene.world.scout)}"}
    answer = page.request.get(f"/api/v1/markets/{market.pk}/proof", headers=key)
    assert answer.ok
    assert str(market.human_approval_audit_id) in json.dumps(answer.json())


def test_the_last_of_two_approvals_opens_a_revised_market(scene: Scene, open_page: Opener) -> None:
    page = open_page(scene.world.grace.email, viewport=DESK)

    page.goto(f"/admin/audit/approvalrequest/{scene.revised.pk}/review/")
    expect(page.locator("ins", has_text="Voids if the source is not published")).to_be_visible()
    expect(page.get_by_text("never shown")).to_have_count(0)
    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Approve this digest (2/2)").click()

    expect(page.get_by_role("heading", name="Approved: the market exists")).to_be_visible()
    assert Market.objects.get().symbol == "ECB-DFR-2026"


def test_a_wrong_password_is_said_in_place_and_the_reason_stays(scene: Scene, open_page: Opener) -> None:
    page = open_page(scene.world.grace.email, viewport=DESK)

    page.goto(f"/admin/audit/approvalrequest/{scene.simple.pk}/review/")
    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("Your password").fill("wrong")
    page.get_by_role("button", name="Reject").click()

    expect(page.get_by_role("alert")).to_contain_text("That is not your password.")
    expect(page.get_by_label("Reason")).to_have_value(REASON)
    expect(page.get_by_label("Your password")).to_have_value("")


def test_the_enter_key_decides_nothing(scene: Scene, open_page: Opener) -> None:
    page = open_page(scene.world.grace.email, viewport=DESK)
    page.goto(f"/admin/audit/approvalrequest/{scene.simple.pk}/review/")
    page.get_by_label("Reason").fill(REASON)
    page.get_by_label("Your password").fill(PASSWORD)

    page.get_by_label("Your password").press("Enter")

    expect(page.get_by_label("Your password")).to_have_value(PASSWORD)
    assert not Market.objects.exists()


def test_whoever_operates_the_agent_is_told_so_instead_of_a_form(scene: Scene, open_page: Opener) -> None:
    page = open_page(scene.world.olga.email, viewport=DESK)

    page.goto(f"/admin/audit/approvalrequest/{scene.simple.pk}/review/")

    expect(page.get_by_role("heading", name="You cannot decide on this")).to_be_visible()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)


def test_a_password_is_changed(scene: Scene, open_page: Opener) -> None:
    page = open_page(scene.world.grace.email, viewport=DESK)

    page.get_by_role("link", name="Change password").click()
    page.get_by_label("Old password").fill(PASSWORD)
    page.get_by_label("New password:", exact=True).fill("an even better battery staple")
    page.get_by_label("New password confirmation").fill("an even better battery staple")
    page.get_by_role("button", name="Change my password").click()

    expect(page.get_by_role("heading", name="Password change successful")).to_be_visible()


def test_a_second_factor_is_set_up_and_asked_for_from_then_on(scene: Scene, open_page: Opener) -> None:
    page = open_page(scene.world.grace.email, viewport=DESK)

    page.goto("/admin/second-factor/")
    secret = b32decode(page.locator("form code").inner_text())
    page.get_by_label("Code").fill(f"{totp(secret):06d}")
    page.get_by_role("button", name="Confirm").click()

    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    recovery = page.locator("pre").inner_text().split()[0]
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Log out").click()
    page.goto("/admin/login/")
    for code in ("", recovery):
        page.get_by_label("Email").fill(str(scene.world.grace.email))
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Log in").click()
        if not code:
            expect(page.get_by_text("the code if you have set up a second factor")).to_be_visible()
    expect(page.get_by_role("link", name="Open the review queue")).to_be_visible()


def test_every_page_is_legible_fits_its_screen_and_breaks_no_policy(scene: Scene, open_page: Opener) -> None:
    review = f"/admin/audit/approvalrequest/{scene.revised.pk}"
    seal_everything()
    receipt = f"/admin/audit/auditevent/{AuditEvent.objects.earliest('seq').pk}/receipt/"
    for viewport, scheme in product((DESK, PHONE), ("light", "dark")):
        page = open_page(scene.world.root.email, viewport=viewport, color_scheme=scheme)
        listed = page.locator("#content-main table a")
        addresses = set(listed.evaluate_all("links => links.map(a => a.getAttribute('href'))"))
        assert len(addresses) >= len(admin.site._registry)

        stranded = f"/admin/core/job/{scene.stranded}"
        jobs = (f"{stranded}/change/", f"{stranded}/move/cancel/", f"{stranded}/move/drive-again/")
        for address in (*addresses, f"{review}/review/", f"{review}/receipt/", receipt, *jobs, *OTHER_PAGES):
            page.goto(address)
            faintest = page.evaluate(FAINTEST)
            overflow = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
            where = (address, viewport, scheme)
            assert faintest[0] >= CONTRAST, (where, faintest)
            assert overflow <= 0, where
