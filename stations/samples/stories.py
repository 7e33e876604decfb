"""The story of one invented request: which steps are taken, when, and how far it has come by the last day.

Each step is one of the table of moves, taken at a time at which its party works: the station in the office hours of a
working day, the firm on any day. Most work is done within the deadlines of ``stations.requests.deadlines``, some is
late. A story goes on until it is over or the last day is reached, so that recent requests stand in every state.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from stations.accounts.accounts import User
from stations.language import CHINA_TIME, day_in_china
from stations.registry.station import Station
from stations.requests.deadlines import ACCEPT_WITHIN, DELIVER_WITHIN, reminding_begins
from stations.requests.handling import FIRM
from stations.requests.moves import MOVES, MoveName
from stations.requests.service_request import RequestEvent, RequestItem, RequestMessage, ServiceRequest
from stations.requests.states import STATIONS_TURN, Party, State
from stations.samples.people import STEWARD
from stations.working_days import add_working_days, is_working_day

OPENS, CLOSES = time(9), time(17, 30)
"""Office hours of the sample stations."""

SHARE_REFUSED = 0.04
SHARE_CANCELLED = 0.03
SHARE_RETURNED = 0.14
SHARE_GIVEN_UP = 0.1  # of those asked for more: the firm never answers, and cancels in the end
SHARE_PAUSED = 0.12
SHARE_REOPENED = 0.06
SHARE_NEVER_CLOSED = 0.04
SHARE_ANSWERED_LATE = 0.07
SHARE_DELIVERED_LATE = 0.1
SHARE_REMINDED = 0.4

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

NOTES: dict[MoveName, Sequence[str]] = {
    MoveName.RETURN: QUESTIONS,
    MoveName.ANSWER: ANSWERS,
    MoveName.REFUSE: REFUSALS,
    MoveName.CANCEL: CANCELLATIONS,
    MoveName.TRANSFER: ("该项目由对方小站的合作机构承担更合适，已电话沟通。",),
    MoveName.REOPEN: ("证书上的出厂编号有误，请更正后重新出具。", "报告缺少第 2 页，请补发。"),
    MoveName.REMIND: ("请问进展如何？月底前需要用到证书。",),
}


# The shortest way into each state that somebody can act on, in hours. None: all services are delivered.
PATHS: dict[State, tuple[MoveName | None, ...]] = {
    State.SUBMITTED: (),
    State.RETURNED: (MoveName.RETURN,),
    State.ACCEPTED: (MoveName.ACCEPT,),
    State.IN_PROGRESS: (MoveName.ACCEPT, MoveName.START),
    State.PAUSED: (MoveName.ACCEPT, MoveName.START, MoveName.RETURN),
    State.DELIVERED: (MoveName.ACCEPT, MoveName.START, None, MoveName.DELIVER),
}


@dataclass(frozen=True)
class _Step:
    """A step and its time. ``move`` None: the delivery of ``item``."""

    at: datetime
    move: MoveName | None
    item: RequestItem | None = None
    station: Station | None = None


@dataclass
class Story:
    """Tells the story of a request that has just been filed, up to the evening of the day ``until``.

    ``username``: who acts for its station; ``steward``: the account, if visitors can sign in as it. ``ends``: the
    state in which the story stops, by the shortest way; None: it goes its way.
    """

    chance: Random
    request: ServiceRequest
    username: str
    steward: User | None
    until: date
    ends: State | None = None

    def tell(self, first: Station | None) -> None:
        """Take the steps that lie within the time. ``first``: the station at which it was filed, if another."""
        if self.ends is None and first is not None:
            self.request.events[0].station = first
        steps = self._steps(first) if self.ends is None else self._straight(self.ends)
        for step in steps:
            if day_in_china(step.at) > self.until:
                break
            self._take(step)
        if self.request.state in STATIONS_TURN and self.chance.random() < SHARE_REMINDED:
            at = self._by_firm(datetime.combine(reminding_begins(self.request).day, OPENS, CHINA_TIME), days=0)
            if day_in_china(at) <= self.until:
                self._take(_Step(at, MoveName.REMIND))

    def _steps(self, first: Station | None) -> Iterator[_Step]:
        """Yield the steps of the whole story; each is taken before the next is asked for."""
        chance = self.chance
        if first is not None:
            yield _Step(self._by_station(1), MoveName.TRANSFER, station=self.request.station)
        if chance.random() < SHARE_CANCELLED:
            yield _Step(self._by_firm(), MoveName.CANCEL)
            return
        if chance.random() < SHARE_RETURNED:
            yield _Step(self._by_station(self._days_to_answer()), MoveName.RETURN)
            if chance.random() < SHARE_GIVEN_UP:
                yield _Step(self._by_firm(days=chance.randint(8, 20)), MoveName.CANCEL)
                return
            yield _Step(self._by_firm(days=chance.randint(1, 6)), MoveName.ANSWER)
        if chance.random() < SHARE_REFUSED:
            yield _Step(self._by_station(self._days_to_answer()), MoveName.REFUSE)
            return
        yield _Step(self._by_station(self._days_to_answer()), MoveName.ACCEPT)
        yield _Step(self._by_station(chance.randint(0, 1)), MoveName.START)
        if chance.random() < SHARE_PAUSED:
            yield _Step(self._by_station(chance.randint(1, 2)), MoveName.RETURN)
            yield _Step(self._by_firm(days=chance.randint(1, 7)), MoveName.ANSWER)
        yield from self._deliveries()
        if chance.random() < SHARE_REOPENED:
            item = self.request.items[0]
            yield _Step(self._by_firm(days=chance.randint(1, 5)), MoveName.REOPEN, item)
            yield _Step(self._by_station(chance.randint(1, 5)), None, item)
            yield _Step(self._last(), MoveName.DELIVER)
        if chance.random() >= SHARE_NEVER_CLOSED:
            yield _Step(self._by_firm(days=chance.randint(0, 9)), MoveName.CLOSE)

    def _straight(self, ends: State) -> Iterator[_Step]:
        for name in PATHS[ends]:
            if name is None:
                yield from (_Step(self._soon(), None, item) for item in self.request.items)
            else:
                yield _Step(self._last() if name is MoveName.DELIVER else self._soon(), name)

    def _deliveries(self) -> Iterator[_Step]:
        """Yield the delivery of each service, shortest first, and of the request with the last."""
        passed = 0
        due = {item: self._days_to_deliver(item) for item in self.request.items}
        for item, days in sorted(due.items(), key=lambda one: (one[1], one[0].position)):
            yield _Step(self._by_station(days - passed), None, item)
            passed = days
        yield _Step(self._last(), MoveName.DELIVER)

    def _days_to_answer(self) -> int:
        """Return after how many working days the station answers."""
        if self.chance.random() < SHARE_ANSWERED_LATE:
            return ACCEPT_WITHIN + self.chance.randint(1, 4)
        return self.chance.randint(0, ACCEPT_WITHIN)

    def _days_to_deliver(self, item: RequestItem) -> int:
        """Return after how many working days of work the station delivers a service."""
        within = item.service.working_days or DELIVER_WITHIN
        if self.chance.random() < SHARE_DELIVERED_LATE:
            return within + self.chance.randint(1, 6)
        return self.chance.randint(1, max(within - 1, 1))

    def _take(self, step: _Step) -> None:
        request, move = self.request, MOVES[step.move] if step.move else None
        note = self.chance.choice(NOTES.get(step.move, [""])) if step.move else self._deliver(step)
        if step.move is MoveName.REOPEN and step.item:
            step.item.delivered_at = step.item.result = step.item.performer = None
        target = move.leads_to(request.state) if move else State.IN_PROGRESS
        by_firm = move is not None and Party.FIRM in move.parties
        if move is not None and move.appoints:
            request.steward = self.steward.name if self.steward else STEWARD
            self._talk(step.at)
        request.events.append(
            RequestEvent(
                position=len(request.events),
                at=step.at,
                party=Party.FIRM if by_firm else Party.STATION,
                actor=FIRM if by_firm else self.username,
                move=step.move,
                source=request.state,
                target=target,
                item=step.item,
                station=step.station,
                note=note,
            )
        )
        request.state, request.updated_at = target, step.at
        request.version += 1

    def _deliver(self, step: _Step) -> str:
        """Write the result of a service. Return its words."""
        item = step.item
        if item is None:
            raise ValueError("a step without a move delivers a service")
        item.performer = item.institution.name if item.institution else STATION_ITSELF
        item.result = f"示例结果：报告编号 SAMPLE-{self.chance.randint(10000, 99999)}，可到站领取。"
        item.delivered_at = step.at
        return item.result

    def _talk(self, at: datetime) -> None:
        for place, (party, text) in enumerate(MESSAGES[: self.chance.randint(0, len(MESSAGES))]):
            author = self.request.contact_name if party is Party.FIRM else self.request.steward
            self.request.messages.append(
                RequestMessage(at=at + timedelta(minutes=1 + 2 * place), party=party, author=author, text=text)
            )

    def _last(self) -> datetime:
        return self.request.events[-1].at

    def _soon(self) -> datetime:
        return self._last() + timedelta(minutes=self.chance.randint(5, 45))

    def _by_station(self, days: int) -> datetime:
        """Return a time in office hours, that many working days after the last step, or soon after it."""
        return in_office_hours(self.chance, self._last(), days)

    def _by_firm(self, after: datetime | None = None, *, days: int = 1) -> datetime:
        """Return a time of day at which firms write, that many days after the last step."""
        before = after or self._last()
        day = before.astimezone(CHINA_TIME) + timedelta(days=days)
        at = day.replace(hour=self.chance.randint(8, 20), minute=self.chance.randrange(60))
        return at if at > before else before + timedelta(minutes=self.chance.randint(20, 90))


def in_office_hours(chance: Random, before: datetime, days: int) -> datetime:
    """Return a time in office hours on the ``days``-th working day after ``before``.

    For 0 it is the same day, if that has office hours left; otherwise the next working day.
    """
    day = add_working_days(day_in_china(before), days).day
    opens = datetime.combine(day, OPENS, CHINA_TIME)
    at = opens + timedelta(minutes=chance.randrange(8 * 60 + 25))
    if days == 0 and (not is_working_day(day) or at <= before):
        soon = before.astimezone(CHINA_TIME) + timedelta(minutes=chance.randint(10, 60))
        if is_working_day(day) and OPENS <= soon.time() < CLOSES and soon.date() == day:
            return soon
        return in_office_hours(chance, before, 1)
    return at
