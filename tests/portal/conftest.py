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
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.conftest import Made
from tests.portal.visitors import Visitors
from tests.tools.provide_browser import find_browser

ROOT = Path(__file__).resolve().parents[2]
METRICS_TOKEN = "0123456789abcdef0123456789abcdef"
OFTEN = {"API_RATE": "1000000/minute", "API_COSTLY_RATE": "1000000/minute"}
"""Tests ask more often than clients do."""
START_SECONDS = 300  # on a machine that others keep busy; some ten of processor time


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
    except (requests.ConnectionError, requests.Timeout):
        return False


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """``serve("-m", "portal", BASEMAP="osm")``: a server of a module's own, until its last test."""
    with ExitStack() as servers:

        def start(*command: str, **environment: str) -> Server:
            return servers.enter_context(served(command, tmp_path_factory.mktemp("server"), **environment))

        yield start


@contextmanager
def served_portal(made: Made, kind: str, folder: Path, **environment: str) -> Iterator[Server]:
    """The portal on a new database of a kind, with the sample network."""
    databases = made.of_kind(kind)
    url = databases.new(like=made.loaded(databases, "samples"))
    usual = {**OFTEN, "ROADS_FOLDER": str(folder / "roads")}
    with served(["-m", "portal"], folder, DATABASE_URL=url, SAMPLE="1", **{**usual, **environment}) as server:
        yield server


@pytest.fixture(scope="session")
def portal_server(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The portal with the sample network on SQLite, its embedded default."""
    with served_portal(made, "sqlite", tmp_path_factory.mktemp("portal")) as server:
        yield server


@pytest.fixture(scope="module")
def own_portal_server(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same for one module alone, whose tests change what others would look at."""
    with served_portal(made, "sqlite", tmp_path_factory.mktemp("own-portal")) as server:
        yield server


@pytest.fixture(scope="session")
def strict_portal_server(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same as a careful operator sets it up: a second factor for who edits, one name, and watched."""
    careful = {
        "SECOND_FACTOR": "editors",
        "ALLOWED_HOSTS": "portal.example.com",
        "METRICS_TOKEN": METRICS_TOKEN,
        "LOG_FORMAT": "json",
        "OPERATOR_NOTICES": "email:ops@example.com",
        "DATA_LICENCE": "CC-BY-4.0",
        "EMBED_ORIGINS": "https://www.example.gov.cn",
    }
    with served_portal(made, "sqlite", tmp_path_factory.mktemp("strict-portal"), **careful) as server:
        yield server


@pytest.fixture(scope="module")
def postgres_portal_server(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The same on a real PostgreSQL."""
    with served_portal(made, "postgresql", tmp_path_factory.mktemp("portal-on-postgres")) as server:
        yield server


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
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        ],
    )
    yield started
    started.close()


VISITORS = pytest.StashKey[Visitors]()


@pytest.fixture(scope="session")
def visitors(browser: Browser, pytestconfig: pytest.Config) -> Visitors:
    visitors = pytestconfig.stash[VISITORS] = Visitors(browser)
    return visitors


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to the report of a failed test what its visitors' pages showed."""
    report = yield
    visitors = item.config.stash.get(VISITORS, None)
    if report.when == "call" and report.failed and visitors is not None:
        report.sections += [(f"page {url}", text) for url, text in visitors.see()]
    return report


@pytest.fixture
def visitor(visitors: Visitors) -> Iterator[Callable[..., Page]]:
    """``visitor(locale="en-GB", phone=True)``: a new visitor's page, with cookies of its own."""
    yield visitors.arrive
    watched = visitors.leave()
    foreign = [url for watch in watched for url in watch.foreign()]
    errors = [error for watch in watched for error in watch.errors]
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
