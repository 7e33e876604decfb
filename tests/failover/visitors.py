"""The visitors of a trial: eight firms that file one request after another, one that looks at page after page, and one
with a browser.

``python -m tests.failover.visitors URL FILE``, until it is told to stop (SIGTERM). Every line of FILE is one thing that
a visitor saw, as JSON: ``{"what": "filed", "product": …, "number": …, "began": …, "at": …}`` or
``{"what": "page", "fine": …}``, with seconds of the machine's clock.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.failover.browser import use_one_page
from tests.failover.notebook import Notebook
from tests.portal.filing_client import file_until_acknowledged, new_filing
from tests.portal.page_client import PATIENCE

FIRMS = 8
PAUSE = 1.0
"""Seconds between two requests of one firm, and between two pages of the reader."""
LAST_STEPS = 90
"""Seconds in which all of them finish what they do, when they are told to stop."""
_FAILED = ("Something went wrong", "At the moment", "暂时", "出了问题")


def file_requests(url: str, language: str, notebook: Notebook, stop: threading.Event) -> None:
    """File one request after another until told to stop; each is tried until its receipt is seen."""
    while not stop.is_set():
        filing, began = new_filing(language), time.time()
        file_until_acknowledged(url, filing, stop)
        notebook.note(
            "filed" if filing.number else "given up",
            product=filing.product,
            number=filing.number,
            began=began,
            tries=filing.tries,
            told=sorted({one.strip()[-160:] for one in filing.told})[:3],
            raw=[one[:300] for one in filing.raw[:3]],
        )
        stop.wait(PAUSE)


def read_pages(url: str, notebook: Notebook, stop: threading.Event) -> None:
    """Look at a county again and again, on a page that stays open; open it anew where it breaks off."""
    while not stop.is_set():
        try:
            with _opened(url) as socket:
                while not stop.is_set():
                    began, told = time.time(), _draw(socket)
                    fine = "昆山" in told and not any(word in told for word in _FAILED)
                    notebook.note("page", fine=fine, began=began, told="" if fine else told[-500:])
                    stop.wait(PAUSE)
        except (OSError, WebSocketException, TimeoutError, requests.RequestException) as error:
            notebook.note("page", fine=False, told=repr(error))
            stop.wait(PAUSE)


def _opened(url: str) -> ClientConnection:
    browser = requests.Session()
    browser.get(f"{url}/county", timeout=PATIENCE).raise_for_status()
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
    address = f"ws{url.removeprefix('http')}/_stcore/stream"
    sent = {"Cookie": cookies, "Origin": url, "Accept-Language": "zh"}
    return connect(
        address, subprotocols=["streamlit"], additional_headers=sent, max_size=None, open_timeout=5, close_timeout=1
    )


def _draw(socket: ClientConnection) -> str:
    ask = BackMsg()
    ask.rerun_script.page_name = "county"
    ask.rerun_script.query_string = "adcode=320583"
    socket.send(ask.SerializeToString())
    drawn, deadline = "", time.monotonic() + PATIENCE
    while True:
        told = ForwardMsg()
        told.ParseFromString(socket.recv(timeout=max(0.1, deadline - time.monotonic())))
        drawn += str(told)
        if told.HasField("script_finished"):
            return drawn


def main(url: str, path: Path) -> None:
    """Let all visitors come until the process is told to stop, then let each finish what it does."""
    notebook, stop = Notebook(path), threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    tasks: list[Callable[[], None]] = [
        lambda visit=visit: visit(url, notebook, stop) for visit in (read_pages, use_one_page)
    ]
    tasks += [lambda n=n: file_requests(url, ("zh_CN", "en")[n % 2], notebook, stop) for n in range(FIRMS)]  # type: ignore[misc]
    threads = [threading.Thread(target=task, daemon=True) for task in tasks]
    for thread in threads:
        thread.start()
    while not stop.wait(0.5):
        pass
    deadline = time.monotonic() + LAST_STEPS
    for thread in threads:
        thread.join(timeout=max(0, deadline - time.monotonic()))
    notebook.note("end")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
