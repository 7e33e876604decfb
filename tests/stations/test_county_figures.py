from __future__ import annotations

from sqlalchemy import Engine

from stations.database import reading
from stations.places.counties import list_counties
from stations.planning.centre_reach import CentreReach
from stations.planning.county_figures import FIGURES, CountyFigure, county_figure
from stations.planning.demand import Weighting, county_demand
from stations.registry.centre import list_centres
from tests.conftest import TODAY


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
    assert {adcode for adcode, value in population.items() if value is not None} == known and len(known) < 95
    placed = sum(centre.county_adcode is not None for centre in reach.centres)
    assert sum(values[CountyFigure.CENTRES].values()) == placed < len(reach.centres)
    stations, coverage = values[CountyFigure.STATIONS], values[CountyFigure.COVERAGE]
    assert all((stations[adcode] == 0) == (coverage[adcode] == 0) for adcode in stations)
    near = {adcode for adcode, km in values[CountyFigure.DISTANCE].items() if km is not None and km <= 30}
    assert near <= {adcode for adcode, count in values[CountyFigure.REACH].items() if count}
