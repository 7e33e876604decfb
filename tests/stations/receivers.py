"""Real receivers of notices on this machine: an HTTP server and a mail server."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller

HANG = 0
"""Used in place of a status: the answer never comes."""


@dataclass
class HttpReceiver:
    """The received requests, as (path, headers, body).

    ``came``: set once there is any. ``answers``: the statuses to answer with; then 200.
    """

    url: str = ""
    answers: list[int] = field(default_factory=list)
    taken: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    came: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)


@contextmanager
def http_receiver(*answers: int) -> Iterator[HttpReceiver]:
    """Run an HTTP server that answers each POST with the next of ``answers``."""
    receiver = HttpReceiver(answers=list(answers))

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.taken.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            receiver.came.set()
            status = receiver.answers.pop(0) if receiver.answers else 200
            if status == HANG:
                receiver.closing.wait(60)
                return
            self.send_response(status)
            if status in {301, 302, 307, 308}:
                self.send_header("Location", f"{receiver.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            """Log nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


@dataclass
class MailReceiver:
    """The received messages, as (recipient, message source).

    ``refused``: the server's answers to recipients before it accepts one.
    """

    port: int = 0
    refused: list[str] = field(default_factory=list)
    taken: list[tuple[str, bytes]] = field(default_factory=list)


@contextmanager
def mail_receiver(*refused: str) -> Iterator[MailReceiver]:
    """Run a mail server that first refuses recipients with these answers, then accepts everything."""
    receiver = MailReceiver(refused=list(refused))

    class Handler:
        async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:
            if receiver.refused:
                return receiver.refused.pop(0)
            envelope.rcpt_tos.append(address)
            return "250 OK"

        async def handle_DATA(self, _server, _session, envelope) -> str:
            receiver.taken.append((envelope.rcpt_tos[0], envelope.content))
            return "250 taken"

    with socket.socket() as probe:  # the controller connects to the port it is given, so 0 does not work
        probe.bind(("127.0.0.1", 0))
        receiver.port = probe.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=receiver.port)
    controller.start()
    try:
        yield receiver
    finally:
        controller.stop()
