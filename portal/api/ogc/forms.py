"""JSON or HTML: what a program or a person asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request

from portal.api.inquiry import unknown_word

Form = Literal["json", "html"]
_FORMS: Mapping[str, Form] = {"json": "json", "html": "html"}
_JSON_TYPES = frozenset({
    "*/*",
    "application/*",
    "application/json",
    "application/geo+json",
    "application/schema+json",
    "application/openapi+json",
    "application/vnd.oai.openapi+json",
})
_HTML_TYPES = frozenset({"text/html", "text/*", "application/xhtml+xml"})


def wanted_form(request: Request, parameters: Mapping[str, str]) -> Form:
    """Return the form of the answer: by ``f``, else by ``Accept``, else JSON.

    Raises:
        InvalidInput: ``f`` is another word.
        HTTPException: 406, neither is accepted.
    """
    if (written := parameters.get("f")) is not None:
        if written not in _FORMS:
            raise unknown_word("f", written, _FORMS)
        return _FORMS[written]
    accepted = request.headers.get("accept", "").strip()
    if accepted in {"", "*/*"}:
        return "json"
    best: tuple[float, Form] | None = None
    for part in accepted.split(","):
        media_type, *settings = (piece.strip().casefold() for piece in part.split(";"))
        form: Form | None = "html" if media_type in _HTML_TYPES else "json" if media_type in _JSON_TYPES else None
        weight = _weight(settings)
        if form and weight > 0 and (best is None or weight > best[0]):
            best = weight, form
    if best is None:
        raise HTTPException(406)
    return best[1]


def _weight(settings: list[str]) -> float:
    for one in settings:
        name, _, value = one.partition("=")
        if name.strip() == "q":
            try:
                return float(value)
            except ValueError:
                return 0.0
    return 1.0
