"""Invented requests over the months before the day of loading, for the sample network.

They grow from month to month, and every city has enough of them for its figures to be compared.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy.orm import Session
from stdnum.cn import uscc

from stations.accounts.accounts import User
from stations.catalogue.service import list_groups
from stations.language import CHINA_TIME, day_in_china
from stations.places.counties import County, list_counties
from stations.registry.station import Station, Status
from stations.requests.consent import current_consent
from stations.requests.deadlines import settle
from stations.requests.handling import FIRM
from stations.requests.service_request import RequestEvent, RequestItem, ServiceRequest
from stations.requests.states import Party, State
from stations.samples.ratings import add_sample_ratings
from stations.samples.routing import SampleRouting
from stations.samples.stations import status_of
from stations.samples.stories import OPENS, PATHS, Story
from stations.samples.urgings import add_sample_urgings
from stations.secret_codes import ALPHABET, hash_code, new_code
from stations.working_days import is_working_day

DAYS = 400
"""For how many days before the day of loading there are requests: a year and the month before it."""
COUNT = 600
GROWTH = 4
"""How many times as many requests are filed on the last day as on the first."""
RECENT = 3
"""Within how many working days those requests were filed whose state is fixed."""
NEGLECTED, NEGLECTED_SINCE = 4, 13
"""How many requests wait for an answer that is overdue, and within how many working days they were filed."""
SHARE_OFF_DAY = 0.06  # of a working day's requests, so many are filed on a day off
EVERY_ON_SITE = 7  # of so many firms, one asks to be visited
SHARE_TRANSFERRED = 0.05
SHARE_OF_STEWARDED = 0.08  # share of requests to stations with a steward as whom visitors can sign in

TRADES = ("精密机械", "电子科技", "新材料", "食品", "纺织", "医疗器械", "汽车部件", "环保设备", "电气", "包装")
WORDS = ("晴川", "启明", "远帆", "润泽", "恒信", "博远", "嘉禾", "同创", "瑞丰", "景行")
SURNAMES = "张王李赵陈杨黄周吴徐"
PRODUCTS = (
    "压力表 24 只",
    "三坐标测量机 2 台",
    "不锈钢保温杯",
    "儿童服装面料",
    "汽车线束",
    "电动工具",
    "预包装糕点",
    "医用口罩",
    "工业机器人减速器",
    "塑料食品容器",
)


def add_sample_requests(
    session: Session, chance: Random, stations: Sequence[Station], stewards: Mapping[str, User], day: date
) -> None:
    """Add the requests filed before ``day``. Nobody knows their codes; they are visible at the desk."""
    counties = {county.adcode: county for county in list_counties(session)}
    routing = SampleRouting(session, stations, stewards)
    code_hash = hash_code(new_code())
    # Kept in the session, so that settling needs no further queries.
    services = {service.code: service for group in list_groups(session) for service in group.services}
    last = day - timedelta(days=1)
    asked = _Asked(chance, stations, stewards)
    requests = []
    for number, (at, code, ends) in enumerate(_filings(chance, last, stewards)):
        able = asked.at(day_in_china(at), code)
        station, offered = chance.choice(able)
        steward = stewards.get(station.code)
        request = _filed(chance, station, counties[station.county_adcode or ""], offered, at, number, code_hash)
        for item in request.items:
            item.service = services[item.service_code]
        wanted = {item.service_code for item in request.items}
        others = [one for one, codes in able if one is not station and wanted <= set(codes)]
        first = chance.choice(others) if others and not ends and chance.random() < SHARE_TRANSFERRED else None
        routing.route(request, day_in_china(at), handed_over=first is not None)
        # A random sequence of its own, so that a change of one story changes no other.
        own, username = Random(chance.random()), steward.username if steward else "sample-steward"
        Story(own, request, username, steward, last, ends).tell(first)
        routing.note(request)
        session.add(request)
        requests.append(request)
    session.flush()
    for request in requests:
        settle(request)
    add_sample_ratings(session, chance, requests)
    add_sample_urgings(session, Random(chance.random()), requests, stewards, day)
    session.flush()


def _filings(chance: Random, last: date, stewards: Iterable[str]) -> list[tuple[datetime, str, State | None]]:
    """Return when the requests are filed, in order, until the day ``last``; at which station, "" for any; and the
    state in which the story stops, None if it goes its way.

    Every station with a steward has a recent one in each state that somebody can act on.
    """
    days = [last - timedelta(days=ahead) for ahead in range(DAYS)][::-1]
    weights = [
        (1 + (GROWTH - 1) * place / DAYS) * (1 if is_working_day(day) else SHARE_OFF_DAY)
        for place, day in enumerate(days)
    ]
    filed: list[tuple[date, str, State | None]] = [
        (day, "", None) for day in chance.choices(days, weights=weights, k=COUNT)
    ]
    working = [day for day in days[-60:] if is_working_day(day)]
    recent = working[-RECENT:]
    filed += [(day, "", State.SUBMITTED) for day in chance.sample(working[-NEGLECTED_SINCE:-RECENT], NEGLECTED)]
    filed += [(chance.choice(recent), code, state) for state in PATHS for code in sorted(stewards)]
    timed = []
    for day, code, ends in filed:
        minutes = chance.randrange(60 if ends else 480)
        timed.append((datetime.combine(day, OPENS, CHINA_TIME) + timedelta(minutes=minutes), code, ends))
    return sorted(timed, key=lambda one: one[0])


Able = list[tuple[Station, list[str]]]
"""Stations with the concrete services that each offers."""


class _Asked:
    """Chooses whom firms ask."""

    def __init__(self, chance: Random, stations: Sequence[Station], stewards: Collection[str]) -> None:
        self._chance = chance
        self._offers = {one: _concrete_offers(one) for one in stations}
        self._stewards = set(stewards)
        self._days: dict[date, dict[str, Able]] = {}

    def at(self, day: date, code: str) -> Able:
        """Return the station with that code; without one those of a city, or, for some, those with a steward.

        All cities are as likely, so that each has enough requests.
        """
        able = self._able(day)
        found: Able = []
        if code or self._chance.random() < SHARE_OF_STEWARDED:
            wanted = {code} if code else self._stewards
            found = [one for city in able.values() for one in city if one[0].code in wanted]
        return found or able[self._chance.choice(sorted(able))]

    def _able(self, day: date) -> dict[str, Able]:
        if day not in self._days:
            found: dict[str, Able] = defaultdict(list)
            for one, offers in self._offers.items():
                codes = [code for code, since, until in offers if since <= day < until]
                if codes and status_of(one, day) is Status.ACTIVE:
                    found[one.city_adcode].append((one, codes))
            self._days[day] = found
        return self._days[day]


def _concrete_offers(station: Station) -> list[tuple[str, date, date]]:
    """Return (code, first day, first day after it) of each concrete service that a station offers, by code."""
    return sorted(
        (offer.service_code, offer.since or date.min, offer.until or date.max)
        for offer in station.offers
        if "." in offer.service_code
    )


def _filed(
    chance: Random, station: Station, county: County, offered: Sequence[str], at: datetime, number: int, code_hash: str
) -> ServiceRequest:
    day = day_in_china(at)
    codes = chance.sample(offered, min(len(offered), chance.choices((1, 2, 3, 4), weights=(4, 3, 2, 1))[0]))
    body = f"91{county.adcode}MATEXT{number:03d}"
    tail = "".join(chance.choices(ALPHABET, k=6))
    contact = f"示例·{chance.choice(SURNAMES)}某"
    return ServiceRequest(
        number=f"Q{day:%y%m%d}-{tail}",
        code_hash=code_hash,
        draft_key=f"sample-{number:04d}",
        state=State.SUBMITTED,
        station=station,
        firm_name=f"示例·{county.name}{chance.choice(WORDS)}{chance.choice(TRADES)}有限公司",
        credit_code=body + uscc.calc_check_digit(body),
        contact_name=contact,
        phone=f"{(station.phone or '').split('-')[0]}-5551 {chance.randint(0, 9999):04d}",
        county_adcode=county.adcode,
        product=f"示例：{chance.choice(PRODUCTS)}",
        description="示例申请，用于展示办理过程。",
        on_site=number % EVERY_ON_SITE == 0,
        wanted_on=day + timedelta(days=chance.randint(20, 60)) if chance.random() < 0.6 else None,
        consented_at=at,
        consent_version=current_consent().version,
        sample=True,
        version=1,
        created_at=at,
        updated_at=at,
        items=[
            RequestItem(position=position, service_code=code, quantity="", remarks="")
            for position, code in enumerate(sorted(codes))
        ],
        events=[
            RequestEvent(
                position=0, at=at, party=Party.FIRM, actor=FIRM, target=State.SUBMITTED, station=station, note=""
            )
        ],
    )
