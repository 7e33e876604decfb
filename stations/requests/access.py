"""A new secret code for a request: as its firm asks that has it open, or as the station gives after a check.

A request and its parts (``stations.requests.splitting``) have one code, so all get the new one. It opens nothing in
other browsers any more; the address for notices, if it is confirmed, is told.
"""

from __future__ import annotations

from datetime import datetime
from typing import Unpack

from sqlalchemy import delete
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, Detail, SystemActor
from stations.duty.roles import Action, Actor, signed_in
from stations.errors import InvalidInput
from stations.language import N_, LabelledEnum
from stations.requests.code_session import OpenedRequest, keep_open
from stations.requests.draft import RequestDraft
from stations.requests.handling import open_for_answer
from stations.requests.idempotency import forget_secrets
from stations.requests.lookup import Browser, Proof, look_up
from stations.requests.request_notices import tell_of_new_code
from stations.requests.service_request import ServiceRequest
from stations.requests.steps import check_not_erased
from stations.secret_codes import NewCode


class IdentityCheck(LabelledEnum):
    """How a station made sure that somebody speaks for a firm."""

    CALLED_BACK = "called_back", N_("Called back on the telephone number in the request")
    LICENCE_SEEN = "licence_seen", N_("Saw the business licence and an identity card")
    VISITED = "visited", N_("Met the contact person at the firm")


def keep_family_open(session: Session, browser: str, request: ServiceRequest, now: datetime) -> None:
    """Open a request and all that its code opens in a browser; the caller has checked the code. It is the one shown."""
    for one in request.family:
        if one is not request:
            keep_open(session, browser, one, now)
    keep_open(session, browser, request, now)


def new_code_as_firm(session: Session, number: str, proof: Proof, code: NewCode, *, now: datetime) -> ServiceRequest:
    """Give a request a new code, for the firm that has it open; it stays open in that browser.

    Raises:
        NotFound: number or proof is wrong.
        Conflict: its data is erased.
    """
    request = look_up(session, number, proof, now=now)
    _replace(session, request, code, SystemActor.FIRM, now)
    if isinstance(proof, Browser) and proof.token:
        keep_family_open(session, proof.token, request, now)
    return request


def reissue_code(
    session: Session, actor: Actor | None, number: str, check: IdentityCheck | None, code: NewCode, *, now: datetime
) -> ServiceRequest:
    """Give a request a new code, for a firm that lost it and whose identity the station has checked.

    Raises:
        NotFound, NotAllowed: no such request, or it is outside the actor's duty.
        InvalidInput: it is not said how the identity was checked (field ``check``).
        Conflict: its data is erased.
    """
    request = open_for_answer(session, actor, number, Action.ANSWER_REQUESTS)
    if check is None:
        raise InvalidInput("check", N_("Say how you made sure who asks"))
    _replace(session, request, code, signed_in(actor).username, now, method=check.value)
    return request


def _replace(
    session: Session, request: ServiceRequest, code: NewCode, actor: str, now: datetime, **detail: Unpack[Detail]
) -> None:
    check_not_erased(request)
    family = request.family
    ids = [one.id for one in family]
    session.execute(delete(OpenedRequest).where(OpenedRequest.request_id.in_(ids)))
    session.execute(delete(RequestDraft).where(RequestDraft.request_id.in_(ids)))  # receipts with the code before
    forget_secrets(session, [one.number for one in family])
    for one in family:
        one.code_hash = code.code_hash
        log.record(
            session,
            at=now,
            actor=actor,
            action=AuditAction.ISSUE_REQUEST_CODE,
            subject_kind=AuditSubject.SERVICE_REQUEST,
            subject=one.number,
            **detail,
        )
    tell_of_new_code(session, request, now)
