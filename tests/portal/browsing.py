"""What browser tests of pages need beside Playwright."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from playwright.sync_api import FrameLocator, Locator, Page, TimeoutError, expect

# Milliseconds that anything may take on a loaded machine. Nothing waits that long unless something is wrong.
PATIENCE = 90_000
expect.set_options(timeout=PATIENCE)

# To be added to a browser context, as an init script, before ``settle`` is asked of its pages.
SCRIPT_RUNS = Path(__file__).with_name("script_runs.js")
# To be added as well: boxes open at once.
WITHOUT_ANIMATION = Path(__file__).with_name("without_animation.js")

# True once it held for some frames: a select box asks for its run of the page only after it was drawn. And once the
# page was idle: a value that the server set is sent back by the next click only after React's effects have run.
# A skeleton stands where the script of a kind of widget is still being loaded, after the page's run has ended.
# ``window.quiet.waitsFor`` says what does not hold yet.
SETTLED = """
([foot, call]) => {
  const quiet = window.quiet?.call === call ? window.quiet : (window.quiet = { call, looks: 0, frames: 0, idle: 0 });
  const app = document.querySelector('[data-testid="stApp"]')?.dataset;
  const stale = document.querySelector('[data-testid="stMain"] :is([data-stale="true"], [data-testid="stSkeleton"])');
  const unmet = {
    [`the state of Streamlit's page, ${app?.testScriptState}`]: app?.testScriptState !== "notRunning",
    [`the connection, ${app?.testConnectionState}`]: app?.testConnectionState !== "CONNECTED",
    [`runs of the page: ${window.scriptRuns.told()}`]: !window.scriptRuns.ended(),
    [`an element: ${stale?.outerHTML.slice(0, 300)}`]: stale,
    "the foot": foot && !document.querySelector("footer.page-footer"),
  };
  quiet.waitsFor = Object.keys(unmet).filter((what) => unmet[what]);
  quiet.looks++;
  if (quiet.waitsFor.length) [quiet.frames, quiet.idle] = [0, 0];
  else {
    if (++quiet.frames === 1) requestIdleCallback(() => quiet.idle++);
    if (!quiet.idle) quiet.waitsFor.push(`an idle moment, for ${quiet.frames} frames`);
  }
  return quiet.frames > 3 && quiet.idle > 0;
}
"""
_calls = count()


def visit(page: Page, url: str) -> None:
    """Go to a page of the portal and wait until it is drawn, down to its foot."""
    page.goto(url)
    _settle(page, foot=True)


def visit_script(page: Page, url: str) -> None:
    """Go to a page that a test serves by a script of its own, and wait until it is drawn."""
    page.goto(url)
    settle(page)


def settle(page: Page) -> None:
    """Wait until Streamlit has run the page as often as it was asked to, and drawn what that gave."""
    _settle(page, foot=False)


def _settle(page: Page, *, foot: bool) -> None:
    try:
        page.wait_for_function(SETTLED, arg=[foot, next(_calls)], timeout=PATIENCE)
    except TimeoutError as error:
        error.add_note(f"The page does not settle: {_waits_for(page)}")
        raise


def _waits_for(page: Page) -> str:
    """Return what ``_settle`` waits for."""
    try:  # not ``evaluate``, which has no time limit: the page's script may be what hangs
        told = page.wait_for_function("() => window.quiet", timeout=5_000).json_value()
    except TimeoutError:
        return "its script answers nothing"
    return f"after {told['looks']} looks it waits for {'; '.join(told['waitsFor']) or 'a few frames'}"


def open_expander(page: Page, title: str) -> Locator:
    """Open the box whose heading contains ``title``; return it, open and at rest."""
    heading = page.locator("summary").filter(has_text=title)
    box = page.locator('[data-testid="stExpander"]').filter(has=heading).last
    box.locator("summary").first.click()
    expect(box.locator("details").first).to_have_attribute("open", "")
    settle(page)
    return box


def map_frame(page: Page) -> FrameLocator:
    """The county map's frame, once its 95 outlines are drawn."""
    frame = page.frame_locator('iframe[data-testid="stCustomComponentV1"]')
    expect(frame.locator("path.county")).to_have_count(95)
    return frame


def open_choices(page: Page, label: str, *, exact: bool = False) -> None:
    """Open the list of a select box. It is brought into view before, at rest: a list closes when the page scrolls."""
    field = page.get_by_role("combobox", name=label, exact=exact)
    field.scroll_into_view_if_needed()
    settle(page)
    field.click()


def write_cell(page: Page, row: int, column: int, before: str, after: str) -> None:
    """Write into a cell of the grid that holds ``before``; its row and column as they stand, counted from 0.

    The grid is drawn on a canvas: its first cell is pressed, the others are reached by the keys of arrows, and Enter
    opens the field of a cell. A press counts only where the grid has seen the pointer before. The browser's table for
    readers of screens says what the grid shows.
    """
    grid, first = page.get_by_test_id("stDataFrame"), {"x": 30, "y": 60}
    grid.hover(position=first)
    settle(page)
    grid.click(position=first)
    expect(page.get_by_test_id("glide-cell-0-0")).to_have_attribute("aria-selected", "true")
    for key, times in (("ArrowDown", row), ("ArrowRight", column)):
        for _time in range(times):
            page.keyboard.press(key)
    page.keyboard.press("Enter")
    field = page.locator("#portal textarea")
    expect(field).to_have_value(before)
    field.fill(after)
    field.press("Enter")
    expect(page.get_by_test_id(f"glide-cell-{column}-{row}")).to_have_text(after)
