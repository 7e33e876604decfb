"""The ASGI application: Streamlit's pages and our own routes in one process on one port.

Each module defines its own ``routes``; this one only collects them.
"""

from __future__ import annotations

import gc
import logging
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from socket import socket
from threading import Thread
from time import sleep

import streamlit.logger
import uvicorn
from starlette.middleware import Middleware
from starlette.routing import BaseRoute
from streamlit.starlette import App

import stations
from portal import (
    assets,
    background_work,
    figures,
    firm_browser,
    health,
    language,
    robots,
    samples,
    shell,
    unknown_address,
)
from portal.accounts import (
    end_sign_ins,
    passkeys,
    password_pages,
    second_factor_set_up,
    second_factor_step,
    sign_in,
    single_sign_on,
)
from portal.accounts.session_cookie import PENDING_COOKIE
from portal.answer_watch import AnswerWatch
from portal.api import routes as interfaces
from portal.ascii_query import AsciiQuery
from portal.body_limit import BodyLimit
from portal.failure import REFUSED, Failures, tell_of_failure
from portal.host_cookies import HostCookies
from portal.known_hosts import KnownHosts
from portal.maps import base_maps, geometry
from portal.navigation import SCRIPT
from portal.page_sockets import PageSockets
from portal.planning import demand_dots
from portal.requests import attachment_download
from portal.security_headers import GENERATED, SecurityHeaders, content_security_policy
from portal.settings import Settings
from portal.upload_gate import UploadGate
from portal.visit import SESSION_COOKIE
from stations.clock import installation_clock
from stations.log_lines import read_log_format, set_up_log
from stations.version import build

_log = logging.getLogger("portal")

LOADS_AFTER, GIVES_WAY = 2.0, 0.01
"""Seconds until a server that answers loads what later pages need, and for which it gives way after each module."""
COLLECTS_AFTER = 50_000
"""New objects after which Python looks among them for garbage: a run of a page makes many times the 700 of its own.
``portal/background_work.py`` looks among all now and then.
"""
GIVES_WAY_IN_TURN = 0.001
"""Seconds after which a thread that works lets another work: at five times that, Python's own, those that only pass
answers on, such as that of ``/health``, wait longer for their many short turns than for all else.
"""
PING_EVERY = 10
"""Seconds after which an open page is asked whether it is still there: a proxy that hears nothing for longer than twice
that knows that this server is gone (``deploy/nginx/nginx.conf``).
"""


# The document of the pages matches any single word, and the last route what nobody knows.
routes: list[BaseRoute] = [
    *health.routes,
    *figures.routes,
    *interfaces.routes,
    *assets.routes,
    *attachment_download.routes,
    *end_sign_ins.routes,
    *geometry.routes,
    *demand_dots.routes,
    *language.routes,
    *passkeys.routes,
    *password_pages.routes,
    *samples.routes,
    *second_factor_set_up.routes,
    *second_factor_step.routes,
    *sign_in.routes,
    *single_sign_on.routes,
    *robots.routes,
    *shell.routes,
    *unknown_address.routes,
]


COOKIES = (
    SESSION_COOKIE,
    PENDING_COOKIE,
    single_sign_on.STATE_COOKIE,
    firm_browser.COOKIE,
    language.COOKIE,
    samples.COOKIE,
)


def create_app(settings: Settings, script: Path = SCRIPT) -> App:
    """Return the application that draws ``script`` (by default the portal's pages; tests may pass their own)."""
    hosts = tuple(dict.fromkeys(base_maps.tile_hosts(settings)))
    return App(
        script,
        lifespan=background_work.lifespan,
        routes=routes,
        middleware=[
            Middleware(AnswerWatch),
            Middleware(AsciiQuery),
            Middleware(
                SecurityHeaders,
                policy=content_security_policy(hosts, scripts=("'self'", *shell.inline_scripts())),
                component_policy=content_security_policy(hosts, scripts=GENERATED),
                strict_transport=settings.strict_transport,
            ),
            Middleware(KnownHosts, allowed_hosts=settings.allowed_hosts),
            Middleware(PageSockets),
            Middleware(HostCookies, names=COOKIES),
            Middleware(Failures),
            Middleware(BodyLimit),
            Middleware(UploadGate),
            Middleware(interfaces.InterfacesFirst),
        ],
        exception_handlers=REFUSED,
        on_script_error=tell_of_failure,
    )


def _load_what_pages_need() -> None:
    """Import the modules that pages use, so that no visitor waits for it, and exempt them from garbage collection.

    Streamlit components can't be included: they are served
    only if the run of a page has imported them.
    """
    sleep(LOADS_AFTER)
    rooms = [module.name for module in walk_packages(stations.__path__, "stations.")]
    for name in (*rooms, "altair", "folium", "pandas"):
        if not name.endswith("__main__") and not name.startswith("stations.migrations"):
            import_module(name)
            sleep(GIVES_WAY)
    gc.collect()
    gc.freeze()


class _Server(uvicorn.Server):
    """Answers first, and loads then."""

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        Thread(target=_load_what_pages_need, name="loading", daemon=True).start()


def _take_over_logs() -> None:
    """Let the loggers of Streamlit and of the server log where everything else is logged.

    Streamlit gives each a handler of its own, whenever one is made. Accepted websockets are logged with addresses.
    """

    def hand_on(logger: logging.Logger) -> None:
        logger.handlers.clear()
        logger.setLevel(logging.WARNING)
        logger.propagate = True

    streamlit.logger.setup_formatter = hand_on
    streamlit.logger.update_formatter()


def serve(app: App, settings: Settings) -> None:
    """Serve until stopped, on the host and port of ``settings``."""
    set_up_log(read_log_format())
    logging.captureWarnings(True)
    _take_over_logs()
    if (set_to := installation_clock().set_to) is not None:
        _log.warning("The clock of this installation is set by hand: CLOCK=%s", set_to.isoformat())
    gc.freeze()
    gc.set_threshold(COLLECTS_AFTER)
    sys.setswitchinterval(GIVES_WAY_IN_TURN)
    _log.info("Serving on %s port %d, version %s", settings.host, settings.port, build())
    configured = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        server_header=False,
        log_config=None,
        access_log=False,  # addresses may contain tracking numbers; answers are logged by ``AnswerWatch``
        ws_max_size=2 * 1024 * 1024,  # what fields hold; files are sent by HTTP
        ws_ping_interval=PING_EVERY,
    )
    _Server(configured).run()
