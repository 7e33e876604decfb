"""Filing a service request: checking what the firm entered and writing it once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from stations import audit
from stations.catalogue import Service, get_services
from stations.counties import County
from stations.entered_text import narrow, read_text
from stations.errors import InvalidForm, InvalidInput
from stations.language import CHINA_TIME, DEFAULT_LANGUAGE, N_, LanguageCode
from stations.nearest_stations import missing_services
from stations.registry import Station, Status, get_status
from stations.request_codes import hash_code, new_code, new_number
from stations.request_moves import Party, State
from stations.request_notices import read_notice_way
from stations.request_steps import begin
from stations.service_request import RequestEvent, RequestItem, ServiceRequest

# Numbers as they are written in China and abroad: digits, an area code in brackets, an extension.
_PHONE = re.compile(r"\+?[0-9\- ()]{7,40}")
_PHONE_DIGITS = range(7, 20)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@dataclass(frozen=True)
class RequestForm:
    """What a firm enters. ``credit_code``: unified social credit code (GB 32100-2015);
    ``notice_channel``, ``notice_address``: how it wants to be told of each step, in ``language``."""

    services: tuple[str, ...] = ()
    station_code: str = ""
    firm_name: str = ""
    credit_code: str = ""
    contact_name: str = ""
    phone: str = ""
    email: str = ""
    county_adcode: str = ""
    product: str = ""
    description: str = ""
    wanted_on: date | None = None
    lon: float | None = None
    lat: float | None = None
    consent: bool = False
    notice_channel: str = ""
    notice_address: str = ""
    language: LanguageCode = DEFAULT_LANGUAGE


@dataclass(frozen=True)
class Draft:
    """What a draft carries before it is filed: a key that makes filing it twice file one, and the
    secret code that the firm will hold."""

    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    code: str = field(default_factory=new_code)


def check_credit_code(field: str, value: str) -> str:
    """The unified social credit code (GB 32100-2015), 18 characters without separators.

    Raises:
        InvalidInput: it is none, or its check character tells of a slip.
    """
    try:
        return uscc.validate(narrow(value))
    except ValidationError:
        raise InvalidInput(
            field,
            N_(
                "“{value}” is not a unified social credit code: 18 characters, "
                "the last one a check character; compare it with the business licence"
            ),
            value=value.strip(),
        ) from None


def _check_phone(field: str, value: str) -> str:
    phone = narrow(value)
    if not _PHONE.fullmatch(phone) or sum(map(str.isdigit, phone)) not in _PHONE_DIGITS:
        raise InvalidInput(
            field,
            N_("“{value}” is not a telephone number; digits, spaces, hyphens and brackets only"),
            value=value.strip(),
        )
    return phone


def _check_email(field: str, value: str) -> str | None:
    email = read_text(field, narrow(value), limit=160, required=False)
    if email and not _EMAIL.fullmatch(email):
        raise InvalidInput(
            field, N_("“{value}” is not an e-mail address; leave it empty or correct it"), value=value.strip()
        )
    return email or None


def _check_length(limit: int, *, required: bool = True) -> Callable[[str, str], str]:
    return partial(read_text, limit=limit, required=required)


_TEXT_CHECKS: dict[str, Callable[[str, str], str | None]] = {
    "firm_name": _check_length(120),
    "credit_code": check_credit_code,
    "contact_name": _check_length(80),
    "phone": _check_phone,
    "email": _check_email,
    "product": _check_length(200),
    "description": _check_length(4000, required=False),
}


def file_request(session: Session, form: RequestForm, draft: Draft, *, now: datetime, samples: bool) -> ServiceRequest:
    """Write a request from a draft, or give back the one that this draft was filed as before.

    The answering station must be active today and offer every service asked for, or their group
    where its source tells no more than that.

    Raises:
        InvalidForm: one problem for each field that is wrong; nothing is written.
    """
    before = find_filed(session, draft)
    if before is not None:
        return before
    today = now.astimezone(CHINA_TIME).date()
    problems: list[InvalidInput] = []

    def attempt(check: Callable[..., Any], *arguments: object) -> Any:
        try:
            return check(*arguments)
        except InvalidInput as problem:
            problems.append(problem)
            return None

    services = attempt(_check_services, session, form.services)
    station = attempt(_check_station, session, form, services or [], today, samples)
    texts = {name: attempt(check, name, getattr(form, name)) for name, check in _TEXT_CHECKS.items()}
    attempt(_check_county, session, form.county_adcode)
    attempt(_check_wanted, form.wanted_on, today)
    attempt(_check_consent, form.consent)
    way = attempt(read_notice_way, form.notice_channel, form.notice_address) or (None, None)
    if problems:
        raise InvalidForm(problems)

    request = ServiceRequest(
        number=_free_number(session, today),
        code_hash=hash_code(draft.code),
        draft_key=draft.key,
        state=State.SUBMITTED,
        station=station,
        county_adcode=form.county_adcode,
        wanted_on=form.wanted_on,
        lon=form.lon,
        lat=form.lat,
        consented_at=now,
        notice_channel=way[0],
        notice_address=way[1],
        language=form.language,
        sample=station.sample,
        created_at=now,
        updated_at=now,
        items=[RequestItem(position=position, service_code=service.code) for position, service in enumerate(services)],
        events=[RequestEvent(position=0, at=now, party=Party.FIRM, actor="firm", target=State.SUBMITTED, note="")],
        **texts,
    )
    try:
        with session.begin_nested():
            session.add(request)
    except IntegrityError:
        # The same draft came twice at once, and the other one was first.
        before = find_filed(session, draft)
        if before is None:
            raise
        return before
    audit.record(
        session,
        at=now,
        actor="firm",
        action="file_request",
        subject_kind="service_request",
        subject=request.number,
        station=station.code,
        services=[service.code for service in services],
    )
    begin(session, request)
    return request


def find_filed(session: Session, draft: Draft) -> ServiceRequest | None:
    """The request that a draft was filed as, where it was."""
    return session.scalar(select(ServiceRequest).where(ServiceRequest.draft_key == draft.key))


def _check_services(session: Session, codes: tuple[str, ...]) -> list[Service]:
    if not codes:
        raise InvalidInput("services", N_("Choose at least one service"))
    try:
        return get_services(session, codes, concrete=True)
    except InvalidInput as problem:
        raise InvalidInput("services", problem.message, **problem.params) from None


def _check_station(
    session: Session, form: RequestForm, services: Sequence[Service], today: date, samples: bool
) -> Station:
    station = session.scalar(select(Station).where(Station.code == form.station_code))
    if station is None or (station.sample and not samples):
        raise InvalidInput("station_code", N_("Choose a station"))
    if get_status(session, station, today) is not Status.ACTIVE:
        raise InvalidInput(
            "station_code", N_("“{name}” is not in operation today; choose another station"), name=station.name
        )
    missing = missing_services(station, services, today)
    if missing:
        raise InvalidInput(
            "station_code",
            N_("“{name}” does not offer “{service}”; choose another station or leave that service out"),
            name=station.name,
            service=missing[0].code,
        )
    return station


def _check_county(session: Session, adcode: str) -> None:
    if not adcode or session.get(County, adcode) is None:
        raise InvalidInput("county_adcode", N_("Choose the county your firm is in"))


def _check_wanted(wanted_on: date | None, today: date) -> None:
    if wanted_on is not None and wanted_on < today:
        raise InvalidInput("wanted_on", N_("The date wanted lies in the past; choose today or later"))


def _check_consent(consent: bool) -> None:
    if not consent:
        raise InvalidInput("consent", N_("Without your consent the station can't be told whom to answer"))


def _free_number(session: Session, today: date) -> str:
    while True:
        number = new_number(today)
        if session.scalar(select(ServiceRequest.id).where(ServiceRequest.number == number)) is None:
            return number
