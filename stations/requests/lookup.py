"""Opening one request: for the firm with its code, and for people whose duty it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from stations.duty.roles import Action, Actor, require
from stations.errors import NotFound
from stations.language import N_
from stations.requests.code_session import is_opened
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest
from stations.secret_codes import code_matches, read_number


@dataclass(frozen=True)
class Browser:
    """A firm's browser, by the token in its cookie.

    It proves the right to a request that was opened there before (``stations.requests.code_session``). ``client``: its
    network address, or whatever else distinguishes it, by which its files are counted.
    """

    token: str | None
    client: str = ""


@dataclass(frozen=True)
class CheckedCode:
    """A code that was found right just now (``stations.requests.code_guard``), and is not hashed once more.

    ``code_hash``: its hash, which the request must still have. ``client``: the network address of the firm.
    """

    code_hash: str
    client: str


Proof = str | Browser | CheckedCode
"""The proof of a firm's right to a request: the code, as entered or as checked before, or its browser."""

UNKNOWN = N_("No request has this tracking number and code; check both and try again")


def look_up(
    session: Session, number: str, proof: Proof, *, now: datetime | None = None, samples: bool = True
) -> ServiceRequest:
    """Return the request with this tracking number (as entered), given proof of the right to it.

    ``now`` is needed for a browser, in which a request is open for a limited time.

    Raises:
        NotFound: the number or the proof is wrong, or it is a sample and ``samples`` is false; the answer does not
            reveal which.
    """
    mine = numbered(number, samples=samples)
    if isinstance(proof, Browser):
        request = session.scalar(select(ServiceRequest).where(mine))
        proved = request is not None and now is not None and is_opened(session, proof.token, request, now)
    elif isinstance(proof, CheckedCode):
        kept = session.scalar(select(ServiceRequest.code_hash).where(mine))
        proved = bool(kept) and kept == proof.code_hash
    else:
        # Check the code first: the time to load the whole request would reveal that the number exists.
        proved = code_matches(session.scalar(select(ServiceRequest.code_hash).where(mine)), proof)
    found = session.scalar(with_everything(select(ServiceRequest)).where(mine)) if proved else None
    if found is None:
        raise NotFound(UNKNOWN)
    return found


def numbered(number: str, *, samples: bool) -> ColumnElement[bool]:
    """Return the condition that a request has this tracking number (as entered); without ``samples`` none of those."""
    mine = ServiceRequest.number == read_number(number)
    return mine if samples else mine & ServiceRequest.sample.is_(False)


def stamp_of(session: Session, number: str) -> tuple[object, ...]:
    """Return what changes with everything that happens to a request; it tells nothing else, so it needs no proof."""
    mine = select(ServiceRequest.version, ServiceRequest.updated_at).where(ServiceRequest.number == number)
    row = session.execute(mine).one_or_none()
    return tuple(row) if row else ()


def open_request(session: Session, actor: Actor | None, number: str, *, samples: bool = True) -> ServiceRequest:
    """Return a request for a person whose duty covers it.

    Raises:
        NotFound: there is none with this number, or it is a sample and ``samples`` is false.
        NotAllowed: it is outside the actor's duty.
    """
    statement = with_everything(select(ServiceRequest)).where(ServiceRequest.number == read_number(number))
    request = session.scalar(statement)
    if request is None or (request.sample and not samples):
        raise NotFound(N_("There is no request {number}"), number=number)
    require(actor, Action.SEE_REQUESTS, request.station.area)
    return request


def with_everything(statement: Select[ServiceRequest]) -> Select[ServiceRequest]:
    """Return the statement with options that load all that a page or a step needs of a request."""
    return statement.options(
        selectinload(ServiceRequest.items).joinedload(RequestItem.service),
        selectinload(ServiceRequest.events).options(joinedload(RequestEvent.station)),
        selectinload(ServiceRequest.messages),
        selectinload(ServiceRequest.station),
        selectinload(ServiceRequest.county),
        selectinload(ServiceRequest.split_from),
        selectinload(ServiceRequest.split_off),
    )
