"""The language of the page being drawn, and switching it.

The visitor's choice is stored in the cookie ``language``. Without one the browser's language is used, or Chinese if
that is neither Chinese nor English. To link to a page in a given language, use ``language_url("en", "/coverage")``.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Route

from portal.visitor_choice import choice_url, keep_choice
from stations.language import (
    LANGUAGES,
    N_,
    STATIONS_CATALOGUE,
    Catalogue,
    Language,
    LanguageCode,
    nearest_language,
)
from stations.source_wording import source_wording

__all__ = [
    "LANGUAGES",
    "N_",
    "_",
    "begin_language",
    "current",
    "language_url",
    "ngettext",
    "of_request",
    "other_languages",
    "pick",
    "routes",
    "speak",
]

PORTAL_CATALOGUE = Catalogue(Path(__file__).resolve().parent / "locale", "portal")
COOKIE = "language"
COOKIE_SECONDS = 365 * 24 * 3600


_spoken: ContextVar[Language | None] = ContextVar("language", default=None)


@cache
def speak(code: LanguageCode) -> Language:
    """Return a language with all messages of the portal and the domain."""
    return Language(code, (PORTAL_CATALOGUE, STATIONS_CATALOGUE))


def begin_language() -> None:
    """Find out the language of the visitor whose page is about to be drawn: it is asked for with every text."""
    _spoken.set(None)
    _spoken.set(current())


def current() -> Language:
    """Return the language of the visitor whose page is being drawn: from the cookie, else the browser, else Chinese."""
    return _spoken.get() or speak(nearest_language(st.context.cookies.get(COOKIE), st.context.locale))


def of_request(request: Request) -> Language:
    """Return the language of an HTTP request: from the cookie, else ``Accept-Language``, else Chinese."""
    accepted = request.headers.get("accept-language", "")
    tags = [tag.split(";")[0] for tag in accepted.split(",")]
    return speak(nearest_language(request.cookies.get(COOKIE), *tags))


def _(message: str, **params: Any) -> str:
    """Return ``message`` in the visitor's language, its ``{placeholders}`` filled from ``params``."""
    return current().translate(message, **params)


def ngettext(singular: str, plural: str, count: int, **params: Any) -> str:
    """Return the singular or plural form for ``count`` in the visitor's language; ``{count}`` is filled as well."""
    return current().ngettext(singular, plural, count, **params)


def source_told(recorded: str | None) -> str:
    """Return a record's source in the visitor's language if a translation exists, else as recorded."""
    return source_wording(current(), recorded)


def pick(zh: str | None, en: str | None) -> str:
    """Return the text in the visitor's language of a record's two texts."""
    return current().pick(zh, en)


def language_url(code: LanguageCode, page: str = "/") -> str:
    """Return the address that switches to ``code`` and redirects to ``page``, a path of this site."""
    return choice_url(COOKIE, code, page)


def other_languages(spoken: Language, page: str) -> list[tuple[str, str, str]]:
    """Return the languages besides the one spoken: own name, BCP 47 tag, address that switches to it on ``page``."""
    return [
        (tongue.name, code.replace("_", "-"), language_url(code, page))
        for code, tongue in LANGUAGES.items()
        if code != spoken.code
    ]


def _switch(request: Request) -> RedirectResponse:
    return keep_choice(request, COOKIE, LANGUAGES, COOKIE_SECONDS)


routes: list[BaseRoute] = [Route(f"/{COOKIE}/{{choice}}", _switch)]
