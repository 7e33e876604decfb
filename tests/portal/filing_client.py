"""A firm that files one request through the portal, and does not give up: over HTTP and Streamlit's websocket.

It does what a firm with a bad connection does: whatever breaks, it opens the same page again with the same cookie. Then
it finds either the receipt, or its draft, which it sends again.
"""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

import requests
from google.protobuf.message import Message
from stdnum.cn import uscc
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

PATIENCE = 20
"""Seconds that a firm waits for a page before it opens it again."""
SERVICE, COUNTY = "metrology.calibration", "320583"
_RECEIPT = re.compile(r"\bQ\d{6}-\w{6}\b")
_TRACEBACK = ("Traceback", "sqlalchemy", "psycopg", "sqlite3", "Internal Server Error")


@dataclass
class Filing:
    """One request as its firm knows it. ``product`` is in no other request. ``number``: of the receipt; "" before."""

    product: str
    number: str = ""
    tries: int = 0
    told: list[str] = field(default_factory=list)
    """What the portal said instead of a receipt, in the firm's language."""
    raw: list[str] = field(default_factory=list)
    """What of it was no sentence for a firm: a traceback, the words of a library."""


def new_filing() -> Filing:
    """Return a request that nobody has filed."""
    return Filing(product=f"trial {uuid4().hex}")


def file_until_acknowledged(url: str, filing: Filing, language: str, stop: threading.Event) -> bool:
    """Try until the receipt is seen, or ``stop`` is set. Return whether it was seen."""
    browser = requests.Session()
    browser.headers["Accept-Language"] = language
    browser.cookies.set("language", language)
    while not stop.is_set():
        filing.tries += 1
        try:
            if number := _try_once(url, filing, browser):
                filing.number = number
                return True
        except (OSError, WebSocketException, TimeoutError, requests.RequestException):
            pass
        stop.wait(0.2)
    return False


def _try_once(url: str, filing: Filing, browser: requests.Session) -> str:
    query = urlencode({"service": SERVICE, "adcode": COUNTY})
    address = f"{url}/request?{query}"
    answer = browser.get(address, timeout=PATIENCE)  # which sets the cookie of the firm's browser
    if not answer.ok:
        _hear(filing, answer.text)
        return ""
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
    with connect(
        f"ws{url.removeprefix('http')}/_stcore/stream",
        subprotocols=["streamlit"],
        additional_headers={"Cookie": cookies, "Accept-Language": str(browser.headers["Accept-Language"])},
        max_size=None,
        open_timeout=PATIENCE,
        close_timeout=1,
    ) as socket:
        page = _Page(socket, query)
        page.run({})
        if not (number := page.receipt()) and page.has("draft_send"):
            page.run(_typed(filing))
            number = page.receipt()
        if not number:
            _hear(filing, page.text)
        return number


def _typed(filing: Filing) -> dict[str, str | bool]:
    body = f"91320583MB{uuid4().int % 10**7:07d}"
    return {
        "ask_product": filing.product,
        "ask_firm_name": "测试精密机械有限公司",
        "ask_credit_code": body + uscc.calc_check_digit(body),
        "ask_contact_name": "王测试",
        "ask_phone": f"139{uuid4().int % 10**8:08d}",
        "ask_consent": True,
        "draft_send": True,
    }


def _hear(filing: Filing, text: str) -> None:
    found = [word for word in _TRACEBACK if word in text]
    (filing.raw if found else filing.told).append(text[-2000:] if not found else f"{found}: {text[-2000:]}")


class _Page:
    """An open page of one visit."""

    def __init__(self, socket: ClientConnection, query: str) -> None:
        self._socket, self._query = socket, query
        self._widgets: dict[str, str] = {}
        self.text = ""

    def run(self, typed: dict[str, str | bool]) -> None:
        """Run the page with what was typed, until it stands still. A button among it is pressed."""
        ask = BackMsg()
        ask.rerun_script.page_name = "request"
        ask.rerun_script.query_string = self._query
        for key, value in typed.items():
            state = ask.rerun_script.widget_states.widgets.add(id=self._widgets[key])
            if key == "draft_send":
                state.trigger_value = True
            elif isinstance(value, bool):
                state.bool_value = value
            else:
                state.string_value = value
        self._socket.send(ask.SerializeToString())
        self.text, running = "", True
        self._widgets.clear()
        deadline = time.monotonic() + PATIENCE
        while running:
            told = ForwardMsg()
            told.ParseFromString(self._socket.recv(timeout=max(0.1, deadline - time.monotonic())))
            if told.HasField("delta"):
                self._take(told.delta.new_element)
            # A page that files runs once more, for the receipt.
            running = not told.HasField("script_finished") or (
                told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            )

    def receipt(self) -> str:
        """Return the number on the receipt; "" if the page shows none."""
        found = None if self.has("draft_send") else _RECEIPT.search(self.text)
        return found.group() if found else ""

    def has(self, key: str) -> bool:
        """Whether the page has this field or button."""
        return key in self._widgets

    def _take(self, element: Message) -> None:
        for _name, value in element.ListFields():
            if not isinstance(value, Message):
                continue
            for name in ("body", "value", "markdown", "message", "stack_trace"):
                words = getattr(value, name, "")
                self.text += f"{words}\n" if isinstance(words, str) else ""
            identity = getattr(value, "id", "")
            if identity.startswith("$$ID-"):
                self._widgets[identity.split("-", 2)[2]] = identity
