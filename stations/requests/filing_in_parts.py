"""Filing one form at several stations: where no near station does everything, each does its part.

Each part is a request of its own, with its own station, steward and deadlines; one code opens them all, and one code
of six digits confirms their address for notices. The first part is the one that the others hang on.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from stations.errors import InvalidInput
from stations.language import N_
from stations.requests.filing import Draft, file_request
from stations.requests.filing_limits import Network
from stations.requests.request_form import RequestForm
from stations.requests.service_request import ServiceRequest
from stations.secret_hash import hash_token


def file_form(
    session: Session,
    form: RequestForm,
    draft: Draft,
    *,
    now: datetime,
    samples: bool,
    browser: str | None = None,
    network: Network | None = None,
) -> ServiceRequest:
    """Write what a form asks for: one request, or one for each of its parts. Return the first.

    Raises:
        InvalidForm: as ``file_request``; nothing is written.
        InvalidInput: the parts are not the services asked for (field ``services``).
    """
    if not form.parts:
        return file_request(session, form, draft, now=now, samples=samples, browser=browser, network=network)
    if Counter(code for _station, codes in form.parts for code in codes) != Counter(form.services):
        raise InvalidInput("services", N_("The stations proposed do not fit the services chosen; look at them again"))
    own = [replace(form, station_code=station, services=codes, parts=()) for station, codes in form.parts]
    first = file_request(session, own[0], draft, now=now, samples=samples, browser=browser, network=network)
    for place, part in enumerate(own[1:], start=1):
        file_request(session, part, part_draft(draft, place), now=now, samples=samples, browser=browser, part_of=first)
    return first


def part_draft(draft: Draft, place: int) -> Draft:
    """Return the secrets of a further part: a key of its own, and the same code."""
    return replace(draft, key=hash_token(f"{draft.key}:{place}"))
