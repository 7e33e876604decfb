from __future__ import annotations

from datetime import date

from sqlalchemy import Engine

from stations.catalogue.chain import get_chain
from stations.chains.chain_coverage import Service, chain_coverage
from stations.database import reading, transaction
from stations.registry.centre import Stage
from stations.registry.station import Status
from tests.conftest import TODAY
from tests.stations.factories import add_centre, add_station

CODE, NANJING, SUZHOU = "nano_materials", "320100", "320500"


def test_who_serves_a_chain_where_and_when(reference_engine: Engine) -> None:
    with transaction(reference_engine) as session:
        chain = get_chain(session, CODE)
        centre = add_centre(session, [(Stage.APPROVED, "2022-01-01", None), (Stage.ACCEPTED, "2024-01-01", None)])
        planned = add_centre(session, [(Stage.PLANNED, "2022-01-01", None)])
        station = add_station(session, "320583", [(Status.ACTIVE, "2023-01-01"), (Status.CLOSED, "2025-01-01")])
        invented = add_station(session, "320583", sample=True)
        for record in (centre, planned, station, invented):
            record.chains.append(chain)
    with reading(reference_engine) as session:
        services = {}
        for day in (date(2021, 6, 1), date(2022, 6, 1), date(2023, 6, 1), date(2024, 6, 1), TODAY):
            coverage = chain_coverage(session, day, samples=False)
            services[day.year] = [coverage.cell(CODE, city).service for city in (NANJING, SUZHOU)]
            assert len(coverage.gaps_of_chain(CODE)) == 13 - sum(
                service in {Service.CENTRE, Service.STATIONS} for service in services[day.year]
            )
        assert services == {
            2021: [Service.NONE, Service.NONE],
            2022: [Service.BUILDING, Service.NONE],
            2023: [Service.BUILDING, Service.STATIONS],
            2024: [Service.CENTRE, Service.STATIONS],
            2026: [Service.CENTRE, Service.NONE],
        }
        with_samples = chain_coverage(session, TODAY, samples=True)
        assert with_samples.cell(CODE, SUZHOU).service is Service.STATIONS
        assert with_samples.of_chain(CODE).samples == 1


def test_the_sums_agree_and_a_retired_chain_is_left_out(sample_copy_engine: Engine) -> None:
    with transaction(sample_copy_engine) as session:
        get_chain(session, CODE).retired_on = date(2026, 1, 1)
    with reading(sample_copy_engine) as session:
        coverage = chain_coverage(session, TODAY, samples=True)
        assert CODE not in {chain.code for chain in coverage.chains} and len(coverage.chains) == 31
        assert CODE in {chain.code for chain in chain_coverage(session, date(2025, 12, 31), samples=True).chains}
        by_chain = sum(len(coverage.gaps_of_chain(chain.code)) for chain in coverage.chains)
        assert by_chain == sum(len(coverage.gaps_of_city(city.adcode)) for city in coverage.cities)
        for chain in coverage.chains:
            codes = [record.code for record in coverage.of_chain(chain.code).stations]
            assert len(codes) == len(set(codes))
