"""Whether an answer to a request has begun, after which no other one can be given."""

from __future__ import annotations

from starlette.types import Message, Send


class WatchedSend:
    """ASGI's ``send`` that notes whether the answer has begun."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = False

    async def __call__(self, message: Message) -> None:
        """Send a part of the answer."""
        self.begun = self.begun or message["type"] == "http.response.start"
        await self._send(message)
