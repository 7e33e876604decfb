"""Invented requests over a year for the sample network; each step follows the table of moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
from stations.requests.deadlines import REMIND_EVERY, days_after, settle
from stations.requests.handling import FIRM
from stations.requests.moves import MOVES, MoveName
from stations.requests.service_request import RequestEvent, RequestItem, RequestMessage, ServiceRequest
from stations.requests.states import Party, State
from stations.samples.people import STEWARD
from stations.samples.ratings import add_sample_ratings
from stations.samples.routing import SampleRouting
from stations.samples.stations import status_of
from stations.secret_codes import ALPHABET, hash_code, new_code

FIRST, LAST = date(2025, 11, 1), date(2026, 11, 20)
COUNT = 260
SHARE_TRANSFERRED = 0.05
SHARE_REOPENED = 0.08
SHARE_PAUSED = 0.25
SHARE_REMINDED = 0.3
SHARE_OF_STEWARDED = 0.3  # share of requests to stations with a steward as whom visitors can sign in

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
QUESTIONS = ("请补充器具清单和出厂编号。", "请补充产品执行标准和样品照片。", "请说明样品数量和希望完成的日期。")
ANSWERS = ("已补充，见需求说明。", "清单已按要求整理，共 24 件。", "样品 3 件，月底前完成即可。")
REFUSALS = ("该项目超出本站合作机构的能力范围，请向其他小站申请。", "申请内容与本站服务事项不符。")
CANCELLATIONS = ("企业内部计划调整，暂不办理。", "已通过其他途径办理。")
MESSAGES = (
    (Party.STATION, "您好，样品可直接送到本站窗口，也可预约上门取样。"),
    (Party.FIRM, "好的，明天上午送到。"),
    (Party.STATION, "样品已收到，预计一周内出具结果。"),
)
STATION_ITSELF = "示例·小站自办"

# Final state of a request → its weight for old requests and for those of the last weeks.
ENDS: dict[State, tuple[int, int]] = {
    State.CLOSED: (64, 10),
    State.DELIVERED: (12, 15),
    State.IN_PROGRESS: (6, 25),
    State.ACCEPTED: (3, 18),
    State.SUBMITTED: (3, 20),
    State.RETURNED: (3, 6),
    State.REFUSED: (5, 3),
    State.CANCELLED: (4, 3),
}
FRESH = timedelta(days=40)

# The moves of station and firm that lead to each final state. Deliveries come before DELIVER.
PATHS: dict[State, tuple[MoveName, ...]] = {
    State.SUBMITTED: (),
    State.RETURNED: (MoveName.RETURN,),
    State.REFUSED: (MoveName.REFUSE,),
    State.CANCELLED: (MoveName.CANCEL,),
    State.ACCEPTED: (MoveName.ACCEPT,),
    State.IN_PROGRESS: (MoveName.ACCEPT, MoveName.START),
    State.DELIVERED: (MoveName.ACCEPT, MoveName.START, MoveName.DELIVER),
    State.CLOSED: (MoveName.ACCEPT, MoveName.START, MoveName.DELIVER, MoveName.CLOSE),
}
NOTES: dict[MoveName, Sequence[str]] = {
    MoveName.RETURN: QUESTIONS,
    MoveName.ANSWER: ANSWERS,
    MoveName.REFUSE: REFUSALS,
    MoveName.CANCEL: CANCELLATIONS,
    MoveName.TRANSFER: ("该项目由对方小站的合作机构承担更合适，已电话沟通。",),
    MoveName.REOPEN: ("证书上的出厂编号有误，请更正后重新出具。", "报告缺少第 2 页，请补发。"),
    MoveName.REMIND: ("请问进展如何？月底前需要用到证书。",),
}


def add_sample_requests(
    session: Session, chance: Random, stations: Sequence[Station], stewards: Mapping[str, User]
) -> None:
    """Add the requests. Nobody knows their codes; they are visible at the desk."""
    counties = {county.adcode: county for county in list_counties(session)}
    routing = SampleRouting(session, stations, stewards)
    code_hash = hash_code(new_code())
    stewarded = [station for station in stations if station.code in stewards]
    opening = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=CHINA_TIME)
    span = (LAST - FIRST).days * 24 * 60
    offers = {one.code: _concrete_offers(one) for one in stations}
    services = list_groups(session)  # keeps the services in the session, so that settling needs no further queries
    requests = []
    moments = sorted(_in_office_hours(opening + timedelta(minutes=chance.randrange(span))) for _ in range(COUNT))
    for number, at in enumerate(moments):
        day = at.date()
        pool = stewarded if chance.random() < SHARE_OF_STEWARDED else stations
        concrete = [
            (one, [code for code, since, until in offers[one.code] if since <= day < until])
            for one in pool
            if status_of(one, day) is Status.ACTIVE
        ]
        station, offered = chance.choice([(one, codes) for one, codes in concrete if codes])
        steward = stewards.get(station.code)
        request = _filed(chance, station, counties[station.county_adcode or ""], offered, at, number, code_hash)
        told = _Told(chance, request, steward.username if steward else "sample-steward", steward)
        wanted = {item.service_code for item in request.items}
        others = [one for one, codes in concrete if one is not station and wanted <= set(codes)]
        first = chance.choice(others) if others and chance.random() < SHARE_TRANSFERRED else None
        routing.route(request, day, handed_over=first is not None)
        told.tell(first)
        routing.note(request)
        session.add(request)
        requests.append(request)
    session.flush()
    for request in requests:
        settle(request)
    add_sample_ratings(session, chance, requests)
    session.flush()
    del services


def _concrete_offers(station: Station) -> list[tuple[str, date, date]]:
    """Return (code, first day, first day after it) of each concrete service that a station offers."""
    return [
        (offer.service_code, offer.since or date.min, offer.until or date.max)
        for offer in station.offers
        if "." in offer.service_code
    ]


def _filed(
    chance: Random, station: Station, county: County, offered: Sequence[str], at: datetime, number: int, code_hash: str
) -> ServiceRequest:
    day = at.date()
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


@dataclass
class _Told:
    """Plays the story of one request; every step is looked up in the table of moves."""

    chance: Random
    request: ServiceRequest
    username: str
    steward: User | None

    def tell(self, first: Station | None) -> None:
        """Move the request to a final state that fits its age. ``first``: the station it was filed at, if another."""
        fresh = LAST - self.request.created_at.date() < FRESH
        ends = list(ENDS)
        end = self.chance.choices(ends, weights=[ENDS[state][fresh] for state in ends])[0]
        if first is not None:
            self.request.events[0].station = first
            self._move(MoveName.TRANSFER, station=self.request.station)
        if end in {State.ACCEPTED, State.IN_PROGRESS, State.DELIVERED, State.CLOSED} and self.chance.random() < 0.15:
            self._move(MoveName.RETURN)
            self._move(MoveName.ANSWER)
        for name in PATHS[end]:
            if name is MoveName.DELIVER:
                for item in self.request.items:
                    self._deliver(item)
            self._move(name)
            if name is MoveName.DELIVER and self.chance.random() < SHARE_REOPENED:
                self._reopen(self.request.items[0])
        if end is State.IN_PROGRESS and len(self.request.items) > 1:
            self._deliver(self.request.items[0])
        if self.request.state in MOVES[MoveName.REMIND].sources and self.chance.random() < SHARE_REMINDED:
            self._remind()
        # A separate random sequence, so that the stories of all other requests do not change.
        self.chance = Random(self.request.number)
        if end is State.IN_PROGRESS and fresh and self.chance.random() < SHARE_PAUSED:
            self._move(MoveName.RETURN)

    def _reopen(self, item: RequestItem) -> None:
        item.delivered_at = item.result = None
        self._move(MoveName.REOPEN, item=item)
        self._deliver(item)
        self._move(MoveName.DELIVER)

    def _remind(self) -> None:
        at = days_after(self.request.events[-1].at, REMIND_EVERY).day
        if at <= LAST:
            moment = datetime(at.year, at.month, at.day, 10, self.chance.randrange(60), tzinfo=CHINA_TIME)
            self._event(
                moment, MoveName.REMIND, self.request.state, Party.FIRM, self.chance.choice(NOTES[MoveName.REMIND])
            )

    def _move(self, name: MoveName, item: RequestItem | None = None, station: Station | None = None) -> None:
        move = MOVES[name]
        if self.request.state not in move.sources:
            raise ValueError(f"{name} does not start from {self.request.state}")
        by_firm = Party.FIRM in move.parties
        at = self._later()
        if move.appoints:
            self.request.steward = self.steward.name if self.steward else STEWARD
            self._talk(at)
        self._event(
            at,
            name,
            move.leads_to(self.request.state),
            Party.FIRM if by_firm else Party.STATION,
            self.chance.choice(NOTES.get(name, [""])),
            item,
            station,
        )
        self.request.state = move.leads_to(self.request.state)

    def _deliver(self, item: RequestItem) -> None:
        at = self._later()
        item.performer = item.institution.name if item.institution else STATION_ITSELF
        item.result = f"示例结果：报告编号 SAMPLE-{self.chance.randint(10000, 99999)}，可到站领取。"
        item.delivered_at = at
        self._event(at, None, State.IN_PROGRESS, Party.STATION, item.result, item)

    def _event(
        self,
        at: datetime,
        move: MoveName | None,
        target: State,
        party: Party,
        note: str,
        item: RequestItem | None = None,
        station: Station | None = None,
    ) -> None:
        self.request.events.append(
            RequestEvent(
                position=len(self.request.events),
                at=at,
                party=party,
                actor=FIRM if party is Party.FIRM else self.username,
                move=move,
                source=self.request.state,
                target=target,
                item=item,
                station=station,
                note=note,
            )
        )
        self.request.updated_at = at
        self.request.version += 1

    def _talk(self, at: datetime) -> None:
        for place, (party, text) in enumerate(MESSAGES[: self.chance.randint(0, len(MESSAGES))]):
            author = self.request.contact_name if party is Party.FIRM else self.request.steward
            self.request.messages.append(
                RequestMessage(at=at + timedelta(minutes=5 + 20 * place), party=party, author=author, text=text)
            )

    def _later(self) -> datetime:
        """Return a time some hours or days after the last step, never after the story's last day."""
        before = self.request.events[-1].at
        at = _in_office_hours(before + timedelta(minutes=self.chance.randint(90, 60 * 24 * 6)))
        if at <= before:
            at = _in_office_hours(at + timedelta(days=1))
        return at if day_in_china(at) <= LAST else before + timedelta(minutes=2)


def _in_office_hours(at: datetime) -> datetime:
    """Return the time, moved to office hours of a weekday if necessary."""
    local = at.astimezone(CHINA_TIME)
    local = local.replace(hour=9 + local.hour % 8)
    return local + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[local.weekday()])
