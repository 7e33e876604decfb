"""Filing a service request: the firm's entries are checked and written once."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from stations.audit import log
from stations.audit.vocabulary import AuditAction, AuditSubject, SystemActor
from stations.catalogue.chain import IndustrialChain
from stations.catalogue.service import Service, get_services
from stations.errors import InvalidForm, InvalidInput
from stations.language import N_, Bilingual, day_in_china
from stations.places.counties import County
from stations.readers.credit_code import read_credit_code
from stations.registry.station import Station, Status, get_status
from stations.requests.consent import current_consent
from stations.requests.filing_limits import Network, check_filing_limits, count_filing
from stations.requests.form_fields import TEXT_CHECKS, read_notes, read_way_of
from stations.requests.form_routing import RoutedForm, route_form
from stations.requests.likely_duplicate import find_duplicate
from stations.requests.request_form import RequestForm
from stations.requests.routing_record import record_routing
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest
from stations.requests.states import Party, State
from stations.requests.steps import begin
from stations.secret_codes import hash_code, new_code, new_number


@dataclass(frozen=True)
class Draft:
    """The secrets of a draft before it is filed.

    ``key``: filing twice with the same key creates one request. ``code``: the secret code for the firm; ``code_hash``:
    its hash, which is slow to make, so that drafts are made before the transaction that files them.
    """

    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    code: str = field(default_factory=new_code)
    code_hash: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not self.code_hash:
            object.__setattr__(self, "code_hash", hash_code(self.code))


def file_request(
    session: Session,
    form: RequestForm,
    draft: Draft,
    *,
    now: datetime,
    samples: bool,
    browser: str | None = None,
    network: Network | None = None,
    part_of: ServiceRequest | None = None,
) -> ServiceRequest:
    """Write a request from a draft, or return the one that was filed from this draft before.

    Without ``station_code`` the best station by the routing rules answers. With one, that station answers; it must be
    active today and offer every service, or its group if the source is no more exact. If no station offers everything,
    the rest is done through others (``stations.requests.routing``), and the firm must have agreed to that
    (``split_agreed``). ``browser``: the token of the filing browser, which decides how much a firm learns of a likely
    duplicate. ``network``: where it is filed from, None if that is not known or not limited. ``part_of``: the request
    filed just before from the same form, at another station (``stations.requests.filing_in_parts``); likeness and
    limits were then checked.

    Raises:
        InvalidForm: with one problem for each wrong field; nothing is written. A likely duplicate is a problem of the
            field ``despite_duplicate`` until that is ticked.
    """
    before = find_filed(session, draft)
    if before is not None:
        return before
    today = day_in_china(now)
    problems: list[InvalidInput] = []

    def attempt(check: Callable[..., Any], *arguments: object) -> Any:
        try:
            return check(*arguments)
        except InvalidInput as problem:
            problems.append(problem)
            return None

    services = attempt(_check_services, session, form.services)
    checks = TEXT_CHECKS | {"credit_code": partial(read_credit_code, as_printed=form.credit_code_as_printed)}
    texts = {name: attempt(check, name, getattr(form, name)) for name, check in checks.items()}
    notes = {code: attempt(read_notes, form, code) for code in form.services}
    county = attempt(_check_county, session, form.county_adcode)
    attempt(_check_chain, session, form.chain_code)
    attempt(_check_wanted, form.wanted_on, today)
    attempt(_check_consent, form.consent)
    way = attempt(read_way_of, form) or (None, None)
    station = attempt(_check_station, session, form, today, samples) if form.station_code else None
    routed: RoutedForm | None = None
    if services and county and (station or not form.station_code):
        routed = attempt(route_form, session, form, services, county, station, today, samples)
    if routed is not None and not problems and part_of is None:
        attempt(_check_duplicate, session, form, texts, services, routed.plan.station.sample, browser, now)
    if routed is not None and not problems and part_of is None and not routed.plan.station.sample:
        attempt(check_filing_limits, session, texts["phone"], texts["email"], way[1], now)
        if network is not None and not problems:
            attempt(count_filing, session, network, now)
    if problems or routed is None:
        # If the draft was sent twice at once, the first may look like a duplicate of the second.
        before = find_filed(session, draft)
        if before is None:
            raise InvalidForm(problems)
        return before

    request = ServiceRequest(
        number=free_number(session, today),
        code_hash=draft.code_hash,
        draft_key=draft.key,
        state=State.SUBMITTED,
        county_adcode=form.county_adcode,
        chain_code=form.chain_code or None,
        wanted_on=form.wanted_on,
        on_site=form.on_site,
        lon=form.lon,
        lat=form.lat,
        consented_at=now,
        consent_version=current_consent().version,
        notice_channel=way[0],
        notice_address=way[1],
        language=form.language,
        sample=routed.plan.station.sample,
        created_at=now,
        updated_at=now,
        items=[
            RequestItem(position=position, service_code=service.code, **notes[service.code])
            for position, service in enumerate(services)
        ],
        events=[
            RequestEvent(
                position=0, at=now, party=Party.FIRM, actor=SystemActor.FIRM.value, target=State.SUBMITTED, note=""
            )
        ],
        **texts,
    )
    record_routing(request, routed.plan, routed.compared, today)
    try:
        with session.begin_nested():
            session.add(request)
            request.split_from = part_of  # not before: nothing may be flushed while it is half made
    except IntegrityError:
        # The same draft was sent twice at once, and the other one was first.
        before = find_filed(session, draft)
        if before is None:
            raise
        return before
    log.record(
        session,
        at=now,
        actor=SystemActor.FIRM,
        action=AuditAction.FILE_REQUEST,
        subject_kind=AuditSubject.SERVICE_REQUEST,
        subject=request.number,
        station=request.station.code,
        services=[service.code for service in services],
        consent=request.consent_version,
    )
    begin(session, request)
    return request


def find_filed(session: Session, draft: Draft) -> ServiceRequest | None:
    """Return the request that was filed from a draft; None if there is none."""
    return session.scalar(select(ServiceRequest).where(ServiceRequest.draft_key == draft.key))


def _check_services(session: Session, codes: tuple[str, ...]) -> list[Service]:
    if not codes:
        raise InvalidInput("services", N_("Choose at least one service"))
    try:
        return get_services(session, codes, concrete=True)
    except InvalidInput as problem:
        raise InvalidInput("services", problem.message, **problem.params) from None


def _check_station(session: Session, form: RequestForm, today: date, samples: bool) -> Station:
    station = session.scalar(select(Station).where(Station.code == form.station_code))
    if station is None or (station.sample and not samples):
        raise InvalidInput("station_code", N_("Choose a station"))
    if get_status(session, station, today) is not Status.ACTIVE:
        raise InvalidInput(
            "station_code", N_("“{name}” is not in operation today; choose another station"), name=station.name
        )
    return station


def _check_duplicate(
    session: Session,
    form: RequestForm,
    texts: Mapping[str, str],
    services: Sequence[Service],
    sample: bool,
    browser: str | None,
    now: datetime,
) -> None:
    if form.despite_duplicate:
        return
    found = find_duplicate(
        session,
        credit_code=texts["credit_code"],
        phone=texts["phone"],
        services=services,
        browser=browser,
        sample=sample,
        now=now,
    )
    if found is None:
        return
    names = Bilingual(
        "、".join(service.name_zh for service in found.services),
        ", ".join(service.name_en for service in found.services),
    )
    if found.number:
        message = N_(
            "Your request {number} for {services} is still open; follow that one, or say that this is another matter"
        )
    else:
        message = N_(
            "A request of this firm for {services} is still open; ask in your firm, or say that this is another matter"
        )
    raise InvalidInput("despite_duplicate", message, services=names, number=found.number)


def _check_county(session: Session, adcode: str) -> County:
    county = session.get(County, adcode) if adcode else None
    if county is None:
        raise InvalidInput("county_adcode", N_("Choose the county your firm is in"))
    return county


def _check_chain(session: Session, code: str) -> None:
    if code and session.get(IndustrialChain, code) is None:
        raise InvalidInput("chain_code", N_("There is no such industrial chain; choose one of the list or none"))


def _check_wanted(wanted_on: date | None, today: date) -> None:
    if wanted_on is not None and wanted_on < today:
        raise InvalidInput("wanted_on", N_("The date wanted lies in the past; choose today or later"))


def _check_consent(consent: bool) -> None:
    if not consent:
        raise InvalidInput("consent", N_("Without your consent the station can't be told whom to answer"))


def free_number(session: Session, today: date) -> str:
    """Return a tracking number that no request has yet."""
    while True:
        number = new_number(today)
        if session.scalar(select(ServiceRequest.id).where(ServiceRequest.number == number)) is None:
            return number
