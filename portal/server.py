"""One ASGI application: Streamlit's pages and our own addresses, one process, one port.

Each concern brings its own ``routes``; this module only gathers them.
"""

from __future__ import annotations

import gc
import logging
import secrets
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import streamlit as st
import uvicorn
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route
from streamlit.starlette import App

import stations
from portal import assets, background_work, language, samples, shell
from portal.accounts import password_pages, sign_in, single_sign_on
from portal.maps import base_maps, geometry
from portal.navigation import SCRIPT
from portal.requests import attachment_download
from portal.security_headers import SecurityHeaders, content_security_policy
from portal.settings import Settings
from stations.clock import installation_clock

_log = logging.getLogger("portal")


def _health(request: Request) -> JSONResponse:
    """Answers while the process serves; for load balancers."""
    return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


# The document of the pages comes last: its pattern takes any single word.
routes: list[BaseRoute] = [
    Route("/health", _health),
    *assets.routes,
    *attachment_download.routes,
    *geometry.routes,
    *language.routes,
    *password_pages.routes,
    *samples.routes,
    *sign_in.routes,
    *single_sign_on.routes,
    *shell.routes,
]


def tell_of_failure(error: Exception) -> bool:
    """Log an error of a page under a short reference and show the visitor that, not the details."""
    reference = secrets.token_hex(4)
    _log.error("A page failed; reference %s", reference, exc_info=error)
    st.error(
        language._(
            "Something went wrong on our side. Please try again; if it happens again, tell us this number: {reference}",
            reference=reference,
        )
    )
    return True


def create_app(settings: Settings, script: Path = SCRIPT) -> App:
    """The application that draws ``script`` (the portal's pages unless a test brings its own)."""
    hosts = tuple(dict.fromkeys(base_maps.tile_hosts(settings)))
    return App(
        script,
        lifespan=background_work.lifespan,
        routes=routes,
        middleware=[Middleware(SecurityHeaders, policy=content_security_policy(hosts))],
        on_script_error=tell_of_failure,
    )


def _load_what_pages_need() -> None:
    """Load what pages are drawn from and with, so that no visitor waits for it, and set it apart from the
    garbage collector: Streamlit collects all there is after every run of a page. Streamlit's components can't
    be among it: they are served only where a page's run has loaded them."""
    rooms = [module.name for module in walk_packages(stations.__path__, "stations.")]
    for name in (*rooms, "altair", "folium", "pandas"):
        if not name.endswith("__main__") and not name.startswith("stations.migrations"):
            import_module(name)
    gc.collect()
    gc.freeze()


def serve(app: App, settings: Settings) -> None:
    """Serve until stopped. Only the host and port of ``settings`` are listened on."""
    # Addresses may carry tracking numbers, and Streamlit turns uvicorn's access log on again.
    logging.getLogger("uvicorn.access").addFilter(lambda record: False)
    if (set_to := installation_clock().set_to) is not None:
        _log.warning("The clock of this installation is set by hand: CLOCK=%s", set_to.isoformat())
    _load_what_pages_need()
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        server_header=False,
        ws_max_size=32 * 1024 * 1024,  # the largest upload travels by HTTP, not here
    )
