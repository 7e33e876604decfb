"""Filing a service request: checking what the firm entered and writing it once."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import uscc
from stdnum.exceptions import ValidationError

from stations import audit
from stations.catalogue import Service, get_services
from stations.counties import County
from stations.errors import InvalidForm, InvalidInput
from stations.language import N_
from stations.nearest_stations import missing_services
from stations.registry import Station, Status, get_status
from stations.request_moves import Party, State
from stations.service_request import RequestEvent, RequestItem, ServiceRequest

# Crockford's base 32: no letters that read alike on paper or over the telephone.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_NUMBER_LENGTH = 6
_CODE_LENGTH = 10

_PHONE = re.compile(r"\+?[\d\- ]{7,20}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")

code_hasher = PasswordHasher()


@dataclass(frozen=True)
class RequestForm:
    """What a firm enters. ``credit_code``: unified social credit code (GB 32100-2015)."""

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


@dataclass(frozen=True)
class Draft:
    """What a draft carries before it is filed: a key that makes filing it twice file one, and the
    secret code that the firm will hold."""

    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    code: str = field(default_factory=lambda: _random_text(_CODE_LENGTH))


def _random_text(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def _filled(limit: int) -> Callable[[str, str], None]:
    def check(name: str, value: str) -> None:
        if not value:
            raise InvalidInput(name, N_("This is empty; please fill it in"))
        if len(value) > limit:
            raise InvalidInput(name, N_("This is too long; {limit} characters at most"), limit=limit)

    return check


def _optional(limit: int) -> Callable[[str, str], None]:
    def check(name: str, value: str) -> None:
        if len(value) > limit:
            raise InvalidInput(name, N_("This is too long; {limit} characters at most"), limit=limit)

    return check


def _check_credit_code(name: str, value: str) -> None:
    try:
        uscc.validate(value)
    except ValidationError:
        raise InvalidInput(
            name,
            N_(
                "“{value}” is not a unified social credit code: 18 characters, "
                "the last one a check character; compare it with the business licence"
            ),
            value=value,
        ) from None


def _check_phone(name: str, value: str) -> None:
    if not _PHONE.fullmatch(value):
        raise InvalidInput(
            name, N_("“{value}” is not a telephone number; digits, spaces and hyphens only"), value=value
        )


def _check_email(name: str, value: str) -> None:
    if value and (len(value) > 160 or not _EMAIL.fullmatch(value)):
        raise InvalidInput(name, N_("“{value}” is not an e-mail address; leave it empty or correct it"), value=value)


_TEXT_CHECKS: dict[str, Callable[[str, str], None]] = {
    "firm_name": _filled(120),
    "credit_code": _check_credit_code,
    "contact_name": _filled(80),
    "phone": _check_phone,
    "email": _check_email,
    "product": _filled(200),
    "description": _optional(4000),
}


def file_request(session: Session, form: RequestForm, draft: Draft, *, now: datetime, samples: bool) -> ServiceRequest:
    """Write a request from a draft, or give back the one that this draft was filed as before.

    The answering station must be active today and offer every service asked for, or their group
    where its source tells no more than that.

    Raises:
        InvalidForm: one problem for each field that is wrong; nothing is written.
    """
    before = session.scalar(select(ServiceRequest).where(ServiceRequest.draft_key == draft.key))
    if before is not None:
        return before
    texts = {name: getattr(form, name).strip() for name in _TEXT_CHECKS}
    texts["credit_code"] = texts["credit_code"].upper()
    problems: list[InvalidInput] = []

    def attempt(check: Callable[..., Any], *arguments: object) -> Any:
        try:
            return check(*arguments)
        except InvalidInput as problem:
            problems.append(problem)
            return None

    services = attempt(_check_services, session, form.services)
    station = attempt(_check_station, session, form, services or [], now.date(), samples)
    for name, check in _TEXT_CHECKS.items():
        attempt(check, name, texts[name])
    attempt(_check_county, session, form.county_adcode)
    attempt(_check_wanted, form.wanted_on, now.date())
    attempt(_check_consent, form.consent)
    if problems:
        raise InvalidForm(problems)

    request = ServiceRequest(
        number=_free_number(session, now),
        code_hash=code_hasher.hash(draft.code),
        draft_key=draft.key,
        state=State.SUBMITTED,
        station=station,
        county_adcode=form.county_adcode,
        wanted_on=form.wanted_on,
        lon=form.lon,
        lat=form.lat,
        consented_at=now,
        sample=station.sample,
        created_at=now,
        updated_at=now,
        items=[RequestItem(position=position, service_code=service.code) for position, service in enumerate(services)],
        events=[RequestEvent(position=0, at=now, party=Party.FIRM, actor="firm", target=State.SUBMITTED, note="")],
        **(texts | {"email": texts["email"] or None}),
    )
    session.add(request)
    session.flush()
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
    return request


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


def _free_number(session: Session, now: datetime) -> str:
    while True:
        number = f"Q{now:%y%m%d}-{_random_text(_NUMBER_LENGTH)}"
        if session.scalar(select(ServiceRequest.id).where(ServiceRequest.number == number)) is None:
            return number
