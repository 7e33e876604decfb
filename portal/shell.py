"""The HTML document of every page: Streamlit's own, modified.

Streamlit ships one ``index.html`` and fills the page in by script. We serve the same document with the visitor's
language and the product's name, icon and style sheets, so that none of them appears late, and without the font and
texts that we don't use.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit import file_util

from portal import firm_browser, language
from portal.assets import CACHE_NEVER_UNASKED, asset_url
from portal.embeddable import discovery_links
from portal.navigation import ENTRIES
from portal.own_address import own_address
from portal.plain_page import plain_page
from portal.security_headers import source_of_inline
from stations.language import N_, Language
from stations.province import portal_title

STYLE_SHEETS = (
    "theme.css",
    "portal/portal.css",
    "portal/desk.css",
    "portal/overview.css",
    "portal/map_in_page.css",
    "portal/map_symbols.css",
)
SCRIPTS = tuple(
    f"portal/{name}.js"
    for name in (
        "my_location",
        "receipt",
        "desk_keys",
        "date_fields",
        "streamlit_words",
        "streamlit_markup",
        "form_errors",
        "connection",
    )
)
# Otherwise Streamlit's script first requests paths below every page's address, and the browser logs a 404 for each;
# and its widgets, such as calendars, would speak the browser's language instead of the page's.
KNOWN_BEFORE = (
    "<script>window.__streamlit = {BACKEND_BASE_URL: location.origin + '/'};"
    " Object.defineProperty(navigator, 'language', {value: document.documentElement.lang})</script>"
)
# By which programs find what they can ask (RFC 8631).
SERVICES = (
    '<link rel="service-desc" type="application/vnd.oai.openapi+json" href="/api/v1/openapi.json">'
    '<link rel="service-doc" type="text/html" href="/api">'
)
# What portal/static/connection.js says.
_CONNECTION = {
    "lost": N_(
        "The connection to the server is lost; it is being restored by itself. What you typed stands here, and the "
        "draft of a request is kept on the server. Please go on when the connection is there again."
    ),
    "unreached": N_("The server can't be reached at the moment. This page keeps trying by itself."),
    "back": N_("The connection is there again. You can go on."),
    "unsure": N_(
        "The connection was broken for a moment. What you did last may not have arrived: please look, and do it again "
        "if nothing has happened."
    ),
}
_NAMES = frozenset(entry.name for entry in ENTRIES)


class _PageName(Convertor[str]):
    """A path segment that can be the name of a page; files and Streamlit's own addresses do not match."""

    regex = "[A-Za-z0-9][A-Za-z0-9_-]*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("page_name", _PageName())


def _replace_once(pattern: str, replacement: str, document: str) -> str:
    changed, times = re.subn(pattern, lambda _: replacement, document, flags=re.DOTALL)
    if times != 1:
        raise RuntimeError(f"Streamlit's index.html has {times} matches of {pattern!r}, not 1: adapt portal/shell.py")
    return changed


@cache
def document(spoken: Language) -> str:
    """Return the document in a language.

    Raises:
        RuntimeError: the document of this version of Streamlit lacks a part that we replace.
    """
    with open(f"{file_util.get_static_dir()}/index.html", encoding="utf-8") as source:
        page = source.read()
    styles = "".join(f'<link rel="stylesheet" href="{asset_url(name)}">' for name in STYLE_SHEETS)
    scripts = "".join(f'<script defer src="{asset_url(name)}"></script>' for name in SCRIPTS)
    needs_script = escape(spoken.translate("Please turn on JavaScript in your browser to use this site."))
    words = "".join(f' data-{name}="{escape(spoken.translate(text))}"' for name, text in _CONNECTION.items())
    connection = f'<template id="connection-words"{words}></template>'
    for pattern, replacement in (
        (r'<html lang="en">', f'<html lang="{spoken.tag}" translate="no">'),
        (r"<title>.*?</title>", f"<title>{escape(spoken.pick(*portal_title()))}</title>"),
        (r'<link rel="shortcut icon"[^>]*>', f'<link rel="icon" href="{asset_url("portal/icon.svg")}">'),
        (r'<link\s+rel="preload"[^>]*SourceSans[^>]*>', ""),
        (r"<!--\s*Machine-readable pointer.*?-->\s*<link[^>]*>", ""),
        (r"<noscript>.*?</noscript>", f"<noscript><p>{needs_script}</p></noscript>"),
        (r"</head>", f"{SERVICES}{styles}{scripts}{KNOWN_BEFORE}{connection}</head>"),
    ):
        page = _replace_once(pattern, replacement, page)
    return page


def inline_scripts() -> list[str]:
    """Return the CSP sources of the scripts within the document, which are the same in every language."""
    scripts = re.findall(r"<script>(.*?)</script>", document(language.speak("en")), flags=re.DOTALL)
    return [source_of_inline(script) for script in scripts]


def _page(request: Request) -> Response:
    if request.path_params.get("page") == ENTRIES[0].name:
        return RedirectResponse("/", status_code=308)  # Streamlit knows its first page only by the address “/”
    name = request.path_params.get("page", ENTRIES[0].name)
    if name not in _NAMES:
        return plain_page(request, "not_found.html", 404)
    links = discovery_links(request.url.path, request.url.query, own_address(request))
    response = HTMLResponse(
        document(language.of_request(request)).replace("</head>", f"{links}</head>", 1),
        headers={"Cache-Control": CACHE_NEVER_UNASKED, "Vary": "Cookie, Accept-Language"},
    )
    if name in firm_browser.PAGES:
        firm_browser.give_token(request, response)
    return response


routes: list[BaseRoute] = [Route("/", _page), Route("/{page:page_name}", _page)]
