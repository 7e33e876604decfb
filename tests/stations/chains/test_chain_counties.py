"""Who serves a chain in which county, where some records are known to their city only."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.catalogue.chain import get_chain
from stations.chains.chain_counties import chain_counties, gaps_by_county
from stations.chains.chain_coverage import Service, chain_coverage
from stations.database import reading, transaction
from stations.places.counties import list_counties
from stations.registry.centre import Stage
from tests.conftest import TODAY
from tests.stations.factories import add_centre, add_station

CODE = "nano_materials"


@pytest.mark.one_database
def test_what_the_records_say_and_what_they_leave_open(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        chain = get_chain(session, CODE)
        built = add_centre(session, [(Stage.APPROVED, "2022-01-01", None)])  # in Nanjing, which county is not known
        placed = add_station(session, "320102")
        somewhere = add_station(session, None, city_adcode="320500")
        accepted = add_centre(session, [(Stage.ACCEPTED, "2023-01-01", None)])
        accepted.city_adcode, accepted.county_adcode = "320600", "320623"
        for record in (built, placed, somewhere, accepted):
            record.chains.append(chain)
    with reading(reference_engine) as session:
        counties = list_counties(session)
        coverage = chain_coverage(session, TODAY, samples=False)
        found = {one.county.adcode: one for one in chain_counties(coverage, CODE, counties)}
        gaps = {one.county.adcode: one for one in gaps_by_county(coverage, counties)}
    assert found["320102"].service is Service.STATIONS  # what may be built in the city changes nothing here
    assert found["320104"].service is None  # perhaps the centre that is being built
    assert {found[adcode].service for adcode in ("320505", "320583")} == {None}
    assert found["320623"].service is Service.CENTRE
    assert found["320681"].service is found["321002"].service is Service.NONE
    assert [len(one.by_city_only.stations) for one in (found["320583"], found["320102"])] == [1, 0]
    chains = len(coverage.chains)
    assert (gaps["320623"].nobody, gaps["320583"].unknown, gaps["321002"].nobody) == (chains - 1, 1, chains)
    assert all(one.nobody + one.unknown <= chains for one in gaps.values())
