"""Answers and errors of Open311 as XML, which the standard requires, and as JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.api.problem import MEDIA_TYPE as PROBLEM

MEDIA_TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 has no way to write (its section 2.2)."""
_SINGULAR = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
"""What an entry of a list is called in XML, by the list."""


def render(name: str, content: Any, form: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer. ``name``: of the root element in XML; ``form``: a key of ``MEDIA_TYPES``."""
    body = as_xml(name, content) if form == "xml" else as_json(content)
    return Response(body, status, headers, media_type=MEDIA_TYPES[form])


def as_json(content: Any) -> bytes:
    """Return content as JSON; half a character, which may stand in what was sent, becomes a question mark."""
    return json.dumps(content, ensure_ascii=False).encode("utf-8", "replace")


def as_xml(name: str, content: Any) -> bytes:
    """Return content as an XML document."""
    written: bytes = ElementTree.tostring(_element(name, content), encoding="utf-8", xml_declaration=True)
    return written


def _element(name: str, content: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(content, Mapping):
        element.extend(_element(key, value) for key, value in content.items())
    elif isinstance(content, Sequence) and not isinstance(content, str):
        element.extend(_element(_SINGULAR[name], one) for one in content)
    elif content is not None:
        text = str(content).lower() if isinstance(content, bool) else str(content)
        element.text = _NOT_IN_XML.sub("\ufffd", text)
    return element


def form_of(path: str) -> str:
    """Return the form that an address asks for by its ending; XML, the one that is required, without one."""
    ending = path.rpartition(".")[2]
    return ending if ending in MEDIA_TYPES else "xml"


class ErrorsOfOpen311:
    """ASGI middleware that gives problem details the shape of Open311: a list of codes and descriptions."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began: Message | None = None
        parts: list[bytes] = []

        async def reshape(message: Message) -> None:
            nonlocal began
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith(PROBLEM):
                    began = message
                    return
            if began is None:
                await send(message)
                return
            parts.append(message.get("body", b""))
            if not message.get("more_body"):
                body, form = b"".join(parts), form_of(scope["path"])
                body = _errors(json.loads(body), form)
                headers = MutableHeaders(scope=began)
                headers["Content-Type"], headers["Content-Length"] = MEDIA_TYPES[form], str(len(body))
                await send(began)
                await send({"type": "http.response.body", "body": body})

        await self._app(scope, receive, reshape)


def _errors(problem: Mapping[str, Any], form: str) -> bytes:
    code = problem["status"]
    told = [f"{one['name']}: {one['detail']}" for one in problem.get("errors", ())]
    errors = [{"code": code, "description": each} for each in told or [problem.get("detail") or problem["title"]]]
    return as_xml("errors", errors) if form == "xml" else as_json(errors)
