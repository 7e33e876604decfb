"""A visit to a page without a browser: Streamlit's websocket, spoken as its front end does, and its uploads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import requests
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.portal.conftest import Server

XSRF = "_streamlit_xsrf"


@dataclass
class PageSocket:
    """An open page. ``session``: Streamlit's name of the visit. ``drawn``: what the server has sent, as text."""

    server: Server
    socket: ClientConnection
    http: requests.Session
    session: str = ""
    drawn: str = ""

    def draw(self, page: str, query: str = "") -> None:
        """Ask for a page, and wait until it is drawn."""
        ask = BackMsg()
        ask.rerun_script.page_name = page
        ask.rerun_script.query_string = query
        self.socket.send(ask.SerializeToString())
        self.drawn = ""
        while True:
            told = ForwardMsg()
            told.ParseFromString(self.socket.recv(timeout=90))
            self.drawn += str(told)
            if told.HasField("new_session"):
                self.session = told.new_session.initialize.session_id or self.session
            if told.HasField("script_finished"):
                return

    def upload(self, size: int, name: str = "a", **options: object) -> requests.Response:
        """Send a file of a size, as an upload field would."""
        self.http.get(f"{self.server.url}/_stcore/health", timeout=30)
        return self.http.put(
            f"{self.server.url}/_stcore/upload_file/{self.session}/{name}",
            timeout=90,
            headers={"X-Xsrftoken": self.http.cookies[XSRF]},
            **(options or {"files": {"file": (f"{name}.pdf", bytes(size))}}),
        )


@contextmanager
def opened(server: Server, page: str, cookie: str = "", **more: str) -> Iterator[PageSocket]:
    """Open a page until the block ends. ``more``: further headers of the request that opens the websocket."""
    address = server.url.replace("http://", "ws://") + "/_stcore/stream"
    headers = {"Cookie": cookie, **more} if cookie else more
    with connect(address, subprotocols=["streamlit"], additional_headers=headers, max_size=None) as socket:
        visit = PageSocket(server, socket, requests.Session())
        visit.draw(page)
        yield visit
