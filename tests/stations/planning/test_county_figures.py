from __future__ import annotations

import pytest
from sqlalchemy import Engine

from stations.database import reading, transaction
from stations.duty.roles import AreaKind, Role
from stations.errors import NotFound
from stations.places.counties import list_counties
from stations.planning.centre_reach import CentreReach
from stations.planning.county_figures import FIGURES, CountyFigure, county_figure
from stations.planning.demand import Weighting, county_demand
from stations.planning.imported_figure import import_figure, read_figure
from stations.registry.centre import list_centres
from tests.conftest import NOW, TODAY
from tests.stations.request_factories import actor_with


def test_every_figure_speaks_of_every_county_and_makes_none_up(sample_engine: Engine) -> None:
    assert set(FIGURES) == set(CountyFigure)
    with reading(sample_engine) as session:
        counties = list_counties(session)
        reach = CentreReach(counties, list_centres(session, samples=True))
        values = {
            figure: county_figure(session, figure, TODAY, samples=True, reach=reach, within_km=30)
            for figure in CountyFigure
        }
        known = {one.county.adcode for one in county_demand(session, Weighting.POPULATION) if not one.estimated}
    for figure in CountyFigure:
        assert list(values[figure]) == [county.adcode for county in counties], figure
    population = values[CountyFigure.POPULATION]
    assert {adcode for adcode, value in population.items() if value is not None} == known and len(known) == 95
    placed = sum(centre.county_adcode is not None for centre in reach.centres)
    assert sum(values[CountyFigure.CENTRES].values()) == placed < len(reach.centres)
    stations, coverage = values[CountyFigure.STATIONS], values[CountyFigure.COVERAGE]
    assert all((stations[adcode] == 0) == (coverage[adcode] == 0) for adcode in stations)
    near = {adcode for adcode, km in values[CountyFigure.DISTANCE].items() if km is not None and km <= 30}
    assert near <= {adcode for adcode, count in values[CountyFigure.REACH].items() if count}


def test_an_imported_figure_speaks_of_the_counties_it_names(reference_engine: Engine) -> None:
    planner = actor_with(Role.PLANNER, AreaKind.PROVINCE, "320000")
    with transaction(reference_engine) as session:
        content = "区县,数值\n昆山市,120.5\n".encode()
        told = {"code": "OUTPUT-2025", "name": "产值", "unit": "亿元", "year": 2025, "source": "测试公报", "now": NOW}
        import_figure(session, planner, read_figure(content, "亿元"), **told)
    with reading(reference_engine) as session:
        reach = CentreReach(list_counties(session), [])
        values = county_figure(session, "OUTPUT-2025", TODAY, samples=False, reach=reach, within_km=30)
        assert len(values) == 95
        assert {adcode: value for adcode, value in values.items() if value is not None} == {"320583": 120.5}
        with pytest.raises(NotFound):
            county_figure(session, "NONE", TODAY, samples=False, reach=reach, within_km=30)
