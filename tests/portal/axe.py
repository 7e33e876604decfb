"""The rules of WCAG 2.2 A and AA, and axe-core's own advice, asked of a page in a browser and of the frames in it."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

KNOWN: dict[str, str] = {}
"""Rule that Streamlit's own markup breaks and that we can't mend from our side → why. None at present."""


def ask_axe_of(page: Page) -> None:
    """Give axe-core to all that the page will load, its frames too. Call it before the visit."""
    page.add_init_script(AXE_SCRIPT)


def findings(page: Page) -> list[str]:
    """Return what breaks a rule on the page as it stands, each with its place and how to mend it."""
    answer = page.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", RULES
    )
    return [
        f"{rule['impact']}: {rule['id']} at {node['target']}: {node['html'][:160]}\n{node['failureSummary']}"
        for rule in answer["violations"]
        if rule["id"] not in KNOWN
        for node in rule["nodes"]
    ]


def open_all_boxes(page: Page) -> None:
    """Open every box of the page that is closed, so that its content is seen."""
    page.evaluate("document.querySelectorAll('details:not([open]) > summary').forEach((heading) => heading.click())")
