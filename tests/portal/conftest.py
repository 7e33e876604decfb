"""A real server and a real browser for the tests of pages.

``portal_server``: the portal on a database of its own with the sample network. ``page``,
``phone_page`` and ``visitor``: browser pages that fail their test when anything they do leaves the
server's address or raises an error in the browser.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright

from tests.conftest import PostgresServer
from tests.provide_browser import find_browser

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 90
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Server:
    """A server process: its address, its log so far, and the environment it runs in."""

    url: str
    log: Path
    environment: dict[str, str]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def served(command: Sequence[str], folder: Path, **environment: str) -> Iterator[Server]:
    """Run ``python <command>`` from the repository's root until the block ends.

    ``environment`` is added to this process's; HOST and PORT are set. Yields once ``/health``
    answers; fails with the server's log when it does not.
    """
    port = _free_port()
    variables = {**os.environ, "HOST": "127.0.0.1", "PORT": str(port), **environment}
    log = folder / f"server-{port}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=variables, stdout=output, stderr=subprocess.STDOUT
        )
    server = Server(f"http://127.0.0.1:{port}", log, variables)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(server.url):
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"the server does not answer:\n{log.read_text(errors='replace')}")
            time.sleep(0.2)
        yield server
        if process.poll() is not None:
            pytest.fail(f"the server died ({process.returncode}):\n{log.read_text(errors='replace')}")
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/health", timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """``serve("-m", "portal", BASEMAP="osm")``: a server of a module's own, until its last test."""
    with ExitStack() as servers:

        def start(*command: str, **environment: str) -> Server:
            return servers.enter_context(served(command, tmp_path_factory.mktemp("server"), **environment))

        yield start


@contextmanager
def served_portal(database_url: str, folder: Path) -> Iterator[Server]:
    """The portal on an empty database, set up by the command line with the sample network."""
    environment = {"DATABASE_URL": database_url, "SAMPLE": "1"}
    setup = subprocess.run(
        [sys.executable, "-m", "stations", "setup"],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if setup.returncode:
        pytest.fail(f"python -m stations setup gave {setup.returncode}:\n{setup.stdout}{setup.stderr}")
    with served(["-m", "portal"], folder, **environment) as server:
        yield server


@pytest.fixture(scope="session")
def portal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The portal with the sample network on SQLite, its embedded default."""
    folder = tmp_path_factory.mktemp("portal")
    with served_portal(f"sqlite:///{folder / 'portal.sqlite3'}", folder) as server:
        yield server


@pytest.fixture(scope="module")
def postgres_portal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same on a real PostgreSQL."""
    folder = tmp_path_factory.mktemp("portal-on-postgres")
    postgres = PostgresServer()
    try:
        with served_portal(postgres.new(), folder) as server:
            yield server
    finally:
        postgres.clean_up()


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    """A Chromium that can reach this machine only, as on a closed network."""
    started = playwright_driver.chromium.launch(
        executable_path=find_browser(playwright_driver),
        args=[
            "--no-sandbox",
            "--disable-gpu",
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ],
    )
    yield started
    started.close()


@dataclass
class Watch:
    """What a browser context did: the addresses it asked for, and what went wrong."""

    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("request", lambda request: self.requests.append(request.url))
        context.on("weberror", lambda error: self.errors.append(f"page error: {error.error}"))
        context.on("console", self._heard)
        context.on("page", lambda page: page.on("websocket", lambda socket: self.requests.append(socket.url)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"console: {message.text} ({message.location.get('url', '')})")

    def foreign(self) -> list[str]:
        """Addresses beyond this machine. Those inside the browser (data:, blob:) are not requests."""
        own = {"127.0.0.1"}
        split = [(url, urlsplit(url)) for url in self.requests]
        return [
            url for url, parts in split if parts.scheme not in {"data", "blob", "about"} and parts.hostname not in own
        ]


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Callable[..., Page]]:
    """``visitor(locale="en-GB", phone=True)``: a new visitor's page, with cookies of its own."""
    watched: list[tuple[BrowserContext, Watch]] = []

    def arrive(locale: str = "zh-CN", phone: bool = False) -> Page:
        context = browser.new_context(
            locale=locale,
            timezone_id="Asia/Shanghai",
            viewport=PHONE if phone else DESKTOP,
            is_mobile=phone,
            has_touch=phone,
        )
        watch = Watch()
        watch.over(context)
        watched.append((context, watch))
        return context.new_page()

    yield arrive
    for context, _ in watched:
        context.close()
    foreign = [url for _, watch in watched for url in watch.foreign()]
    errors = [error for _, watch in watched for error in watch.errors]
    assert not foreign, f"requests that left the server's address: {foreign}"
    assert not errors, f"errors in the browser: {errors}"


@pytest.fixture
def page(visitor: Callable[..., Page]) -> Page:
    """A Chinese visitor at a desk, 1280 × 900."""
    return visitor()


@pytest.fixture
def phone_page(visitor: Callable[..., Page]) -> Page:
    """A Chinese visitor with a phone, 390 × 844, touch."""
    return visitor(phone=True)
