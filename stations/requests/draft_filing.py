"""Filing a browser's draft in one transaction: the request, its files, and its access in the browser."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from stations.requests.access import keep_family_open
from stations.requests.attachments import Attachment
from stations.requests.draft import RequestDraft, code_for, discard_draft, filing_key, mark_filed, open_draft
from stations.requests.filing import Draft
from stations.requests.filing_in_parts import file_form
from stations.requests.filing_limits import Network
from stations.requests.request_form import RequestForm
from stations.requests.service_request import ServiceRequest
from stations.requests.splitting import copy_files
from stations.secret_hash import hash_token


def secrets_of(browser: str, draft_key: str, form: RequestForm) -> Draft:
    """Return the secrets under which the browser's form is filed, the same however often it is sent.

    ``draft_key``: the key of the draft with which the form began. Call it before the transaction: hashing is slow.
    """
    stations = "+".join(station for station, _services in form.parts) or form.station_code
    key = filing_key(draft_key, stations, form.services)
    return Draft(key=key, code=code_for(browser, key))


def file_draft(
    session: Session,
    browser: str,
    draft_key: str,
    form: RequestForm,
    address: str,
    draft: Draft,
    *,
    now: datetime,
    samples: bool,
    network: Network | None = None,
) -> ServiceRequest:
    """File the form of a browser, and return the request.

    ``address``: path and query of the form, by which the receipt is found again (``draft.filed_from``). ``draft``: of
    ``secrets_of``. Files go to every part. ``network``: as for ``file_request``.

    Raises:
        InvalidForm: as ``file_request``; the draft remains unchanged.
    """
    request = file_form(session, form, draft, now=now, samples=samples, browser=browser, network=network)
    session.flush()
    own = session.scalar(
        select(RequestDraft)
        .where(RequestDraft.key == draft_key, RequestDraft.browser_hash == hash_token(browser))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if own is None or own.request_id not in {None, request.id}:
        own = _receipt_of(session, browser, request) or open_draft(session, browser, now)
    if own.request_id is None:
        session.execute(
            update(Attachment).where(Attachment.draft_id == own.id).values(draft_id=None, request_id=request.id)
        )
        for part in request.split_off:
            copy_files(session, request, part)
        mark_filed(session, own, request, address, now)
    discard_draft(session, browser)  # a second tab of the same form may have created another draft meanwhile
    keep_family_open(session, browser, request, now)
    return request


def _receipt_of(session: Session, browser: str, request: ServiceRequest) -> RequestDraft | None:
    return session.scalar(
        select(RequestDraft)
        .where(RequestDraft.request_id == request.id, RequestDraft.browser_hash == hash_token(browser))
        .limit(1)
    )
