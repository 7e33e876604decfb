"""What browser tests of pages need beside Playwright."""

from __future__ import annotations

from playwright.sync_api import FrameLocator, Page, expect

SLOW = 30_000  # milliseconds a loaded machine may take; nothing waits that long on a good day


def visit(page: Page, url: str) -> None:
    """Go to a page of the portal and wait until it stands, down to its foot."""
    page.goto(url)
    expect(page.locator("footer.page-footer")).to_have_count(1, timeout=SLOW)
    settle(page)


def visit_script(page: Page, url: str) -> None:
    """Go to a page that a test serves by a script of its own, and wait until it stands."""
    page.goto(url)
    settle(page)


def settle(page: Page) -> None:
    """Wait until Streamlit has run the page and drawn what it gave."""
    expect(page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]')).to_be_visible(timeout=SLOW)
    expect(page.locator('[data-testid="stMain"] [data-stale="true"]')).to_have_count(0, timeout=SLOW)


def map_frame(page: Page) -> FrameLocator:
    """The county map's frame, once its 95 outlines are drawn."""
    frame = page.frame_locator('iframe[data-testid="stCustomComponentV1"]')
    expect(frame.locator("path.county")).to_have_count(95, timeout=SLOW)
    return frame


def open_choices(page: Page, label: str) -> None:
    """Open the list of a select box. It is brought into view before: a list closes when the page scrolls."""
    field = page.get_by_label(label)
    field.scroll_into_view_if_needed()
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    field.click()
