"""The institutions that work for a station, and those that can provide a service, on a date."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from stations.database import transaction
from stations.errors import InvalidInput, NotFound
from stations.registry.centre import Centre
from stations.registry.institutions import (
    Institution,
    InstitutionKind,
    ScopeEntry,
    ScopeStanding,
    StationInstitution,
    able_institutions,
    find_institutions,
    get_institution,
    institution_of_centre,
    institutions_behind,
)
from stations.registry.station import Station
from tests.conftest import NOW, TODAY
from tests.stations.factories import add_station

CALIBRATION = "metrology.calibration"


def add_institution(
    session: Session,
    code: str,
    *entries: tuple[str, date | None, date | None],
    kind: InstitutionKind = InstitutionKind.METROLOGY,
    sample: bool = False,
) -> Institution:
    """Add an institution with scope entries: (service, valid from, valid until)."""
    institution = Institution(
        code=code,
        name="测试机构",
        kind=kind,
        source="test",
        sample=sample,
        created_at=NOW,
        updated_at=NOW,
        scope=[
            ScopeEntry(position=at, service_code=service, subject_zh="卡尺", valid_from=first, valid_until=last)
            for at, (service, first, last) in enumerate(entries)
        ],
    )
    session.add(institution)
    session.flush()
    return institution


@pytest.mark.parametrize(
    ("first", "last", "standing"),
    [
        (None, None, ScopeStanding.UNDATED),
        (None, TODAY, ScopeStanding.VALID),
        (TODAY, date(2030, 1, 1), ScopeStanding.VALID),
        (date(2026, 11, 25), None, ScopeStanding.NOT_YET),
        (None, date(2026, 11, 23), ScopeStanding.LAPSED),
    ],
)
def test_an_entry_stands_by_its_first_and_last_day(
    first: date | None, last: date | None, standing: ScopeStanding
) -> None:
    assert ScopeEntry(valid_from=first, valid_until=last).standing_on(TODAY) is standing


def test_those_able_come_with_valid_scope_first_then_those_behind_the_station(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, "320583")
        lapsed = add_institution(session, "A", (CALIBRATION, None, date(2026, 1, 1)))
        add_institution(session, "B", (CALIBRATION, None, date(2027, 1, 1)))
        behind = add_institution(
            session, "C", (CALIBRATION, None, date(2026, 1, 1)), ("metrology", None, date(2028, 1, 1))
        )
        add_institution(session, "D", (CALIBRATION, None, None))
        add_institution(session, "E", ("testing.food_testing", None, date(2028, 1, 1)))
        for institution in (lapsed, behind):
            session.add(StationInstitution(station_id=station.id, institution_id=institution.id))
        session.flush()
        able = able_institutions(session, CALIBRATION, TODAY, samples=False, station=station)
        assert [one.institution.code for one in able] == ["C", "B", "D", "A"]
        assert [one.behind for one in able] == [True, False, False, True]
        assert [entry.service_code for entry in able[0].entries] == ["metrology", CALIBRATION]
        assert able[-1].standing is ScopeStanding.LAPSED
        a_year_ago = able_institutions(session, CALIBRATION, date(2025, 11, 24), samples=False)
        assert [one.standing for one in a_year_ago][:3] == [ScopeStanding.VALID] * 3
        of_the_group = able_institutions(session, "metrology", TODAY, samples=False)
        assert {one.institution.code for one in of_the_group} == {"A", "B", "C", "D"}


def test_it_stands_behind_a_station_from_its_first_day_until_the_day_it_leaves(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station, institution = add_station(session, "320583"), add_institution(session, "A")
        session.add(
            StationInstitution(
                station_id=station.id, institution_id=institution.id, since=date(2024, 1, 1), until=date(2025, 1, 1)
            )
        )
        session.flush()
        days = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 12, 31), date(2025, 1, 1)]
        assert [len(institutions_behind(session, station, day, samples=False)) for day in days] == [0, 1, 1, 0]


def test_samples_are_left_out_unless_asked_for(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        station = add_station(session, "320583")
        sample = add_institution(session, "A", (CALIBRATION, None, None), sample=True)
        session.add(StationInstitution(station_id=station.id, institution_id=sample.id))
        session.flush()
        assert get_institution(session, "A", samples=True) is sample
        with pytest.raises(NotFound):
            get_institution(session, "A", samples=False)
        for samples, count in ((True, 1), (False, 0)):
            assert len(institutions_behind(session, station, TODAY, samples=samples)) == count
            assert len(able_institutions(session, CALIBRATION, TODAY, samples=samples)) == count


def test_an_unknown_service_is_told(reference_engine: Engine) -> None:
    with Session(reference_engine) as session, pytest.raises(InvalidInput):
        able_institutions(session, "metrology.nothing", TODAY, samples=True)


def test_a_centre_s_institution_names_its_centre_and_no_other_kind_does(reference_engine: Engine) -> None:
    with pytest.raises(IntegrityError), transaction(reference_engine) as session:
        add_institution(session, "A", kind=InstitutionKind.CENTRE)


def test_sample_institutions_are_marked_and_back_what_sample_stations_offer(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        institutions = list(session.scalars(select(Institution)))
        assert len(institutions) >= 50
        assert all(one.sample and one.code.startswith("SAMPLE-") for one in institutions)
        assert all(one.name.startswith("示例") and one.name_en.startswith("Sample: ") for one in institutions)
        station = session.scalar(select(Station).where(Station.county_adcode == "320583").order_by(Station.code))
        behind = institutions_behind(session, station, TODAY, samples=True)
        assert len(behind) >= 4
        offered = {offer.service.group_code for offer in station.offers if offer.holds_on(TODAY)}
        assert all({entry.service.group_code for entry in one.scope} & offered for one in behind)
        standings = {entry.standing_on(TODAY) for one in institutions for entry in one.scope}
        assert standings == {ScopeStanding.VALID, ScopeStanding.UNDATED, ScopeStanding.LAPSED}


def test_a_centre_finds_its_scope(sample_engine: Engine) -> None:
    with Session(sample_engine) as session:
        found = [
            institution_of_centre(session, centre, samples=True)
            for centre in session.scalars(select(Centre).order_by(Centre.code))
        ]
        assert sum(one is not None for one in found) >= 10
        assert all(one.scope and one.name == one.centre.name for one in found if one)


@pytest.mark.parametrize("field", ["cma_number", "cnas_number", "authorization_number"])
@pytest.mark.one_database
def test_an_institution_is_found_by_part_of_the_number_of_any_certificate(
    reference_engine: Engine, field: str
) -> None:
    with transaction(reference_engine) as session:
        one = add_institution(session, "I-901", (CALIBRATION, None, None))
        add_institution(session, "I-902", (CALIBRATION, None, None))
        setattr(one.scope[0], field, "（苏）法计（2023）第077号")
        session.flush()
        assert find_institutions(session, samples=False, words="2023）第077") == [one]
        assert find_institutions(session, samples=False, words="第078号") == []
