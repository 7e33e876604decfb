"""Pages outside Streamlit: HTML documents from a template, without scripts but for those of passkeys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from portal import language
from portal.assets import asset_url
from portal.clock_notice import clock_notice
from portal.foot import foot_of
from portal.publisher import publisher
from portal.security_headers import content_security_policy
from stations.errors import DomainError
from stations.language import Language
from stations.province import portal_title

WITHOUT_SCRIPTS = content_security_policy(scripts=["'none'"])
OWN_SCRIPT = content_security_policy(scripts=["'self'"])
STYLE_SHEETS = ("theme.css", "portal/portal.css", "portal/plain_page.css")

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parent / "templates"), autoescape=select_autoescape()
)


@dataclass(frozen=True)
class PlainDocument:
    """``html``: the document. ``policy``: the content security policy to send with it."""

    html: str
    policy: str


def plain_document(spoken: Language, template: str, *, script: str = "", **values: object) -> PlainDocument:
    """Return ``template`` rendered with ``values`` in a language.

    ``script``: the asset that the page runs; by default it runs none, and the browser would refuse to.
    """
    html = _templates.get_template(template).render(
        _=spoken.translate,
        language=spoken,
        portal_title=spoken.pick(*portal_title()),
        style_sheets=[asset_url(name) for name in STYLE_SHEETS],
        foot=foot_of(spoken, publisher(), [told] if (told := clock_notice(spoken)) else []),
        icon=asset_url("portal/icon.svg"),
        script=asset_url(script) if script else "",
        **values,
    )
    return PlainDocument(html, OWN_SCRIPT if script else WITHOUT_SCRIPTS)


def plain_page(
    request: Request, template: str, status: int = 200, *, script: str = "", **values: object
) -> HTMLResponse:
    """Return a document in the language of the request, with ``Cache-Control: no-store``; see ``plain_document``."""
    page = plain_document(language.of_request(request), template, script=script, **values)
    return HTMLResponse(
        page.html,
        status,
        headers={
            "Cache-Control": "no-store",
            "Content-Security-Policy": page.policy,
            "Vary": "Cookie, Accept-Language",
        },
    )


def problem_text(request: Request, error: DomainError) -> str:
    """Return what an error says, in the language of the request."""
    return language.of_request(request).translate(error.message, **error.params)
