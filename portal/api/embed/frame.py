"""What every small page has: its frame rules, its language, and how it tells what can't be read."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from portal.api.inquiry import Inquiry, inquire, spoken_to
from portal.assets import asset_url
from portal.own_address import own_address
from portal.security_headers import content_security_policy
from portal.settings import settings
from stations.errors import DomainError, NotFound
from stations.language import Language
from stations.province import portal_title

FRESH_S = 300
_templates = Environment(
    loader=FileSystemLoader(Path(__file__).resolve().parents[2] / "templates"), autoescape=select_autoescape()
)


def small_page(request: Request, spoken: Language, template: str, status: int = 200, **values: object) -> Response:
    """Return a page that the sites of ``EMBED_ORIGINS`` may show in a frame; it runs no script."""
    content = _templates.get_template(template).render(
        _=spoken.translate,
        language=spoken,
        base=own_address(request),
        portal_title=spoken.pick(*portal_title()),
        style_sheets=[asset_url(name) for name in ("theme.css", "portal/embed.css")],
        **values,
    )
    headers = {
        "Cache-Control": f"public, max-age={FRESH_S}" if status == 200 else "no-store",
        "Content-Language": spoken.tag,
        "Content-Security-Policy": content_security_policy(
            scripts=["'none'"], frame_ancestors=("'self'", *settings().embed_origins)
        ),
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Vary": "Accept-Language",
    }
    return HTMLResponse(content, status, headers=headers)


Draw = Callable[[Request, Inquiry], Response]


def embedded(draw: Draw) -> Callable[[Request], Response]:
    """Return the endpoint of a small page. What can't be read or found is told on a small page too."""

    @wraps(draw)
    def endpoint(request: Request) -> Response:
        spoken = spoken_to(request)
        try:
            query = request.query_params
            return draw(request, inquire(request, query.get("lang"), query.get("sample")))
        except DomainError as error:
            told = spoken.translate(error.message, **error.params)
            status = 404 if isinstance(error, NotFound) else 400
            return small_page(request, spoken, "embed_problem.html", status, told=told)

    return endpoint
