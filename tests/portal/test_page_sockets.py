"""Who may open a page's websocket, and what comes in there."""

from __future__ import annotations

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.portal.conftest import Server


def opened(server: Server, origin: str | None) -> connect:
    address = f"ws{server.url.removeprefix('http')}/_stcore/stream"
    headers = {"Origin": origin} if origin else {}
    return connect(address, subprotocols=["streamlit"], additional_headers=headers, open_timeout=30)


@pytest.mark.parametrize("origin", ["http://localhost:9", "http://127.0.0.1", "https://elsewhere.example", "null", "x"])
def test_only_pages_of_this_server_open_one(portal_server: Server, origin: str) -> None:
    with pytest.raises(InvalidStatus), opened(portal_server, origin):
        pass


@pytest.mark.parametrize("own", [True, False], ids=["a page of ours", "a program"])
@pytest.mark.parametrize("sent", ["hello", "", b"\xff" * 1000, b""], ids=repr)
def test_whatever_comes_in_there_is_no_error_in_the_log(portal_server: Server, own: bool, sent: str | bytes) -> None:
    before = portal_server.log.read_text(encoding="utf-8").count(" ERROR ")
    with opened(portal_server, portal_server.url if own else None) as socket:
        socket.send(sent)
        if sent == b"":  # an empty message asks for nothing
            socket.send(sent)
        else:
            with pytest.raises(ConnectionClosed):  # told by the second, if the end has come by then
                socket.send(sent)
                socket.recv(timeout=30)
    assert portal_server.log.read_text(encoding="utf-8").count(" ERROR ") == before
