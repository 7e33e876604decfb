"""Faults done to the portal itself while eight firms file through its pages, over HTTP and websocket."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.portal.filing_client import Filing, file_until_acknowledged, new_filing
from tests.torture.faults import Outcome, Place, other_writer
from tests.torture.load import CLIENTS, PATIENCE, ROOT, Heard
from tests.torture.proof import prove

LANGUAGES = ("zh_CN", "en")


class Portal:
    """The portal as a process on one port, started again after it was killed, as a service manager does."""

    def __init__(self, url: str, log: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._log = log
        self._database = url
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it can work."""
        settings = {"HOST": "127.0.0.1", "PORT": str(self._port), "DATABASE_URL": self._database, "SAMPLE": "0"}
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "portal"], cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log
            )
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        """Wait until ``/ready`` says so.

        Raises:
            TimeoutError: it doesn't.
        """
        deadline = time.monotonic() + 2 * PATIENCE
        while not self._ready():
            assert self._process is not None
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise TimeoutError(f"the portal does not answer: {self._log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.1)

    def _ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/ready", timeout=5).ok
        except requests.RequestException:
            return False

    def kill(self) -> None:
        """Kill it, wherever it stands."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(30)


class Firms:
    """Eight firms that file one request after the other. Each other one reads English."""

    def __init__(self, url: str) -> None:
        self.filings: list[Filing] = []
        self._url = url
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._file, args=(LANGUAGES[client % 2],)) for client in range(CLIENTS)
        ]

    def _file(self, language: str) -> None:
        while not self._stop.is_set():
            filing = new_filing()
            self.filings.append(filing)
            file_until_acknowledged(self._url, filing, language, self._stop)

    def acknowledged(self) -> int:
        """Return how many receipts were seen."""
        return sum(bool(filing.number) for filing in list(self.filings))

    def go_on(self, more: int) -> float:
        """Wait for so many more receipts; return the seconds until the first.

        Raises:
            TimeoutError: they don't come.
        """
        began, before = time.monotonic(), self.acknowledged()
        first = 0.0
        while (now := self.acknowledged()) < before + more:
            first = first or (time.monotonic() - began if now > before else 0.0)
            if time.monotonic() > began + 2 * PATIENCE:
                raise TimeoutError(f"no firm gets on: {[filing.told[-1:] for filing in self.filings[-8:]]}")
            time.sleep(0.02)
        return first or time.monotonic() - began

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let them file until the block ends."""
        for thread in self._threads:
            thread.start()
        try:
            self.go_on(1)
            yield
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join()


Act = Callable[[Portal, Firms, Place, random.Random], None]


def portal_killed(portal: Portal, _firms: Firms, _place: Place, dice: random.Random) -> None:
    """Kill the portal and start it again."""
    time.sleep(dice.uniform(0, 3))
    portal.kill()
    portal.start()


def database_killed(portal: Portal, _firms: Firms, place: Place, dice: random.Random) -> None:
    """Kill PostgreSQL under the portal, and start it again after a while."""
    assert place.server is not None
    time.sleep(dice.uniform(0, 3))
    place.server.kill()
    time.sleep(dice.uniform(1, 5))
    place.server.start()


def database_locked(portal: Portal, _firms: Firms, place: Place, _dice: random.Random) -> None:
    """Let another program write for a minute without an end."""
    with other_writer(place):
        time.sleep(60)


PORTAL_FAULTS: tuple[tuple[str, Act, tuple[str, ...], int], ...] = (
    ("portal killed (SIGKILL)", portal_killed, ("sqlite", "postgresql"), 5),
    ("portal: PostgreSQL killed (SIGKILL)", database_killed, ("postgresql",), 4),
    ("portal: locked for a minute", database_locked, ("sqlite", "postgresql"), 1),
)


def do_to_portal(name: str, act: Act, place: Place, seed: str, times: int, folder: Path) -> Outcome:
    """Do a fault to the portal so many times while eight firms file, and prove what is left.

    Raises:
        AssertionError: a firm saw a traceback, or the words of a library.
    """
    began, dice, recovery = time.monotonic(), random.Random(seed), []
    portal = Portal(place.url, folder / "portal.log")
    portal.start()
    firms = Firms(portal.url)
    try:
        with firms.at_work():
            for _ in range(times):
                act(portal, firms, place, dice)
                recovery.append(firms.go_on(CLIENTS))
    finally:
        portal.kill()
    raw = [words for filing in firms.filings for words in filing.raw]
    assert not raw, raw[:3]
    heard = Heard(acknowledged={filing.product: filing.number for filing in firms.filings if filing.number})
    told = {"page opened again": sum(max(filing.tries - 1, 0) for filing in firms.filings)}
    return Outcome(name, place.kind, times, recovery, told, prove(place.url, heard), time.monotonic() - began)
