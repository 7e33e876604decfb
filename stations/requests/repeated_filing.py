"""Filing by a program under an idempotency key: however often it is sent, one request, and the same answer."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Engine

from stations.database import transaction
from stations.requests.access import keep_family_open
from stations.requests.filing import Draft
from stations.requests.filing_in_parts import file_form
from stations.requests.filing_limits import Network
from stations.requests.idempotency import begin, finish, give_up
from stations.requests.request_form import RequestForm
from stations.requests.service_request import ServiceRequest

PURPOSE = "file a request"


@dataclass(frozen=True)
class Receipt:
    """What a firm gets for what it filed. It never changes.

    ``parts``: the numbers of the further requests of a form that was filed in parts. ``station``: the code of the one
    that answers ``number``. ``filed_at``: ISO 8601. ``code``: the secret code of all of them; None once another one
    has taken its place, or the data was erased. ``repeated``: it was filed by an earlier attempt.
    """

    number: str
    parts: tuple[str, ...]
    station: str
    filed_at: str
    sample: bool
    code: str | None = None
    repeated: bool = False


def file_once(
    engine: Engine,
    form: RequestForm,
    key: str,
    *,
    now: datetime,
    samples: bool,
    browser: str | None = None,
    network: Network | None = None,
) -> Receipt:
    """File a form under an idempotency key, as read by ``read_key``, or return what was filed under it before.

    ``browser``, ``network``: as for ``file_form``; in that browser the request is open afterwards.

    Raises:
        KeyUsed, InProgress: as ``idempotency.begin``.
        InvalidForm, InvalidInput: as ``file_form``; nothing is written, and the key can be used again.
    """
    attempt = begin(engine, PURPOSE, key, json.dumps(asdict(form), sort_keys=True, default=str), now=now)
    code = attempt.secret_code()
    if attempt.answer is not None:
        return _receipt(attempt.answer, code, repeated=True)
    assert code is not None, "only what was filed loses its seed"
    try:
        draft = Draft(key=attempt.draft_key(), code=code)  # hashing is slow, so before the transaction
        with transaction(engine) as session:
            request = file_form(session, form, draft, now=now, samples=samples, browser=browser, network=network)
            session.flush()
            if browser is not None:
                keep_family_open(session, browser, request, now)
            answer = _told(request)
            finish(session, attempt, answer, request.number)
    except BaseException:
        give_up(engine, attempt)
        raise
    return _receipt(answer, code, repeated=False)


def _told(request: ServiceRequest) -> dict[str, object]:
    return {
        "number": request.number,
        "parts": [part.number for part in request.split_off],
        "station": request.station.code,
        "filed_at": request.created_at.isoformat(),
        "sample": request.sample,
    }


def _receipt(answer: dict[str, object], code: str | None, *, repeated: bool) -> Receipt:
    told = {**answer, "parts": tuple(answer["parts"])}  # type: ignore[arg-type]
    return Receipt(**told, code=code, repeated=repeated)  # type: ignore[arg-type]
