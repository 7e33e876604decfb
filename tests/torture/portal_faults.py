"""Faults done to the portal itself while eight firms file through its pages, over HTTP and websocket."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from stations.database_faults import DatabaseFault
from stations.language import Language
from tests.portal.filing_client import NO_ANSWER, Filing, file_until_acknowledged, new_filing
from tests.portal.page_client import ErrorPage, browser_of, open_page, words_of_libraries
from tests.torture.faults import Outcome, Place, other_writer
from tests.torture.load import CLIENTS, PATIENCE, ROOT, Heard
from tests.torture.proof import prove

LANGUAGES = ("zh_CN", "en")
VISITORS_PATIENCE = 60
"""Seconds that a visitor waits for a page: longer than a page waits for a database that is busy, so that the visitor
hears what the page says then."""


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
            filing = new_filing(language)
            self.filings.append(filing)
            file_until_acknowledged(self._url, filing, self._stop, patience=VISITORS_PATIENCE)

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


class Reader:
    """A visitor who looks at the page of a county, again and again, and files nothing.

    ``seen``: how often the page was drawn whole; ``told``: what it said instead; ``gap``: the longest time between two
    whole pages, in seconds; ``raw``: words of libraries on it.
    """

    def __init__(self, url: str, language: str) -> None:
        self.language = language
        self.seen = 0
        self.gap = 0.0
        self.told: list[str] = []
        self.raw: list[str] = []
        self._url = url
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._read)

    def _read(self) -> None:
        browser, last = browser_of(self.language), time.monotonic()
        while not self._stop.is_set():
            try:
                with open_page(self._url, browser, "county", "adcode=320583", VISITORS_PATIENCE) as page:
                    page.run()
                    text = page.text
            except ErrorPage as answer:
                text = str(answer)
            except NO_ANSWER:
                text = ""
            if found := words_of_libraries(text):
                self.raw.append(f"{found}: {text[-2000:]}")
            elif "page-footer" in text and not told_in(text, self.language):
                self.seen += 1
                self.gap, last = max(self.gap, time.monotonic() - last), time.monotonic()
            elif text:
                self.told.append(text)
            self._stop.wait(0.5)

    def see_one_more(self) -> None:
        """Wait until the page was drawn whole once more.

        Raises:
            TimeoutError: it was not.
        """
        before, deadline = self.seen, time.monotonic() + PATIENCE
        while self.seen == before:
            if time.monotonic() > deadline:
                raise TimeoutError(f"a page is not drawn again: {self.told[-1:]}")
            time.sleep(0.1)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Let the visitor look until the block ends."""
        self._thread.start()
        try:
            yield
        finally:
            self._stop.set()
            self._thread.join()


def told_in(text: str, language: str) -> list[str]:
    """Return which faults of the database a page tells in a language."""
    translate = Language(language).translate
    return [fault.name for fault in DatabaseFault if translate(fault.told) in text]


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
    """Do a fault to the portal so many times while eight firms file and a visitor reads; prove what is left.

    Raises:
        AssertionError: somebody saw a traceback, the words of a library, or a sentence of another language; or the
            visitor saw no page at the end.
    """
    began, dice, recovery = time.monotonic(), random.Random(seed), []
    portal = Portal(place.url, folder / "portal.log")
    portal.start()
    firms, readers = Firms(portal.url), [Reader(portal.url, language) for language in LANGUAGES]
    try:
        with firms.at_work(), readers[0].at_work(), readers[1].at_work():
            for _ in range(times):
                act(portal, firms, place, dice)
                recovery.append(firms.go_on(CLIENTS))
            for reader in readers:
                reader.see_one_more()
    finally:
        portal.kill()
    raw = [words for one in (*firms.filings, *readers) for words in one.raw]
    assert not raw, raw[:3]
    told = Counter(
        fault for one in (*firms.filings, *readers) for text in one.told for fault in _told(text, one.language)
    )
    told["page opened again"] = sum(max(filing.tries - 1, 0) for filing in firms.filings)
    told["pages read"] = sum(reader.seen for reader in readers)
    told["longest time without one, s"] = round(max(reader.gap for reader in readers))
    heard = Heard(acknowledged={filing.product: filing.number for filing in firms.filings if filing.number})
    proof = prove(place.url, heard)
    return Outcome(name, place.kind, times, recovery, dict(told), proof, time.monotonic() - began)


def _told(text: str, language: str) -> list[str]:
    """Return which faults a page tells a visitor.

    Raises:
        AssertionError: it tells one in a language that the visitor does not read.
    """
    others = [fault for other in LANGUAGES if other != language for fault in told_in(text, other)]
    assert not others, text
    return told_in(text, language)
