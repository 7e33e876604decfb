"""Correcting whom a station reaches at a firm after the request was filed.

Where notices go to the number or address that is corrected, they follow it once it is confirmed; the confirmed address
is told of the change. Parts of a request have the same contact.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.changes.kinds import Happening
from stations.errors import InvalidInput, Problems
from stations.language import N_
from stations.notices.channel import Channel
from stations.readers.telephone import line_of, read_mobile
from stations.requests.feed_entry import tell_feed
from stations.requests.form_fields import CONTACT_CHECKS
from stations.requests.lookup import Proof, look_up
from stations.requests.notice_way import change_notice_way
from stations.requests.request_notices import tell_of_contact
from stations.requests.service_request import ServiceRequest
from stations.requests.steps import check_not_erased


@dataclass(frozen=True)
class ContactForm:
    """Whom the station reaches, as entered."""

    contact_name: str
    phone: str
    email: str


def correct_contact(session: Session, number: str, proof: Proof, form: ContactForm, *, now: datetime) -> ServiceRequest:
    """Replace the contact details of a request and its parts. Without a change nothing happens.

    Raises:
        NotFound: number or proof is wrong.
        Conflict: its data is erased.
        InvalidForm: one problem for each wrong field; nothing is changed.
        InvalidInput: the new address for notices got too many codes today (field ``notice_address``).
    """
    request = look_up(session, number, proof, now=now)
    check_not_erased(request)
    problems = Problems()
    given = {field: problems.attempt(check, field, getattr(form, field)) for field, check in CONTACT_CHECKS.items()}
    problems.stop()
    for one in request.family:
        if one.erased_at is None:
            _correct(session, one, given, now)
    return request


def _correct(session: Session, request: ServiceRequest, given: dict[str, str | None], now: datetime) -> None:
    changed = [field for field in CONTACT_CHECKS if getattr(request, field) != given[field]]
    if not changed:
        return
    tell_of_contact(session, request, now)
    way = _way_after(request, given)
    for field in changed:
        setattr(request, field, given[field])
    request.updated_at = now
    if way is not None:
        change_notice_way(session, request, way, now)
    log.record(
        session,
        at=now,
        actor=SystemActor.FIRM,
        action=AuditAction.CHANGE_CONTACT,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=request.number,
        fields=changed,
    )
    tell_feed(session, request, Happening.CHANGED, actor=SystemActor.FIRM.value, now=now)


def _way_after(request: ServiceRequest, given: dict[str, str | None]) -> tuple[Channel | None, str | None] | None:
    """Return where notices go after the change, if they went to the number or address that is corrected; else None."""
    channel, address = request.notice_channel, request.notice_address
    if channel is None or not channel.contact:
        return None
    before, after = getattr(request, channel.contact), given[channel.contact]
    if channel.contact == "email":
        if address != before or after == before:
            return None
        return (channel, after) if after else (None, None)
    if line_of(address) != line_of(before) or line_of(before) == line_of(after):
        return None
    try:
        return channel, read_mobile("phone", after or "")
    except InvalidInput:
        raise InvalidInput(
            "phone", N_("Notices go to this number as text messages; write a mobile number, or change “Notices” first")
        ) from None
