"""A real browser with one page open, whose visitor goes on using it and never reloads."""

from __future__ import annotations

import threading
from itertools import count

from playwright.sync_api import TimeoutError, sync_playwright

from tests.failover.notebook import Notebook
from tests.tools.provide_browser import find_browser

PAUSE, TRIES_AGAIN_AFTER = 2, 8
"""Seconds between two searches, and until a visitor types something else."""


def use_one_page(url: str, notebook: Notebook, stop: threading.Event) -> None:
    """Search for one word after another on a page that stays open, and note when an answer is seen. Where the page
    tells of a failure, the button below is pressed.

    Nobody offers these words, and the answer repeats them. Without a Chromium nothing is done.
    """
    with sync_playwright() as driver:
        program = find_browser(driver)
        if program is None:
            return
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(ignore_https_errors=True, locale="zh-CN").new_page()
        page.goto(f"{url}/find", timeout=120_000)
        search = page.locator("input[type=search]").first
        for number in count():
            if stop.is_set():
                break
            word = f"zzq{number}x"
            try:
                if (again := page.get_by_role("button", name="再试一次")).is_visible():
                    again.click(timeout=TRIES_AGAIN_AFTER * 1000)
                search.fill(word, timeout=TRIES_AGAIN_AFTER * 1000)
                page.get_by_text(f"“{word}”").wait_for(timeout=TRIES_AGAIN_AFTER * 1000)
                notebook.note("used")
            except TimeoutError:
                notebook.note("not used", told=page.locator("body").inner_text()[-300:])
            stop.wait(PAUSE)
        browser.close()
