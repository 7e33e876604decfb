"""A page of the portal as a program opens it: over HTTP and Streamlit's websocket, without a browser."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import requests
from google.protobuf.message import Message
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

PATIENCE = 20
"""Seconds that a visitor waits for a page before it opens it again, where nothing else is said."""
_WORDS_OF_LIBRARIES = ("Traceback", "sqlalchemy", "psycopg", "sqlite3", "Internal Server Error")


class ErrorPage(Exception):
    """The server answered with an error; ``args``: the text of its page."""


def browser_of(language: str) -> requests.Session:
    """Return a browser whose visitor reads a language, by its code."""
    browser = requests.Session()
    browser.headers["Accept-Language"] = language
    browser.cookies.set("language", language)
    return browser


def words_of_libraries(text: str) -> list[str]:
    """Return what of a page is no sentence for a visitor: a traceback, the words of a library."""
    return [word for word in _WORDS_OF_LIBRARIES if word in text]


@contextmanager
def open_page(
    url: str, browser: requests.Session, name: str, query: str, patience: float = PATIENCE
) -> Iterator[Page]:
    """Open a page with the cookies of a browser; it is drawn by ``Page.run``. ``patience``: in seconds, for each step.

    Raises:
        ErrorPage: the server answers with an error.
        OSError, TimeoutError, WebSocketException, RequestException: it does not answer.
    """
    answer = browser.get(f"{url}/{name}?{query}", timeout=patience)  # which sets the cookie of the firm's browser
    if not answer.ok:
        raise ErrorPage(answer.text)
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
    with connect(
        f"ws{url.removeprefix('http')}/_stcore/stream",
        subprotocols=["streamlit"],
        additional_headers={"Cookie": cookies, "Accept-Language": str(browser.headers["Accept-Language"])},
        max_size=None,
        open_timeout=patience,
        close_timeout=1,
    ) as socket:
        yield Page(socket, name, query, patience)


class Page:
    """An open page of one visit. ``query``: of the address that a browser shows by now; ``text``: what is drawn."""

    def __init__(self, socket: ClientConnection, name: str, query: str, patience: float) -> None:
        self.query = query
        self.text = ""
        self._socket, self._name, self._patience = socket, name, patience
        self._widgets: dict[str, str] = {}

    def send(self, typed: Mapping[str, str | bool] | None = None, press: str = "") -> None:
        """Ask for a run of the page with what was typed, by the fields' keys, and with a button pressed."""
        ask = BackMsg()
        ask.rerun_script.page_name = self._name
        ask.rerun_script.query_string = self.query
        for key, value in (typed or {}).items():
            state = ask.rerun_script.widget_states.widgets.add(id=self._widgets[key])
            if isinstance(value, bool):
                state.bool_value = value
            else:
                state.string_value = value
        if press:
            ask.rerun_script.widget_states.widgets.add(id=self._widgets[press]).trigger_value = True
        self._socket.send(ask.SerializeToString())
        self._begin()

    def run(self, typed: Mapping[str, str | bool] | None = None, press: str = "") -> None:
        """The same, and wait until the page stands still."""
        self.send(typed, press)
        running, deadline = True, time.monotonic() + self._patience
        while running:
            told = ForwardMsg()
            told.ParseFromString(self._socket.recv(timeout=max(0.1, deadline - time.monotonic())))
            if told.HasField("new_session"):
                self._begin()
            if told.HasField("page_info_changed"):
                self.query = told.page_info_changed.query_string
            if told.HasField("delta"):
                self._take(told.delta.new_element)
            # A page that files runs once more, for the receipt.
            running = not told.HasField("script_finished") or (
                told.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN
            )

    def has(self, key: str) -> bool:
        """Whether the page has this field or button."""
        return key in self._widgets

    def _begin(self) -> None:
        """Forget what an earlier run of the page has drawn."""
        self.text = ""
        self._widgets.clear()

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
