"""What happens to an error that nobody has foreseen: a log entry under a reference, which is all the visitor sees.

So much for pages and for plain HTTP alike, in the visitor's language. The log never tells values of the database.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.answer_begun import WatchedSend
from portal.language import N_, _
from portal.markdown_text import plain
from portal.metrics import route_class
from portal.plain_page import plain_page
from stations.database_faults import fault_of
from stations.error_trace import trace
from stations.errors import Busy
from stations.reference import begin_reference, current_reference

_log = logging.getLogger("portal")
_REFUSALS = {
    403: N_("This was sent from another site, so nothing was done. Please open the page here and send it again."),
    413: N_("What was sent is larger than anything that is taken here."),
}


def log_failure(error: BaseException, what: str) -> str:
    """Log an error, and return the reference under which it is found: that of the request, or of the run of a page.

    ``what``: what failed.
    """
    reference = current_reference() or begin_reference()
    _log.error("%s failed; reference %s\n%s", what, reference, trace(error))
    return reference


def tell_of_failure(error: Exception) -> bool:
    """Tell the visitor of the page being drawn that it failed; for Streamlit's ``on_script_error``."""
    if isinstance(error, Busy):
        st.warning(plain(_(error.message, **error.params)))
        return True
    reference = log_failure(error, "A page")
    st.error(
        _(
            "Something went wrong on our side. Please try again; if it happens again, tell us this number: {reference}",
            reference=reference,
        )
    )
    if fault := fault_of(error):
        st.info(_(fault.told))
    st.button(_("Try again"), key="try_again")  # which draws the page anew, with what was typed
    return True


async def refused(request: Request, error: Exception) -> Response:
    """Answer with a page of ours where a plain page refuses a request; for Starlette's ``exception_handlers``."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    told, reference = _REFUSALS[status], current_reference()
    return await run_in_threadpool(plain_page, request, "refused.html", status, told=told, reference=reference)


REFUSED = dict.fromkeys(_REFUSALS, refused)


class Failures:
    """ASGI middleware that answers where a request fails: with a page of ours, or with what ``answer`` makes of the
    error.
    """

    def __init__(self, app: ASGIApp, answer: Callable[[Request, Exception], Response] | None = None) -> None:
        self._app = app
        self._answer = answer or _answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        watched = WatchedSend(send)
        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            return
        except Exception as error:
            answer = await run_in_threadpool(self._answer, Request(scope), error)
            if not watched.begun:
                await answer(scope, receive, send)


def _answer(request: Request, error: Exception) -> Response:
    if isinstance(error, Busy):
        response = plain_page(request, "failure.html", 503, told=error.message, reference="")
    else:
        reference = log_failure(error, f"{request.method} {route_class(request.url.path)}")
        fault = fault_of(error)
        told, status = (fault.told, 503) if fault else ("", 500)
        response = plain_page(request, "failure.html", status, told=told, reference=reference)
    if response.status_code == 503:
        response.headers["Retry-After"] = "60"
    return response
