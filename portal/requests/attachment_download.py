"""``/attachment/<code>``: a file of a request, for its firm and those who answer it; 404 for all others.

Always sent as a download, never displayed within our pages, and never cached.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portal.firm_browser import token_in
from portal.plain_page import plain_page
from portal.storage import domain_settings, engine
from portal.visit import SESSION_COOKIE
from stations import clock
from stations.accounts.sign_ins import actor_of
from stations.database import reading
from stations.errors import NotFound
from stations.requests.attachments import Attachment, open_attachment
from stations.requests.code_session import is_opened
from stations.requests.personal_access import note_file_opened


def attachment_url(attachment: Attachment) -> str:
    """Return the address of a file."""
    return f"/attachment/{attachment.code}"


def _find(request: Request) -> Attachment | None:
    now, samples, browser = clock.now(), domain_settings().samples, token_in(request)
    with reading(engine()) as session:
        actor = actor_of(session, request.cookies.get(SESSION_COOKIE), now, samples=samples)
        try:
            found = open_attachment(
                session, request.path_params["code"], actor=actor, browser=browser, now=now, samples=samples
            )
        except NotFound:
            return None
        as_firm = found.request is not None and is_opened(session, browser, found.request, now)
    if actor is not None and not as_firm:
        note_file_opened(engine(), actor, found, now)
    return found


async def download(request: Request) -> Response:
    """Answer with the file, or with a page that says there is none."""
    found = await run_in_threadpool(_find, request)
    if found is None:
        return await run_in_threadpool(plain_page, request, "not_found.html", 404)
    return Response(
        found.content,
        media_type=found.media_type,
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )


routes: list[BaseRoute] = [Route("/attachment/{code}", download)]
