"""The lines of the siting map stay light, however many places are served."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from geo.counties import county_layer
from geo.siting import SitingModel
from portal.maps.spokes import spokes_data
from portal.planning.siting_lines import MOST_LINES, spokes_of
from portal.theme import LINES
from stations.planning.demand import DemandPlace, Weighting
from stations.planning.siting_question import SitingQuestion
from stations.planning.station_siting import SitingAnswer, answer, pose
from tests.conftest import TODAY


def with_places(engine: Engine, count: int) -> SitingAnswer:
    """Return the answer of a p-median whose demand is at so many places around the counties' points."""
    question = SitingQuestion(SitingModel.P_MEDIAN, p=5, weighting=Weighting.POPULATION, keep_existing=True)
    with Session(engine) as session:
        posed = pose(session, question, as_of=TODAY, samples=True)
    chance, counties = np.random.default_rng(3), county_layer().counties
    demand = tuple(
        DemandPlace(f"d{row}", f"D{row}", None, one.lon + aside, one.lat - aside, 10.0, one.adcode)
        for row, aside in enumerate(chance.uniform(-0.2, 0.2, count))
        for one in (counties[row % len(counties)],)
    )
    ways = chance.uniform(1_000, 90_000, (count, len(posed.candidates)))
    task = replace(posed.task, distances=ways, weights=np.full(count, 10.0))
    posed = replace(posed, demand=demand, task=task)
    return answer(posed, task.solve())


@pytest.mark.one_database
@pytest.mark.parametrize("count", [300, 4_000])
def test_every_place_served_is_on_a_line_and_thousands_are_bundled(sample_engine: Engine, count: int) -> None:
    found = with_places(sample_engine, count)
    spokes, bundled = spokes_of(found)
    assert bundled is (count > MOST_LINES)
    ends = sum(len(one.ends) for one in spokes)
    assert ends == count or (bundled and ends <= len(found.sites) * 95)
    assert len(spokes) <= len(found.sites)
    sent = len(json.dumps(spokes_data(spokes, "gcj02"), separators=(",", ":")))
    assert sent < 25 * ends + 100 * len(spokes)
    assert sent < 100_000
    styles = [one.style for one in spokes]
    assert styles[-1] is LINES["new_site"]  # above the others
