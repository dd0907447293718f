"""The site in a real browser: nothing leaves the page, nothing breaks, everybody can use it.

Needs a Chromium on the machine (`apt-get install chromium`, or its path in OKR_CHROMIUM); without one these are skipped.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

CHROMIUM = os.environ.get("OKR_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ("--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")  # fmt: skip

pytestmark = [
    pytest.mark.skipif(
        CHROMIUM is None, reason="no Chromium on this machine: the pages were not seen in a browser"
    ),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests here."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        options = ["--no-sandbox"] if os.geteuid() == 0 else []
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *options])
        yield started
        started.close()


class Seen:
    """A page with all that it said and asked for."""

    def __init__(
        self, browser: Browser, *, width: int = 1200, script: bool = True, dark: bool = False
    ) -> None:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script,
            color_scheme="dark" if dark else "light",
        )  # fmt: skip
        self.page: Page = context.new_page()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))

    def open(self, path: Path) -> Page:
        self.page.goto(path.as_uri())
        return self.page


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


@pytest.mark.parametrize("name", ["english", "french", "past"])
def test_no_page_complains_leaves_or_overflows_a_phone(
    request: pytest.FixtureRequest, browser: Browser, name: str
) -> None:
    site: Path = request.getfixturevalue(name)
    seen = Seen(browser, width=360)
    for path in pages(site):
        page = seen.open(path)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, path
        cut = page.evaluate(
            "[...document.querySelectorAll('.chart text')].filter(it => {const box = it.getBBox(); "
            "return box.x + box.width > it.ownerSVGElement.viewBox.baseVal.width}).map(it => it.textContent)"
        )
        assert cut == [], path
    assert seen.said == []
    assert {address.partition(":")[0] for address in seen.asked} == {"file"}
    assert len(seen.asked) == len(pages(site))


@pytest.mark.parametrize("dark", [False, True])
def test_nothing_stands_in_anybodys_way(browser: Browser, english: Path, past: Path, dark: bool) -> None:
    from axe_playwright_python.sync_playwright import Axe

    seen = Seen(browser, dark=dark)
    looked_at = [
        *pages(english)[:4],
        *(english / name for name in ("index.html", "map.html", "review.html", "kpis.html")),
        past / "review.html",
    ]
    # In the dark all is as by day but the colours.
    looked_for = {"resultTypes": ["violations"]} | ({"runOnly": ["color-contrast"]} if dark else {})
    for path in looked_at:
        found = Axe().run(seen.open(path), options=looked_for)
        assert found.violations_count == 0, (path, found.generate_report())
    background = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(15, 19, 24)" if dark else "rgb(246, 247, 249)")


def test_the_map_is_searched_filtered_and_folded(browser: Browser, english: Path) -> None:
    seen = Seen(browser)
    page = seen.open(english / "map.html")
    shown = page.locator(".node:visible")
    total = shown.count()
    page.get_by_label("Search").fill("GERMAN DEV")
    assert 0 < shown.count() < total
    # What fits is shown below what it supports.
    assert page.get_by_text("Build a business that pays its own way").is_visible()
    assert not page.get_by_text("Earn the trust").first.is_visible()
    page.get_by_label("Search").fill("nothing is called so")
    assert page.get_by_text("Nothing fits the filter.").is_visible()
    page.get_by_label("Search").fill("")
    page.get_by_label("Status filter").select_option("at-risk")
    assert page.get_by_text("Be so dependable").first.is_visible()
    page.get_by_label("Status filter").select_option("")
    assert shown.count() == total
    page.get_by_role("button", name="Collapse all").click()
    assert page.locator(".top-tree > .node").count() == shown.count()
    page.get_by_role("button", name="Expand all").click()
    assert shown.count() == total
    assert seen.said == []


def test_the_keyboard_reaches_everything(browser: Browser, english: Path) -> None:
    seen = Seen(browser)
    page = seen.open(english / "map.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.id || document.activeElement.textContent.trim().slice(0, 20)"
            )
        )
    assert {"search", "status", "expand", "collapse", "Review"} <= reached
    summary = page.locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("details").first.get_attribute("open") is None


def test_without_script_all_is_there(browser: Browser, english: Path) -> None:
    seen = Seen(browser, script=False)
    page = seen.open(english / "map.html")
    assert page.locator(".node:visible").count() > 10
    assert not page.locator("#search").is_visible()
    page.locator("summary").first.click()
    assert page.locator("details").first.get_attribute("open") is None
    page.locator("summary").first.click()
    page.get_by_role("link", name="Make waiting for a build a thing of the past").click()
    assert page.locator("h1").inner_text() == "Make waiting for a build a thing of the past"
    page.get_by_role("link", name="Platform").first.click()
    assert page.locator("h1").inner_text() == "Platform"


def test_the_policy_lets_nothing_else_run(browser: Browser, english: Path) -> None:
    seen = Seen(browser)
    page = seen.open(english / "index.html")
    page.evaluate(
        "() => { const it = document.createElement('script'); it.textContent = 'window.ran = 1'; document.body.append(it) }"
    )
    page.evaluate(
        "() => { const it = new Image(); it.src = 'https://okr.example/x.png'; document.body.append(it) }"
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in said for said in seen.said)


def test_a_team_prints_on_one_page(browser: Browser, english: Path) -> None:
    seen = Seen(browser)
    page = seen.open(english / "owners" / "growth.html")
    printed = page.pdf(format="A4")
    assert (
        printed.count(b"/Type /Page\n") + printed.count(b"/Type /Page ") + printed.count(b"/Type/Page/") == 1
    )
