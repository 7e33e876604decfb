"""The evaluation: figures counted by hand compared with those of the database, and the records behind each."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import InvalidInput, NotAllowed
from stations.evaluation.basis import LISTED, requests_behind
from stations.evaluation.behind import services_counted, share_behind
from stations.evaluation.counts import Counted, quantile
from stations.evaluation.indicators import Indicator, UnitLevel
from stations.evaluation.period import Period, month_of, read_period
from stations.evaluation.ranking import Unranked
from stations.evaluation.results import EvaluatedUnit, evaluate, evaluate_for, trend
from stations.evaluation.site_visits import record_visit
from stations.language import day_in_china
from stations.planning.imported_figure import CountyFigureValue, ImportedFigure
from stations.requests.deadlines import ACCEPT_WITHIN, days_after
from stations.requests.filing import Draft
from stations.requests.handling import deliver_item, move_as_station
from stations.requests.moves import MoveName
from stations.requests.queue import QueueFilter, list_requests
from stations.requests.rating import Question, rate
from stations.requests.reopening import reopen
from stations.requests.service_request import RequestItem, ServiceRequest
from stations.requests.urging import UrgingForm, answer_urging, urge, withdraw_urging
from tests.conftest import NOW, TODAY
from tests.stations.request_factories import KUNSHAN, SERVICES, actor_with, file_one, steward_of

MONTH = read_period("2026-11")
LATER = NOW + timedelta(days=60)
PROVINCE = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000")
ALL = Counted(samples=True)


def unit(session: Session, code: str, level: UnitLevel, period: Period = MONTH, today: date = TODAY) -> EvaluatedUnit:
    return next(one for one in evaluate(session, period, level, ALL, today=today).units if one.code == code)


def move(session: Session, request: ServiceRequest, name: MoveName, days: int) -> None:
    steward = steward_of(request.station)
    now = NOW + timedelta(days=days)
    move_as_station(session, steward, request.number, name, version=request.version, note="原因", now=now)


def deliver(session: Session, request: ServiceRequest, code: str, days: int) -> None:
    deliver_item(
        session,
        steward_of(request.station),
        request.number,
        code,
        version=request.version,
        performer="本站",
        result="完成",
        now=NOW + timedelta(days=days),
    )


def test_every_figure_of_one_station_counted_by_hand(reference_engine: Engine) -> None:
    draft = Draft()
    with transaction(reference_engine) as session:
        request = file_one(session, draft=draft)  # on Tuesday 24 November 2026
        station = request.station
        steward = steward_of(station)
        move(session, request, MoveName.ACCEPT, 1)
        deliver(session, request, SERVICES[0], 2)  # 1 working day
        deliver(session, request, SERVICES[1], 6)  # Monday: 3 working days
        rate(session, request.number, draft.code, {Question.OVERALL: 4}, {}, "", now=NOW + timedelta(days=6))
        version = request.version
        reopen(
            session, request.number, draft.code, SERVICES[0], version=version, note="有误", now=NOW + timedelta(days=6)
        )
        record_visit(session, steward, station.code, visited_on=TODAY, firm_name="甲", subject="检定", now=NOW)
    with reading(reference_engine) as session:
        for code, level in ((station.code, UnitLevel.STATION), (KUNSHAN, UnitLevel.COUNTY), ("320500", UnitLevel.CITY)):
            values = unit(session, code, level).values
            assert values == {
                Indicator.REQUESTS: 1,
                Indicator.ANSWERED_IN_TIME: 1.0,
                Indicator.DELIVERED_IN_TIME: None,  # due in December
                Indicator.MEDIAN_DAYS: 3.0,  # the reopened service no longer counts as delivered
                Indicator.P90_DAYS: 3.0,
                Indicator.SATISFACTION: 4.0,
                Indicator.REOPENED: 0.5,
                Indicator.REFUSED: 0.0,
                Indicator.BREADTH: 1,
                Indicator.FIRMS: 1,
                Indicator.FIRMS_PER_1000: None,
                Indicator.VISITS: 1,
                Indicator.URGED_LATE: None,
            }
        later = unit(session, station.code, UnitLevel.STATION, read_period("2026-12"), day_in_china(LATER))
        assert later.values[Indicator.DELIVERED_IN_TIME] == 0.5, "what was reopened and never done is late"
        assert later.basis[Indicator.DELIVERED_IN_TIME] == 2
        with_nothing = unit(session, "320102", UnitLevel.COUNTY)
        assert with_nothing.score is None and with_nothing.rank is None and with_nothing.few


def test_what_is_never_answered_counts_as_late_once_its_day_has_passed(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        ignored, answered, refused = (file_one(session) for _ in range(3))
        move(session, answered, MoveName.RETURN, 9)
        move(session, refused, MoveName.REFUSE, 0)
        due = days_after(NOW, ACCEPT_WITHIN).day
        assert {one.answer_due_on for one in (ignored, answered, refused)} == {due}
    with reading(reference_engine) as session:
        before = unit(session, KUNSHAN, UnitLevel.COUNTY, today=due)
        assert (before.values[Indicator.ANSWERED_IN_TIME], before.basis[Indicator.ANSWERED_IN_TIME]) == (0.5, 2)
        after = unit(session, KUNSHAN, UnitLevel.COUNTY, today=due + timedelta(days=1))
        assert after.values[Indicator.ANSWERED_IN_TIME] == pytest.approx(1 / 3)
        assert after.values[Indicator.REFUSED] == pytest.approx(1 / 3)


def test_small_numbers_are_not_ranked(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        few = file_one(session).station
        many = [file_one(session) for _ in range(5)]
        for request in many[1:]:
            request.station_id = many[0].station_id
    with reading(reference_engine) as session:
        told = evaluate(session, MONTH, UnitLevel.STATION, ALL, today=TODAY + timedelta(days=9))
        by_code = {one.code: one for one in told.units}
        assert by_code[few.code].few and by_code[few.code].score is not None and by_code[few.code].rank is None
        ranked = by_code[many[0].station.code]
        assert (ranked.few, ranked.rank, told.ranked, told.units[0].code) == (False, 1, 1, ranked.code)


def test_who_had_no_request_is_not_ranked_however_well_the_rest_looks(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        requests = [file_one(session) for _ in range(6)]
        for request in requests:
            request.station_id = requests[0].station_id
            session.flush()
            session.expire(request, ["station"])
            move(session, request, MoveName.ACCEPT, 1)
            for code in SERVICES:
                deliver(session, request, code, 2)
        code, due = requests[0].station.code, month_of(requests[0].items[0].due_on)
    with reading(reference_engine) as session:
        told = evaluate(session, due, UnitLevel.STATION, ALL, today=due.last + timedelta(days=1))
        idle = next(one for one in told.units if one.code == code)
        assert idle.score > 80 and not idle.few and idle.basis[Indicator.REQUESTS] == 0
        assert (idle.rank, idle.unranked, told.ranked) == (None, Unranked.NO_REQUEST, 0)
        unranked = [one.code for one in told.units if one.rank is None and one.score is not None]
        assert unranked == sorted(unranked)


def test_counties_of_one_name_are_told_with_their_city(reference_engine: Engine) -> None:
    with reading(reference_engine) as session:
        told = evaluate(session, MONTH, UnitLevel.COUNTY, ALL, today=TODAY)
    names = {one.name for one in told.units}
    assert {"南京市鼓楼区", "徐州市鼓楼区"} <= names and len(names) == len(told.units)
    assert len({one.name_en for one in told.units}) == len(told.units)


def test_firms_for_each_1000_need_every_countys_number(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        file_one(session)
        figure = ImportedFigure(
            code="FIRMS-2025", name="企业数", unit="家", year=2025, source="test", imported_by="a", sample=False,
            version=1, created_at=NOW, updated_at=NOW, values=[CountyFigureValue(county_adcode=KUNSHAN, value=500)],
        )  # fmt: skip
        session.add(figure)
    with reading(reference_engine) as session:
        county, city = unit(session, KUNSHAN, UnitLevel.COUNTY), unit(session, "320500", UnitLevel.CITY)
        assert county.values[Indicator.FIRMS_PER_1000] == 2.0
        assert city.values[Indicator.FIRMS_PER_1000] is None
        assert evaluate(session, MONTH, UnitLevel.CITY, ALL, today=TODAY).firms_figure.code == "FIRMS-2025"


@pytest.mark.parametrize("level", list(UnitLevel))
@pytest.mark.parametrize("period", ["2026", "2026-Q2", "2026-09"])
def test_behind_each_figure_stand_as_many_requests_as_were_counted(
    sample_engine: Engine, level: UnitLevel, period: str
) -> None:
    """Check on the sample network that each figure equals its list of records, unit by unit."""
    asked, today = read_period(period), TODAY
    with reading(sample_engine) as session:
        told = evaluate(session, asked, level, ALL, today=today)
        compared = 0
        for one in told.units:
            if not one.values[Indicator.REQUESTS]:
                continue
            for indicator in sorted(LISTED):
                wanted = QueueFilter(**{level.value: one.code}, behind=requests_behind(indicator, asked, today))
                found = list_requests(session, PROVINCE, wanted, samples=True, limit=1000)
                count = _counted(session, indicator, found, asked, today)
                if count is not None:
                    assert count == one.basis[indicator], (one.code, indicator)
                    compared += 1
                assert bool(found) == bool(one.basis[indicator]), (one.code, indicator)
            if compared > 60:
                break
        assert compared


def test_a_share_comes_about_again_from_the_services_that_the_list_shows(sample_engine: Engine) -> None:
    asked = read_period("2026-Q2")
    indicator = Indicator.DELIVERED_IN_TIME
    shares = (indicator, Indicator.ANSWERED_IN_TIME, Indicator.REFUSED, Indicator.REOPENED)
    with reading(sample_engine) as session:
        for one in evaluate(session, asked, UnitLevel.CITY, ALL, today=TODAY).units[:4]:
            for figure in shares:
                wanted = QueueFilter(city=one.code, behind=requests_behind(figure, asked, TODAY))
                told = share_behind(session, PROVINCE, wanted, figure, asked, today=TODAY, samples=True)
                assert told.whole == one.basis[figure]
                assert (told.part / told.whole if told.whole else None) == one.values[figure]
            wanted = QueueFilter(city=one.code, behind=requests_behind(indicator, asked, TODAY))
            found = list_requests(session, PROVINCE, wanted, samples=True, limit=1000)
            by_request = services_counted(session, found, indicator, asked, TODAY)
            services = [item for items in by_request.values() for item in items]
            assert set(by_request) == {request.id for request in found}
            told = share_behind(session, PROVINCE, wanted, indicator, asked, today=TODAY, samples=True)
            in_time = sum(
                one.delivered_at is not None and day_in_china(one.delivered_at) <= one.due_on for one in services
            )
            assert (in_time, len(services)) == (told.part, told.whole)


def _counted(
    session: Session, indicator: Indicator, found: list[ServiceRequest], period: Period, today: date
) -> int | None:
    """Return the basis of the figure, counted in Python from the requests that the list shows."""
    items = [item for request in found for item in request.items]
    if indicator in {Indicator.REQUESTS, Indicator.REFUSED, Indicator.ANSWERED_IN_TIME, Indicator.SATISFACTION}:
        return len(found)
    if indicator is Indicator.FIRMS:
        return len({request.credit_code for request in found})
    delivered = [one for one in items if one.delivered_at and period.start <= one.delivered_at < period.end]
    if indicator in {Indicator.MEDIAN_DAYS, Indicator.P90_DAYS}:
        return len(delivered)
    if indicator is Indicator.BREADTH:
        return len({one.service_code for one in delivered})
    if indicator is Indicator.DELIVERED_IN_TIME:
        return sum(
            one.due_on is not None
            and period.first <= one.due_on <= period.last
            and (one.delivered_late is not None or one.due_on < today)
            for one in items
        )
    return None


def test_documented_figures_hold_no_samples_and_an_invented_person_sees_nothing_else(sample_engine: Engine) -> None:
    period = read_period("2026")
    with reading(sample_engine) as session:
        documented = evaluate(session, period, UnitLevel.CITY, Counted(samples=False), today=TODAY)
        assert not any(one.samples or one.values[Indicator.REQUESTS] for one in documented.units)
        assert any(one.samples for one in evaluate(session, period, UnitLevel.CITY, ALL, today=TODAY).units)
        invented = actor_with(Role.PROVINCE, AreaKind.PROVINCE, "320000", sample=True)
        told = evaluate_for(session, invented, period, UnitLevel.STATION, today=TODAY, samples=True)
        assert told.units and all(one.area.sample for one in told.units)


def test_each_is_told_of_the_own_area_with_the_rank_among_all(sample_engine: Engine) -> None:
    period = read_period("2026")
    with reading(sample_engine) as session:
        whole = evaluate_for(session, PROVINCE, period, UnitLevel.COUNTY, today=TODAY, samples=True)
        city = actor_with(Role.CITY, AreaKind.CITY, "320500")
        told = evaluate_for(session, city, period, UnitLevel.COUNTY, today=TODAY, samples=True)
        assert {one.area.city for one in told.units} == {"320500"} and len(whole.units) == 95
        ranks = {one.code: one.rank for one in whole.units}
        assert all(ranks[one.code] == one.rank for one in told.units) and told.ranked == whole.ranked
        scores = [one.score for one in whole.units if one.rank]
        assert scores == sorted(scores, reverse=True) and scores
        station = actor_with(Role.STATION, AreaKind.STATION, "SAMPLE-S-001")
        assert evaluate_for(session, station, period, UnitLevel.CITY, today=TODAY, samples=True).units == []
        own = evaluate_for(session, station, period, UnitLevel.STATION, today=TODAY, samples=True).units
        assert [one.code for one in own] == ["SAMPLE-S-001"]
        with pytest.raises(NotAllowed):
            evaluate_for(session, None, period, UnitLevel.CITY, today=TODAY, samples=True)


def test_a_trend_tells_the_same_as_each_period_by_itself(sample_engine: Engine) -> None:
    with reading(sample_engine) as session:
        counted = Counted(samples=True, only="320500")
        past = trend(session, read_period("2026-10"), UnitLevel.CITY, counted, periods=4, today=TODAY)
        assert [period.text for period, _ in past] == ["2026-07", "2026-08", "2026-09", "2026-10"]
        for period, told in past:
            alone = unit(session, "320500", UnitLevel.CITY, period)
            assert (told.values, told.score) == (alone.values, alone.score)


@pytest.mark.parametrize("level", list(UnitLevel))
def test_a_trend_asks_the_database_once_however_many_periods(sample_engine: Engine, level: UnitLevel) -> None:
    code = {UnitLevel.STATION: "SAMPLE-S-001", UnitLevel.COUNTY: "320583", UnitLevel.CITY: "320500"}[level]
    asked: list[str] = []

    def note(_connection, _cursor, statement, *_rest) -> None:
        asked.append(statement)

    numbers, told = {}, {}
    for periods in (1, 3, 12):
        with reading(sample_engine) as session:
            session.connection()
            asked.clear()
            sa.event.listen(sample_engine, "before_cursor_execute", note)
            try:
                counted = Counted(samples=True, only=code)
                told[periods] = trend(session, read_period("2026-10"), level, counted, periods=periods, today=TODAY)
            finally:
                sa.event.remove(sample_engine, "before_cursor_execute", note)
            numbers[periods] = len(asked)
    assert numbers[1] == numbers[3] == numbers[12] <= 16
    assert len(told[12]) == 12 and sum(one.score is not None for _, one in told[12]) > 3
    with reading(sample_engine) as session:
        for period, one in told[12]:
            alone = unit(session, code, level, period)
            assert (one.values, one.basis, one.score, one.few) == (alone.values, alone.basis, alone.score, alone.few)


def test_the_first_answer_is_written_down_for_requests_of_an_older_version(reference_engine: Engine) -> None:
    from stations.requests.settling import settle_old_requests

    with transaction(reference_engine) as session:
        request = file_one(session)
        move(session, request, MoveName.ACCEPT, 1)
        session.flush()
        session.execute(sa.update(ServiceRequest).values(answer_due_on=None, answered_at=None, answered_late=None))
        session.expire_all()
        assert settle_old_requests(session) == 1
        assert request.answered_late is False and request.answered_at == NOW + timedelta(days=1)
        assert settle_old_requests(session) == 0


@pytest.mark.parametrize(
    ("text", "first", "last", "before"),
    [
        ("2026-03", date(2026, 3, 1), date(2026, 3, 31), "2026-02"),
        ("2026-01", date(2026, 1, 1), date(2026, 1, 31), "2025-12"),
        ("2026-Q1", date(2026, 1, 1), date(2026, 3, 31), "2025-Q4"),
        ("2024", date(2024, 1, 1), date(2024, 12, 31), "2023"),
        ("2026-1", date(2026, 1, 1), date(2026, 1, 31), "2025-12"),
        ("２０２６年３月", date(2026, 3, 1), date(2026, 3, 31), "2026-02"),
    ],
)
def test_periods(text: str, first: date, last: date, before: str) -> None:
    period = read_period(text)
    assert (period.first, period.last, period.before().text) == (first, last, before)
    assert day_in_china(period.start) == first and day_in_china(period.end) == last + timedelta(days=1)


@pytest.mark.parametrize(
    "text", ["", "2026-13", "2026-00", "2026-Q5", "26-01", "2026-1-1", "1999-01", "2026-01-01", "45356"]
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(InvalidInput) as problem:
        read_period(text)
    assert problem.value.field == "period"


@given(st.dates(date(2021, 1, 1), date(2029, 12, 31)))
def test_a_day_lies_in_its_month(day: date) -> None:
    period = month_of(day)
    assert period.first <= day <= period.last and period == read_period(period.text)
    assert period.before().end == period.start


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=40), st.sampled_from([0.0, 0.5, 0.9, 1.0]))
def test_quantiles_of_a_histogram_are_those_of_the_list(values: list[int], share: float) -> None:
    histogram: dict[int, int] = {}
    for value in values:
        histogram[value] = histogram.get(value, 0) + 1
    ordered = sorted(values)
    place = Fraction(str(share)) * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    expected = ordered[below] + (ordered[above] - ordered[below]) * (place - below)
    assert quantile(histogram, share) == pytest.approx(float(expected))


def test_nothing_counted_has_no_quantile() -> None:
    assert quantile({}, 0.5) is None


def test_items_are_counted_by_postgresql_as_by_sqlite(sample_engine: Engine) -> None:
    """The same scenario gives the same figures on both databases; these are the numbers."""
    with reading(sample_engine) as session:
        told = evaluate(session, read_period("2026"), UnitLevel.CITY, ALL, today=TODAY)
        filed = sum(one.values[Indicator.REQUESTS] for one in told.units)
        of_year = session.scalar(
            sa.select(sa.func.count())
            .select_from(ServiceRequest)
            .where(ServiceRequest.created_at >= read_period("2026").start)
        )
        timed = session.scalar(
            sa.select(sa.func.count())
            .select_from(RequestItem)
            .where(RequestItem.delivered_at >= read_period("2026").start, RequestItem.working_days.is_not(None))
        )
        assert filed == of_year
        assert sum(one.basis[Indicator.MEDIAN_DAYS] for one in told.units) == timed


def test_urgings_answered_late_or_not_at_all_count_against_whoever_was_urged(reference_engine: Engine) -> None:
    city = actor_with(Role.CITY, AreaKind.CITY, "320500")
    with transaction(reference_engine) as session:
        request = file_one(session)
        station, steward = request.station.code, steward_of(request.station)
        urgings = [
            urge(session, office, request.number, UrgingForm(whom, "请尽快", TODAY), now=NOW)
            for office, whom in ((city, "station"), (PROVINCE, "station"), (city, "county"))
        ]
        withdrawn = urge(session, PROVINCE, request.number, UrgingForm("county", "误发", TODAY), now=NOW)
        withdraw_urging(session, PROVINCE, withdrawn.id, version=1, now=NOW)
        assert unit(session, station, UnitLevel.STATION).basis[Indicator.URGED_LATE] == 0, "none is due yet"
        answer_urging(session, steward, urgings[0].id, "已办", version=1, now=NOW)
        answer_urging(session, steward, urgings[1].id, "已办", version=1, now=NOW + timedelta(days=2))
        later = TODAY + timedelta(days=3)
        for level, code, late in (
            (UnitLevel.STATION, station, Fraction(1, 2)),
            (UnitLevel.COUNTY, KUNSHAN, Fraction(2, 3)),
            (UnitLevel.CITY, "320500", Fraction(2, 3)),
        ):
            found = unit(session, code, level, today=later)
            assert found.values[Indicator.URGED_LATE] == pytest.approx(float(late))
            told = share_behind(
                session, PROVINCE, QueueFilter(**{level.value: code}), Indicator.URGED_LATE, MONTH,
                today=later, samples=False,
            )  # fmt: skip
            assert told is not None and Fraction(told.part, told.whole) == late
        behind = QueueFilter(behind=requests_behind(Indicator.URGED_LATE, MONTH, later))
        assert list_requests(session, PROVINCE, behind, samples=False) == [request]
