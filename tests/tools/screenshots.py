"""Take pictures of a running portal's pages, to be looked at: ``python -m tests.tools.screenshots``.

Arguments: the address of the portal, the folder for the pictures, and which pages (default: all),
each an address with its query. Every page is taken in Chinese and English, at a desk and on a phone.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from portal.navigation import ENTRIES
from tests.portal.browsing import SCRIPT_RUNS, settle
from tests.portal.visitors import DESKTOP, PHONE
from tests.tools.provide_browser import find_browser

SIZES = {"desk": DESKTOP, "phone": PHONE}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
TALLEST = 8000


def take(browser: Browser, url: str, file: Path, locale: str, size: str, *, whole: bool = True) -> None:
    """Save one page as a picture, as long as it is (``whole``) or the first view only."""
    phone = size == "phone"
    context = browser.new_context(locale=locale, viewport=SIZES[size], is_mobile=phone, has_touch=phone)
    context.add_init_script(path=SCRIPT_RUNS)
    page = context.new_page()
    page.goto(url)
    settle(page)
    page.wait_for_timeout(2500)  # a map's outlines and a chart's drawing have no event of their own
    if whole:
        length = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({**SIZES[size], "height": min(max(length, SIZES[size]["height"]), TALLEST)})
        page.wait_for_timeout(1000)
    page.screenshot(path=file)
    context.close()


def main() -> int:
    """Take them all."""
    address, folder, *pages = sys.argv[1:]
    Path(folder).mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_browser(driver), args=["--no-sandbox", "--disable-gpu"])
        for page in pages or [entry.name for entry in ENTRIES]:
            name = re.sub(r"\W+", "-", page).strip("-")
            for language, locale in LOCALES.items():
                for size in SIZES:
                    take(browser, f"{address}/{page}", Path(folder) / f"{name}-{language}-{size}.png", locale, size)
                    print(f"{name}-{language}-{size}.png", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
