"""Make sure the browser tests have a Chromium: ``python -m tests.tools.provide_browser``.

The one named in ``CHROMIUM`` is used; else Debian's headless shell, which is installed where apt can; else
any found on the PATH; else Playwright's own build. Fails where none of these gives one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Playwright, sync_playwright

# The headless shell draws a page with a third less processor time than the whole browser.
HEADLESS = "chromium-headless-shell"
NAMES = (HEADLESS, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser(driver: Playwright) -> str | None:
    """The path of a Chromium, or None where this machine has none yet."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    if on_path:
        return on_path
    own = driver.chromium.executable_path
    return own if Path(own).is_file() else None


def _run(*command: str) -> bool:
    print("$", *command, flush=True)
    return subprocess.run(command, check=False).returncode == 0


def main() -> int:
    """0 once there is one."""
    with sync_playwright() as driver:
        return provide(driver)


def provide(driver: Playwright) -> int:
    """Find or install one; 0 once there is one."""
    if os.environ.get("CHROMIUM") and find_browser(driver) is None:
        print(f"CHROMIUM names {os.environ['CHROMIUM']}, which is no file", file=sys.stderr)
        return 1
    if not (os.environ.get("CHROMIUM") or shutil.which(HEADLESS)) and shutil.which("apt-get") and os.geteuid() == 0:
        _run("apt-get", "update", "-q")
        _run("apt-get", "install", "-y", "-q", HEADLESS, "fonts-noto-cjk")
    if find_browser(driver) is None:
        _run(sys.executable, "-m", "playwright", "install", "chromium")
    found = find_browser(driver)
    print(f"browser for the tests: {found}" if found else "no Chromium could be found or installed")
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
