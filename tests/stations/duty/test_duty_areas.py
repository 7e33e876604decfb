"""The rule of areas decides both what a list shows and what an action allows; its two forms, in SQL and in Python,
agree on every row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Select, select
from sqlalchemy.orm import Session

from stations.accounts.accounts import Duty, User, area_of, new_user
from stations.alerts.alerts import CoverageAlert, CoverageAlertRule
from stations.alerts.alerts import area_of as area_of_alert
from stations.changes.feed import DataChange, note_change
from stations.changes.kinds import Happening, Subject
from stations.database import Base, open_engine, reading, transaction
from stations.duty.duty_areas import in_duty
from stations.duty.roles import AREA_OF_ROLE, ROLES_FOR, Action, Actor, Area, AreaKind, Responsibility, Role
from stations.evaluation.site_visits import SiteVisit
from stations.keeping.proposal import Proposal
from stations.keeping.proposing import area_of_proposal
from stations.partners.interface_key import InterfaceKey
from stations.places.counties import County
from stations.registry.centre import Centre
from stations.registry.station import Station
from stations.requests.service_request import ServiceRequest
from tests.conftest import NOW, TODAY, Databases

OTHER_PROVINCE = "330000"


@dataclass(frozen=True)
class Ruled:
    """A table to which the rule of areas applies: all its rows, and the area of each."""

    rows: Select
    area: Callable[[Session, object], Area]


def of_duty(session: Session, duty: Duty) -> Area:
    return replace(area_of(session, duty.area_kind, duty.area_code), sample=duty.user.sample)


def area_of_change(_session: Session, change: DataChange) -> Area:
    codes = change.city_adcode, change.county_adcode, change.station_code
    return Area.of_codes(*codes, sample=change.sample)


def of_station(_session: Session, row: SiteVisit | ServiceRequest) -> Area:
    return replace(row.station.area, sample=row.sample)


RULED: dict[type[Base], Ruled] = {
    Station: Ruled(select(Station), lambda _session, row: row.area),
    Centre: Ruled(select(Centre), lambda _session, row: row.area),
    Proposal: Ruled(select(Proposal), lambda _session, row: area_of_proposal(row)),
    ServiceRequest: Ruled(select(ServiceRequest).join(ServiceRequest.station), of_station),
    SiteVisit: Ruled(select(SiteVisit).join(SiteVisit.station), of_station),
    CoverageAlert: Ruled(select(CoverageAlert), lambda _session, row: area_of_alert(row)),
    Duty: Ruled(select(Duty), of_duty),
    DataChange: Ruled(select(DataChange), area_of_change),
    InterfaceKey: Ruled(select(InterfaceKey), lambda _session, row: row.area),
}


def test_every_table_with_an_area_is_compared() -> None:
    declared = {mapper.class_ for mapper in Base.registry.mappers if hasattr(mapper.class_, "area_columns")}
    assert declared == set(RULED)


@pytest.fixture(scope="module")
def network(databases: Databases, sample_url: str) -> Iterator[Engine]:
    """Yield the sample network with rows in each of the tables: documented and sample ones, in several counties, with
    unknown county, and about areas that are no longer registered.
    """
    engine = open_engine(databases.new(like=sample_url))
    with transaction(engine) as session:
        rule = session.scalars(select(CoverageAlertRule)).first()
        for turn, county in enumerate(session.scalars(select(County).order_by(County.adcode)).all()[::9]):
            session.add(
                CoverageAlert(
                    code=f"T-{county.adcode}",
                    rule=rule,
                    county=county,
                    since=TODAY,
                    raised_on=TODAY,
                    sample=bool(turn % 2),
                    created_at=NOW,
                    updated_at=NOW,
                )
            )
        stations = session.scalars(select(Station).order_by(Station.sample, Station.id)).all()
        for turn, station in enumerate([*stations[:3], *stations[-3:]]):
            session.add(
                SiteVisit(
                    code=f"V-{turn}",
                    station=station,
                    visited_on=TODAY,
                    firm_name="测试",
                    subject="测试",
                    recorded_by="x",
                    sample=station.sample,
                    created_at=NOW,
                    updated_at=NOW,
                )
            )
        for station in (*stations[:3], *stations[-3:]):
            note_change(session, Subject.STATION, Happening.CHANGED, station.code, station.area, actor="x", now=NOW)
        for number, (role, kind, code, sample) in enumerate(people(stations)):
            session.add(new_user(f"person-{number}", "某人", role, kind, code, sample=sample, now=NOW))
        for number, (kind, code, city) in enumerate(KEYS):
            session.add(key_over(kind, code, city, prefix=f"TESTKEY{number}", sample=bool(number % 2)))
        adrift = stations[-1]
        adrift.county = adrift.county_adcode = None
    yield engine
    engine.dispose()


def people(stations: list[Station]) -> Iterator[tuple[Role, AreaKind, str, bool]]:
    yield Role.PROVINCE, AreaKind.PROVINCE, "320000", False
    yield Role.PROVINCE, AreaKind.PROVINCE, OTHER_PROVINCE, False
    yield Role.CITY, AreaKind.CITY, "320500", True
    yield Role.COUNTY, AreaKind.COUNTY, "320583", False
    yield Role.COUNTY, AreaKind.COUNTY, "329999", False
    yield Role.STATION, AreaKind.STATION, stations[0].code, False
    yield Role.STATION, AreaKind.STATION, stations[-1].code, True
    yield Role.STATION, AreaKind.STATION, "S-GONE", False


KEYS = (
    (AreaKind.PROVINCE, "320000", ""),
    (AreaKind.PROVINCE, OTHER_PROVINCE, ""),
    (AreaKind.CITY, "320500", "320500"),
    (AreaKind.COUNTY, "320583", "320500"),
)


def key_over(kind: AreaKind, code: str, city: str, *, prefix: str, sample: bool) -> InterfaceKey:
    made = {"made_by": "x", "created_at": NOW, "updated_at": NOW, "scopes": [], "secret_hash": "", "expires_on": TODAY}
    said = {"system": "x", "name": "x", "holder": "x", "per_minute": 1, "per_day": 1}
    return InterfaceKey(
        prefix=prefix, area_kind=kind, area_code=code, city_adcode=city, sample=sample, **made, **said
    )


Rows = dict[type[Base], dict[object, Area]]


def rows_with_areas(session: Session) -> Rows:
    """Return every row of every table with its area by the rule in Python."""
    return {
        model: {row: ruled.area(session, row) for row in session.scalars(ruled.rows)} for model, ruled in RULED.items()
    }


def areas_of(rows: Rows) -> dict[AreaKind, list[str]]:
    """Return the areas in which to test a duty: all that contain a row, and one of each kind that contains none."""
    nothing = {AreaKind.PROVINCE: "460000", AreaKind.CITY: "460100", AreaKind.COUNTY: "460105", AreaKind.STATION: "S-X"}
    lying = [area for found in rows.values() for area in found.values()]
    return {
        kind: sorted({code for area in lying if (code := getattr(area, kind))} | {nothing[kind]}) for kind in AreaKind
    }


def compare(session: Session, rows: Rows, actor: Actor, action: Action) -> int:
    """Check that both forms of the rule agree on every row of every table; return the number of rows shown."""
    count = 0
    for model, ruled in RULED.items():
        shown = set(session.scalars(ruled.rows.where(in_duty(actor, model.area_columns(), {action}))))
        assert shown == {row for row, area in rows[model].items() if actor.may(action, area)}, (model, actor, action)
        count += len(shown)
    return count


def test_both_forms_agree_for_every_role_in_every_area(network: Engine) -> None:
    with reading(network) as session:
        rows = rows_with_areas(session)
        assert all(rows.values())
        areas, shown = areas_of(rows), 0
        for role in Role:
            action = next(action for action in Action if role in ROLES_FOR[action])
            for kind in AREA_OF_ROLE[role]:
                for turn, code in enumerate(areas[kind]):
                    actor = Actor("x", "x", bool(turn % 3 == 1), (Responsibility(role, kind, code),))
                    shown += compare(session, rows, actor, action)
        assert shown > 1000


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_both_forms_agree_for_whoever_has_several_duties(network: Engine, data: st.DataObject) -> None:
    with reading(network) as session:
        rows = rows_with_areas(session)
        areas = areas_of(rows)
        duty = st.sampled_from(list(Role)).flatmap(
            lambda role: st.sampled_from(sorted(AREA_OF_ROLE[role])).flatmap(
                lambda kind: st.builds(Responsibility, st.just(role), st.just(kind), st.sampled_from(areas[kind]))
            )
        )
        duties = tuple(data.draw(st.lists(duty, max_size=4)))
        actor = Actor("x", "x", data.draw(st.booleans()), duties)
        compare(session, rows, actor, data.draw(st.sampled_from(list(Action))))


def test_without_an_action_any_duty_counts(network: Engine) -> None:
    with reading(network) as session:
        planner = Actor("x", "x", False, (Responsibility(Role.PLANNER, AreaKind.CITY, "320500"),))
        shown = session.scalars(select(Station).where(in_duty(planner, Station.area_columns())))
        assert {station.city_adcode for station in shown} == {"320500"}
        assert not session.scalars(select(User).where(in_duty(planner, Duty.area_columns(), set()))).all()
